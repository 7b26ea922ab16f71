// Damaged pictures on their way through the pipeline: each must end as a whole thumbnail that its profile names, or as a
// failure record that says what is wrong with it.

import { GetItemCommand } from "@aws-sdk/client-dynamodb";
import { GetObjectCommand, PutObjectCommand } from "@aws-sdk/client-s3";
import sharp from "sharp";
import { readPicture } from "../../functions/lib/picture";
import { readFailureRecords } from "../../operations/failure-records";
import { inParallel } from "../../operations/in-parallel";
import type { Pipeline } from "../../pipeline";
import { loadSampleProfiles } from "../../pipeline/sample-profiles";
import { createRandom, type Random } from "./random";

const FORMATS = ["jpeg", "png", "webp", "avif"] as const;
const AT_A_TIME = 8;
/** What says that the photo is at fault, and none of us. */
const OF_PHOTOS: readonly string[] = ["UnusablePhoto", "UnsupportedFormat"];

export interface PicturesReport {
  readonly thumbnails: number;
  readonly records: number;
  /** What became of none of both, and of what the functions died. */
  readonly faults: readonly string[];
}

/** Uploads so many, of each format in turn, each for a profile of its own, and says what became of them. */
export async function runPictures(pipeline: Pipeline, count: number, seed: number): Promise<PicturesReport> {
  const { aws, s3, names } = pipeline;
  const faults: string[] = [];
  await loadSampleProfiles(pipeline, count);
  const unsubscribe = aws.activity.subscribe(({ action, resource, error }) => {
    if (action === "Invoke" && error !== undefined) faults.push(`${resource} failed: ${error}`);
  });
  const random = createRandom(seed);
  const whole = await Promise.all(FORMATS.map((format) => scene().toFormat(format).toBuffer()));
  const pictures = Array.from({ length: count }, (_, index) => damage(whole[index % whole.length] as Buffer, random));
  await inParallel([...pictures.entries()], AT_A_TIME, async ([index, Body]) => {
    const profileId = String(1 + index);
    const Metadata = { "user-profile-id": profileId };
    await s3.send(new PutObjectCommand({ Bucket: names.bucket, Key: keyOf(profileId), Body, Metadata }));
  });
  await aws.idle();
  unsubscribe();

  const codes = new Map<string, string>();
  for await (const { events, reason } of readFailureRecords(s3, names.failuresBucket)) {
    for (const { profileId = "" } of events) codes.set(profileId, reason.code);
  }
  let [thumbnails, records] = [0, 0];
  for (let profileId = 1; profileId <= count; profileId += 1) {
    const code = codes.get(String(profileId));
    if (await hasThumbnail(pipeline, String(profileId))) thumbnails += 1;
    else if (code !== undefined && OF_PHOTOS.includes(code)) records += 1;
    else faults.push(`picture ${profileId} of seed ${seed} has no thumbnail, and ${code ?? "no record says why"}`);
  }
  return { thumbnails, records, faults };
}

const keyOf = (profileId: string) => `original/damaged/${profileId}.jpg`;

const scene = () => {
  const noise = { type: "gaussian", mean: 128, sigma: 40 } as const;
  return sharp({ create: { width: 320, height: 200, channels: 3, background: "#888", noise } });
};

/** A quarter breaks off somewhere; half of the bytes that change are in the head. */
function damage(whole: Buffer, random: Random): Buffer {
  const bytes = Buffer.from(whole.subarray(0, random.chance(1 / 4) ? random.below(whole.length) : whole.length));
  for (let changes = 1 + random.below(8); changes > 0 && bytes.length > 0; changes -= 1) {
    bytes[random.below(random.chance(1 / 2) ? Math.min(bytes.length, 64) : bytes.length)] = random.below(256);
  }
  return bytes;
}

/** Whether the profile names a thumbnail, and that is a whole picture. */
async function hasThumbnail({ s3, dynamodb, names, profileIds }: Pipeline, profileId: string): Promise<boolean> {
  const item = { TableName: names.table, Key: profileIds.keyOf(profileId) };
  const Key = (await dynamodb.send(new GetItemCommand(item))).Item?.thumbnail?.M?.key?.S;
  if (Key === undefined) return false;
  const { Body } = await s3.send(new GetObjectCommand({ Bucket: names.bucket, Key }));
  return readPicture(Buffer.from((await Body?.transformToByteArray()) ?? [])) !== undefined;
}
