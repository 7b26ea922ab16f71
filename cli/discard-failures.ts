// `npm run failures -- --discard`: removes records that cannot be fixed, which otherwise keep the alarm on forever.

import type { Deployment } from "../operations/deployment";
import { type Discarded, discardRecords } from "../operations/discard-records";
import type { FailureRecord } from "../operations/failure-records";
import { selectRecords } from "../operations/select-records";
import { UserError } from "../stack/user-error";
import { type ConfirmOptions, confirm } from "./confirm";
import type { DeploymentOptions } from "./on-deployment";
import { plural } from "./plural";
import { printJson } from "./print";
import { createProgress } from "./progress";
import { recordLine } from "./record-line";
import { createReport } from "./report";
import { sameTarget } from "./same-target";
import { orSoonAfterStop } from "./stop";
import type { Target } from "./target";

export interface DiscardOptions extends DeploymentOptions, ConfirmOptions {
  /** Empty for all. */
  readonly keys: readonly string[];
  readonly json: boolean;
}

/** Discards records as they are now, after asking where they are a real account's. */
export async function discardFailures(
  deployment: Deployment,
  target: Target,
  { keys, json, yes, ...options }: DiscardOptions,
  stop: AbortSignal,
): Promise<void> {
  const report = createReport(json ? process.stderr : process.stdout);
  const records = await selectRecords(deployment, keys, (count) => {
    if (stop.aborted) throw new UserError(`stopped by ${stop.reason} before any record was discarded`);
    report.wait(`${count} records read …`);
  });
  report.wait("");
  if (records.length > 0) {
    await confirm(target, `Discard ${plural(records.length, "failure record")} permanently`, { yes }, stop);
  }
  const done = createProgress(records.length, report);
  const results = new Map<FailureRecord, Discarded>();
  const onDone = (record: FailureRecord, result: Discarded) => {
    results.set(record, result);
    done(recordLine(record, result.state, result.why));
  };
  await orSoonAfterStop(stop, discardRecords(deployment, records, onDone, stop));
  const count = (state: Discarded["state"]) => [...results.values()].filter((result) => result.state === state).length;
  const counts = { discarded: count("discarded"), gone: count("gone"), kept: count("kept") };
  const left = records.filter((record) => !results.has(record));
  if (json) printJson({ ...counts, remaining: left.length, records: [...results.values()] });
  else report.say(describe(counts));
  if (left.length > 0) {
    const rest = keys.length === 0 ? "--all" : left.map(({ failureKey }) => failureKey).join(" ");
    throw new UserError(
      `stopped by ${stop.reason} after ${results.size} of ${records.length} records; for the others: ${sameTarget("failures", `--discard ${rest}`, options)}`,
    );
  }
  if (counts.kept > 0) throw new UserError(`${counts.kept} of ${records.length} records were not discarded, see above`);
}

function describe({ discarded, gone, kept }: Readonly<Record<Discarded["state"], number>>): string {
  const parts = [`${discarded} discarded`, ...(gone > 0 ? [`${gone} gone before`] : []), `${kept} kept`];
  return `${parts.join(", ")}.${discarded > 0 ? " The photos themselves stay in the images bucket." : ""}`;
}
