// What the other services know of S3: what Lambda reads and writes in a caller's name, and whom S3 notifies.

import type { ApiService } from "../api/operation";
import type { Caller } from "../service";

/** Whom S3 notifies; Lambda plays this part. */
export interface NotificationTarget {
  /** Whether the function's resource policy lets S3 invoke it for this bucket. */
  mayInvoke(functionArn: string, source: { sourceArn: string; sourceAccount: string }): boolean;
  /** Accepts an event for asynchronous invocation. */
  invoke(functionArn: string, payload: unknown, source: { sourceArn: string; sourceAccount: string }): void;
}

export interface S3 extends ApiService {
  /** @param input.owner the account whose it is @default the account */
  createBucket(input: { bucket: string; owner?: string }): { arn: string };
  /**
   * A read by another service in a caller's name, authorized like a request: Lambda reads deployment packages so.
   * @param input.versionId @default the current version
   */
  readObject(caller: Caller, input: { bucket: string; key: string; versionId?: string }): Promise<Buffer>;
  /** A write by another service in a caller's name, authorized like a request: failure destinations use it. */
  putObject(caller: Caller, input: { bucket: string; key: string; body: Buffer; contentType: string }): Promise<void>;
}
