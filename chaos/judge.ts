// Judges what became of each accepted upload, when the pipeline is idle and no fault is left.

import { GetItemCommand } from "@aws-sdk/client-dynamodb";
import { GetObjectCommand, NoSuchKey } from "@aws-sdk/client-s3";
import sharp from "sharp";
import { thumbnailKeyOf } from "../functions/lib/keys";
import { thumbnailKeysIn } from "../functions/lib/profile-thumbnail";
import { head } from "../operations/thumbnail-state";
import type { Pipeline } from "../pipeline";
import type { Accepted } from "./accepted";
import { keptPhotos } from "./kept";
import { orderUploads, readHeld } from "./newest";
import type { PlannedUpload } from "./plan";

/**
 * `correct`: the newest photo of its profile, which points at it, and the thumbnail is of this photo; `superseded`: a newer
 * photo of the profile was accepted, or another upload took its key; `failed`: a failure record holds it. The last two
 * must never be: `lost` has no thumbnail and no record, `wrong` another picture.
 */
export type Verdict = "correct" | "superseded" | "failed" | "lost" | "wrong";

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
  eTags: ReadonlyMap<PlannedUpload, readonly string[]>,
): Promise<Judgement[]> {
  const kept = await keptPhotos(pipeline);
  const held = await readHeld(pipeline, accepted, eTags);
  const newest = orderUploads(accepted, held);
  const judgements: Judgement[] = [];
  for (const { upload } of accepted) {
    const isKept = eTags.get(upload)?.some((eTag) => kept.has(eTag)) ?? false;
    const [verdict, reason] = await judge(upload, isKept);
    judgements.push({ upload, verdict, reason });
  }
  return judgements;

  async function judge(upload: PlannedUpload, isKept: boolean): Promise<[Verdict, string]> {
    const { profileId, key, kind } = upload;
    const holder = held.get(key);
    if (holder === undefined) return ["lost", `S3 holds no upload under ${key}`];
    if (holder !== upload) return ["superseded", `by upload ${holder.number}, which took its key`];
    const isThere = (await head({ s3: pipeline.s3, bucket: pipeline.names.bucket }, key)) !== undefined;
    const gone: [Verdict, string] = ["lost", `S3 holds ${key} no longer, and nothing has replaced it`];
    if (kind === "no id" || kind === "malformed id") {
      if (!isThere) return gone;
      return isKept ? ["failed", kind] : ["lost", `${kind}, and no failure record says so`];
    }
    const successor = newest.successorOf(upload);
    if (successor !== undefined) return ["superseded", `by upload ${successor.number} of profile ${profileId}`];
    const item = await itemOf(pipeline, profileId);
    const image = item?.image?.S;
    const rival = newest.rivalsOf(upload).find((each) => each.key === image);
    if (rival !== undefined) return ["superseded", `by upload ${rival.number}, which overlapped it`];
    if (!isThere) return gone;
    const flaw = await flawOf(pipeline, upload, item);
    if (flaw === undefined) return ["correct", ""];
    if (isKept) return ["failed", flaw.reason];
    return [flaw.verdict, flaw.reason];
  }
}

async function itemOf({ dynamodb, names, profileIds }: Pipeline, profileId = "") {
  const item = { TableName: names.table, Key: profileIds.keyOf(profileId), ConsistentRead: true };
  return (await dynamodb.send(new GetItemCommand(item))).Item;
}

/** What is not as it should be with the newest photo of a profile. */
async function flawOf(
  pipeline: Pipeline,
  { key, profileId, colour }: PlannedUpload,
  item: Awaited<ReturnType<typeof itemOf>>,
): Promise<Flaw | undefined> {
  // The one of its photo, and what the profile names in other sizes.
  for (const thumbnailKey of new Set([thumbnailKeyOf(key), ...thumbnailKeysIn(item)])) {
    const flaw = await flawOfThumbnail(pipeline, thumbnailKey, colour);
    if (flaw !== undefined) return flaw;
  }
  const image = item?.image?.S;
  if (image === key) return undefined;
  return { verdict: "wrong", reason: `profile ${profileId} points at ${image}, not at ${key}` };
}

interface Flaw {
  readonly verdict: "lost" | "wrong";
  readonly reason: string;
}

async function flawOfThumbnail(
  { s3, names }: Pipeline,
  Key: string,
  colour: PlannedUpload["colour"],
): Promise<Flaw | undefined> {
  const at = { Bucket: names.bucket, Key };
  const object = await s3.send(new GetObjectCommand(at)).catch((error: unknown) => {
    if (error instanceof NoSuchKey) return undefined;
    throw error;
  });
  if (object === undefined) return { verdict: "lost", reason: `there is no ${at.Key}` };
  const bytes = Buffer.from((await object.Body?.transformToByteArray()) ?? []);
  const found = await meanColour(bytes);
  if (found === undefined) return { verdict: "wrong", reason: `${at.Key} is not an image` };
  if (found.some((shade, channel) => Math.abs(shade - (colour[channel] ?? 0)) > TOLERANCE)) {
    return { verdict: "wrong", reason: `${at.Key} is rgb(${found}), its photo is rgb(${colour})` };
  }
  return undefined;
}

async function meanColour(bytes: Buffer): Promise<number[] | undefined> {
  const stats = await sharp(bytes)
    .stats()
    .catch(() => undefined);
  return stats?.channels.map(({ mean }) => Math.round(mean));
}
