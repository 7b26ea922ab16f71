// DeleteObject and DeleteObjects. In a bucket with versioning a delete hides the key behind a delete marker, unless it
// names a version. Deleting what is not there succeeds, as on S3, unless there is a condition:
// https://docs.aws.amazon.com/AmazonS3/latest/userguide/DeletingObjectVersions.html

import { AwsError } from "../../aws-error";
import { readVersionId, versionAction, versionConditions } from "../access";
import { receiveDocument } from "../body/receive";
import { type Call, type Operation, type State, sendEmpty, sendXml } from "../call";
import { headerNotImplemented, malformedXml, noSuchKey, noSuchVersion, preconditionFailed } from "../errors";
import { eventVersion } from "../events";
import { checkDelete } from "../lock/check";
import type { Version } from "../store/types";
import { findVersion } from "../store/versions";
import { elements, parseXml, requiredText, text, type XmlElement } from "../xml";
import { matches } from "./conditions";
import { originOf } from "./write-object";

const MAX_OBJECTS = 1000;

interface Doomed {
  readonly key: string;
  readonly versionId: string | undefined;
  /** The condition `If-Match`. */
  readonly etag: string | undefined;
}

export const deleteObject: Operation = (state, call) => {
  const { bucket, key, header, query, response } = call;
  const versionId = readVersionId(bucket, query.get("versionId"));
  for (const name of ["x-amz-if-match-last-modified-time", "x-amz-if-match-size", "x-amz-mfa"]) {
    if (header(name) !== undefined) throw headerNotImplemented(name, header(name));
  }
  const touched = remove(state, call, { key, versionId, etag: header("if-match") });
  if (touched?.kind === "delete marker") response.setHeader("x-amz-delete-marker", "true");
  const shown = versionId ?? touched?.versionId;
  if (bucket.versioning !== undefined && shown !== undefined) response.setHeader("x-amz-version-id", shown);
  sendEmpty(response, 204);
};

/** Deletes a key or one of its versions; returns the delete marker it made, or the version that is gone. */
function remove(state: State, call: Call, { key, versionId, etag }: Doomed): Version | undefined {
  const { access, store, events } = state;
  const { bucket, context } = call;
  const version = findVersion(bucket, key, versionId);
  const conditions = versionConditions(version, versionId);
  access.authorize(context, versionAction("s3:DeleteObject", versionId), bucket, key, conditions, version ?? null);
  // Who names an ETag learns whether it is right, and must be allowed to:
  // https://docs.aws.amazon.com/AmazonS3/latest/userguide/conditional-delete-enforce.html
  if (etag !== undefined && etag !== "*")
    access.authorize(context, "s3:GetObject", bucket, key, conditions, version ?? null);
  if (etag !== undefined) {
    if (version?.kind !== "object") throw noSuchKey(key);
    if (!matches(etag, version)) throw preconditionFailed("If-Match");
  }
  if (versionId === undefined && bucket.versioning !== undefined) {
    const marker = store.putDeleteMarker(bucket, key);
    const eventName = "ObjectRemoved:DeleteMarkerCreated";
    const { sequencer } = marker;
    events.notify({ eventName, bucket, key, sequencer, ...eventVersion(bucket, marker) }, originOf(call));
    return marker;
  }
  if (version === undefined) return undefined;
  checkDelete(state, call, version);
  const removal = store.deleteVersion(bucket, version);
  if (removal === undefined) return undefined;
  const { sequencer } = removal;
  const eventName = "ObjectRemoved:Delete";
  events.notify({ eventName, bucket, key, sequencer, ...eventVersion(bucket, version) }, originOf(call));
  return version;
}

export const deleteObjects: Operation = async (state, call) => {
  const document = parseXml(await receiveDocument(call, "required"), "Delete");
  const objects = elements(document, "Object");
  if (objects.length === 0 || objects.length > MAX_OBJECTS) throw malformedXml();
  const quiet = text(document, "Quiet")?.trim() === "true";
  const deleted: XmlElement[] = [];
  const errors: XmlElement[] = [];
  for (const object of objects) {
    const key = requiredText(object, "Key");
    const version = text(object, "VersionId");
    try {
      const versionId = readListedVersion(call, key, version);
      const touched = remove(state, call, { key, versionId, etag: text(object, "ETag") });
      if (!quiet) deleted.push({ Key: key, VersionId: version, ...markerElements(touched) });
    } catch (error) {
      // One refused key does not hold up the others; S3 reports it among them.
      if (!(error instanceof AwsError)) throw error;
      errors.push({ Key: key, VersionId: version, Code: error.code, Message: error.message });
    }
  }
  sendXml(call.response, "DeleteResult", { Deleted: deleted, Error: errors });
};

/** Among many keys, a malformed version id is one that is not there. */
function readListedVersion({ bucket }: Call, key: string, version: string | undefined): string | undefined {
  try {
    return readVersionId(bucket, version);
  } catch {
    throw noSuchVersion(key, version ?? "");
  }
}

const markerElements = (touched: Version | undefined): XmlElement =>
  touched?.kind === "delete marker" ? { DeleteMarker: true, DeleteMarkerVersionId: touched.versionId } : {};
