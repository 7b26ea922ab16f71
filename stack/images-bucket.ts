// The bucket of photos and thumbnails: a new one, or one that is there already. Of the latter the stack owns nothing but
// the notification, which replaces the bucket's whole notification configuration.

import { DataAwsS3Bucket } from "@cdktf/provider-aws/lib/data-aws-s3-bucket";
import type { Construct } from "constructs";
import { Bucket } from "./bucket";
import type { Settings } from "./settings";
import { isDevelopment, nameSuffixOf } from "./stage";

/** What the rest of the stack needs to know of a bucket. */
export interface BucketReference {
  readonly arn: string;
  readonly bucket: string;
}

export function imagesBucket(scope: Construct, id: string, settings: Settings, accountId: string): BucketReference {
  const { existingBucket, bucketName, stage } = settings;
  if (existingBucket !== undefined) return new DataAwsS3Bucket(scope, id, { bucket: existingBucket });
  return new Bucket(scope, id, {
    name: `${bucketName ?? `user-profile-images-${accountId}`}${nameSuffixOf(stage)}`,
    isDisposable: isDevelopment(stage),
    isPublic: settings.publicBucket,
    isVersioned: true,
    uploadOrigins: settings.uploadOrigins,
    originalsRetentionDays: settings.originalsRetentionDays,
  }).bucket;
}
