// CompleteMultipartUpload: joins the listed parts without reading them again:
// https://docs.aws.amazon.com/AmazonS3/latest/API/API_CompleteMultipartUpload.html

import { createHash } from "node:crypto";
import { AwsError } from "../../aws-error";
import { type Checksum, checksumElement, checksumHeader, combineChecksums, compositeChecksum } from "../body/checksums";
import { badChecksum } from "../body/integrity";
import { receiveDocument } from "../body/receive";
import { type Call, type Operation, sendXml, setNewVersionId } from "../call";
import { invalidRequest, malformedXml } from "../errors";
import { setEncryption } from "../objects/encryption";
import { checkWriteConditions, commitObject } from "../objects/write-object";
import type { StoredObject, Upload, UploadedPart } from "../store/types";
import { versionsOf } from "../store/versions";
import { elements, parseXml, requiredText, text } from "../xml";
import { findUpload } from "./uploads";

/** Every part but the last: 5 MiB. */
const MIN_PART_BYTES = 5 * 1024 * 1024;

interface ListedPart {
  readonly partNumber: number;
  readonly etag: string;
  readonly checksum: string | undefined;
}

export const completeMultipartUpload: Operation = async (state, call) => {
  const { access, store, contents } = state;
  access.authorize(call.context, "s3:PutObject", call.bucket, call.key);
  const done = completedBefore(call);
  const upload = done === undefined ? findUpload(state, call) : undefined;
  const document = parseXml(await receiveDocument(call, "of object"), "CompleteMultipartUpload");
  if (done !== undefined) return sendResponse(call, done);
  if (upload === undefined) return;
  const parts = chooseParts(upload, readListedParts(document, upload));
  checkWriteConditions(call);
  // Held from here on: a part may be replaced while checksums are computed.
  const content = contents.join(parts.map((part) => part.content));
  const checksum = await checksumOf(upload, parts)
    .then((computed) => {
      checkClaims(call, parts, computed);
      // Nothing is awaited from here on: a second completion finds either the upload or the object.
      findUpload(state, call);
      return computed;
    })
    .catch((error) => {
      content.release();
      throw error;
    });
  const stored = commitObject(
    state,
    call,
    {
      key: upload.key,
      headers: upload.headers,
      metadata: upload.metadata,
      tags: upload.tags,
      sseAlgorithm: upload.sseAlgorithm,
      acl: upload.acl,
      retention: upload.retention,
      legalHold: upload.legalHold,
      content,
      etag: multipartEtag(parts),
      checksum,
      partSizes: parts.map((part) => part.content.size),
      ...(upload.checksumRequired ? { partChecksums: parts.map((part) => part.checksum) } : {}),
      uploadId: upload.uploadId,
    },
    "CompleteMultipartUpload",
  );
  store.endUpload(call.bucket, upload);
  sendResponse(call, stored);
};

/** A client that missed the response asks again and gets it again. */
function completedBefore({ bucket, key, query }: Call): StoredObject | undefined {
  const uploadId = query.get("uploadId");
  const made = versionsOf(bucket, key).find((version) => version.kind === "object" && version.uploadId === uploadId);
  return made?.kind === "object" ? made : undefined;
}

function readListedParts(document: Record<string, unknown>, upload: Upload): ListedPart[] {
  const parts = elements(document, "Part").map((part) => {
    const partNumber = requiredText(part, "PartNumber").trim();
    if (!/^\d{1,5}$/.test(partNumber)) throw malformedXml();
    const etag = requiredText(part, "ETag")
      .trim()
      .replace(/^"(.*)"$/, "$1");
    return { partNumber: Number(partNumber), etag, checksum: text(part, checksumElement(upload.algorithm))?.trim() };
  });
  if (parts.length === 0) throw malformedXml();
  if (parts.some(({ partNumber }, index) => index > 0 && partNumber <= (parts[index - 1]?.partNumber ?? 0))) {
    const message =
      "The list of parts was not in ascending order. The parts list must be specified in order by part number.";
    throw new AwsError("InvalidPartOrder", message, 400, { UploadId: upload.uploadId });
  }
  return parts;
}

function chooseParts(upload: Upload, listed: readonly ListedPart[]): UploadedPart[] {
  return listed.map(({ partNumber, etag, checksum }, index) => {
    const part = upload.parts.get(partNumber);
    if (part === undefined || part.etag !== etag || (checksum !== undefined && checksum !== part.checksum)) {
      throw new AwsError(
        "InvalidPart",
        "One or more of the specified parts could not be found.  The part may not have been uploaded, or the specified entity tag may not match the part's entity tag.",
        400,
        { UploadId: upload.uploadId, PartNumber: partNumber, ETag: etag },
      );
    }
    if (checksum === undefined && upload.checksumRequired && upload.checksumType === "COMPOSITE") {
      const algorithm = upload.algorithm.toLowerCase();
      throw invalidRequest(
        `The upload was created using a ${algorithm} checksum. The complete request must include the checksum for each part. It was missing for part ${partNumber} in the request.`,
      );
    }
    if (index < listed.length - 1 && part.content.size < MIN_PART_BYTES) {
      const message = "Your proposed upload is smaller than the minimum allowed size";
      const fields = { ProposedSize: part.content.size, MinSizeAllowed: MIN_PART_BYTES, PartNumber: partNumber };
      throw new AwsError("EntityTooSmall", message, 400, { ...fields, ETag: etag });
    }
    return part;
  });
}

async function checksumOf({ algorithm, checksumType }: Upload, parts: readonly UploadedPart[]): Promise<Checksum> {
  const values = parts.map(({ checksum, content }) => ({ value: checksum, size: content.size }));
  const value =
    checksumType === "FULL_OBJECT"
      ? combineChecksums(algorithm, values)
      : await compositeChecksum(
          algorithm,
          parts.map(({ checksum }) => checksum),
        );
  return { algorithm, value, type: checksumType };
}

/** What the completing request claims of the whole object. */
function checkClaims({ header }: Call, parts: readonly UploadedPart[], { algorithm, value, type }: Checksum): void {
  const claimed = header(checksumHeader(algorithm));
  if (claimed !== undefined && claimed !== value) throw badChecksum(algorithm);
  const claimedType = header("x-amz-checksum-type")?.toUpperCase();
  if (claimedType !== undefined && claimedType !== type) {
    throw invalidRequest(
      `The upload was created using the ${type} checksum mode. The complete request must use the same checksum mode.`,
    );
  }
  const size = parts.reduce((sum, { content }) => sum + content.size, 0);
  const claimedSize = header("x-amz-mp-object-size");
  if (claimedSize !== undefined && claimedSize !== String(size)) {
    throw invalidRequest(
      `The provided 'x-amz-mp-object-size' header value ${claimedSize} does not match what was computed: ${size}`,
    );
  }
}

/** The MD5 of the parts' MD5s and their number. */
function multipartEtag(parts: readonly UploadedPart[]): string {
  const hash = createHash("md5");
  for (const { etag } of parts) hash.update(etag, "hex");
  return `${hash.digest("hex")}-${parts.length}`;
}

function sendResponse(call: Call, object: StoredObject): void {
  const { key, etag, checksum } = object;
  const { host = "" } = call.request.headers;
  setNewVersionId(call.response, call.bucket, object);
  setEncryption(call.response, object);
  sendXml(call.response, "CompleteMultipartUploadResult", {
    Location: `http://${host}/${call.bucket.name}/${encodeURIComponent(key)}`,
    Bucket: call.bucket.name,
    Key: key,
    ETag: `"${etag}"`,
    [checksumElement(checksum.algorithm)]: checksum.value,
    ChecksumType: checksum.type,
  });
}
