// GetObjectRetention, PutObjectRetention, GetObjectLegalHold, PutObjectLegalHold:
// https://docs.aws.amazon.com/AmazonS3/latest/API/API_PutObjectRetention.html

import { readVersionId, versionConditions } from "../access";
import { receiveDocument } from "../body/receive";
import { type Call, type Operation, type State, sendEmpty, sendXml, setVersionId } from "../call";
import { malformedXml, markerNotReadable, noSuchKey, noSuchVersion } from "../errors";
import type { StoredObject } from "../store/types";
import { findVersion } from "../store/versions";
import { onlyElements, parseXml, requiredText, text } from "../xml";
import { checkHasLock, checkRetention, futureDate, noLock } from "./check";
import { type Lock, MODES, type Retention } from "./types";

export const getObjectRetention: Operation = (state, call) => {
  const { retention, key } = findLocked(state, call, "s3:GetObjectRetention");
  if (retention === undefined) throw noLock(key);
  sendXml(call.response, "Retention", { Mode: retention.mode, RetainUntilDate: retention.retainUntil });
};

export const putObjectRetention: Operation = async (state, call) => {
  findLocked(state, call, "s3:PutObjectRetention");
  const retention = readRetention(parseXml(await receiveDocument(call, "required"), "Retention"));
  replace(state, call, "s3:PutObjectRetention", (object) => {
    checkRetention(state, call, object, retention);
    return { retention };
  });
};

export const getObjectLegalHold: Operation = (state, call) => {
  const { legalHold, key } = findLocked(state, call, "s3:GetObjectLegalHold");
  if (legalHold === undefined) throw noLock(key);
  sendXml(call.response, "LegalHold", { Status: legalHold ? "ON" : "OFF" });
};

export const putObjectLegalHold: Operation = async (state, call) => {
  findLocked(state, call, "s3:PutObjectLegalHold");
  const document = parseXml(await receiveDocument(call, "required"), "LegalHold");
  onlyElements(document, "Status");
  const status = requiredText(document, "Status").trim();
  if (status !== "ON" && status !== "OFF") throw malformedXml();
  replace(state, call, "s3:PutObjectLegalHold", () => ({ legalHold: status === "ON" }));
};

/** A version that can be locked; these actions have no name of their own for versions. */
function findLocked({ access }: State, { bucket, key, context, query, request }: Call, action: string): StoredObject {
  const versionId = readVersionId(bucket, query.get("versionId"));
  const version = findVersion(bucket, key, versionId);
  access.authorize(context, action, bucket, key, versionConditions(version, versionId), version ?? null);
  checkHasLock(bucket);
  if (version === undefined) throw versionId === undefined ? noSuchKey(key) : noSuchVersion(key, versionId);
  if (version.kind === "delete marker") throw markerNotReadable(request.method ?? "", version);
  return version;
}

/** Looks again: the version may have changed while the document came. */
function replace(state: State, call: Call, action: string, change: (object: StoredObject) => Lock): void {
  const object = findLocked(state, call, action);
  state.store.replaceObject(call.bucket, { ...object, ...change(object) });
  setVersionId(call.response, call.bucket, object);
  sendEmpty(call.response);
}

/** Without content it lifts the retention. */
function readRetention(document: Record<string, unknown>): Retention | undefined {
  onlyElements(document, "Mode", "RetainUntilDate");
  const [given, until] = [text(document, "Mode")?.trim(), text(document, "RetainUntilDate")?.trim()];
  if (given === undefined && until === undefined) return undefined;
  const mode = MODES.find((each) => each === given);
  if (mode === undefined || until === undefined) throw malformedXml();
  return { mode, retainUntil: futureDate(until, "RetainUntilDate") };
}
