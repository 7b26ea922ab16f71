// The operations that can be called from within this process: what Terraform's provider does to make and set up buckets.
// Requests for them come to the same code.

import type { Api } from "../api/operation";
import { headBucket } from "./bucket/buckets";
import { createBucket } from "./bucket/create-bucket";
import { putBucketEncryption } from "./bucket/encryption";
import { putBucketLifecycleConfiguration } from "./bucket/lifecycle";
import { putBucketNotificationConfiguration } from "./bucket/notification";
import { putBucketOwnershipControls } from "./bucket/ownership-controls";
import { putBucketPolicy } from "./bucket/policy";
import { putPublicAccessBlock } from "./bucket/public-access-block";
import { putBucketCors } from "./bucket/put-cors";
import { putBucketTagging } from "./bucket/tagging";
import { putBucketVersioning } from "./bucket/versioning";
import type { State } from "./call";

export const createApi = (state: State): Api => ({
  name: "s3",
  actionPrefix: "s3",
  inputError: "InvalidArgument",
  state,
  operations: [
    createBucket,
    headBucket,
    putBucketCors,
    putBucketEncryption,
    putBucketLifecycleConfiguration,
    putBucketNotificationConfiguration,
    putBucketOwnershipControls,
    putBucketPolicy,
    putBucketTagging,
    putBucketVersioning,
    putPublicAccessBlock,
  ],
});
