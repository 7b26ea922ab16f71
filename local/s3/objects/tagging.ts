// GetObjectTagging, PutObjectTagging and DeleteObjectTagging, of the current version or of the one named:
// https://docs.aws.amazon.com/AmazonS3/latest/API/API_PutObjectTagging.html

import { readVersionId, requestTags, versionAction, versionConditions } from "../access";
import { receiveDocument } from "../body/receive";
import { type Call, type Operation, type State, sendEmpty, sendXml, setVersionId } from "../call";
import { markerNotReadable, noSuchKey, noSuchVersion } from "../errors";
import { objectEvent } from "../events";
import { findVersion } from "../store/versions";
import { parseTaggingDocument, type Tags } from "../tags";
import { originOf } from "./write-object";

export const getObjectTagging: Operation = ({ access }, call) => {
  const { bucket, key, context, response, query } = call;
  const versionId = readVersionId(bucket, query.get("versionId"));
  const object = access.readObject(context, "s3:GetObjectTagging", bucket, key, versionId);
  const tagSet = { Tag: [...object.tags].map(([Key, Value]) => ({ Key, Value })) };
  setVersionId(response, bucket, object);
  sendXml(response, "Tagging", { TagSet: object.tags.size === 0 ? "" : tagSet });
};

export const putObjectTagging: Operation = async (state, call) => {
  const versionId = readVersionId(call.bucket, call.query.get("versionId"));
  const tags = parseTaggingDocument(await receiveDocument(call, "required"));
  replaceTags(state, call, versionId, "s3:PutObjectTagging", tags, "ObjectTagging:Put");
  sendEmpty(call.response);
};

export const deleteObjectTagging: Operation = (state, call) => {
  const versionId = readVersionId(call.bucket, call.query.get("versionId"));
  replaceTags(state, call, versionId, "s3:DeleteObjectTagging", new Map(), "ObjectTagging:Delete");
  sendEmpty(call.response, 204);
};

function replaceTags(
  { access, store, events }: State,
  call: Call,
  versionId: string | undefined,
  action: string,
  tags: Tags,
  eventName: string,
): void {
  const { bucket, key, context, request, response } = call;
  const version = findVersion(bucket, key, versionId);
  const conditions = { ...versionConditions(version, versionId), ...requestTags(tags) };
  access.authorize(context, versionAction(action, versionId), bucket, key, conditions, version ?? null);
  if (version === undefined) throw versionId === undefined ? noSuchKey(key) : noSuchVersion(key, versionId);
  if (version.kind === "delete marker") throw markerNotReadable(request.method ?? "", version);
  store.replaceObject(bucket, { ...version, tags });
  setVersionId(response, bucket, version);
  // Only events of content that comes or goes have one.
  const sequencer = undefined;
  events.notify({ ...objectEvent(eventName, bucket, version), sequencer }, originOf(call));
}
