// What buckets are configured with.

export type VersioningStatus = "Enabled" | "Suspended";

export interface PublicAccessBlock {
  readonly blockPublicAcls: boolean;
  readonly blockPublicPolicy: boolean;
  readonly ignorePublicAcls: boolean;
  readonly restrictPublicBuckets: boolean;
}

export interface CorsRule {
  readonly id?: string;
  readonly allowedMethods: readonly string[];
  readonly allowedOrigins: readonly string[];
  readonly allowedHeaders?: readonly string[];
  readonly exposeHeaders?: readonly string[];
  readonly maxAgeSeconds?: number;
}

export interface LambdaFunctionConfiguration {
  readonly id: string;
  readonly lambdaFunctionArn: string;
  /** Such as `s3:ObjectCreated:*`. */
  readonly events: readonly string[];
  readonly prefix?: string;
  readonly suffix?: string;
}

/** A bucket's lifecycle, as it was put. */
export interface Lifecycle {
  readonly document: string;
  /** How small an object may be to move; shown in a header. */
  readonly minimumSize: string;
}

/** Sets up buckets. */
export interface Configuration {
  /** @param input.owner the account whose it is @default the account */
  createBucket(input: { bucket: string; owner?: string }): { arn: string };
  putPublicAccessBlock(bucket: string, block: PublicAccessBlock): void;
  putBucketOwnershipControls(bucket: string, objectOwnership: string): void;
  putBucketEncryption(bucket: string, sseAlgorithm: string): void;
  putBucketVersioning(bucket: string, status: VersioningStatus): void;
  putBucketCors(bucket: string, rules: readonly CorsRule[]): void;
  /** Refuses a public policy while the public access block blocks them. */
  putBucketPolicy(bucket: string, policy: string): void;
  /** Refuses a function that S3 may not invoke, and overlapping filters, in AWS's words. */
  putBucketNotificationConfiguration(bucket: string, configurations: readonly LambdaFunctionConfiguration[]): void;
}
