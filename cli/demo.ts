// `npm run demo`: the whole pipeline on real photos, from synthesis to verified thumbnails, and nothing left running.

import { Command } from "commander";
import { readContext } from "../stack/context";
import { readSettings, type Settings } from "../stack/settings";
import { UserError } from "../stack/user-error";
import type { PhotoRun } from "./photo-run";
import { originalKey, type Photo, readPhoto, samplePhoto } from "./photos";
import { printJson } from "./print";
import { createReport, type Report } from "./report";
import { userStop } from "./stop";
import { PROJECT_ROOT, synthesize } from "./synthesize";

const SAMPLES = ["maverick.jpg", "iceman.jpg", "goose.jpg", "merlin.jpg", "viper.jpg"];

export const demoCommand = (): Command =>
  new Command("demo")
    .description("Send photos through the whole pipeline on this machine and save their thumbnails in demo-output/.")
    .argument("[photos...]", "photos for the profiles 1, 2, 3 … (default: those in samples/)")
    .option("--json", "print the result as one line of JSON at the end")
    .action(demo);

async function demo(files: string[], { json = false }: { json?: boolean }): Promise<void> {
  const start = performance.now();
  const stop = userStop();
  try {
    const runs = await run(files, createReport(json ? process.stderr : process.stdout), stop);
    if (json) printJson(result(runs, performance.now() - start));
  } catch (error) {
    if (stop.aborted) throw new UserError(`stopped by ${stop.reason} before every photo was through`);
    throw error;
  }
}

async function run(files: readonly string[], report: Report, stop: AbortSignal): Promise<PhotoRun[]> {
  const settings = readSettings(readContext(PROJECT_ROOT));
  const photos = await Promise.all((files.length > 0 ? files : SAMPLES.map(samplePhoto)).map(readPhoto));
  for (const photo of photos) checkSuffix(photo, settings);

  report.say("Synthesizing the stack …");
  const synthesizing = synthesize(stop);
  // Loaded while another process synthesizes, and not for --help or a wrong photo.
  const { runDemo }: typeof import("./demo-run") = require("./demo-run");
  return runDemo({ stackDirectory: await synthesizing, photos, settings, report, stop });
}

/** A photo that would start nothing is refused before anything starts. */
function checkSuffix({ file }: Photo, { uploadSuffixes }: Settings): void {
  const key = originalKey(1, file);
  if (uploadSuffixes.some((suffix) => key.endsWith(suffix))) return;
  throw new UserError(
    `the photo "${file}" would start nothing: the stack takes uploads that end in ${uploadSuffixes.join(", ")} ("uploadSuffixes" in cdktf.json)`,
  );
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
