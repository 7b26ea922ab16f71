// Measures what costs/times.ts says of a photo, and holds the capacity model to the pipeline: for both resizers the time of
// each function on a whole core, then how many photos a second a backlog of changes is worked off at, with one batch of the
// shard at a time and with more, beside what the model makes of the measured times. TinyPNG is played, and made to take its
// time. The lower quartile is shown, as other work on the machine makes times longer only. Run it with:
// node --import tsx bench/capacity.ts

import { readFileSync } from "node:fs";
import { join } from "node:path";
import { PutObjectCommand } from "@aws-sdk/client-s3";
import { synthesize } from "../cli/synthesize";
import { type PhotoTimes, secondsOf } from "../costs/times";
import type { Activity } from "../local/activity";
import { type Pipeline, startPipeline } from "../pipeline";
import { loadSampleProfiles } from "../pipeline/sample-profiles";
import { PROJECT_ROOT } from "../stack/project-root";
import { RESIZERS, type Resizer } from "../stack/settings/types";
import { measureBacklog } from "./backlog";

const sample = (name: string): Buffer => readFileSync(join(PROJECT_ROOT, "samples", name));
/** 12 megapixels, 1.3 MB. */
const LARGE = sample("maverick.jpg");
/** Of a backlog, so that the TinyPNG that is played here does not need all cores itself. */
const SMALL = sample("viper.jpg");
const WARM_RUNS = 24;
const BACKLOG = 200;
/** Shorter than usual, so that enough photos come for all batches at a time to have as much to do. */
const TINYPNG_SECONDS = 0.4;
/** A decoder has one core at work: more of them than the machine has cores are no faster. */
const FACTORS: Readonly<Record<Resizer, readonly number[]>> = { tinypng: [1, 4], account: [1, 2] };
/** Functions here have a whole core, whatever their memory. */
const WHOLE_CORE = Number.POSITIVE_INFINITY;

async function upload({ s3, names }: Pipeline, photo: Buffer, profileId: number, folder: string): Promise<void> {
  await s3.send(
    new PutObjectCommand({
      Bucket: names.bucket,
      Key: `original/${folder}/${profileId}.jpg`,
      Body: photo,
      ContentType: "image/jpeg",
      Metadata: { "user-profile-id": String(profileId) },
    }),
  );
}

/** Runs the work, and gives what happened meanwhile. */
async function watch({ aws }: Pipeline, work: () => Promise<void>): Promise<readonly Activity[]> {
  const seen: Activity[] = [];
  const stop = aws.activity.subscribe((activity) => seen.push(activity));
  await work();
  await aws.idle();
  stop();
  return seen;
}

const milliseconds = (seconds: number): string => `${(seconds * 1000).toFixed(1)} ms`;

const lowerQuartile = (values: readonly number[]): number =>
  [...values].sort((one, other) => one - other)[Math.floor(values.length / 4)] ?? Number.NaN;

const millisecondsOf = (seen: readonly Activity[], isOne: (activity: Activity) => boolean): number =>
  seen.filter(isOne).reduce((sum, { ms = 0 }) => sum + ms, 0);

async function measureFunctions(pipeline: Pipeline, photo: Buffer): Promise<{ set: number; create: number }> {
  const runs: { set: number; create: number }[] = [];
  for (let run = 0; run <= WARM_RUNS; run += 1) {
    const seen = await watch(pipeline, () => upload(pipeline, photo, 1, `warm-${photo.length}-${run}`));
    const invoked = (name: string) => (each: Activity) =>
      each.action === "Invoke" && each.detail !== undefined && each.resource === name;
    // The function resizes in a process of its own, TinyPNG does so in this one.
    const atTinypng = millisecondsOf(seen, ({ service }) => service === "tinify");
    runs.push({
      set: millisecondsOf(seen, invoked("SetProfileImage")),
      create: millisecondsOf(seen, invoked("CreateThumbnail")) - atTinypng,
    });
  }
  const warm = runs.slice(1);
  return {
    set: lowerQuartile(warm.map(({ set }) => set)) / 1000,
    create: lowerQuartile(warm.map(({ create }) => create)) / 1000,
  };
}

process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED = "true";

async function measure(resizer: Resizer, parallelizationFactor: number): Promise<void> {
  const stack = await synthesize(undefined, {
    PROFILE_IMAGE_RESIZER: resizer,
    PROFILE_IMAGE_CREATE_THUMBNAIL_PARALLELIZATION_FACTOR: String(parallelizationFactor),
  });
  const pipeline = await startPipeline(stack.directory, 0);
  try {
    await loadSampleProfiles(pipeline, BACKLOG + 1);
    const { set, create } = await measureFunctions(pipeline, LARGE);
    const small = await measureFunctions(pipeline, SMALL);
    const times: PhotoTimes = {
      cpuSeconds: small.create,
      waitSeconds: resizer === "tinypng" ? TINYPNG_SECONDS : 0,
    };
    const backlog = await measureBacklog(pipeline, {
      photos: BACKLOG,
      upload: (profileId, folder) => upload(pipeline, SMALL, profileId, folder),
      tinypngMs: times.waitSeconds * 1000,
    });
    const { seconds, photos } = backlog.batch;
    const ofBatches = (parallelizationFactor * photos) / seconds;
    console.log(`${resizer}, ${parallelizationFactor} at a time:
  one photo of 12 megapixels: SetProfileImage ${milliseconds(set)}, CreateThumbnail ${milliseconds(create)} of its own
  a batch of ${photos.toFixed(1)} photos: ${milliseconds(seconds)}, by the model ${milliseconds(secondsOf(times, WHOLE_CORE, photos))}
  ${BACKLOG} photos: ${backlog.photosPerSecond.toFixed(2)} a second, by the model of such batches ${ofBatches.toFixed(2)}`);
  } finally {
    await pipeline.close();
    stack.remove();
  }
}

async function main(): Promise<void> {
  for (const resizer of RESIZERS) for (const factor of FACTORS[resizer]) await measure(resizer, factor);
}

void main();
