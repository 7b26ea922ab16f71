// Whether a version may be deleted, and its retention changed.
// https://docs.aws.amazon.com/AmazonS3/latest/userguide/object-lock-managing.html

import { AwsError } from "../../aws-error";
import type { Call, State } from "../call";
import { accessDenied, invalidArgument, invalidRequest } from "../errors";
import type { Bucket, StoredObject, Version } from "../store/types";
import type { Retention } from "./types";

const BYPASS = "x-amz-bypass-governance-retention";

const isOver = ({ retainUntil }: Retention): boolean => Date.parse(retainUntil) <= Date.now();

/** Refuses to delete a version that something keeps. */
export function checkDelete(state: State, call: Call, version: Version | undefined): void {
  if (version?.kind !== "object") return;
  const isKept = version.retention !== undefined && !isOver(version.retention);
  if (version.legalHold) throw locked();
  if (isKept && !(version.retention?.mode === "GOVERNANCE" && bypasses(state, call, version))) throw locked();
}

/** Refuses to shorten or lift a retention; a later date needs no permission. */
export function checkRetention(state: State, call: Call, object: StoredObject, asked: Retention | undefined): void {
  const { retention } = object;
  if (retention === undefined || isOver(retention)) return;
  const isLonger = asked !== undefined && Date.parse(asked.retainUntil) >= Date.parse(retention.retainUntil);
  if (isLonger && asked.mode === retention.mode) return;
  if (retention.mode === "GOVERNANCE" && bypasses(state, call, object)) return;
  throw locked();
}

/** Whether the request asks to go past a governance retention; refuses it to those who may not. */
function bypasses({ access }: State, { bucket, context, header }: Call, version: Version): boolean {
  if (header(BYPASS)?.toLowerCase() !== "true") return false;
  access.authorize(context, "s3:BypassGovernanceRetention", bucket, version.key, {}, version);
  return true;
}

/** Refuses what only a bucket with Object Lock has. */
export function checkHasLock({ objectLock }: Bucket): void {
  if (objectLock === undefined) throw invalidRequest("Bucket is missing Object Lock Configuration");
}

/** A date of retention as it is kept; it must be to come. */
export function futureDate(text: string, name: string): string {
  const time = Date.parse(text);
  if (Number.isNaN(time))
    throw invalidArgument("The retain until date must be provided in ISO 8601 format", name, text);
  if (time <= Date.now()) throw invalidArgument("The retain until date must be in the future!", name, text);
  return new Date(time).toISOString();
}

const locked = () => accessDenied("Access Denied because object protected by object lock.");

export const noLock = (key: string) =>
  new AwsError("NoSuchObjectLockConfiguration", "The specified object does not have a ObjectLock configuration", 404, {
    Key: key,
  });
