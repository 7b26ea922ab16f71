// The operations on buckets and objects, by AWS's names.

import type { Iam } from "../../iam/types";
import { getBucketLocation, getBucketNotificationConfiguration, getBucketVersioning, headBucket } from "../buckets";
import type { Operation } from "../call";
import { completeMultipartUpload } from "../complete-upload";
import { copyObject } from "../copy-object";
import { preflightCors } from "../cors";
import { deleteObject, deleteObjects } from "../delete-objects";
import { getObject, headObject } from "../get-object";
import { listObjects, listObjectsV2 } from "../list-objects";
import { listObjectVersions } from "../list-versions";
import { abortMultipartUpload, createMultipartUpload, listMultipartUploads, listParts } from "../multipart-upload";
import { deleteObjectTagging, getObjectTagging, putObjectTagging } from "../object-tagging";
import { createPostObject } from "../post-object";
import { putObject } from "../put-object";
import {
  getBucketCors,
  getBucketEncryption,
  getBucketOwnershipControls,
  getBucketPolicy,
  getPublicAccessBlock,
} from "../read-configuration";
import { uploadPart, uploadPartCopy } from "../upload-part";
import { getBucketAcl } from "./bucket-acl";
import { deleteBucketCors, putBucketCors } from "./bucket-cors";
import { deleteBucketEncryption, putBucketEncryption } from "./bucket-encryption";
import {
  deleteBucketLifecycle,
  getBucketLifecycleConfiguration,
  putBucketLifecycleConfiguration,
} from "./bucket-lifecycle";
import { putBucketNotificationConfiguration } from "./bucket-notification";
import { deleteBucketOwnershipControls, putBucketOwnershipControls } from "./bucket-ownership-controls";
import { deleteBucketPolicy, getBucketPolicyStatus, putBucketPolicy } from "./bucket-policy";
import { deleteBucketTagging, getBucketTagging, putBucketTagging } from "./bucket-tagging";
import { putBucketVersioning } from "./bucket-versioning";
import {
  getBucketAccelerateConfiguration,
  getBucketLogging,
  getBucketReplication,
  getBucketRequestPayment,
  getBucketWebsite,
  getObjectLockConfiguration,
} from "./default-configuration";
import { deleteBucket } from "./delete-bucket";
import { deletePublicAccessBlock, putPublicAccessBlock } from "./public-access-block";

export const createOperations = (iam: Iam): ReadonlyMap<string, Operation> =>
  new Map<string, Operation>([
    ["AbortMultipartUpload", abortMultipartUpload],
    ["CompleteMultipartUpload", completeMultipartUpload],
    ["CopyObject", copyObject],
    ["CreateMultipartUpload", createMultipartUpload],
    ["DeleteBucket", deleteBucket],
    ["DeleteBucketCors", deleteBucketCors],
    ["DeleteBucketEncryption", deleteBucketEncryption],
    ["DeleteBucketLifecycle", deleteBucketLifecycle],
    ["DeleteBucketOwnershipControls", deleteBucketOwnershipControls],
    ["DeleteBucketPolicy", deleteBucketPolicy],
    ["DeleteBucketTagging", deleteBucketTagging],
    ["DeletePublicAccessBlock", deletePublicAccessBlock],
    ["DeleteObject", deleteObject],
    ["DeleteObjectTagging", deleteObjectTagging],
    ["DeleteObjects", deleteObjects],
    ["GetBucketAccelerateConfiguration", getBucketAccelerateConfiguration],
    ["GetBucketAcl", getBucketAcl],
    ["GetBucketCors", getBucketCors],
    ["GetBucketEncryption", getBucketEncryption],
    ["GetBucketLifecycleConfiguration", getBucketLifecycleConfiguration],
    ["GetBucketLocation", getBucketLocation],
    ["GetBucketLogging", getBucketLogging],
    ["GetBucketNotificationConfiguration", getBucketNotificationConfiguration],
    ["GetBucketOwnershipControls", getBucketOwnershipControls],
    ["GetBucketPolicy", getBucketPolicy],
    ["GetBucketPolicyStatus", getBucketPolicyStatus],
    ["GetBucketReplication", getBucketReplication],
    ["GetBucketRequestPayment", getBucketRequestPayment],
    ["GetBucketTagging", getBucketTagging],
    ["GetBucketVersioning", getBucketVersioning],
    ["GetBucketWebsite", getBucketWebsite],
    ["GetObject", getObject],
    ["GetObjectLockConfiguration", getObjectLockConfiguration],
    ["GetObjectTagging", getObjectTagging],
    ["GetPublicAccessBlock", getPublicAccessBlock],
    ["HeadBucket", headBucket],
    ["HeadObject", headObject],
    ["ListMultipartUploads", listMultipartUploads],
    ["ListObjectVersions", listObjectVersions],
    ["ListObjects", listObjects],
    ["ListObjectsV2", listObjectsV2],
    ["ListParts", listParts],
    ["PostObject", createPostObject(iam)],
    ["PreflightCors", preflightCors],
    ["PutBucketCors", putBucketCors],
    ["PutBucketEncryption", putBucketEncryption],
    ["PutBucketLifecycleConfiguration", putBucketLifecycleConfiguration],
    ["PutBucketNotificationConfiguration", putBucketNotificationConfiguration],
    ["PutBucketOwnershipControls", putBucketOwnershipControls],
    ["PutBucketPolicy", putBucketPolicy],
    ["PutBucketTagging", putBucketTagging],
    ["PutBucketVersioning", putBucketVersioning],
    ["PutPublicAccessBlock", putPublicAccessBlock],
    ["PutObject", putObject],
    ["PutObjectTagging", putObjectTagging],
    ["UploadPart", uploadPart],
    ["UploadPartCopy", uploadPartCopy],
  ]);
