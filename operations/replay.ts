// Replays one failed event, and finds out what became of it: a function that keeps a failure succeeds.

import type { DynamoDBRecord } from "aws-lambda";
import { failureKeyOf } from "../functions/lib/failure-record";
import { idIn } from "../functions/lib/profile-id";
import { changeFailureId, profileIdOf } from "../functions/lib/profile-image";
import { thumbnailIn } from "../functions/lib/profile-thumbnail";
import { uploadFailureId } from "../functions/lib/upload";
import type { FunctionName } from "../stack/function-names";
import type { Deployment } from "./deployment";
import { type EventRecord, readFailureRecord } from "./failure-records";
import { invokeWith } from "./invoke";
import { refreshThumbnail } from "./refresh-thumbnail";
import { head } from "./thumbnail-state";
import { readProfile, withdraw } from "./withdraw";

/** `superseded`: the profile has another photo by now, and there is nothing to bring about any more. */
export type Outcome =
  | { readonly state: "succeeded" | "superseded" }
  | {
      readonly state: "failed";
      readonly why: string;
      /** The failure record that the function has just written. */
      readonly keptAs?: string;
    };

/** Replays an event on the function that it was for. */
export async function replay(deployment: Deployment, functionName: string, record: EventRecord): Promise<Outcome> {
  if (functionName === deployment.functionNames.ReportFailure) return reportAgain(deployment, record);
  const name = "s3" in record ? "SetProfileImage" : "CreateThumbnail";
  if (functionName !== name && functionName !== deployment.functionNames[name]) {
    return { state: "failed", why: `there is no function "${functionName}" for such an event here` };
  }
  if ("s3" in record) {
    const keptAs = failureKeyOf(name, uploadFailureId(record));
    return invokeWatching(deployment, name, record, keptAs);
  }
  if (await isSuperseded(deployment, record)) {
    const why = (await isShownStill(deployment, record)) && (await invokeWith(deployment, name, record));
    return why ? { state: "failed", why } : leave(deployment, record);
  }
  const outcome = await invokeWatching(deployment, name, record, failureKeyOf(name, changeFailureId(record)));
  // The profile may have got another photo while the function worked, which has cleaned up behind itself then.
  if (!(await isSuperseded(deployment, record))) return outcome;
  return outcome.state === "failed" ? repair(deployment, record) : { state: "superseded" };
}

/** Sends the event that could not be sent for a failure record. */
async function reportAgain(deployment: Deployment, record: EventRecord): Promise<Outcome> {
  const why = await invokeWith(deployment, "ReportFailure", record);
  return why === undefined ? { state: "succeeded" } : { state: "failed", why };
}

/** Invokes the function; fails when it does, and also when it has written its failure record (again). */
async function invokeWatching(
  deployment: Deployment,
  name: FunctionName,
  record: EventRecord,
  keptAs: string,
): Promise<Outcome> {
  const { s3, failuresBucket } = deployment;
  const before = await writingOf(deployment, keptAs);
  const why = await invokeWith(deployment, name, record);
  if (why !== undefined) return { state: "failed", why };
  const after = await writingOf(deployment, keptAs);
  if (after === undefined || after === before) return { state: "succeeded" };
  const { reason } = await readFailureRecord(s3, failuresBucket, keptAs);
  return { state: "failed", why: `${reason.code}: ${reason.message}`, keptAs };
}

/** What tells one version of a failure record from another: each holds its time, and so has an ETag of its own. */
const writingOf = async ({ s3, failuresBucket }: Deployment, key: string): Promise<string | undefined> =>
  (await head({ s3, bucket: failuresBucket }, key))?.ETag;

/** Whether the change is no longer true: the stream has brought later ones since, and replaying would undo them. */
async function isSuperseded(deployment: Deployment, record: DynamoDBRecord): Promise<boolean> {
  const { NewImage: after, OldImage: before } = record.dynamodb ?? {};
  const profile = await readProfile(deployment, profileIdOf(record));
  if (after?.image === undefined) return profile?.image !== undefined && profile.image.S === before?.image?.S;
  return profile?.image?.S !== after.image.S || profile?.imageVersion?.S !== after.imageVersion?.S;
}

/**
 * Whether the profile shows the thumbnail of this change although it has a newer photo, and its event may be what failed:
 * the function sends it again, and makes nothing, since the thumbnail is there.
 */
async function isShownStill(deployment: Deployment, { dynamodb: change }: DynamoDBRecord): Promise<boolean> {
  const version = change?.NewImage?.imageVersion?.S;
  if (deployment.functionNames.ReportFailure === undefined || version === undefined) return false;
  const profile = await readProfile(deployment, idIn(change?.Keys) ?? "");
  return thumbnailIn(profile)?.imageVersion === version;
}

/** What is left to do of a superseded change: thumbnails that its profile needs no more have to go. */
async function leave(deployment: Deployment, record: DynamoDBRecord): Promise<Outcome> {
  const why = await withdrawBoth(deployment, record);
  return why === undefined ? { state: "superseded" } : repair(deployment, record);
}

/** The same when something failed: the profile may have got the very photo back whose thumbnail was just being removed. */
async function repair(deployment: Deployment, record: DynamoDBRecord): Promise<Outcome> {
  const { state, why = "" } = await refreshThumbnail(deployment, profileIdOf(record), async () => {});
  if (state === "failed") return { state, why };
  const still = await withdrawBoth(deployment, record);
  return still === undefined ? { state: "superseded" } : { state: "failed", why: still };
}

async function withdrawBoth(deployment: Deployment, record: DynamoDBRecord): Promise<string | undefined> {
  const { OldImage, NewImage } = record.dynamodb ?? {};
  return (await withdraw(deployment, record, OldImage)) ?? (await withdraw(deployment, record, NewImage));
}
