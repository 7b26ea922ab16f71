// What S3 removes by itself: uploads that were never finished, and originals once their time is up.

import type { S3BucketLifecycleConfigurationRule } from "@cdktf/provider-aws/lib/s3-bucket-lifecycle-configuration";

/** Parts of uploads that were never finished cost storage and are seen by nobody. */
const ABANDONED_UPLOAD_DAYS = 1;

export interface Lifetime {
  /** @default - kept */
  readonly originalsRetentionDays?: number;
}

export function lifecycleRules({ originalsRetentionDays }: Lifetime): S3BucketLifecycleConfigurationRule[] {
  const rules: S3BucketLifecycleConfigurationRule[] = [
    {
      id: "abort-abandoned-uploads",
      status: "Enabled",
      filter: [{ prefix: "" }],
      abortIncompleteMultipartUpload: [{ daysAfterInitiation: ABANDONED_UPLOAD_DAYS }],
    },
  ];
  if (originalsRetentionDays !== undefined) {
    rules.push({
      id: "expire-originals",
      status: "Enabled",
      filter: [{ prefix: "original/" }],
      expiration: [{ days: originalsRetentionDays }],
    });
  }
  return rules;
}
