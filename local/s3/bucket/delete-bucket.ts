// DeleteBucket: https://docs.aws.amazon.com/AmazonS3/latest/API/API_DeleteBucket.html

import { AwsError } from "../../aws-error";
import { type Operation, sendEmpty } from "../call";

export const deleteBucket: Operation = ({ access, store, isKept }, { context, bucket, response }) => {
  access.authorize(context, "s3:DeleteBucket", bucket);
  if (bucket.versions.size > 0) {
    const message =
      bucket.versioning === undefined
        ? "The bucket you tried to delete is not empty"
        : "The bucket you tried to delete is not empty. You must delete all versions in the bucket.";
    throw new AwsError("BucketNotEmpty", message, 409, { BucketName: bucket.name });
  }
  if (isKept) {
    const message = "With a data directory the embedded S3 keeps the buckets of its stack.";
    throw new AwsError("NotImplemented", message, 501);
  }
  store.deleteBucket(bucket);
  sendEmpty(response, 204);
};
