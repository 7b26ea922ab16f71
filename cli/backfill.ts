// `npm run backfill`: makes thumbnails again where they are missing or of another size than today's.

import { Command, InvalidArgumentError } from "commander";
import { backfill, profilesWithPhoto } from "../operations/backfill";
import type { Deployment } from "../operations/deployment";
import type { Refreshed } from "../operations/refresh-thumbnail";
import { UserError } from "../stack/user-error";
import { type ConfirmOptions, confirm, withConfirmation } from "./confirm";
import { type DeploymentOptions, onDeployment, withDeploymentOptions } from "./on-deployment";
import { plural } from "./plural";
import { printJson } from "./print";
import { printable } from "./printable";
import { anyProfile } from "./profile-id";
import { createProgress } from "./progress";
import { createReport } from "./report";
import { announceStop, leftToLambda, orSoonAfterStop, userStop } from "./stop";

interface BackfillOptions extends DeploymentOptions, ConfirmOptions {
  readonly rate: number;
  readonly json?: boolean;
}

const DEFAULT_RATE = 2;
const MAX_RATE = 100;

/** @param createStop for tests, which have no user */
export const backfillCommand = (createStop = userStop): Command =>
  withConfirmation(withDeploymentOptions(new Command("backfill")))
    .description(
      "Make thumbnails again, such as after a change of their size. Correct ones are skipped, so an interrupted run can just be repeated.",
    )
    .argument("[profiles...]", "ids of profiles; all with a photo when none is given")
    .option("--rate <number>", "thumbnails made in a second, at most", parseRate, DEFAULT_RATE)
    .option("--json", "print the result as one line of JSON at the end")
    .action((profiles: string[] = [], options: BackfillOptions) => run(profiles, options, createStop()));

function parseRate(value: string): number {
  const rate = Number(value);
  if (!(rate > 0 && rate <= MAX_RATE)) {
    throw new InvalidArgumentError(`It must be a number above 0, at most ${MAX_RATE}; 0.5 is one in two seconds.`);
  }
  return rate;
}

function run(
  chosen: readonly string[],
  { rate, json = false, yes, ...options }: BackfillOptions,
  stop: AbortSignal,
): Promise<void> {
  return onDeployment(options, async (deployment, target) => {
    const report = createReport(json ? process.stderr : process.stdout);
    const chosenIn = (where: Deployment) => [...new Set(chosen)].map((id) => anyProfile(where, "a profile", id));
    const all = () =>
      profilesWithPhoto(deployment, stop).catch((error: unknown) => {
        if (!stop.aborted) throw error;
        throw new UserError(`stopped by ${stop.reason} before any thumbnail was made`);
      });
    const profileIds = chosen.length > 0 ? chosenIn(deployment) : await all();
    const work = `Make missing and stale thumbnails of ${plural(profileIds.length, "profile")}`;
    if (profileIds.length > 0) await confirm(target, work, { yes }, stop);
    announceStop(stop, report.say, "the thumbnails under way");
    const done = createProgress(profileIds.length, report);
    const results: (Refreshed & { profileId: string })[] = [];
    const underWay = new Set<string>();
    let isLeft = false;
    const onBegin = (profileId: string) => void underWay.add(profileId);
    const onDone = (profileId: string, result: Refreshed) => {
      if (isLeft) return;
      underWay.delete(profileId);
      results.push({ profileId, ...result });
      done(describe(profileId, result));
    };
    await orSoonAfterStop(stop, backfill(deployment, profileIds, { rate, stop, onBegin, onDone }));
    isLeft = true;

    const count = (state: Refreshed["state"]) => results.filter((result) => result.state === state).length;
    const counts = { made: count("made"), skipped: count("skipped"), failed: count("failed") };
    const remaining = profileIds.length - results.length;
    if (json) printJson({ ...counts, remaining, profiles: results });
    else report.say(`${counts.made} made, ${counts.skipped} skipped, ${counts.failed} failed.`);
    if (remaining > 0) {
      throw new UserError(
        `stopped by ${stop.reason} after ${results.length} of ${profileIds.length} profiles${leftToLambda(underWay.size)}; repeat the command for the others`,
      );
    }
    if (counts.failed > 0) throw new UserError(`${counts.failed} of ${profileIds.length} thumbnails could not be made`);
  });
}

const describe = (profileId: string, { state, key, why }: Refreshed): string =>
  printable([state.padEnd(7), `profile ${profileId}`, key, why].filter((part) => part !== undefined).join("  "));
