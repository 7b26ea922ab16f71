// From a request to AWS's name of its operation. What AWS knows and this S3 does not is named and refused.

import { methodNotAllowed, operationNotImplemented, preconditionFailed } from "./errors";
import type { Target } from "./target";

/** Query parameters that select another operation than the plain one, by what AWS calls the thing behind them. */
const BUCKET_SUBRESOURCES: Readonly<Record<string, string>> = {
  abac: "BucketAbac",
  accelerate: "BucketAccelerateConfiguration",
  acl: "BucketAcl",
  analytics: "BucketAnalyticsConfiguration",
  cors: "BucketCors",
  encryption: "BucketEncryption",
  "intelligent-tiering": "BucketIntelligentTieringConfiguration",
  inventory: "BucketInventoryConfiguration",
  lifecycle: "BucketLifecycleConfiguration",
  logging: "BucketLogging",
  metadataConfiguration: "BucketMetadataConfiguration",
  metadataTable: "BucketMetadataTableConfiguration",
  metrics: "BucketMetricsConfiguration",
  notification: "BucketNotificationConfiguration",
  "object-lock": "ObjectLockConfiguration",
  ownershipControls: "BucketOwnershipControls",
  policy: "BucketPolicy",
  policyStatus: "BucketPolicyStatus",
  publicAccessBlock: "PublicAccessBlock",
  replication: "BucketReplication",
  requestPayment: "BucketRequestPayment",
  session: "Session",
  tagging: "BucketTagging",
  versioning: "BucketVersioning",
  versions: "ObjectVersions",
  website: "BucketWebsite",
};
const OBJECT_SUBRESOURCES: Readonly<Record<string, string>> = {
  acl: "ObjectAcl",
  annotation: "ObjectAnnotation",
  attributes: "ObjectAttributes",
  encryption: "ObjectEncryption",
  "legal-hold": "ObjectLegalHold",
  renameObject: "RenameObject",
  restore: "RestoreObject",
  retention: "ObjectRetention",
  select: "SelectObjectContent",
  torrent: "ObjectTorrent",
};

/** Those of buckets that can be read, put and deleted. */
const KNOWN_SUBRESOURCES: Readonly<Record<string, readonly string[]>> = {
  GET: [
    "accelerate",
    "acl",
    "cors",
    "encryption",
    "lifecycle",
    "logging",
    "notification",
    "object-lock",
    "ownershipControls",
    "policy",
    "policyStatus",
    "publicAccessBlock",
    "replication",
    "requestPayment",
    "tagging",
    "versioning",
    "website",
  ],
  PUT: [
    "acl",
    "cors",
    "encryption",
    "lifecycle",
    "notification",
    "object-lock",
    "ownershipControls",
    "policy",
    "publicAccessBlock",
    "tagging",
    "versioning",
  ],
  DELETE: ["cors", "encryption", "ownershipControls", "policy", "publicAccessBlock", "tagging"],
};

/** Those of objects. */
const KNOWN_OBJECT_SUBRESOURCES: Readonly<Record<string, readonly string[]>> = {
  GET: ["acl", "attributes", "legal-hold", "retention"],
  PUT: ["acl", "legal-hold", "retention"],
};

interface Asked {
  readonly method: string;
  readonly query: URLSearchParams;
  readonly header: (name: string) => string | undefined;
}

/** Names the operation of a request. */
export function operationName(target: Target, asked: Asked): string {
  if (asked.method === "OPTIONS") return "PreflightCors";
  if (target.bucket === undefined) return serviceOperation(asked);
  return target.key === undefined ? bucketOperation(asked) : objectOperation(asked);
}

function serviceOperation({ method }: Asked): string {
  if (method === "GET") return "ListBuckets";
  throw methodNotAllowed(method, "SERVICE");
}

function bucketOperation({ method, query, header }: Asked): string {
  if (method === "GET" && query.has("versions")) return "ListObjectVersions";
  if (method === "DELETE" && query.has("lifecycle")) return "DeleteBucketLifecycle";
  const known = KNOWN_SUBRESOURCES[method]?.find((name) => query.has(name));
  if (known !== undefined) return `${VERBS[method]}${BUCKET_SUBRESOURCES[known]}`;
  refuseSubresource(method, query, BUCKET_SUBRESOURCES);
  switch (method) {
    case "GET":
      if (query.has("location")) return "GetBucketLocation";
      if (query.has("uploads")) return "ListMultipartUploads";
      return query.get("list-type") === "2" ? "ListObjectsV2" : "ListObjects";
    case "HEAD":
      return "HeadBucket";
    case "POST":
      if (query.has("delete")) return "DeleteObjects";
      if (header("content-type")?.toLowerCase().startsWith("multipart/form-data")) return "PostObject";
      throw preconditionFailed("Bucket POST must be of the enclosure-type multipart/form-data");
    case "PUT":
      return "CreateBucket";
    case "DELETE":
      return "DeleteBucket";
  }
  throw methodNotAllowed(method, "BUCKET");
}

function objectOperation({ method, query, header }: Asked): string {
  const known = KNOWN_OBJECT_SUBRESOURCES[method]?.find((name) => query.has(name));
  if (known !== undefined) return `${VERBS[method]}${OBJECT_SUBRESOURCES[known]}`;
  refuseSubresource(method, query, OBJECT_SUBRESOURCES);
  const isCopy = header("x-amz-copy-source") !== undefined;
  switch (method) {
    case "GET":
      if (query.has("tagging")) return "GetObjectTagging";
      return query.has("uploadId") ? "ListParts" : "GetObject";
    case "HEAD":
      return "HeadObject";
    case "PUT":
      if (query.has("tagging")) return "PutObjectTagging";
      if (query.has("uploadId") || query.has("partNumber")) return isCopy ? "UploadPartCopy" : "UploadPart";
      return isCopy ? "CopyObject" : "PutObject";
    case "POST":
      if (query.has("uploads")) return "CreateMultipartUpload";
      if (query.has("uploadId")) return "CompleteMultipartUpload";
      break;
    case "DELETE":
      if (query.has("tagging")) return "DeleteObjectTagging";
      return query.has("uploadId") ? "AbortMultipartUpload" : "DeleteObject";
  }
  throw methodNotAllowed(method, "OBJECT");
}

const VERBS: Readonly<Record<string, string>> = {
  GET: "Get",
  HEAD: "Head",
  PUT: "Put",
  POST: "Post",
  DELETE: "Delete",
};

function refuseSubresource(method: string, query: URLSearchParams, known: Readonly<Record<string, string>>): void {
  for (const [name, what] of Object.entries(known)) {
    if (query.has(name)) throw operationNotImplemented(`${VERBS[method] ?? method}${what} (?${name})`);
  }
}
