// The aws_s3_… resource types. https://registry.terraform.io/providers/hashicorp/aws/latest/docs/resources/s3_bucket

import { type Arguments, oneOf } from "./arguments";
import type { ApplyResource } from "./call";
import { bucketAttributes } from "./data-sources";

/** A configuration of a bucket: one call puts all of it. */
const configure =
  (operation: string, member: string, read: (args: Arguments) => unknown): ApplyResource =>
  async (args, { call }) => {
    const Bucket = args.string("bucket");
    const value = read(args);
    if (value !== undefined) await call("s3", operation, { Bucket, [member]: value });
    return { id: Bucket, bucket: Bucket };
  };

export const S3_RESOURCES: Readonly<Record<string, ApplyResource>> = {
  async aws_s3_bucket(args, { call, account }) {
    args.inert("force_destroy");
    const Bucket = args.string("bucket");
    const LocationConstraint = account.region === "us-east-1" ? undefined : account.region;
    await call("s3", "CreateBucket", {
      Bucket,
      ...(LocationConstraint && { CreateBucketConfiguration: { LocationConstraint } }),
    });
    return bucketAttributes(Bucket, account);
  },

  aws_s3_bucket_public_access_block: configure("PutPublicAccessBlock", "PublicAccessBlockConfiguration", (args) => ({
    BlockPublicAcls: args.optionalBoolean("block_public_acls") ?? false,
    BlockPublicPolicy: args.optionalBoolean("block_public_policy") ?? false,
    IgnorePublicAcls: args.optionalBoolean("ignore_public_acls") ?? false,
    RestrictPublicBuckets: args.optionalBoolean("restrict_public_buckets") ?? false,
  })),

  aws_s3_bucket_ownership_controls: configure("PutBucketOwnershipControls", "OwnershipControls", (args) => ({
    Rules: args.blocks("rule", (rule) => ({ ObjectOwnership: rule.string("object_ownership") })),
  })),

  aws_s3_bucket_server_side_encryption_configuration: configure(
    "PutBucketEncryption",
    "ServerSideEncryptionConfiguration",
    (args) => ({
      Rules: args.blocks("rule", (rule) => {
        const blocked = rule.optionalStrings("blocked_encryption_types");
        return {
          ApplyServerSideEncryptionByDefault: rule.block("apply_server_side_encryption_by_default", (byDefault) => {
            byDefault.only("kms_master_key_id", "alias/aws/s3");
            return {
              SSEAlgorithm: byDefault.string("sse_algorithm"),
              KMSMasterKeyID: byDefault.optionalString("kms_master_key_id"),
            };
          }),
          BucketKeyEnabled: rule.optionalBoolean("bucket_key_enabled"),
          BlockedEncryptionTypes: blocked && { EncryptionType: blocked },
        };
      }),
    }),
  ),

  aws_s3_bucket_versioning: configure("PutBucketVersioning", "VersioningConfiguration", (args) => {
    const Status = args.block("versioning_configuration", (configuration) => {
      configuration.only("mfa_delete", "Disabled");
      return oneOf(configuration, "status", configuration.string("status"), ["Enabled", "Suspended", "Disabled"]);
    });
    // Terraform's "Disabled" is for a bucket that never had versioning, and makes no call.
    return Status === "Disabled" ? undefined : { Status };
  }),

  aws_s3_bucket_cors_configuration: configure("PutBucketCors", "CORSConfiguration", (args) => ({
    CORSRules: args.blocks("cors_rule", (rule) => ({
      AllowedMethods: rule.strings("allowed_methods"),
      AllowedOrigins: rule.strings("allowed_origins"),
      AllowedHeaders: rule.optionalStrings("allowed_headers"),
      ExposeHeaders: rule.optionalStrings("expose_headers"),
      MaxAgeSeconds: rule.optionalNumber("max_age_seconds"),
    })),
  })),

  aws_s3_bucket_policy: configure("PutBucketPolicy", "Policy", (args) => args.string("policy")),

  aws_s3_bucket_lifecycle_configuration: configure(
    "PutBucketLifecycleConfiguration",
    "LifecycleConfiguration",
    (args) => ({
      Rules: args.blocks("rule", (rule) => ({
        ID: rule.string("id"),
        Status: rule.string("status"),
        Filter: rule.block("filter", (filter) => ({ Prefix: filter.optionalString("prefix") ?? "" })),
        Expiration: rule.optionalBlock("expiration", (expiration) => ({
          Days: expiration.optionalNumber("days"),
          ExpiredObjectDeleteMarker: expiration.optionalBoolean("expired_object_delete_marker"),
        })),
        NoncurrentVersionExpiration: rule.optionalBlock("noncurrent_version_expiration", (expiration) => ({
          NoncurrentDays: expiration.number("noncurrent_days"),
        })),
        AbortIncompleteMultipartUpload: rule.optionalBlock("abort_incomplete_multipart_upload", (abort) => ({
          DaysAfterInitiation: abort.number("days_after_initiation"),
        })),
      })),
    }),
  ),

  aws_s3_bucket_notification: configure("PutBucketNotificationConfiguration", "NotificationConfiguration", (args) => {
    args.only("eventbridge", false);
    return {
      LambdaFunctionConfigurations: args.blocks("lambda_function", (target) => ({
        Id: target.string("id"),
        LambdaFunctionArn: target.string("lambda_function_arn"),
        Events: target.strings("events"),
        Filter: { Key: { FilterRules: filterRules(target) } },
      })),
    };
  }),
};

const filterRules = (target: Arguments) =>
  ["prefix", "suffix"].flatMap((name) => {
    const value = target.optionalString(`filter_${name}`);
    return value === undefined ? [] : [{ Name: name, Value: value }];
  });
