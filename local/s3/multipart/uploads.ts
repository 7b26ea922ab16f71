// The frame of a multipart upload: create, abort, and the two lists:
// https://docs.aws.amazon.com/AmazonS3/latest/userguide/mpuoverview.html

import { randomBytes } from "node:crypto";
import { callerName } from "../../service";
import { canonicalId, ownerElement, ownerOfCaller } from "../acl/owners";
import {
  type ChecksumAlgorithm,
  type ChecksumType,
  checksumElement,
  DEFAULT_ALGORITHM,
  isCombinable,
} from "../body/checksums";
import { readAlgorithm } from "../body/integrity";
import { type Call, type Operation, type State, sendEmpty, sendXml } from "../call";
import { invalidRequest } from "../errors";
import { readEncoding, readLimit } from "../listing/list-objects";
import { listPage } from "../listing/page";
import { setEncryption } from "../objects/encryption";
import { authorizeWrite, checkWriteHeaders, readDescription } from "../objects/write-object";
import type { Upload } from "../store/types";

const MAX_PARTS = 1000;
const MAX_UPLOADS = 1000;

export const createMultipartUpload: Operation = (state, call) => {
  checkWriteHeaders(call);
  const description = readDescription(state, call);
  authorizeWrite(state, call, description);
  const checksum = readUploadChecksum(call);
  const uploadId = randomBytes(48).toString("base64url");
  state.store.beginUpload(call.bucket, {
    ...description,
    ...checksum,
    uploadId,
    key: call.key,
    initiated: new Date(),
    initiator: initiatorOf(state, call),
    parts: new Map(),
  });
  setEncryption(call.response, description);
  if (checksum.checksumRequired) call.response.setHeader("x-amz-checksum-algorithm", checksum.algorithm);
  call.response.setHeader("x-amz-checksum-type", checksum.checksumType);
  sendXml(call.response, "InitiateMultipartUploadResult", {
    Bucket: call.bucket.name,
    Key: call.key,
    UploadId: uploadId,
  });
};

/** CRC64NVME is always of the full object, the hashes always composite, the other CRCs composite unless asked. */
function readUploadChecksum({ header }: Call) {
  const named = readAlgorithm(header("x-amz-checksum-algorithm"));
  const algorithm: ChecksumAlgorithm = named ?? DEFAULT_ALGORITHM;
  const asked = header("x-amz-checksum-type")?.toUpperCase();
  const usual: ChecksumType = algorithm === DEFAULT_ALGORITHM ? "FULL_OBJECT" : "COMPOSITE";
  const isKnown = asked === undefined || asked === "FULL_OBJECT" || asked === "COMPOSITE";
  if (!isKnown) throw invalidRequest("Value for x-amz-checksum-type header is invalid.");
  if (asked !== undefined && named === undefined) {
    throw invalidRequest("The x-amz-checksum-type header can only be used with the x-amz-checksum-algorithm header.");
  }
  const isPossible =
    asked !== "FULL_OBJECT" ? asked === undefined || algorithm !== DEFAULT_ALGORITHM : isCombinable(algorithm);
  if (!isPossible) {
    throw invalidRequest(
      `The ${asked} checksum type cannot be used with the ${algorithm.toLowerCase()} checksum algorithm.`,
    );
  }
  return { algorithm, checksumType: asked ?? usual, checksumRequired: named !== undefined } as const;
}

function initiatorOf({ account }: State, { context }: Call): Upload["initiator"] {
  const name = callerName(context.caller);
  return {
    id: context.caller.kind === "role" ? name : canonicalId(ownerOfCaller(context.caller, account.accountId)),
    name,
  };
}

/** The upload that a request names. */
export const findUpload = ({ store }: State, { bucket, key, query }: Call): Upload =>
  store.upload(bucket, key, query.get("uploadId") ?? "");

export const abortMultipartUpload: Operation = (state, call) => {
  state.access.authorize(call.context, "s3:AbortMultipartUpload", call.bucket, call.key);
  state.store.endUpload(call.bucket, findUpload(state, call));
  sendEmpty(call.response, 204);
};

export const listParts: Operation = (state, call) => {
  const { bucket, key, query, context } = call;
  state.access.authorize(context, "s3:ListMultipartUploadParts", bucket, key);
  const upload = findUpload(state, call);
  const maxParts = readLimit(query, "max-parts", MAX_PARTS);
  const marker = readLimit(query, "part-number-marker", Number.MAX_SAFE_INTEGER);
  const after = query.get("part-number-marker") === null ? 0 : marker;
  const rest = [...upload.parts.values()]
    .filter(({ partNumber }) => partNumber > after)
    .sort((a, b) => a.partNumber - b.partNumber);
  const parts = rest.slice(0, maxParts);
  const isTruncated = rest.length > parts.length;
  sendXml(call.response, "ListPartsResult", {
    Bucket: bucket.name,
    Key: key,
    UploadId: upload.uploadId,
    Initiator: { ID: upload.initiator.id, DisplayName: upload.initiator.name },
    Owner: ownerElement(upload.acl?.owner ?? bucket.owner),
    StorageClass: "STANDARD",
    PartNumberMarker: after,
    NextPartNumberMarker: parts.at(-1)?.partNumber ?? 0,
    MaxParts: maxParts,
    IsTruncated: isTruncated,
    ChecksumAlgorithm: upload.checksumRequired ? upload.algorithm : undefined,
    ChecksumType: upload.checksumRequired ? upload.checksumType : undefined,
    Part: parts.map((part) => ({
      PartNumber: part.partNumber,
      LastModified: part.lastModified.toISOString(),
      ETag: `"${part.etag}"`,
      Size: part.content.size,
      [checksumElement(upload.algorithm)]: part.checksum,
    })),
  });
};

export const listMultipartUploads: Operation = (state, call) => {
  const { bucket, query, context } = call;
  state.access.authorize(context, "s3:ListBucketMultipartUploads", bucket);
  const { encode, encodingType } = readEncoding(query);
  const prefix = query.get("prefix") ?? "";
  const delimiter = query.get("delimiter") ?? "";
  const maxKeys = readLimit(query, "max-uploads", MAX_UPLOADS);
  const keyMarker = query.get("key-marker") ?? "";
  const idMarker = query.get("upload-id-marker") ?? "";
  // Uploads of one key are told apart by their ids; both markers together name the last one given.
  const isAfter = ({ key, uploadId }: Upload) => key !== keyMarker || (idMarker !== "" && uploadId > idMarker);
  const all = [...bucket.uploads.values()].filter(isAfter).sort((a, b) => (a.uploadId < b.uploadId ? -1 : 1));
  const after = idMarker === "" ? keyMarker : keyMarker.slice(0, -1);
  const page = listPage(all, { prefix, delimiter, maxKeys, after });
  const last = page.items.at(-1);
  sendXml(call.response, "ListMultipartUploadsResult", {
    Bucket: bucket.name,
    KeyMarker: encode(keyMarker),
    UploadIdMarker: idMarker,
    NextKeyMarker: page.isTruncated ? encode(page.last ?? "") : undefined,
    NextUploadIdMarker: page.isTruncated && last?.key === page.last ? last?.uploadId : undefined,
    Delimiter: delimiter === "" ? undefined : encode(delimiter),
    Prefix: encode(prefix),
    EncodingType: encodingType,
    MaxUploads: maxKeys,
    IsTruncated: page.isTruncated,
    Upload: page.items.map((upload) => ({
      Key: encode(upload.key),
      UploadId: upload.uploadId,
      Initiator: { ID: upload.initiator.id, DisplayName: upload.initiator.name },
      Owner: ownerElement(upload.acl?.owner ?? bucket.owner),
      StorageClass: "STANDARD",
      Initiated: upload.initiated.toISOString(),
    })),
    CommonPrefixes: page.commonPrefixes.map((common) => ({ Prefix: encode(common) })),
  });
};
