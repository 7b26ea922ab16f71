// One table's stream: the records of its changes in the order they happened, kept for 24 hours in one shard.
// https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Streams.html

import { createHash, randomBytes } from "node:crypto";
import { imagesOf, isSame, keysOf, sizeOf } from "./images";
import type { Change, TableDescription } from "./item-store";
import type { KeptTable } from "./kept-tables";
import {
  type KeptRecord,
  RETENTION_MS,
  type StreamRecord,
  type StreamViewType,
  type TableStream,
  type UserIdentity,
} from "./types";

/**
 * Sequence numbers have 21 digits, as AWS's do, and neighbours are too close for a JavaScript number to tell them apart:
 * whoever calls Number() on one fails here as on AWS.
 */
const FIRST_SEQUENCE_NUMBER = 100_000_000_000_000_000_000n;
const SEQUENCE_STEP = 100n;

export interface WritableStream extends TableStream {
  readonly label: string;
  readonly table: TableDescription;
  readonly viewType: StreamViewType;
  readonly createdAt: Date;
  /** The sequence number that the shard starts with; records follow it. */
  readonly startingSequenceNumber: string;
  /** The newest sequence number that retention has taken away. */
  trimmed(): string | undefined;
  /** Adds a record for each change that changed something, wakes the listeners once and returns the new records. */
  append(changes: readonly Change[], by?: UserIdentity): readonly KeptRecord[];
  /** Closes the shard; what it has can be read until it expires. */
  end(): void;
  /** When it was closed, in milliseconds since 1970. */
  endedAt(): number | undefined;
}

export interface StreamOptions {
  readonly table: TableDescription;
  readonly region: string;
  readonly viewType: StreamViewType;
  /** Milliseconds since 1970. */
  readonly clock: () => number;
  /** Milliseconds since 1970; default now. */
  readonly createdAt?: number;
  /** What it had before a restart. */
  readonly restored?: Pick<KeptTable, "records" | "lastSequenceNumber">;
}

/** Creates the stream of a table; its label is the moment of creation. */
export function createTableStream(options: StreamOptions): WritableStream {
  const { table, region, viewType, clock, restored } = options;
  const createdAt = new Date(options.createdAt ?? clock());
  const label = createdAt.toISOString().slice(0, -1);
  const arn = `${table.TableArn}/stream/${label}`;
  const keyNames = table.KeySchema.map((key) => key.AttributeName);
  const listeners = new Set<() => void>();
  let kept: KeptRecord[] = [...(restored?.records ?? [])];
  let last = BigInt(restored?.lastSequenceNumber ?? FIRST_SEQUENCE_NUMBER);
  let trimmed: string | undefined;
  let endedAt: number | undefined;

  function trim(): void {
    const oldest = clock() - RETENTION_MS;
    const first = kept.findIndex(({ at }) => at >= oldest);
    const expired = first === -1 ? kept.length : first;
    if (expired === 0) return;
    trimmed = kept[expired - 1]?.record.dynamodb.SequenceNumber;
    kept = kept.slice(expired);
  }

  function recordOf({ oldItem, newItem }: Change, at: number, userIdentity?: UserIdentity): StreamRecord {
    const keys = keysOf(newItem ?? oldItem ?? {}, keyNames);
    const images = imagesOf(viewType, oldItem, newItem);
    last += SEQUENCE_STEP;
    return {
      eventID: randomBytes(16).toString("hex"),
      eventName: oldItem === undefined ? "INSERT" : newItem === undefined ? "REMOVE" : "MODIFY",
      eventVersion: "1.1",
      eventSource: "aws:dynamodb",
      awsRegion: region,
      dynamodb: {
        ApproximateCreationDateTime: Math.floor(at / 1000),
        Keys: keys,
        ...images,
        SequenceNumber: String(last),
        SizeBytes: sizeOf(keys) + sizeOf(images.NewImage ?? {}) + sizeOf(images.OldImage ?? {}),
        StreamViewType: viewType,
      },
      ...(userIdentity && { userIdentity }),
    };
  }

  return {
    arn,
    label,
    table,
    viewType,
    createdAt,
    shardId: shardIdOf(arn, createdAt),
    startingSequenceNumber: String(FIRST_SEQUENCE_NUMBER + SEQUENCE_STEP),
    trimmed: () => {
      trim();
      return trimmed;
    },
    latest: () => (last === FIRST_SEQUENCE_NUMBER ? undefined : String(last)),
    read(afterSequenceNumber, limit) {
      trim();
      const first = afterSequenceNumber === undefined ? 0 : indexAfter(kept, BigInt(afterSequenceNumber));
      return kept.slice(first, first + limit).map(({ record }) => record);
    },
    addedAt({ dynamodb: { SequenceNumber } }) {
      const next = kept[indexAfter(kept, BigInt(SequenceNumber) - 1n)];
      return next?.record.dynamodb.SequenceNumber === SequenceNumber ? next.at : 0;
    },
    end: () => {
      endedAt = clock();
    },
    endedAt: () => endedAt,
    onAppend(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    append(changes, by) {
      const at = clock();
      const changed = changes.filter(({ oldItem, newItem }) => !isSame(oldItem, newItem));
      const records = changed.map((change) => ({ at, record: recordOf(change, at, by) }));
      kept.push(...records);
      if (records.length > 0) for (const listener of [...listeners]) listener();
      return records;
    },
  };
}

/** Finds the first record after a sequence number, which need not be one of the kept ones. */
function indexAfter(kept: readonly KeptRecord[], sequenceNumber: bigint): number {
  let low = 0;
  let high = kept.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    const found = kept[middle]?.record.dynamodb.SequenceNumber ?? "0";
    if (BigInt(found) <= sequenceNumber) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** AWS writes the shard's creation in milliseconds with 20 digits, then eight hex digits. */
function shardIdOf(arn: string, createdAt: Date): string {
  const suffix = createHash("sha256").update(arn).digest("hex").slice(0, 8);
  return `shardId-${String(createdAt.getTime()).padStart(20, "0")}-${suffix}`;
}
