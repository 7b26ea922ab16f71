// `npm run chaos`: many uploads while everything that can fail does, and then the question what became of each of them.

import { Command, InvalidArgumentError, Option } from "commander";
import { brokenPromises, describeChaos } from "../chaos/report";
import { RESIZERS, type Resizer } from "../stack/settings/types";
import { UserError } from "../stack/user-error";
import { loadPipeline } from "./load-pipeline";
import { printJson } from "./print";
import { createReport, untilStopped } from "./report";
import { isStopped, unlessStopped, userStop } from "./stop";
import { synthesize } from "./synthesize";

const MAX_UPLOADS = 100_000;

interface ChaosCommandOptions {
  readonly uploads: number;
  readonly seed: number;
  readonly tinypngFaults: boolean;
  readonly resizer?: Resizer;
  readonly json?: boolean;
}

export const chaosCommand = (synthesizeStack = synthesize): Command =>
  new Command("chaos")
    .description("Upload many photos to the embedded AWS while its services fail, and judge what became of each.")
    .option("--uploads <number>", "how many photos", wholeNumber(1, MAX_UPLOADS), 1000)
    .option("--seed <number>", "the same seed makes the same uploads and faults", wholeNumber(0, 2 ** 31), 7)
    .option("--no-tinypng-faults", "spare TinyPNG")
    .addOption(new Option("--resizer <resizer>", "who resizes, instead of the setting of that name").choices(RESIZERS))
    .option("--json", "print the result as one line of JSON at the end")
    .action((options: ChaosCommandOptions) => chaos(options, synthesizeStack));

const wholeNumber = (least: number, most: number) => (value: string) => {
  const number = Number(value);
  if (/^\d+$/.test(value) && number >= least && number <= most) return number;
  throw new InvalidArgumentError(`It must be a whole number from ${least} to ${most}.`);
};

async function chaos(
  { uploads, seed, tinypngFaults, resizer, json = false }: ChaosCommandOptions,
  synthesizeStack: typeof synthesize,
): Promise<void> {
  const stop = userStop();
  const { say, wait } = untilStopped(createReport(json ? process.stderr : process.stdout), stop);
  try {
    say("Synthesizing the stack …");
    const synthesizing = synthesizeStack(stop, resizer === undefined ? {} : { PROFILE_IMAGE_RESIZER: resizer });
    // Loaded while another process synthesizes, and not for --help or a wrong option.
    const [stack, { startPipeline }] = await Promise.all([synthesizing, loadPipeline(stop)]);
    const { runChaos }: typeof import("../chaos/run") = require("../chaos/run");
    const options = { deliverTwiceAndOutOfOrder: true, datesEventsByArrival: true };
    const starting = startPipeline(stack.directory, 0, options);
    const pipeline = await starting.finally(stack.remove);
    try {
      say(`Uploading ${uploads} photos, seed ${seed}, each event delivered twice and out of order …`);
      const onProgress = (line: string, isLasting: boolean) => (isLasting ? say : wait)(`  ${line}`);
      const run = runChaos(pipeline, { seed, uploads, tinifyFaults: tinypngFaults, onProgress });
      const report = await unlessStopped(stop, run);
      say(describeChaos(report));
      if (json) printJson(report);
      const { length: broken } = brokenPromises(report);
      if (broken > 0)
        throw new UserError(`${broken} promises were broken, see above; "--seed ${seed}" makes the same faults again`);
    } finally {
      await pipeline.close();
    }
  } catch (error) {
    if (await isStopped(stop)) throw new UserError(`stopped by ${stop.reason} before every upload was judged`);
    throw error;
  }
}
