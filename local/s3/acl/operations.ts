// GetBucketAcl, PutBucketAcl, GetObjectAcl and PutObjectAcl:
// https://docs.aws.amazon.com/AmazonS3/latest/API/API_PutBucketAcl.html

import { readVersionId, versionAction, versionConditions } from "../access";
import { receiveDocument } from "../body/receive";
import { type Call, type Operation, type State, sendEmpty, sendXml, setVersionId } from "../call";
import { invalidRequest, markerNotReadable, noSuchKey, noSuchVersion } from "../errors";
import { objectEvent } from "../events";
import { originOf } from "../objects/write-object";
import { findVersion } from "../store/versions";
import { aclElement } from "./acl-element";
import { cannedBucketGrants, cannedObjectGrants } from "./canned";
import { hasAcls } from "./decide";
import { aclsNotSupported, checkPublic } from "./object-acl";
import { readAclDocument, readAclHeaders } from "./read-grants";
import { type Acl, type Grant, isOwnersAlone, type Owner, ownersAlone } from "./types";

export const getBucketAcl: Operation = ({ access }, { context, bucket, response }) => {
  access.authorize(context, "s3:GetBucketAcl", bucket);
  const grants = hasAcls(bucket) ? bucket.grants : undefined;
  sendXml(
    response,
    "AccessControlPolicy",
    aclElement({ owner: bucket.owner, grants: grants ?? ownersAlone(bucket.owner) }),
  );
};

export const putBucketAcl: Operation = async (state, call) => {
  const { context, bucket, response } = call;
  state.access.authorize(context, "s3:PutBucketAcl", bucket, undefined, aclConditions(call));
  const grants = await readGrants(state, call, bucket.owner, (name) => cannedBucketGrants(name, bucket.owner));
  if (!hasAcls(bucket)) throw aclsNotSupported();
  checkPublic(bucket, grants);
  bucket.grants = grants;
  sendEmpty(response);
};

export const getObjectAcl: Operation = ({ access }, call) => {
  const { bucket, key, context, response, query } = call;
  const versionId = readVersionId(bucket, query.get("versionId"));
  const object = access.readObject(context, "s3:GetObjectAcl", bucket, key, versionId);
  const acl = hasAcls(bucket) ? object.acl : undefined;
  setVersionId(response, bucket, object);
  sendXml(
    response,
    "AccessControlPolicy",
    aclElement(acl ?? { owner: bucket.owner, grants: ownersAlone(bucket.owner) }),
  );
};

export const putObjectAcl: Operation = async (state, call) => {
  const { bucket, key, context, query, request, response } = call;
  const versionId = readVersionId(bucket, query.get("versionId"));
  const action = versionAction("s3:PutObjectAcl", versionId);
  const found = findVersion(bucket, key, versionId);
  const conditions = { ...versionConditions(found, versionId), ...aclConditions(call) };
  state.access.authorize(context, action, bucket, key, conditions, found ?? null);
  if (found === undefined) throw versionId === undefined ? noSuchKey(key) : noSuchVersion(key, versionId);
  if (found.kind === "delete marker") throw markerNotReadable(request.method ?? "", found);
  if (!hasAcls(bucket)) throw aclsNotSupported();
  const owner = found.acl?.owner ?? bucket.owner;
  const grants = await readGrants(state, call, owner, (name) => cannedObjectGrants(name, owner, bucket.owner));
  checkPublic(bucket, grants);
  const acl: Acl | undefined = owner === bucket.owner && isOwnersAlone(grants, owner) ? undefined : { owner, grants };
  // It may have got tags while the document came; which version it is does not change.
  const current = findVersion(bucket, key, found.versionId);
  if (current?.kind !== "object") throw noSuchKey(key);
  state.store.replaceObject(bucket, { ...current, acl });
  setVersionId(response, bucket, current);
  const sequencer = undefined;
  state.events.notify({ ...objectEvent("ObjectAcl:Put", bucket, current), sequencer }, originOf(call));
  sendEmpty(response);
};

/** The list of a request: canned, in headers, or in its document. */
async function readGrants(
  { iam }: State,
  call: Call,
  owner: Owner,
  ofCanned: (name: string) => readonly Grant[],
): Promise<readonly Grant[]> {
  const asked = readAclHeaders(call.header, call.query, iam);
  const document = await receiveDocument(call, asked === undefined ? "required" : "of object");
  if (asked === undefined) {
    if (document.trim() !== "") return readAclDocument(document, owner, iam);
    throw invalidRequest("Your request was missing a required header: x-amz-acl");
  }
  if (document.trim() !== "") throw invalidRequest("This request does not support content");
  return "canned" in asked ? ofCanned(asked.canned) : asked.grants;
}

/** The condition keys of what the headers ask for. */
function aclConditions({ header }: Call): Record<string, string> {
  const names = [
    "x-amz-acl",
    ...["full-control", "read", "read-acp", "write", "write-acp"].map((each) => `x-amz-grant-${each}`),
  ];
  return Object.fromEntries(
    names.flatMap((name): [string, string][] => {
      const value = header(name);
      return value === undefined ? [] : [[`s3:${name}`, value]];
    }),
  );
}
