// `npm run demo`: the whole pipeline on real photos, from synthesis to verified thumbnails, and nothing left running.

import { Command, Option } from "commander";
import { mistakesError } from "../operations/mistake";
import { examinePhoto, originalKey, type Photo, wrongSuffix } from "../operations/photos";
import type { PhotoRun } from "../pipeline/photo-run";
import { samplePhoto } from "../pipeline/sample-photos";
import { readContext } from "../stack/context";
import { PROJECT_ROOT } from "../stack/project-root";
import { readSettings, type Settings } from "../stack/settings";
import { RESIZERS, type Resizer } from "../stack/settings/types";
import { UserError } from "../stack/user-error";
import type { DemoInput, DemoProgress } from "./demo-run";
import { loadPipeline } from "./load-pipeline";
import { printJson } from "./print";
import { createReport, untilStopped } from "./report";
import { isStopped, unlessStopped, userStop } from "./stop";
import { synthesize } from "./synthesize";

const SAMPLES = ["maverick.jpg", "iceman.jpg", "goose.jpg", "merlin.jpg", "viper.jpg"];

type RunOptions = Pick<DemoInput, "report" | "stop" | "progress">;

export const demoCommand = (): Command =>
  new Command("demo")
    .description("Send photos through the whole pipeline on this machine and save their thumbnails in demo-output/.")
    .argument("[photos...]", "photos for the profiles 1, 2, 3 … (default: those in samples/)")
    .addOption(new Option("--resizer <resizer>", "who resizes, instead of the setting of that name").choices(RESIZERS))
    .option("--json", "print the result as one line of JSON at the end")
    .action(demo);

interface DemoOptions {
  readonly resizer?: Resizer;
  readonly json?: boolean;
}

async function demo(files: string[], { resizer, json = false }: DemoOptions): Promise<void> {
  const start = performance.now();
  const stop = userStop();
  const progress: DemoProgress = { through: 0, of: 0 };
  try {
    const report = untilStopped(createReport(json ? process.stderr : process.stdout), stop);
    const runs = await run(files, resizer, { report, stop, progress });
    if (json) printJson(result(runs, performance.now() - start));
  } catch (error) {
    if (await isStopped(stop)) throw new UserError(`stopped by ${stop.reason} ${when(progress)}`);
    throw error;
  }
}

/** What the user has seen by then is true all the same. */
function when({ through, of }: DemoProgress): string {
  if (through === 0) return "before any photo was through";
  return through < of ? `when ${through} of ${of} photos were through` : "when every photo was through";
}

async function run(
  given: readonly string[],
  resizer: Resizer | undefined,
  { report, stop, progress }: RunOptions,
): Promise<PhotoRun[]> {
  const changed: Record<string, string> = resizer === undefined ? {} : { PROFILE_IMAGE_RESIZER: resizer };
  const settings = readSettings(readContext(PROJECT_ROOT, { ...process.env, ...changed }));
  const files = given.length > 0 ? given : SAMPLES.map(samplePhoto);
  const photos = await unlessStopped(stop, checkPhotos(files, settings));

  report.say("Synthesizing the stack …");
  const synthesizing = synthesize(stop, changed);
  // Loaded while another process synthesizes, and not for --help or a wrong photo.
  const [stack] = await Promise.all([synthesizing, loadPipeline(stop)]);
  const { runDemo }: typeof import("./demo-run") = require("./demo-run");
  try {
    return await runDemo({ stackDirectory: stack.directory, photos, settings, report, stop, progress });
  } finally {
    stack.remove();
  }
}

/** Reads all photos; says of all what is wrong before anything starts. */
async function checkPhotos(files: readonly string[], { uploadSuffixes }: Settings): Promise<Photo[]> {
  const examined = await Promise.all(files.map(examinePhoto));
  const startsNothing = (file: string) => !uploadSuffixes.some((suffix) => originalKey("1", file).endsWith(suffix));
  const mistakes = [
    ...examined.filter((each) => "sentence" in each),
    ...files.filter(startsNothing).map((file) => wrongSuffix(file, uploadSuffixes)),
  ];
  if (mistakes.length > 0) throw mistakesError(mistakes, "nothing was started");
  return examined.filter((each): each is Photo => !("sentence" in each));
}

const result = (runs: readonly PhotoRun[], totalMs: number) => ({
  photos: runs.map(({ photo, profileId, key, thumbnail, ms }) => ({
    photo: photo.file,
    // As all commands print it: the number of a profile may be greater than what readers of JSON take for a number.
    profileId: String(profileId),
    original: key,
    thumbnail: thumbnail.key,
    width: thumbnail.width,
    height: thumbnail.height,
    ms: Math.round(ms),
  })),
  totalMs: Math.round(totalMs),
});
