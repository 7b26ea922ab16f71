// The demo's work: an embedded AWS with the stack applied, every photo sent and verified, every thumbnail saved, and the
// time that a photo takes when nothing has to start.

import { mkdir, readdir, rm, writeFile } from "node:fs/promises";
import { basename, join, relative } from "node:path";
import { ORIGINAL_PREFIX, THUMBNAIL_PREFIX } from "../functions/lib/keys";
import { listOf, sizesIn } from "../functions/lib/thumbnail-sizes";
import { readFailureRecords } from "../operations/failure-records";
import { type Photo, readPhoto } from "../operations/photos";
import { type Pipeline, startPipeline } from "../pipeline";
import { type PhotoRun, runPhoto } from "../pipeline/photo-run";
import { samplePhoto } from "../pipeline/sample-photos";
import { loadSampleProfiles } from "../pipeline/sample-profiles";
import { PROJECT_ROOT } from "../stack/project-root";
import type { Settings } from "../stack/settings";
import { UserError } from "../stack/user-error";
import { plural } from "./plural";
import type { Report } from "./report";
import { unlessStopped } from "./stop";

/** The photo of 600×900 and 260 KB that the warm figure is measured with, and how often. */
const WARM_SAMPLE = "viper.jpg";
const WARM_RUNS = 9;
const OUTPUT = join(PROJECT_ROOT, "demo-output");

export interface DemoInput {
  readonly stackDirectory: string;
  readonly photos: readonly Photo[];
  readonly settings: Settings;
  readonly report: Report;
  /** Ends the run early, with an error. */
  readonly stop: AbortSignal;
  /** Kept up to date, for when the run is stopped. */
  readonly progress: DemoProgress;
}

/** How many photos have been verified, and of how many. */
export interface DemoProgress {
  through: number;
  of: number;
}

/** Sends photos for the profiles 1, 2, 3 … through a pipeline that is there for them alone. */
export async function runDemo(input: DemoInput): Promise<PhotoRun[]> {
  const { stackDirectory, photos, report, stop, progress } = input;
  progress.of = photos.length;
  report.say("Starting the embedded AWS and applying the stack …");
  const pipeline = await startPipeline(stackDirectory, 0);
  try {
    return await unlessStopped(stop, sendPhotos(pipeline, input));
  } finally {
    report.wait("");
    await pipeline.close();
  }
}

async function sendPhotos(
  pipeline: Pipeline,
  { photos, settings, report: { say, wait }, progress }: DemoInput,
): Promise<PhotoRun[]> {
  await loadSampleProfiles(pipeline, photos.length);
  // The table's stream brings the new profiles to CreateThumbnail: none of that is a step of the first photo.
  await pipeline.aws.idle();
  const { bucket } = pipeline.names;
  say(`Uploading ${plural(photos.length, "photo")} to s3://${bucket}/${ORIGINAL_PREFIX} …\n`);
  const runs: PhotoRun[] = [];
  for (const [index, photo] of photos.entries()) {
    wait(`  profile ${index + 1}  ${basename(photo.file)} …`);
    const run = await runVerified(pipeline, photo, index + 1, settings);
    say(describeRun(run));
    runs.push(run);
    progress.through = runs.length;
  }
  await saveThumbnails(runs);
  say(`\nEvery profile and thumbnail is correct; the thumbnails are in ${relative(process.cwd(), OUTPUT) || "."}/.`);
  wait("Measuring …");
  say(await warmFigure(pipeline, settings));
  return runs;
}

async function runVerified(pipeline: Pipeline, photo: Photo, profileId: number, settings: Settings): Promise<PhotoRun> {
  try {
    return await runPhoto(pipeline, photo, profileId, sizesOf(settings));
  } catch (error) {
    throw new UserError(`${photo.file}: ${(error as Error).message}${await describeFailures(pipeline)}`);
  }
}

const sizesOf = ({ thumbnail, thumbnails }: Settings) => sizesIn(thumbnails && listOf(thumbnails), () => thumbnail);

/** The failure records as text to append to a message; empty when there are none. */
async function describeFailures({ s3, names }: Pipeline): Promise<string> {
  const lines: string[] = [];
  for await (const { failureKey, reason } of readFailureRecords(s3, names.failuresBucket)) {
    lines.push(`\n  failure record ${failureKey}: ${reason.code}, ${reason.message}`);
  }
  return lines.join("");
}

function describeRun({ photo, profileId, thumbnail, steps, ms }: PhotoRun): string {
  const sizes = `${photo.width}×${photo.height} → ${thumbnail.width}×${thumbnail.height}`;
  const times = steps.map((step) => `${step.name} ${step.ms.toFixed(0)}${step.cold ? " (cold)" : ""}`).join(", ");
  return `  profile ${profileId}  ${basename(photo.file).padEnd(14)} ${sizes.padEnd(22)} ${ms.toFixed(0).padStart(5)} ms: ${times}`;
}

async function saveThumbnails(runs: readonly PhotoRun[]): Promise<void> {
  await mkdir(OUTPUT, { recursive: true });
  // An earlier run's would pass for this one's.
  for (const file of await readdir(OUTPUT)) if (/^\d+-/.test(file)) await rm(join(OUTPUT, file), { force: true });
  for (const { thumbnail } of runs) {
    const name = thumbnail.key.slice(THUMBNAIL_PREFIX.length).replaceAll("/", "-");
    await writeFile(join(OUTPUT, name), thumbnail.bytes);
  }
}

/** The median way of one middling photo when nothing has to start: what a user of a busy pipeline sees. */
async function warmFigure(pipeline: Pipeline, settings: Settings): Promise<string> {
  const photo = await readPhoto(samplePhoto(WARM_SAMPLE));
  const times: number[] = [];
  for (let run = 0; run < WARM_RUNS; run += 1) {
    // A key of its own each time: for the same photo under the same key there would be nothing left to do.
    const key = `${ORIGINAL_PREFIX}1/warm-${run}${settings.uploadSuffixes[0]}`;
    times.push((await runPhoto(pipeline, photo, 1, sizesOf(settings), key)).ms);
  }
  const median = times.sort((a, b) => a - b)[Math.floor(WARM_RUNS / 2)] ?? Number.NaN;
  const size = `the sample ${WARM_SAMPLE}, ${photo.width}×${photo.height}, ${(photo.bytes.length / 1000).toFixed(0)} kB`;
  return `Warm, from upload to thumbnail (${size}): median ${median.toFixed(0)} ms of ${WARM_RUNS}.`;
}
