// One profile's thumbnail, made again by CreateThumbnail itself when it is not as it should be.

import type { AttributeValue, DynamoDBRecord } from "aws-lambda";
import { ORIGINAL_PREFIX } from "../functions/lib/keys";
import { timeOfVersion } from "../functions/lib/version";
import type { Deployment } from "./deployment";
import { invokeWith } from "./invoke";
import { thumbnailState } from "./thumbnail-state";
import { keptReason, photoGone, whySkipped } from "./why-no-thumbnail";
import { readProfile } from "./withdraw";

export interface Refreshed {
  readonly state: "made" | "skipped" | "failed";
  readonly key?: string;
  readonly why?: string;
}

const ANOTHER_PHOTO = "it has another photo by now";

/** Makes the thumbnail unless it is correct, and has the profile name it; waits for its turn before it costs a TinyPNG credit. */
export async function refreshThumbnail(
  deployment: Deployment,
  profileId: string,
  turn: () => Promise<void>,
): Promise<Refreshed> {
  const first = await readProfile(deployment, profileId);
  if (first === undefined) return { state: "failed", why: "there is no such profile" };
  const key = first.image?.S;
  if (key === undefined)
    return { state: "skipped", why: first.image ? "its image is not a string" : "it has no photo" };
  if (!key.startsWith(ORIGINAL_PREFIX))
    return { state: "skipped", key, why: `its photo is not under ${ORIGINAL_PREFIX}` };
  const state = await thumbnailState(deployment, profileId, key, first);
  if (state === "there") return { state: "skipped", key, why: "its thumbnail is correct" };
  if (state === "photo missing") return { state: "failed", key, why: photoGone(deployment, key) };
  if (state === "key too long" || state === "key of a size" || state.startsWith("refused"))
    return { state: "failed", key, why: state };

  if (state !== "not named") await turn();
  // Read again: the profile may have got another photo while this one waited, and with it a thumbnail.
  const profile = await readProfile(deployment, profileId);
  if (profile?.image?.S !== key) return { state: "skipped", key, why: ANOTHER_PHOTO };
  const record = insertionOf(deployment, profileId, profile);
  const why = await invokeWith(deployment, "CreateThumbnail", record);
  const after = await readProfile(deployment, profileId);
  if (after?.image?.S !== key)
    return why === undefined ? { state: "skipped", key, why: ANOTHER_PHOTO } : { state: "failed", key, why };
  if ((await thumbnailState(deployment, profileId, key, after)) === "there") return { state: "made", key };
  // It lost its photo meanwhile, and got it back while the thumbnail was being removed.
  if (after.imageVersion?.S !== profile.imageVersion?.S) return refreshThumbnail(deployment, profileId, turn);
  return {
    state: "failed",
    key,
    why: why ?? (await keptReason(deployment, record)) ?? (await whySkipped(deployment, profileId, key)),
  };
}

/** The record that the stream would bring, had the profile been written just now. */
function insertionOf(
  { client, profileIds }: Deployment,
  profileId: string,
  { image, imageETag, imageVersion }: Readonly<Record<string, AttributeValue>>,
): DynamoDBRecord {
  const Keys = profileIds.keyOf(profileId);
  const written = timeOfVersion(imageVersion?.S ?? "");
  return {
    // The same for the same photo: should it fail each time, one failure record is enough.
    eventID: `backfill-${profileId}-${imageVersion?.S ?? image?.S}`,
    eventName: "INSERT",
    eventVersion: "1.1",
    eventSource: "aws:dynamodb",
    awsRegion: client.region,
    dynamodb: {
      ApproximateCreationDateTime: Math.floor(written / 1000),
      Keys,
      NewImage: {
        ...Keys,
        ...(image?.S !== undefined && { image: { S: image.S } }),
        ...(imageETag?.S !== undefined && { imageETag: { S: imageETag.S } }),
        ...(imageVersion?.S !== undefined && { imageVersion: { S: imageVersion.S } }),
      },
      SequenceNumber: "1",
      StreamViewType: "NEW_AND_OLD_IMAGES",
    },
  };
}
