// What S3's lifecycle rules remove: uploads that were never finished, what was replaced or deleted a month ago, and originals
// and failure records once their time is up.

import type { S3BucketLifecycleConfigurationRule } from "@cdktf/provider-aws/lib/s3-bucket-lifecycle-configuration";
import { ORIGINAL_PREFIX } from "../functions/lib/keys";

/** Parts of uploads that were never finished cost storage and are seen by nobody. */
const ABANDONED_UPLOAD_DAYS = 1;

/** Time to notice a mistake; and the longest that a photo which its user deleted is kept. */
const OLD_VERSION_DAYS = 30;

export interface Lifetime {
  /** @default false */
  readonly isVersioned?: boolean;
  /** @default - kept */
  readonly originalsRetentionDays?: number;
  /** @default - kept */
  readonly failuresRetentionDays?: number;
}

export function lifecycleRules({
  isVersioned = false,
  originalsRetentionDays,
  failuresRetentionDays,
}: Lifetime): S3BucketLifecycleConfigurationRule[] {
  const rules: S3BucketLifecycleConfigurationRule[] = [
    {
      id: "abort-abandoned-uploads",
      status: "Enabled",
      filter: [{ prefix: "" }],
      abortIncompleteMultipartUpload: [{ daysAfterInitiation: ABANDONED_UPLOAD_DAYS }],
    },
  ];
  if (isVersioned) {
    rules.push({
      id: "expire-old-versions",
      status: "Enabled",
      filter: [{ prefix: "" }],
      noncurrentVersionExpiration: [{ noncurrentDays: OLD_VERSION_DAYS }],
      // A delete marker without noncurrent versions.
      expiration: [{ expiredObjectDeleteMarker: true }],
    });
  }
  if (originalsRetentionDays !== undefined) {
    rules.push({
      id: "expire-originals",
      status: "Enabled",
      filter: [{ prefix: ORIGINAL_PREFIX }],
      expiration: [{ days: originalsRetentionDays }],
    });
  }
  if (failuresRetentionDays !== undefined) {
    rules.push({
      id: "expire-failures",
      status: "Enabled",
      filter: [{ prefix: "" }],
      expiration: [{ days: failuresRetentionDays }],
    });
  }
  return rules;
}
