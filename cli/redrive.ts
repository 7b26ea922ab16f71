// `npm run redrive`: replays failure records and removes those that are done with.

import { Command } from "commander";
import type { Deployment } from "../operations/deployment";
import type { FailureRecord } from "../operations/failure-records";
import type { Redriven } from "../operations/redrive-record";
import { redriveRecords } from "../operations/redrive-records";
import { selectRecords } from "../operations/select-records";
import { heirOf, isOfUnknownProfile } from "../operations/unknown-profile";
import { UserError } from "../stack/user-error";
import { type ConfirmOptions, confirm, withConfirmation } from "./confirm";
import { type DeploymentOptions, onDeployment, withDeploymentOptions } from "./on-deployment";
import { plural } from "./plural";
import { printJson } from "./print";
import { printable } from "./printable";
import { createProgress } from "./progress";
import { recordLine } from "./record-line";
import { createReport, type Report } from "./report";
import { sameTarget } from "./same-target";
import { announceStop, leftToLambda, orSoonAfterStop, userStop } from "./stop";

interface RedriveOptions extends DeploymentOptions, ConfirmOptions {
  readonly all?: boolean;
  readonly json?: boolean;
}

/** @param createStop for tests, which have no user */
export const redriveCommand = (createStop = userStop): Command =>
  withConfirmation(withDeploymentOptions(new Command("redrive")))
    .description(
      "Replay what failed; a record is removed when its event has succeeded, so an interrupted run can just be repeated. Exit 1 when any still fails.",
    )
    .argument("[records...]", "keys of failure records, as `npm run failures` lists them")
    .option("--all", "replay all records but those of profiles that were not there and are now: these must be named")
    .option("--json", "print the result as one line of JSON at the end")
    .action((keys: string[], options: RedriveOptions) => redrive(keys, options, createStop()));

function redrive(
  keys: readonly string[],
  { all = false, json = false, yes, ...options }: RedriveOptions,
  stop: AbortSignal,
): Promise<void> {
  if (all === keys.length > 0) {
    const [every, some] = ["--all", "RECORD…"].map((which) => sameTarget("redrive", which, options));
    throw new UserError(`say which records to replay: "${every}" or "${some}"`);
  }
  return onDeployment(options, async (deployment, target) => {
    const report = createReport(json ? process.stderr : process.stdout);
    const records = await selectRecords(deployment, keys, (count) => {
      if (stop.aborted) throw new UserError(`stopped by ${stop.reason} before any record was replayed`);
      report.wait(`${count} records read …`);
    });
    report.wait("");
    if (!all) await sayWhose(deployment, records, report);
    if (records.length > 0) await confirm(target, `Replay ${plural(records.length, "failure record")}`, { yes }, stop);
    announceStop(stop, report.say, "the records under way");
    const done = createProgress(records.length, report);
    const results = new Map<FailureRecord, Redriven>();
    const underWay = new Set<FailureRecord>();
    const onBegin = (record: FailureRecord) => void underWay.add(record);
    const onDone = (record: FailureRecord, result: Redriven) => {
      if (!underWay.delete(record)) return;
      results.set(record, result);
      done(recordLine(record, result.state, whyOf(result)));
    };
    await orSoonAfterStop(stop, redriveRecords(deployment, records, onDone, { onBegin, stop, areNamed: !all }));
    // Their records stay, and to replay them once more does no harm.
    const abandoned = underWay.size;
    underWay.clear();
    const count = (state: Redriven["state"]) => [...results.values()].filter((result) => result.state === state).length;
    const counts = { succeeded: count("succeeded"), superseded: count("superseded"), failed: count("failed") };
    const left = records.filter((record) => !results.has(record));
    if (json) printJson({ ...counts, remaining: left.length, records: [...results.values()] });
    else report.say(`${counts.succeeded} succeeded, ${counts.superseded} superseded, ${counts.failed} failed.`);
    if (left.length > 0) {
      const rest = all ? "--all" : left.map(({ failureKey }) => failureKey).join(" ");
      throw new UserError(
        `stopped by ${stop.reason} after ${results.size} of ${records.length} records${leftToLambda(abandoned)}; for the others: ${sameTarget("redrive", rest, options)}`,
      );
    }
    if (counts.failed > 0) {
      const list = sameTarget("failures", "", options);
      throw new UserError(`${counts.failed} of ${records.length} records still fail; "${list}" lists them`);
    }
  });
}

/** A photo whose profile was not there becomes somebody's now. */
async function sayWhose(deployment: Deployment, records: readonly FailureRecord[], { say }: Report): Promise<void> {
  for (const record of records.filter(isOfUnknownProfile)) {
    const heir = await heirOf(deployment, record);
    if (heir !== undefined) say(printable(`${record.events[0]?.key} would become the photo of ${heir}.`));
  }
}

function whyOf({ state, why, keptAs }: Redriven): string | undefined {
  if (state !== "failed") return undefined;
  return keptAs === undefined ? why : `${why} (now kept as ${keptAs.join(", ")})`;
}
