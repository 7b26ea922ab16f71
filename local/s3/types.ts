// What the other services and the template know of S3: the calls Terraform's provider makes, the write a failure
// destination makes, and whom S3 notifies.

import type { ApiService } from "../api/operation";
import type { Caller } from "../service";
import type { CorsRule, LambdaFunctionConfiguration, PublicAccessBlock, VersioningStatus } from "./bucket/types";

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
  findBucket(bucket: string): { arn: string } | undefined;
  putPublicAccessBlock(bucket: string, block: PublicAccessBlock): void;
  putBucketOwnershipControls(bucket: string, objectOwnership: string): void;
  putBucketEncryption(bucket: string, sseAlgorithm: string): void;
  putBucketVersioning(bucket: string, status: VersioningStatus): void;
  putBucketCors(bucket: string, rules: readonly CorsRule[]): void;
  /** Refuses a public policy while the public access block blocks them. */
  putBucketPolicy(bucket: string, policy: string): void;
  /** Refuses a function that S3 may not invoke, and overlapping filters, in AWS's words. */
  putBucketNotificationConfiguration(bucket: string, configurations: readonly LambdaFunctionConfiguration[]): void;
  /**
   * A read by another service in a caller's name, authorized like a request: Lambda reads deployment packages so.
   * @param input.versionId @default the current version
   */
  readObject(caller: Caller, input: { bucket: string; key: string; versionId?: string }): Promise<Buffer>;
  /** A write by another service in a caller's name, authorized like a request: failure destinations use it. */
  putObject(caller: Caller, input: { bucket: string; key: string; body: Buffer; contentType: string }): Promise<void>;
}

/** What configures buckets. */
export type Configuration = Pick<
  S3,
  | "createBucket"
  | "findBucket"
  | "putPublicAccessBlock"
  | "putBucketOwnershipControls"
  | "putBucketEncryption"
  | "putBucketVersioning"
  | "putBucketCors"
  | "putBucketPolicy"
  | "putBucketNotificationConfiguration"
>;
