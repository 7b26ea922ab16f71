// Why CreateThumbnail, which was asked to and did not fail, has made no thumbnail.

import type { DynamoDBRecord } from "aws-lambda";
import type { FailureCode } from "../functions/lib/failure-code";
import { failureKeyOf } from "../functions/lib/failure-record";
import { belongsTo, PROFILE_ID } from "../functions/lib/metadata";
import { changeFailureId } from "../functions/lib/profile-image";
import type { Deployment } from "./deployment";
import { readIfThere } from "./failure-records";
import { head } from "./thumbnail-state";

const PHOTO_GONE: FailureCode = "PhotoGone";

/** The function's own words for a photo that is not there, which it does not look for beside a thumbnail. */
export const photoGone = ({ bucket }: Deployment, key: string): string =>
  `${PHOTO_GONE}: There is no ${key} in ${bucket}`;

/** Why the function has kept the record as a failure, if it has. */
export async function keptReason(
  { s3, failuresBucket }: Deployment,
  record: DynamoDBRecord,
): Promise<string | undefined> {
  const kept = await readIfThere(s3, failuresBucket, failureKeyOf("CreateThumbnail", changeFailureId(record)));
  return kept && `${kept.reason.code}: ${kept.reason.message}`;
}

/** Why it has skipped the photo, by what is under the photo's key now: not the one that the profile has been given. */
export async function whySkipped(deployment: Deployment, profileId: string, key: string): Promise<string> {
  const photo = await head(deployment, key);
  if (photo === undefined) return photoGone(deployment, key);
  const { Metadata = {} } = photo;
  if (belongsTo(Metadata, profileId)) {
    return 'a newer photo is under its key, whose event is not done with; see "npm run failures"';
  }
  const given = Metadata[PROFILE_ID];
  const whose = given === undefined ? "missing" : JSON.stringify(given);
  return `what is under its key now is not a photo of this profile: its ${PROFILE_ID} is ${whose}`;
}
