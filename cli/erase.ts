// `npm run erase`: removes for good what the pipeline holds of some people, and says what was removed and what stays.

import { Command } from "commander";
import type { Deployment } from "../operations/deployment";
import { type Erased, erase, findErasable, isNothing } from "../operations/erasure/erase";
import type { Invalidated } from "../operations/erasure/invalidate";
import { UserError } from "../stack/user-error";
import { type ConfirmOptions, confirm, withConfirmation } from "./confirm";
import { countsOf, planLines, receiptLines, receiptOf } from "./erasure-words";
import { type DeploymentOptions, onDeployment, withDeploymentOptions } from "./on-deployment";
import { printJson } from "./print";
import { anyProfile } from "./profile-id";
import { createReport, type Report } from "./report";
import { sameTarget } from "./same-target";
import { userStop } from "./stop";

interface EraseCommandOptions extends DeploymentOptions, ConfirmOptions {
  readonly profile?: boolean;
  readonly dryRun?: boolean;
  readonly json?: boolean;
}

/** @param createStop for tests, which have no user */
export const eraseCommand = (createStop = userStop): Command =>
  withConfirmation(withDeploymentOptions(new Command("erase")))
    .description(
      "Remove for good all photos and thumbnails of people, every version of them, and their failure records; first list what that is. An interrupted run can just be repeated.",
    )
    .argument("<profiles...>", "ids of profiles, whether or not there still is such a profile")
    .option("--profile", "remove the profiles themselves too, and not only what they say of a photo")
    .option("--dry-run", "list what would be removed, and remove nothing")
    .option("--json", "print the receipt, or with --dry-run the list, as one line of JSON at the end")
    .action((profiles: string[], options: EraseCommandOptions) => run(profiles, options, createStop()));

function run(
  given: readonly string[],
  { profile: withProfiles = false, dryRun = false, json = false, yes, ...options }: EraseCommandOptions,
  stop: AbortSignal,
): Promise<void> {
  return onDeployment(options, async (deployment, target) => {
    const report = createReport(json ? process.stderr : process.stdout);
    const ids = [...new Set(given)].map((id) => anyProfile(deployment, "a profile", id));
    const erased: Erased[] = [];
    const invalidated: Invalidated[] = [];
    try {
      const found = await look(deployment, ids, report, stop);
      for (const line of planLines(deployment, found, withProfiles)) report.say(line);
      if (dryRun)
        return json ? printJson(await receiptOf(target, { erased, invalidated }, found, withProfiles)) : undefined;
      if (!isNothing(found, withProfiles)) {
        await confirm(target, `Remove ${countsOf(found, withProfiles)} for good`, { yes }, stop);
      }
      const isAll = await erase(deployment, found, {
        stop,
        withProfiles,
        onProgress: (looked) => report.wait(`looking again: ${looked} versions and records …`),
        onErased: (what) => erased.push(what),
        onInvalidated: (what) => invalidated.push(what),
      });
      report.wait("");
      const again = sameTarget("erase", [...ids, ...(withProfiles ? ["--profile"] : [])].join(" "), options);
      const receipt = await receiptOf(target, { erased, invalidated }, found, withProfiles, deployment);
      for (const line of receiptLines(receipt, again)) report.say(line);
      if (json) printJson(receipt);
      if (!isAll) throw new UserError(`photos of these people keep arriving; end that first, and then: ${again}`);
    } catch (error) {
      if (!stop.aborted) throw error;
      throw new UserError(
        `stopped by ${stop.reason} after ${erased.length} were removed; repeat the command for the others`,
      );
    }
  });
}

async function look(deployment: Deployment, ids: readonly string[], { wait }: Report, stop: AbortSignal) {
  const onProgress = (looked: number) => wait(`${looked} versions and records looked at …`);
  const found = await findErasable(deployment, ids, { stop, onProgress });
  wait("");
  return found;
}
