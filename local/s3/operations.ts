// The operations on buckets and objects, by AWS's names.

import type { Iam } from "../iam/types";
import { getBucketAcl, getObjectAcl, putBucketAcl, putObjectAcl } from "./acl/operations";
import {
  getBucketLocation,
  getBucketNotificationConfiguration,
  getBucketVersioning,
  handleHeadBucket,
} from "./bucket/buckets";
import { preflightCors } from "./bucket/cors";
import {
  getBucketAccelerateConfiguration,
  getBucketLogging,
  getBucketReplication,
  getBucketRequestPayment,
  getBucketWebsite,
} from "./bucket/default-configuration";
import { deleteBucket } from "./bucket/delete-bucket";
import { deleteBucketEncryption, handlePutBucketEncryption } from "./bucket/encryption";
import {
  deleteBucketLifecycle,
  getBucketLifecycleConfiguration,
  handlePutBucketLifecycleConfiguration,
} from "./bucket/lifecycle";
import { handlePutBucketNotificationConfiguration } from "./bucket/notification";
import { deleteBucketOwnershipControls, handlePutBucketOwnershipControls } from "./bucket/ownership-controls";
import { deleteBucketPolicy, getBucketPolicyStatus, handlePutBucketPolicy } from "./bucket/policy";
import { deletePublicAccessBlock, handlePutPublicAccessBlock } from "./bucket/public-access-block";
import { deleteBucketCors, handlePutBucketCors } from "./bucket/put-cors";
import {
  getBucketCors,
  getBucketEncryption,
  getBucketOwnershipControls,
  getBucketPolicy,
  getPublicAccessBlock,
} from "./bucket/read-configuration";
import { deleteBucketTagging, getBucketTagging, handlePutBucketTagging } from "./bucket/tagging";
import { handlePutBucketVersioning } from "./bucket/versioning";
import type { Operation } from "./call";
import { createPostObject } from "./form/post-object";
import { listObjects, listObjectsV2 } from "./listing/list-objects";
import { listObjectVersions } from "./listing/list-versions";
import { getObjectLockConfiguration, putObjectLockConfiguration } from "./lock/bucket-lock";
import { getObjectLegalHold, getObjectRetention, putObjectLegalHold, putObjectRetention } from "./lock/object-lock";
import { completeMultipartUpload } from "./multipart/complete-upload";
import { uploadPart, uploadPartCopy } from "./multipart/upload-part";
import { abortMultipartUpload, createMultipartUpload, listMultipartUploads, listParts } from "./multipart/uploads";
import { copyObject } from "./objects/copy-object";
import { deleteObject, deleteObjects } from "./objects/delete-objects";
import { getObject, headObject } from "./objects/get-object";
import { getObjectAttributes } from "./objects/get-object-attributes";
import { putObject } from "./objects/put-object";
import { deleteObjectTagging, getObjectTagging, putObjectTagging } from "./objects/tagging";

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
    ["GetObjectAcl", getObjectAcl],
    ["GetObjectAttributes", getObjectAttributes],
    ["GetObjectLegalHold", getObjectLegalHold],
    ["GetObjectLockConfiguration", getObjectLockConfiguration],
    ["GetObjectRetention", getObjectRetention],
    ["GetObjectTagging", getObjectTagging],
    ["GetPublicAccessBlock", getPublicAccessBlock],
    ["HeadBucket", handleHeadBucket],
    ["HeadObject", headObject],
    ["ListMultipartUploads", listMultipartUploads],
    ["ListObjectVersions", listObjectVersions],
    ["ListObjects", listObjects],
    ["ListObjectsV2", listObjectsV2],
    ["ListParts", listParts],
    ["PostObject", createPostObject(iam)],
    ["PreflightCors", preflightCors],
    ["PutBucketAcl", putBucketAcl],
    ["PutBucketCors", handlePutBucketCors],
    ["PutBucketEncryption", handlePutBucketEncryption],
    ["PutBucketLifecycleConfiguration", handlePutBucketLifecycleConfiguration],
    ["PutBucketNotificationConfiguration", handlePutBucketNotificationConfiguration],
    ["PutBucketOwnershipControls", handlePutBucketOwnershipControls],
    ["PutBucketPolicy", handlePutBucketPolicy],
    ["PutBucketTagging", handlePutBucketTagging],
    ["PutBucketVersioning", handlePutBucketVersioning],
    ["PutPublicAccessBlock", handlePutPublicAccessBlock],
    ["PutObject", putObject],
    ["PutObjectAcl", putObjectAcl],
    ["PutObjectLegalHold", putObjectLegalHold],
    ["PutObjectLockConfiguration", putObjectLockConfiguration],
    ["PutObjectRetention", putObjectRetention],
    ["PutObjectTagging", putObjectTagging],
    ["UploadPart", uploadPart],
    ["UploadPartCopy", uploadPartCopy],
  ]);
