// A bucket that nobody outside the account can reach: encrypted, over TLS only, owned by the account, without ACLs.
// AWS makes most of this the default today; declared here, it stays so. Only the images can be opened to the public.

import { S3Bucket } from "@cdktf/provider-aws/lib/s3-bucket";
import { S3BucketCorsConfiguration } from "@cdktf/provider-aws/lib/s3-bucket-cors-configuration";
import { S3BucketLifecycleConfiguration } from "@cdktf/provider-aws/lib/s3-bucket-lifecycle-configuration";
import { S3BucketOwnershipControls } from "@cdktf/provider-aws/lib/s3-bucket-ownership-controls";
import { S3BucketPolicy } from "@cdktf/provider-aws/lib/s3-bucket-policy";
import { S3BucketPublicAccessBlock } from "@cdktf/provider-aws/lib/s3-bucket-public-access-block";
import { S3BucketServerSideEncryptionConfigurationA } from "@cdktf/provider-aws/lib/s3-bucket-server-side-encryption-configuration";
import { S3BucketVersioningA } from "@cdktf/provider-aws/lib/s3-bucket-versioning";
import { Construct } from "constructs";
import { lifecycleRules } from "./bucket-lifecycle";
import { joinPolicies, policyDocument } from "./policy-document";
import { protection } from "./protection";

/** Browsers ask again before an upload when this has passed. */
const PREFLIGHT_SECONDS = 3600;

/**
 * Keys that a client provides (SSE-C) are refused: S3 does so on new buckets since April 2026, and a plan would show a difference
 * forever if this were left out. https://docs.aws.amazon.com/AmazonS3/latest/userguide/blocking-unblocking-s3-c-encryption-gpb.html
 */
const BLOCKED_ENCRYPTION_TYPES = ["SSE-C"];

/** AWS's own key for S3: nobody outside the account can use it, and unlike a key of ours it costs nothing. */
const KMS_KEY = {
  applyServerSideEncryptionByDefault: { sseAlgorithm: "aws:kms", kmsMasterKeyId: "alias/aws/s3" },
  // One data key for many objects: KMS is paid by the call.
  bucketKeyEnabled: true,
  blockedEncryptionTypes: BLOCKED_ENCRYPTION_TYPES,
};
/** Readers who are not signed in can use no key of KMS. */
const S3_KEYS = {
  applyServerSideEncryptionByDefault: { sseAlgorithm: "AES256" },
  blockedEncryptionTypes: BLOCKED_ENCRYPTION_TYPES,
};

export interface BucketProps {
  readonly name: string;
  /** Whether the bucket may be destroyed, and then with all that is in it; else a plan that would do so fails. */
  readonly isDisposable: boolean;
  /** Lets everyone read, write and delete, as the article does. @default false */
  readonly isPublic?: boolean;
  /** Origins of web pages that may upload. @default - none */
  readonly uploadOrigins?: readonly string[];
  /** Keeps what was replaced or deleted for a month. @default false */
  readonly isVersioned?: boolean;
  /** @default - kept */
  readonly originalsRetentionDays?: number;
  /** @default - kept */
  readonly failuresRetentionDays?: number;
}

export class Bucket extends Construct {
  readonly bucket: S3Bucket;
  readonly #policy: S3BucketPolicy;

  constructor(scope: Construct, id: string, props: BucketProps) {
    super(scope, id);
    const { isPublic = false, isVersioned = false, uploadOrigins = [] } = props;
    this.bucket = new S3Bucket(this, "bucket", {
      bucket: props.name,
      forceDestroy: props.isDisposable,
      lifecycle: protection(props.isDisposable),
    });
    const bucket = this.bucket.bucket;

    const block = new S3BucketPublicAccessBlock(this, "public_access_block", {
      bucket,
      blockPublicAcls: true,
      blockPublicPolicy: !isPublic,
      ignorePublicAcls: true,
      restrictPublicBuckets: !isPublic,
    });
    new S3BucketOwnershipControls(this, "ownership_controls", {
      bucket,
      rule: { objectOwnership: "BucketOwnerEnforced" },
    });
    new S3BucketServerSideEncryptionConfigurationA(this, "encryption", {
      bucket,
      rule: [isPublic ? S3_KEYS : KMS_KEY],
    });
    const versioning = isVersioned
      ? new S3BucketVersioningA(this, "versioning", { bucket, versioningConfiguration: { status: "Enabled" } })
      : undefined;
    new S3BucketLifecycleConfiguration(this, "lifecycle", {
      bucket,
      rule: lifecycleRules(props),
      // Rules about noncurrent versions are for versioned buckets.
      dependsOn: versioning && [versioning],
    });
    this.#policy = new S3BucketPolicy(this, "policy", {
      bucket,
      policy: policyDocument(isPublic ? "public-bucket" : "tls-only", { bucketArn: this.bucket.arn }),
      // S3 returns 409 OperationAborted when both change at once, and refuses a public policy before the block is lifted.
      dependsOn: [block],
    });
    if (uploadOrigins.length > 0) {
      new S3BucketCorsConfiguration(this, "cors", {
        bucket,
        corsRule: [
          {
            allowedMethods: ["POST", "PUT"],
            allowedOrigins: [...uploadOrigins],
            // What a presigned upload sends: its type, that it replaces nothing, and the metadata that names the profile.
            allowedHeaders: ["content-type", "if-none-match", "x-amz-*"],
            exposeHeaders: ["ETag"],
            maxAgeSeconds: PREFLIGHT_SECONDS,
          },
        ],
      });
    }
  }

  /** Adds a document's statements to the bucket's policy, of which there is one. */
  addToPolicy(document: string): void {
    this.#policy.policy = joinPolicies(this.#policy.policyInput ?? "", document);
  }
}
