// Shard iterators: opaque to clients, to us the stream, the position and the time of issue.
// https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_streams_GetShardIterator.html

import { AwsError } from "../aws-error";

/** An iterator expires 15 minutes after it was issued. */
const LIFETIME_MS = 15 * 60 * 1000;

export interface ShardIterator {
  readonly streamArn: string;
  /** Reads after this sequence number; from the oldest record when it is absent. */
  readonly after?: string;
  /** Milliseconds since 1970. */
  readonly issuedAt: number;
}

/** Writes an iterator as AWS does: the stream's ARN, a version, and what nobody should read. */
export function formatIterator({ streamArn, after, issuedAt }: ShardIterator): string {
  return `${streamArn}|1|${Buffer.from(`${issuedAt}|${after ?? ""}`).toString("base64")}`;
}

/** Reads an iterator back; throws AWS's error for an expired or invalid one. */
export function parseIterator(token: string, now: number): ShardIterator {
  const [streamArn = "", version, encoded = ""] = token.split("|");
  const match = /^(\d+)\|(\d*)$/.exec(Buffer.from(encoded, "base64").toString());
  if (version !== "1" || match === null) throw new AwsError("ValidationException", "Invalid ShardIterator");
  const issuedAt = Number(match[1]);
  if (now - issuedAt > LIFETIME_MS) {
    throw new AwsError(
      "ExpiredIteratorException",
      "The shard iterator has expired and can no longer be used to retrieve stream records. A shard iterator expires 15 minutes after it is retrieved using the GetShardIterator action.",
    );
  }
  return { streamArn, after: match[2] || undefined, issuedAt };
}
