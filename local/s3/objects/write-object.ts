// What every way of writing an object shares: reading its description from the headers, permission, conditions, and the
// one step in which the object is there and its event goes out.

import type { Conditions } from "../access";
import { requestTags } from "../access";
import { letsOthersIn, readObjectAcl } from "../acl/object-acl";
import { type Checksum, checksumHeader } from "../body/checksums";
import type { Call, State } from "../call";
import { setNewVersionId } from "../call";
import { headerNotImplemented } from "../errors";
import { objectEvent } from "../events";
import { defaultRetention, readLock } from "../lock/new-object";
import type { Lock } from "../lock/types";
import type { NewObject, ObjectDescription, StoredObject } from "../store/types";
import { currentObject } from "../store/versions";
import { parseTaggingHeader } from "../tags";
import { checkWrite } from "./conditions";
import { readEncryption, setEncryption } from "./encryption";
import { readMetadata, readStandardHeaders } from "./metadata";

/** Headers that change what AWS does and that this S3 does not know. */
const UNKNOWN_HEADERS = [
  "x-amz-server-side-encryption-aws-kms-key-id",
  "x-amz-server-side-encryption-context",
  "x-amz-server-side-encryption-customer-algorithm",
  "x-amz-website-redirect-location",
  "x-amz-write-offset-bytes",
];

/** Refuses headers of a write that would be ignored otherwise. */
export function checkWriteHeaders({ header }: Call): void {
  for (const name of UNKNOWN_HEADERS) {
    const value = header(name);
    if (value !== undefined) throw headerNotImplemented(name, value);
  }
  const storageClass = header("x-amz-storage-class");
  if (storageClass !== undefined && storageClass !== "STANDARD") {
    throw headerNotImplemented("x-amz-storage-class", storageClass);
  }
}

/** Reads what describes the new object. */
export function readDescription(state: State, call: Call): ObjectDescription {
  const { request, query, header, bucket } = call;
  return {
    ...readProtection(state, call),
    headers: readStandardHeaders(header),
    metadata: readMetadata(request, query),
    tags: parseTaggingHeader(header("x-amz-tagging")),
    sseAlgorithm: readEncryption(header, bucket),
  };
}

/** Its owner, and its Object Lock. */
export function readProtection(state: State, call: Call): Pick<ObjectDescription, "acl" | keyof Lock> {
  const acl = readObjectAcl(state, call);
  return { ...readLock(call), ...(acl === undefined ? {} : { acl }) };
}

/** Permission to write: tags and conditions on the object in place need more than s3:PutObject. */
export function authorizeWrite(
  { access }: State,
  call: Call,
  { tags, acl, retention, legalHold }: Pick<ObjectDescription, "acl" | "tags" | keyof Lock>,
): void {
  const { bucket, key, header, context } = call;
  const conditions: Record<string, string | readonly string[]> = { ...requestTags(tags) };
  for (const name of CONDITION_HEADERS) {
    const value = header(name);
    if (value !== undefined) conditions[`s3:${name}`] = value;
  }
  access.authorize(context, "s3:PutObject", bucket, key, conditions satisfies Conditions);
  if (tags.size > 0) access.authorize(context, "s3:PutObjectTagging", bucket, key, conditions, NOT_THERE);
  if (retention !== undefined) access.authorize(context, "s3:PutObjectRetention", bucket, key, conditions, NOT_THERE);
  if (legalHold !== undefined) access.authorize(context, "s3:PutObjectLegalHold", bucket, key, conditions, NOT_THERE);
  if (acl !== undefined && letsOthersIn(acl, bucket)) {
    access.authorize(context, "s3:PutObjectAcl", bucket, key, conditions, NOT_THERE);
  }
  if (header("if-match") !== undefined) access.authorize(context, "s3:GetObject", bucket, key);
}

/** A new object belongs to its writer, whatever it replaces. */
const NOT_THERE = null;

const CONDITION_HEADERS = [
  "x-amz-acl",
  "x-amz-content-sha256",
  "x-amz-copy-source",
  "x-amz-grant-full-control",
  "x-amz-grant-read",
  "x-amz-grant-read-acp",
  "x-amz-grant-write",
  "x-amz-grant-write-acp",
  "x-amz-metadata-directive",
  "x-amz-server-side-encryption",
  "x-amz-storage-class",
];

/** Refuses a conditional write early, before a body comes; `commitObject` asks again. */
export function checkWriteConditions({ header, bucket, key }: Call): void {
  checkWrite(header, key, currentObject(bucket, key));
}

/** Puts the object in its place and notifies; on a failed condition the content is released. */
export function commitObject({ store, events }: State, call: Call, object: NewObject, event: string): StoredObject {
  try {
    checkWrite(call.header, object.key, currentObject(call.bucket, object.key));
  } catch (error) {
    object.content.release();
    throw error;
  }
  const retention = object.retention ?? defaultRetention(call.bucket);
  const stored = store.putObject(call.bucket, retention === undefined ? object : { ...object, retention });
  setNewVersionId(call.response, call.bucket, stored);
  events.notify(objectEvent(`ObjectCreated:${event}`, call.bucket, stored), originOf(call));
  return stored;
}

/** Where an event comes from. */
export const originOf = ({ context, response }: Call) => ({
  caller: context.caller,
  sourceIp: context.sourceIp,
  requestId: context.requestId,
  hostId: String(response.getHeader("x-amz-id-2")),
  arrivedAt: context.arrivedAt,
});

/** The headers that describe a fresh object to its writer. */
export function describeWritten(call: Call, object: StoredObject): void {
  setEncryption(call.response, object);
  call.response.setHeader("etag", `"${object.etag}"`);
  setChecksum(call, object.checksum);
}

export function setChecksum({ response }: Call, { algorithm, value, type }: Checksum): void {
  response.setHeader(checksumHeader(algorithm), value);
  response.setHeader("x-amz-checksum-type", type);
}
