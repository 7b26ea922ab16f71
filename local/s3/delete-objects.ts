// DeleteObject and DeleteObjects. Deleting what is not there succeeds, as on S3, unless there is a condition:
// https://docs.aws.amazon.com/AmazonS3/latest/API/API_DeleteObjects.html

import { AwsError } from "../aws-error";
import { existingTags } from "./access";
import { answerEmpty, answerXml, type Call, type Operation, type State } from "./call";
import { matches } from "./conditions";
import { headerNotImplemented, malformedXml, noSuchKey, preconditionFailed } from "./errors";
import { checkVersion } from "./get-object";
import { receiveDocument } from "./receive";
import { originOf } from "./write-object";
import { elements, parseXml, requiredText, text, type XmlElement } from "./xml";

const MAX_OBJECTS = 1000;

export const deleteObject: Operation = (state, call) => {
  checkVersion(call.query);
  for (const name of ["x-amz-if-match-last-modified-time", "x-amz-if-match-size", "x-amz-mfa"]) {
    if (call.header(name) !== undefined) throw headerNotImplemented(name, call.header(name));
  }
  removeObject(state, call, call.key, call.header("if-match"));
  answerEmpty(call.response, 204);
};

function removeObject({ access, store, events }: State, call: Call, key: string, etag: string | undefined): void {
  const { bucket, context } = call;
  const object = bucket.objects.get(key);
  const conditions = object === undefined ? {} : existingTags(object.tags);
  access.authorize(context, "s3:DeleteObject", bucket, key, conditions);
  // Who names an ETag learns whether it is right, and must be allowed to:
  // https://docs.aws.amazon.com/AmazonS3/latest/userguide/conditional-delete-enforce.html
  if (etag !== undefined && etag !== "*") access.authorize(context, "s3:GetObject", bucket, key, conditions);
  if (etag !== undefined) {
    if (object === undefined) throw noSuchKey(key);
    if (!matches(etag, object)) throw preconditionFailed("If-Match");
  }
  const removal = store.deleteObject(bucket, key);
  if (removal === undefined) return;
  events.notify({ eventName: "ObjectRemoved:Delete", bucket, key, sequencer: removal.sequencer }, originOf(call));
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
    try {
      const versionId = text(object, "VersionId");
      checkVersion(new URLSearchParams(versionId === undefined ? {} : { versionId }));
      removeObject(state, call, key, text(object, "ETag"));
      if (!quiet) deleted.push({ Key: key });
    } catch (error) {
      // One refused key does not hold up the others; S3 reports it among them.
      if (!(error instanceof AwsError)) throw error;
      errors.push({ Key: key, Code: error.code, Message: error.message });
    }
  }
  answerXml(call.response, "DeleteResult", { Deleted: deleted, Error: errors });
};
