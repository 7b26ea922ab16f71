// `npm run demo`: the whole pipeline on real photos, from synthesis to verified thumbnails, and nothing left running.

import { mkdir, writeFile } from "node:fs/promises";
import { basename, join, relative } from "node:path";
import { Command } from "commander";
import { readContext } from "../stack/context";
import { readSettings, type Settings } from "../stack/settings";
import { UserError } from "../stack/user-error";
import { describeFailures } from "./failure-records";
import { type PhotoRun, runPhoto } from "./photo-run";
import { originalKey, type Photo, readPhoto } from "./photos";
import { type Pipeline, startPipeline } from "./pipeline";
import { loadSampleProfiles } from "./sample-profiles";
import { PROJECT_ROOT, synthesize } from "./synthesize";

const SAMPLES = ["maverick.jpg", "iceman.jpg", "goose.jpg", "merlin.jpg", "viper.jpg"];
/** The photo of 600×900 and 260 KB that the warm figure is measured with, and how often. */
const WARM_SAMPLE = "viper.jpg";
const WARM_RUNS = 9;
const OUTPUT = join(PROJECT_ROOT, "demo-output");

export const demoCommand = (): Command =>
  new Command("demo")
    .description("Send photos through the whole pipeline on this machine and save their thumbnails in demo-output/.")
    .argument("[photos...]", "photos for the profiles 1, 2, 3 … (default: those in samples/)")
    .option("--json", "print the result as one line of JSON at the end")
    .action(demo);

async function demo(files: string[], { json = false }: { json?: boolean }): Promise<void> {
  const start = performance.now();
  const say = (line: string) => (json ? console.error(line) : console.log(line));
  const settings = readSettings(readContext(PROJECT_ROOT));
  const photos = await Promise.all((files.length > 0 ? files : SAMPLES.map(sample)).map(readPhoto));
  for (const photo of photos) checkSuffix(photo, settings);

  say("Synthesizing the stack …");
  const directory = await synthesize();
  say("Starting the embedded AWS and applying the stack …");
  const pipeline = await startPipeline(directory, 0);
  try {
    await loadSampleProfiles(pipeline, photos.length);
    const { names } = pipeline;
    say(`Uploading ${photos.length} photo${photos.length === 1 ? "" : "s"} to s3://${names.bucket}/original/ …\n`);
    const runs: PhotoRun[] = [];
    for (const [index, photo] of photos.entries()) {
      const run = await runVerified(pipeline, photo, index + 1, settings);
      say(describeRun(run));
      runs.push(run);
    }
    await saveThumbnails(runs);
    say(`\nEvery profile and thumbnail is right; the thumbnails are in ${relative(process.cwd(), OUTPUT) || "."}/.`);
    say(await warmFigure(pipeline, settings));
    if (json) console.log(JSON.stringify(result(runs, performance.now() - start)));
  } finally {
    await pipeline.close();
  }
}

const sample = (name: string) => join(PROJECT_ROOT, "samples", name);

/** A photo that would start nothing is refused before anything starts. */
function checkSuffix({ file }: Photo, { uploadSuffixes }: Settings): void {
  const key = originalKey(1, file);
  if (uploadSuffixes.some((suffix) => key.endsWith(suffix))) return;
  throw new UserError(
    `the photo "${file}" would start nothing: the stack takes uploads that end in ${uploadSuffixes.join(", ")} ("uploadSuffixes" in cdktf.json)`,
  );
}

async function runVerified(pipeline: Pipeline, photo: Photo, profileId: number, settings: Settings): Promise<PhotoRun> {
  try {
    return await runPhoto(pipeline, photo, profileId, settings.thumbnail);
  } catch (error) {
    throw new UserError(`${photo.file}: ${(error as Error).message}${await describeFailures(pipeline)}`);
  }
}

function describeRun({ photo, profileId, thumbnail, steps, ms }: PhotoRun): string {
  const sizes = `${photo.width}×${photo.height} → ${thumbnail.width}×${thumbnail.height}`;
  const times = steps.map((step) => `${step.name} ${step.ms.toFixed(0)}${step.cold ? " (cold)" : ""}`).join(", ");
  return `  profile ${profileId}  ${basename(photo.file).padEnd(14)} ${sizes.padEnd(22)} ${ms.toFixed(0).padStart(5)} ms: ${times}`;
}

async function saveThumbnails(runs: readonly PhotoRun[]): Promise<void> {
  await mkdir(OUTPUT, { recursive: true });
  for (const { thumbnail } of runs) {
    const name = thumbnail.key.replace(/^thumbnails\//, "").replaceAll("/", "-");
    await writeFile(join(OUTPUT, name), thumbnail.bytes);
  }
}

/** The median way of one middling photo when nothing has to start: what a user of a busy pipeline sees. */
async function warmFigure(pipeline: Pipeline, { thumbnail, uploadSuffixes }: Settings): Promise<string> {
  const photo = await readPhoto(sample(WARM_SAMPLE));
  const times: number[] = [];
  for (let run = 0; run < WARM_RUNS; run += 1) {
    // A key of its own each time: for the same photo under the same key there would be nothing left to do.
    const key = `original/1/warm-${run}${uploadSuffixes[0]}`;
    times.push((await runPhoto(pipeline, photo, 1, thumbnail, key)).ms);
  }
  const median = times.sort((a, b) => a - b)[Math.floor(WARM_RUNS / 2)] ?? Number.NaN;
  const size = `${photo.width}×${photo.height}, ${(photo.bytes.length / 1000).toFixed(0)} kB`;
  return `Warm, from upload to thumbnail (${size}): median ${median.toFixed(0)} ms of ${WARM_RUNS}.`;
}

const result = (runs: readonly PhotoRun[], totalMs: number) => ({
  photos: runs.map(({ photo, profileId, key, thumbnail, ms }) => ({
    photo: photo.file,
    profileId,
    original: key,
    thumbnail: thumbnail.key,
    width: thumbnail.width,
    height: thumbnail.height,
    ms: Math.round(ms),
  })),
  totalMs: Math.round(totalMs),
});
