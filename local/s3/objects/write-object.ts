// What every way of writing an object shares: reading its description from the head, permission, conditions, and the
// one step in which the object is there and its event goes out.

import type { Conditions } from "../access";
import { checkAcl, requestTags } from "../access";
import { type Checksum, checksumHeader } from "../body/checksums";
import type { Call, State } from "../call";
import { setNewVersionId } from "../call";
import { headerNotImplemented } from "../errors";
import { objectEvent } from "../events";
import type { NewObject, ObjectDescription, StoredObject } from "../store/types";
import { currentObject } from "../store/versions";
import { parseTaggingHeader, type Tags } from "../tags";
import { checkWrite } from "./conditions";
import { readEncryption, setEncryption } from "./encryption";
import { readMetadata, readStandardHeaders } from "./metadata";

/** Headers that change what AWS does and that this S3 does not know. */
const UNKNOWN_HEADERS = [
  "x-amz-object-lock-legal-hold",
  "x-amz-object-lock-mode",
  "x-amz-object-lock-retain-until-date",
  "x-amz-server-side-encryption-aws-kms-key-id",
  "x-amz-server-side-encryption-context",
  "x-amz-server-side-encryption-customer-algorithm",
  "x-amz-website-redirect-location",
  "x-amz-write-offset-bytes",
];
const GRANTS = ["full-control", "read", "read-acp", "write", "write-acp"].map((grant) => `x-amz-grant-${grant}`);

/** Refuses headers of a write that would be ignored otherwise. */
export function checkWriteHeaders({ bucket, header, query }: Call): void {
  for (const name of UNKNOWN_HEADERS) {
    const value = header(name);
    if (value !== undefined) throw headerNotImplemented(name, value);
  }
  const storageClass = header("x-amz-storage-class");
  if (storageClass !== undefined && storageClass !== "STANDARD") {
    throw headerNotImplemented("x-amz-storage-class", storageClass);
  }
  const grant = GRANTS.find((name) => header(name) !== undefined);
  checkAcl(bucket, header("x-amz-acl") ?? query.get("x-amz-acl") ?? undefined, grant);
}

/** Reads what describes the new object. */
export function readDescription({ request, query, header, bucket }: Call): ObjectDescription {
  return {
    headers: readStandardHeaders(header),
    metadata: readMetadata(request, query),
    tags: parseTaggingHeader(header("x-amz-tagging")),
    sseAlgorithm: readEncryption(header, bucket),
  };
}

/** Permission to write: tags and conditions on the object in place need more than s3:PutObject. */
export function authorizeWrite({ access }: State, call: Call, tags: Tags): void {
  const { bucket, key, header, context } = call;
  const conditions: Record<string, string | readonly string[]> = { ...requestTags(tags) };
  for (const name of CONDITION_HEADERS) {
    const value = header(name);
    if (value !== undefined) conditions[`s3:${name}`] = value;
  }
  access.authorize(context, "s3:PutObject", bucket, key, conditions satisfies Conditions);
  if (tags.size > 0) access.authorize(context, "s3:PutObjectTagging", bucket, key, conditions);
  if (header("if-match") !== undefined) access.authorize(context, "s3:GetObject", bucket, key);
}

const CONDITION_HEADERS = [
  "x-amz-acl",
  "x-amz-content-sha256",
  "x-amz-copy-source",
  "x-amz-metadata-directive",
  "x-amz-server-side-encryption",
  "x-amz-storage-class",
];

/** Refuses a conditional write early, before a body comes; `commitObject` asks again. */
export function checkWriteConditions({ header, bucket, key }: Call): void {
  checkWrite(header, key, currentObject(bucket, key));
}

/** Puts the object in its place and notifies; on a failed condition the content is let go. */
export function commitObject({ store, events }: State, call: Call, object: NewObject, event: string): StoredObject {
  try {
    checkWrite(call.header, object.key, currentObject(call.bucket, object.key));
  } catch (error) {
    object.content.release();
    throw error;
  }
  const stored = store.putObject(call.bucket, object);
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
