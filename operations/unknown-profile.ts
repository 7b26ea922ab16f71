// Photos of profiles that were not there. An id may have been given to somebody else since, who must not get the face of
// whoever had it before: such a record is replayed when it is named, and not among all.

import type { FailureCode } from "../functions/lib/failure-code";
import type { Deployment } from "./deployment";
import type { FailureRecord } from "./failure-records";
import { readProfile } from "./withdraw";

const UNKNOWN: FailureCode = "UnknownProfile";

export const isOfUnknownProfile = ({ reason }: FailureRecord): boolean => reason.code === UNKNOWN;

/** Whose photo it would become: `profile 7002 (Pete Mitchell)`; undefined when there is still no such profile. */
export async function heirOf(deployment: Deployment, { events }: FailureRecord): Promise<string | undefined> {
  const [{ profileId } = {}] = events;
  // Anybody may have put something else there, which names no key that the table could have.
  if (profileId === undefined || !deployment.profileIds.isKey(profileId)) return undefined;
  const profile = await readProfile(deployment, profileId);
  return profile && `profile ${profileId}${profile.name?.S === undefined ? "" : ` (${profile.name.S})`}`;
}

/** Why the record waits until somebody names it. */
export async function whyHeldBack(deployment: Deployment, record: FailureRecord): Promise<string> {
  const heir = await heirOf(deployment, record);
  if (heir === undefined) return `${record.reason.code}: ${record.reason.message}`;
  return `held back: ${record.events[0]?.key} would become the photo of ${heir}, who was not there when it was uploaded; if it is the same person, replay it by its record`;
}
