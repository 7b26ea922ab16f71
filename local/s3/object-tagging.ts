// GetObjectTagging, PutObjectTagging and DeleteObjectTagging:
// https://docs.aws.amazon.com/AmazonS3/latest/API/API_PutObjectTagging.html

import { existingTags, requestTags } from "./access";
import { answerEmpty, answerXml, type Call, type Operation, type State } from "./call";
import { checkVersion } from "./get-object";
import { receiveDocument } from "./receive";
import { parseTaggingDocument, type Tags } from "./tags";
import { originOf } from "./write-object";

export const getObjectTagging: Operation = ({ access }, call) => {
  checkVersion(call.query);
  const { tags } = access.readObject(call.context, "s3:GetObjectTagging", call.bucket, call.key);
  const tagSet = { Tag: [...tags].map(([Key, Value]) => ({ Key, Value })) };
  answerXml(call.response, "Tagging", { TagSet: tags.size === 0 ? "" : tagSet });
};

export const putObjectTagging: Operation = async (state, call) => {
  checkVersion(call.query);
  const tags = parseTaggingDocument(await receiveDocument(call, "required"));
  replaceTags(state, call, "s3:PutObjectTagging", tags, "ObjectTagging:Put");
  answerEmpty(call.response);
};

export const deleteObjectTagging: Operation = (state, call) => {
  checkVersion(call.query);
  replaceTags(state, call, "s3:DeleteObjectTagging", new Map(), "ObjectTagging:Delete");
  answerEmpty(call.response, 204);
};

function replaceTags({ access, store, events }: State, call: Call, action: string, tags: Tags, eventName: string) {
  const { bucket, key, context } = call;
  const before = bucket.objects.get(key);
  const conditions = { ...(before === undefined ? {} : existingTags(before.tags)), ...requestTags(tags) };
  access.authorize(context, action, bucket, key, conditions);
  const object = store.object(bucket, key);
  store.putTags(bucket, object, tags);
  const { etag, size, sequencer } = object;
  events.notify({ eventName, bucket, key, etag, size, sequencer }, originOf(call));
}
