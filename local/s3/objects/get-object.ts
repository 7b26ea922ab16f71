// GetObject and HeadObject: https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetObject.html

import { type Access, existingTags, readVersionId, versionAction } from "../access";
import { writeResourcePolicy } from "../bucket/cors";
import { type Call, type Operation, type State, setVersionId } from "../call";
import { sendContent } from "../store/read-content";
import type { StoredObject } from "../store/types";
import { checkRead } from "./conditions";
import { checkDecryption, setEncryption } from "./encryption";
import { overrideHeaders, writeMetadata } from "./metadata";
import { parseRange, partRange, type Range } from "./range";
import { setChecksum } from "./write-object";

export const getObject: Operation = async (state, call) => {
  const object = prepare(state, call);
  if (object === undefined) return;
  const { start, end } = sendHead(call, object);
  await sendContent(object.content, start, end, call.response);
};

export const headObject: Operation = (state, call) => {
  const object = prepare(state, call);
  if (object === undefined) return;
  sendHead(call, object);
  call.response.end();
};

/** Permission, conditions and the headers that describe the object; sends 304 itself. */
function prepare({ access }: State, call: Call): StoredObject | undefined {
  const { bucket, key, context, response, header, query } = call;
  const versionId = readVersionId(bucket, query.get("versionId"));
  const object = access.readObject(context, "s3:GetObject", bucket, key, versionId);
  checkDecryption(object, context.caller);
  const stored = overrideHeaders(object.headers, query, context.caller.kind !== "anonymous");
  setVersionId(response, bucket, object);
  writeResourcePolicy(response, stored["content-type"]);
  response.setHeader("etag", `"${object.etag}"`);
  response.setHeader("last-modified", object.lastModified.toUTCString());
  if (checkRead(header, object) === "not modified") {
    response.writeHead(304).end();
    return undefined;
  }
  for (const [name, value] of Object.entries(stored)) response.setHeader(name, value);
  writeMetadata(object.metadata, response);
  setEncryption(response, object);
  response.setHeader("accept-ranges", "bytes");
  setLock(access, call, object);
  const conditions = existingTags(object.tags);
  const countTags = versionAction("s3:GetObjectTagging", versionId);
  if (object.tags.size > 0 && access.allows(context, countTags, bucket, object, conditions)) {
    response.setHeader("x-amz-tagging-count", object.tags.size);
  }
  return object;
}

/** Writes the headers that say what protects the object, for those who may know: https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetObject.html */
function setLock(access: Access, { context, bucket, response }: Call, object: StoredObject): void {
  const { retention, legalHold } = object;
  if (retention !== undefined && access.allows(context, "s3:GetObjectRetention", bucket, object)) {
    response.setHeader("x-amz-object-lock-mode", retention.mode);
    response.setHeader("x-amz-object-lock-retain-until-date", retention.retainUntil);
  }
  if (legalHold !== undefined && access.allows(context, "s3:GetObjectLegalHold", bucket, object)) {
    response.setHeader("x-amz-object-lock-legal-hold", legalHold ? "ON" : "OFF");
  }
}

/** Writes status and headers of a 200 or 206; returns the range to send. */
function sendHead(call: Call, object: StoredObject): Range {
  const { header, query, response } = call;
  const { size } = object;
  const partNumber = query.get("partNumber");
  const ifRange = header("if-range");
  const isRangeValid = ifRange === undefined || ifRange === `"${object.etag}"`;
  const range =
    partNumber === null ? parseRange(isRangeValid ? header("range") : undefined, size) : partRange(partNumber, object);
  if (partNumber !== null && object.partSizes !== undefined) {
    response.setHeader("x-amz-mp-parts-count", object.partSizes.length);
  }
  if (header("x-amz-checksum-mode")?.toUpperCase() === "ENABLED") {
    const ofPart = object.partChecksums?.[Number(partNumber) - 1];
    // S3 leaves the checksum out of a partial response, which could not be checked, unless it is a part.
    const isWhole = range === undefined || (range.start === 0 && range.end === size);
    if (ofPart !== undefined) setChecksum(call, { ...object.checksum, value: ofPart });
    else if (isWhole) setChecksum(call, object.checksum);
  }
  const { start, end } = range ?? { start: 0, end: size };
  response.setHeader("content-length", end - start);
  if (range !== undefined && size > 0) response.setHeader("content-range", `bytes ${start}-${end - 1}/${size}`);
  response.writeHead(range === undefined ? 200 : 206);
  return { start, end };
}
