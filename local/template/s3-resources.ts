// The aws_s3_… resource types. https://registry.terraform.io/providers/hashicorp/aws/latest/docs/resources/s3_bucket

import type { VersioningStatus } from "../s3/bucket/types";
import { oneOf } from "./arguments";
import { bucketAttributes } from "./data-sources";
import type { ApplyResource } from "./resources";

export const S3_RESOURCES: Readonly<Record<string, ApplyResource>> = {
  aws_s3_bucket(args, { s3, account }) {
    args.inert("force_destroy");
    const bucket = args.string("bucket");
    return bucketAttributes(bucket, s3.createBucket({ bucket }), account);
  },

  aws_s3_bucket_public_access_block(args, { s3 }) {
    const bucket = args.string("bucket");
    s3.putPublicAccessBlock(bucket, {
      blockPublicAcls: args.optionalBoolean("block_public_acls") ?? false,
      blockPublicPolicy: args.optionalBoolean("block_public_policy") ?? false,
      ignorePublicAcls: args.optionalBoolean("ignore_public_acls") ?? false,
      restrictPublicBuckets: args.optionalBoolean("restrict_public_buckets") ?? false,
    });
    return { id: bucket };
  },

  aws_s3_bucket_ownership_controls(args, { s3 }) {
    const bucket = args.string("bucket");
    s3.putBucketOwnershipControls(
      bucket,
      args.block("rule", (rule) => rule.string("object_ownership")),
    );
    return { id: bucket };
  },

  aws_s3_bucket_server_side_encryption_configuration(args, { s3 }) {
    const bucket = args.string("bucket");
    const algorithm = args.block("rule", (rule) => {
      rule.inert("bucket_key_enabled");
      // What every bucket here does: no client may bring a key.
      for (const type of rule.optionalStrings("blocked_encryption_types") ?? []) {
        oneOf(rule, "blocked_encryption_types", type, ["SSE-C"]);
      }
      return rule.block("apply_server_side_encryption_by_default", (byDefault) => {
        byDefault.only("kms_master_key_id", "alias/aws/s3");
        return byDefault.string("sse_algorithm");
      });
    });
    s3.putBucketEncryption(bucket, algorithm);
    return { id: bucket };
  },

  aws_s3_bucket_versioning(args, { s3 }) {
    const bucket = args.string("bucket");
    const status = args.block<VersioningStatus | "Disabled">("versioning_configuration", (configuration) => {
      configuration.only("mfa_delete", "Disabled");
      return oneOf(configuration, "status", configuration.string("status"), ["Enabled", "Suspended", "Disabled"]);
    });
    // Terraform's "Disabled" is for a bucket that never had versioning, and makes no call.
    if (status !== "Disabled") s3.putBucketVersioning(bucket, status);
    return { id: bucket };
  },

  aws_s3_bucket_cors_configuration(args, { s3 }) {
    const bucket = args.string("bucket");
    const rules = args.blocks("cors_rule", (rule) => ({
      allowedMethods: rule.strings("allowed_methods"),
      allowedOrigins: rule.strings("allowed_origins"),
      allowedHeaders: rule.optionalStrings("allowed_headers"),
      exposeHeaders: rule.optionalStrings("expose_headers"),
      maxAgeSeconds: rule.optionalNumber("max_age_seconds"),
    }));
    s3.putBucketCors(bucket, rules);
    return { id: bucket };
  },

  aws_s3_bucket_policy(args, { s3 }) {
    const bucket = args.string("bucket");
    s3.putBucketPolicy(bucket, args.string("policy"));
    return { id: bucket };
  },

  aws_s3_bucket_notification(args, { s3 }) {
    args.only("eventbridge", false);
    const bucket = args.string("bucket");
    const configurations = args.blocks("lambda_function", (target) => ({
      id: target.string("id"),
      lambdaFunctionArn: target.string("lambda_function_arn"),
      events: target.strings("events"),
      prefix: target.optionalString("filter_prefix"),
      suffix: target.optionalString("filter_suffix"),
    }));
    s3.putBucketNotificationConfiguration(bucket, configurations);
    return { id: bucket };
  },
};
