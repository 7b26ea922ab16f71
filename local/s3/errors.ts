// S3's refusals in S3's own words:
// https://docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html#ErrorCodeList

import { AwsError } from "../aws-error";
import type { DeleteMarker } from "./store/types";

export const noSuchBucket = (bucket: string) =>
  new AwsError("NoSuchBucket", "The specified bucket does not exist", 404, { BucketName: bucket });

/** The caller owns the bucket already: https://docs.aws.amazon.com/AmazonS3/latest/API/API_CreateBucket.html */
export const bucketAlreadyOwned = (bucket: string) =>
  new AwsError(
    "BucketAlreadyOwnedByYou",
    "Your previous request to create the named bucket succeeded and you already own it.",
    409,
    { BucketName: bucket },
  );

/** Bucket names are unique across accounts: https://docs.aws.amazon.com/AmazonS3/latest/API/API_CreateBucket.html */
export const bucketAlreadyExists = (bucket: string) =>
  new AwsError(
    "BucketAlreadyExists",
    "The requested bucket name is not available. The bucket namespace is shared by all users of the system. Please select a different name and try again.",
    409,
    { BucketName: bucket },
  );

export const aclWithOwnership = () =>
  new AwsError(
    "InvalidBucketAclWithObjectOwnership",
    "Bucket cannot have ACLs set with ObjectOwnership's BucketOwnerEnforced setting",
    400,
  );

/** @param marker what hides the key, if anything does */
export const noSuchKey = (key: string, marker?: DeleteMarker) =>
  new AwsError("NoSuchKey", "The specified key does not exist.", 404, { Key: key }, marker && markerHeaders(marker));

export const noSuchVersion = (key: string, versionId: string) =>
  new AwsError("NoSuchVersion", "The specified version does not exist.", 404, { Key: key, VersionId: versionId });

export const invalidVersionId = (versionId: string) =>
  invalidArgument("Invalid version id specified", "versionId", versionId);

/** A delete marker has no content and no tags: https://docs.aws.amazon.com/AmazonS3/latest/userguide/DeleteMarker.html */
export const markerNotReadable = (method: string, marker: DeleteMarker) =>
  new AwsError(
    "MethodNotAllowed",
    "The specified method is not allowed against this resource.",
    405,
    { Method: method, ResourceType: "DeleteMarker" },
    { ...markerHeaders(marker), allow: "DELETE", "last-modified": marker.lastModified.toUTCString() },
  );

const markerHeaders = ({ versionId }: DeleteMarker) => ({
  "x-amz-delete-marker": "true",
  "x-amz-version-id": versionId,
});

export const noSuchUpload = (uploadId: string) =>
  new AwsError(
    "NoSuchUpload",
    "The specified upload does not exist. The upload ID may be invalid, or the upload may have been aborted or completed.",
    404,
    { UploadId: uploadId },
  );

/** An argument that S3 knows, with a value that it does not allow. */
export const invalidArgument = (message: string, name: string, value: string) =>
  new AwsError("InvalidArgument", message, 400, { ArgumentName: name, ArgumentValue: value });

/** A configuration that the bucket does not have. */
export const missing = (code: string, message: string, bucket: string) =>
  new AwsError(code, message, 404, { BucketName: bucket });

export const invalidRequest = (message: string) => new AwsError("InvalidRequest", message, 400);

export const malformedXml = () =>
  new AwsError(
    "MalformedXML",
    "The XML you provided was not well-formed or did not validate against our published schema",
    400,
  );

/** What S3 refuses before it reads on: a status and no document. */
export const badRequest = () => new AwsError("BadRequest", "", 400);

/** A header that AWS knows and this S3 does not; refused by name, never ignored. */
export const headerNotImplemented = (header: string, value = "") =>
  new AwsError("NotImplemented", "A header you provided implies functionality that is not implemented", 501, {
    Header: header,
    ...(value === "" ? {} : { AdditionalMessage: `${header}: ${value} is not known to the embedded S3` }),
  });

export const operationNotImplemented = (operation: string) =>
  new AwsError("NotImplemented", `The embedded S3 does not know ${operation}.`, 501);

export const methodNotAllowed = (method: string, resourceType: string) =>
  new AwsError("MethodNotAllowed", "The specified method is not allowed against this resource.", 405, {
    Method: method,
    ResourceType: resourceType,
  });

export const preconditionFailed = (condition: string) =>
  new AwsError("PreconditionFailed", "At least one of the pre-conditions you specified did not hold", 412, {
    Condition: condition,
  });

export const incompleteBody = () =>
  new AwsError(
    "IncompleteBody",
    "You did not provide the number of bytes specified by the Content-Length HTTP header",
    400,
  );

export const accessDenied = (message = "Access Denied") => new AwsError("AccessDenied", message, 403);
