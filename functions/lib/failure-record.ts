// Failure records: what cannot succeed however often it is tried is kept in the failures bucket, with the reason and
// the event, so that an operator can read it, fix the cause, and replay it. Lambda's own on-failure destinations
// write to the same bucket, under aws/lambda/.

import { createHash } from "node:crypto";
import { PutObjectCommand, type S3Client } from "@aws-sdk/client-s3";
import type { FailureCode } from "./failure-code";
import type { Outcome } from "./outcome";

/** Why a record cannot succeed; thrown by the work on it. Everything else that is thrown is worth another try. */
export class PermanentFailure extends Error {
  override readonly name = "PermanentFailure";

  /**
   * @param profileId where it is known
   */
  constructor(
    readonly code: FailureCode,
    message: string,
    readonly profileId?: string,
  ) {
    super(message);
  }
}

/** One record's failure, as the function that met it knows it. */
export interface Failure {
  readonly reason: PermanentFailure;
  /** What makes the record one of a kind: the same record failing twice leaves one failure record. */
  readonly identity: string;
  /** When the record came to be, ISO 8601. */
  readonly eventTime: string;
  /** What `{"Records": [record]}` replays: see replayable.ts. */
  readonly record: unknown;
  readonly key?: string;
}

/** Where a failure is kept: `<function>/YYYY/MM/DD/<event time>-<16 hex digits of the identity>.json`. */
export function failureKeyOf(functionName: string, { identity, eventTime }: Pick<Failure, "identity" | "eventTime">) {
  const day = eventTime.slice(0, 10).replaceAll("-", "/");
  const id = createHash("sha256").update(identity).digest("hex").slice(0, 16);
  return `${functionName}/${day}/${eventTime.slice(0, 19).replaceAll(":", ".")}-${id}.json`;
}

/**
 * Makes the function that keeps failures. The object is JSON:
 * `{version, timestamp, function, reason: {code, message}, profileId?, key?, event: {Records: [record]}}`.
 * It throws what S3 throws: a failure that could not be kept is not done with.
 */
export function createFailureKeeper(s3: Pick<S3Client, "send">, bucket: string, functionName: string) {
  return async ({ reason, identity, eventTime, record, key }: Failure): Promise<void> => {
    const { code, message, profileId } = reason;
    const content = {
      version: "1.0",
      timestamp: new Date().toISOString(),
      function: functionName,
      reason: { code, message },
      profileId,
      key,
      event: { Records: [record] },
    };
    const failureKey = failureKeyOf(functionName, { identity, eventTime });
    await s3.send(
      new PutObjectCommand({
        Bucket: bucket,
        Key: failureKey,
        Body: JSON.stringify(content),
        ContentType: "application/json",
      }),
    );
    console.error({
      message: "kept as a failure",
      outcome: "failed" satisfies Outcome,
      code,
      reason: message,
      profileId,
      key,
      failureKey,
    });
  };
}
