// The bucket of photos and thumbnails: a new one, or one that is there already. Of the latter the stack owns nothing but
// the notification, which replaces the bucket's whole notification configuration.

import { DataAwsS3Bucket } from "@cdktf/provider-aws/lib/data-aws-s3-bucket";
import type { S3Bucket } from "@cdktf/provider-aws/lib/s3-bucket";
import type { Construct } from "constructs";
import { Bucket } from "./bucket";
import type { Settings } from "./settings";
import { isDevelopment, nameSuffixOf } from "./stage";

/** What the rest of the stack needs to know of a bucket. */
export interface BucketReference {
  readonly arn: string;
  readonly bucket: string;
}

export interface ImagesBucket {
  readonly images: S3Bucket | DataAwsS3Bucket;
  /** The construct, when the stack makes the bucket: the policy of an existing one is its owner's. */
  readonly own?: Bucket;
}

export function imagesBucket(scope: Construct, id: string, settings: Settings, accountId: string): ImagesBucket {
  const { existingBucket, bucketName, stage } = settings;
  if (existingBucket !== undefined) {
    return { images: new DataAwsS3Bucket(scope, id, { bucket: existingBucket }) };
  }
  const own = new Bucket(scope, id, {
    name: `${bucketName ?? `user-profile-images-${accountId}`}${nameSuffixOf(stage)}`,
    isDisposable: isDevelopment(stage),
    isPublic: settings.publicBucket,
    isVersioned: true,
    uploadOrigins: settings.uploadOrigins,
    originalsRetentionDays: settings.originalsRetentionDays,
  });
  return { images: own.bucket, own };
}
