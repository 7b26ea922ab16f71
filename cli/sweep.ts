// `npm run sweep`: removes photos and thumbnails that no profile refers to.

import { Command, InvalidArgumentError, Option } from "commander";
import { findUnreferenced, type Swept, sweep, type Unreferenced } from "../operations/sweep";
import { UserError } from "../stack/user-error";
import { type ConfirmOptions, confirm, withConfirmation } from "./confirm";
import { type DeploymentOptions, onDeployment, withDeploymentOptions } from "./on-deployment";
import { plural } from "./plural";
import { printJson } from "./print";
import { printable } from "./printable";
import { createProgress } from "./progress";
import { createReport } from "./report";
import { orSoonAfterStop, userStop } from "./stop";

interface SweepOptions extends DeploymentOptions, ConfirmOptions {
  /** Milliseconds. */
  readonly olderThan: number;
  readonly dryRun?: boolean;
  readonly json?: boolean;
}

const HOUR_MS = 3_600_000;
const UNITS: Readonly<Record<string, number>> = { h: HOUR_MS, d: 24 * HOUR_MS, w: 7 * 24 * HOUR_MS };
/** Lambda keeps the event of an upload for six hours; what is older is no longer on its way. */
const LEAST_HOURS = 7;

/**
 * @param createStop for tests, which have no user
 * @param now for tests, whose photos are new
 */
export const sweepCommand = (createStop = userStop, now = Date.now): Command =>
  withConfirmation(withDeploymentOptions(new Command("sweep")))
    .description(
      "Remove photos and thumbnails that no profile refers to, such as those of profiles that never were; never a photo that is on its way, or waits in a failure record that can be replayed.",
    )
    .addOption(
      new Option("--older-than <time>", "only what is older than 12h, 7d or 2w")
        .argParser(parseAge)
        .default(7 * 24 * HOUR_MS, "7d"),
    )
    .option("--dry-run", "list what would be removed, and remove nothing")
    .option("--json", "print the result as one line of JSON at the end")
    .action((options: SweepOptions) => run(options, createStop(), now));

function parseAge(value: string): number {
  const [, amount = "", unit = ""] = /^(\d{1,4})([hdw])$/.exec(value) ?? [];
  const age = Number(amount) * (UNITS[unit] ?? 0);
  if (age >= LEAST_HOURS * HOUR_MS) return age;
  throw new InvalidArgumentError(
    `It must be such as 12h, 7d or 2w, and ${LEAST_HOURS}h or more: until then a photo may be on its way.`,
  );
}

function run(
  { olderThan, dryRun = false, json = false, yes, ...options }: SweepOptions,
  stop: AbortSignal,
  now: () => number,
): Promise<void> {
  return onDeployment(options, async (deployment, target) => {
    const report = createReport(json ? process.stderr : process.stdout);
    const onProgress = (looked: number) => report.wait(`${looked} photos and thumbnails looked at …`);
    const before = new Date(now() - olderThan);
    const found = await findUnreferenced(deployment, before, { stop, onProgress }).catch((error: unknown) => {
      if (!stop.aborted) throw error;
      throw new UserError(`stopped by ${stop.reason} before anything was removed`);
    });
    report.wait("");
    for (const object of found) report.say(describe(object));
    report.say(`${plural(found.length, "object")} from before ${before.toISOString()} that no profile refers to.`);
    const listed = found.map(({ key, profileId, why, bytes, at }) => ({ key, profileId, why, bytes, at }));
    if (dryRun) return json ? printJson({ swept: 0, kept: 0, remaining: found.length, objects: listed }) : undefined;
    if (found.length > 0) await confirm(target, `Remove ${plural(found.length, "object")}`, { yes }, stop);
    const results: Swept[] = [];
    const done = createProgress(found.length, report);
    const onDone = (swept: Swept) => {
      results.push(swept);
      done(printable([swept.state, swept.key, swept.why].filter(Boolean).join("  ")));
    };
    await orSoonAfterStop(stop, sweep(deployment, found, onDone, stop));
    const count = (state: Swept["state"]) => results.filter((each) => each.state === state).length;
    const remaining = found.length - results.length;
    if (json) printJson({ swept: count("swept"), kept: count("kept"), remaining, objects: results });
    else report.say(`${count("swept")} swept, ${count("kept")} kept.`);
    if (remaining > 0) {
      throw new UserError(
        `stopped by ${stop.reason} after ${results.length} of ${found.length} objects; repeat the command for the others`,
      );
    }
  });
}

const describe = ({ key, profileId, why, bytes, at, records }: Unreferenced): string =>
  printable(
    [
      key,
      ...(profileId === undefined ? [] : [`profile ${profileId}`]),
      why,
      `${bytes} bytes`,
      at.toISOString(),
      ...(records.length === 0 ? [] : [`with ${plural(records.length, "failure record")}`]),
    ].join("  "),
  );
