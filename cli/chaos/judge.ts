// Judges what became of each accepted upload, when everything is at rest and no fault is left.

import { GetItemCommand } from "@aws-sdk/client-dynamodb";
import { GetObjectCommand, NoSuchKey } from "@aws-sdk/client-s3";
import sharp from "sharp";
import type { Pipeline } from "../pipeline";
import type { Accepted } from "./accepted";
import { keptPhotos } from "./kept";
import type { PlannedUpload } from "./plan";

/**
 * `right`: the newest photo of its profile, which points at it, and the thumbnail is of this photo; `superseded`: a newer
 * photo of the profile was accepted, or another upload took its key; `failed`: a failure record holds it; `ignored`: it
 * names no profile. The last two must never be: `lost` has no thumbnail and no record, `wrong` another picture.
 */
export type Verdict = "right" | "superseded" | "failed" | "ignored" | "lost" | "wrong";

export interface Judgement {
  readonly upload: PlannedUpload;
  readonly verdict: Verdict;
  readonly reason: string;
}

/** The most that a channel of a thumbnail may differ from its photo's, less than half of what lies between two photos. */
const TOLERANCE = 10;

/** Judges all of them. */
export async function judgeAll(
  pipeline: Pipeline,
  accepted: readonly Accepted[],
  eTags: ReadonlyMap<PlannedUpload, string>,
): Promise<Judgement[]> {
  const kept = await keptPhotos(pipeline);
  const newestOfProfile = newestBy(accepted, ({ profileId }) => profileId);
  const newestOfKey = newestBy(accepted, ({ key }) => key);
  const judgements: Judgement[] = [];
  for (const { upload } of accepted) {
    const isKept = kept.has(eTags.get(upload) ?? "");
    const [verdict, reason] = await judge(upload, isKept);
    judgements.push({ upload, verdict, reason });
  }
  return judgements;

  async function judge(upload: PlannedUpload, isKept: boolean): Promise<[Verdict, string]> {
    const { profileId, key, kind } = upload;
    if (profileId === undefined) return ["ignored", "no user-profile-id"];
    const isMalformed = kind === "malformed id";
    const byProfile = isMalformed ? upload : newestOfProfile.get(profileId);
    if (byProfile !== upload) return ["superseded", `by upload ${byProfile?.number} of profile ${profileId}`];
    const byKey = newestOfKey.get(key);
    if (byKey !== upload) return ["superseded", `by upload ${byKey?.number}, which took its key`];
    const flaw = await flawOf(pipeline, upload);
    if (flaw === undefined) return ["right", ""];
    if (isKept) return ["failed", flaw.reason];
    return [flaw.verdict, flaw.reason];
  }
}

function newestBy(accepted: readonly Accepted[], of: (upload: PlannedUpload) => string | undefined) {
  const inOrder = [...accepted].sort((a, b) => (a.order < b.order ? -1 : 1));
  return new Map(inOrder.map(({ upload }) => [of(upload), upload]));
}

/** What is not as it should be with the newest photo of a profile. */
async function flawOf(
  { s3, dynamodb, names }: Pipeline,
  { key, profileId = "", colour }: PlannedUpload,
): Promise<{ verdict: "lost" | "wrong"; reason: string } | undefined> {
  const at = { Bucket: names.bucket, Key: key.replace(/^original\//, "thumbnails/") };
  const object = await s3.send(new GetObjectCommand(at)).catch((error: unknown) => {
    if (error instanceof NoSuchKey) return undefined;
    throw error;
  });
  if (object === undefined) return { verdict: "lost", reason: `there is no ${at.Key}` };
  const bytes = Buffer.from((await object.Body?.transformToByteArray()) ?? []);
  const found = await meanColour(bytes);
  if (found === undefined) return { verdict: "wrong", reason: `${at.Key} is no image` };
  if (found.some((shade, channel) => Math.abs(shade - (colour[channel] ?? 0)) > TOLERANCE)) {
    return { verdict: "wrong", reason: `${at.Key} is rgb(${found}), its photo is rgb(${colour})` };
  }
  const item = { TableName: names.table, Key: { id: { N: profileId } }, ConsistentRead: true };
  const image = (await dynamodb.send(new GetItemCommand(item))).Item?.image?.S;
  if (image === key) return undefined;
  return { verdict: "wrong", reason: `profile ${profileId} points at ${image}, not at ${key}` };
}

async function meanColour(bytes: Buffer): Promise<number[] | undefined> {
  const stats = await sharp(bytes)
    .stats()
    .catch(() => undefined);
  return stats?.channels.map(({ mean }) => Math.round(mean));
}
