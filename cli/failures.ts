// `npm run failures`: what the pipeline could not do, and why; with --discard it removes records that cannot be fixed.

import { setImmediate } from "node:timers/promises";
import { Command } from "commander";
import type { Deployment } from "../operations/deployment";
import { withCauses } from "../operations/failure-causes";
import { type FailureRecord, readFailureRecords } from "../operations/failure-records";
import { UserError } from "../stack/user-error";
import { type ConfirmOptions, withConfirmation } from "./confirm";
import { discardFailures } from "./discard-failures";
import { type DeploymentOptions, onDeployment, withDeploymentOptions } from "./on-deployment";
import { plural } from "./plural";
import { columnsOf, type Printed, print, printJson } from "./print";
import { printable } from "./printable";
import { createReport, type Report } from "./report";
import { sameTarget } from "./same-target";
import { userStop } from "./stop";
import { cut } from "./table";
import { wrap } from "./wrap";

const howToDiscard = (options: DeploymentOptions): string => {
  const [some, all] = ["RECORD…", "--all"].map((which) => sameTarget("failures", `--discard ${which}`, options));
  return `say which records to discard: "${some}" or "${all}"`;
};

/** Characters that are left of a key in a narrow terminal. */
const SHORTEST_KEY = 9;

/** Events listed at a stretch. */
const PAGE = 50;

interface FailuresOptions extends DeploymentOptions, ConfirmOptions {
  /** Given without a record it is true. */
  readonly discard?: readonly string[] | true;
  readonly all?: boolean;
  readonly json?: boolean;
}

/** @param createStop for tests, which have no user */
export const failuresCommand = (createStop = userStop): Command =>
  withConfirmation(withDeploymentOptions(new Command("failures")))
    .description(
      "List what the pipeline could not do: when, which function, profile and photo, why, and the record. With --discard, remove records that cannot be fixed: the event in them is lost, the photo stays.",
    )
    .option("--discard [records...]", "remove these records instead of listing; exit 1 when any is kept")
    .option("--all", "with --discard: remove all records")
    .option("--json", "print the list, or what was discarded, as one line of JSON")
    .action((options: FailuresOptions) => failures(options, createStop()));

/** One failed event, as `--json` prints it. */
export interface ListedFailure {
  readonly when: string;
  readonly function: string;
  readonly profileId: string | null;
  readonly key: string | null;
  readonly reason: FailureRecord["reason"];
  /** The key of the record, which `redrive` takes. */
  readonly record: string;
}

function failures(
  { json = false, discard, all = false, yes, ...options }: FailuresOptions,
  stop: AbortSignal,
): Promise<void> {
  const keys = discard === undefined || discard === true ? [] : discard;
  if (discard === undefined ? all : all === keys.length > 0) throw new UserError(howToDiscard(options));
  return onDeployment(options, async (deployment, target) => {
    if (discard !== undefined) return discardFailures(deployment, target, { ...options, keys, json, yes }, stop);
    const progress = createReport(process.stderr);
    const records = await readAll(deployment, progress, stop).catch((error: unknown) => {
      if (!stop.aborted) throw error;
      throw new UserError(`stopped by ${stop.reason} while reading the records: none is listed`);
    });
    progress.wait("");
    const listed = records.flatMap(list);
    listed.sort((one, other) => (one.when < other.when ? -1 : 1));
    if (json) return printJson({ failures: listed });
    for (const [index, failure] of listed.entries()) {
      if (index % PAGE === 0) await setImmediate(); // Signals, and a reader that has gone, are heard of only then.
      if (stop.aborted)
        throw new UserError(`stopped by ${stop.reason} after ${index} of ${listed.length} failed events`);
      print(describe(failure, columnsOf(process.stdout)));
    }
    print(wrap(summary(listed, options), columnsOf(process.stdout)));
  });
}

async function readAll(deployment: Deployment, { wait }: Report, stop: AbortSignal): Promise<FailureRecord[]> {
  const records: FailureRecord[] = [];
  for await (const record of readFailureRecords(deployment.s3, deployment.failuresBucket)) {
    stop.throwIfAborted();
    wait(`${records.push(record)} records read …`);
  }
  wait("Reading the functions' logs …");
  return withCauses(deployment, records, stop);
}

/** A record that is not understood has no events, and is listed all the same. */
function list({ events, when, functionName, reason, failureKey }: FailureRecord): ListedFailure[] {
  const common = { when, function: functionName, reason, record: failureKey };
  if (events.length === 0) return [{ ...common, profileId: null, key: null }];
  return events.map(({ profileId = null, key = null }) => ({ ...common, profileId, key }));
}

/** The record stays in one piece, since it is there to be copied. */
function describe(
  { when, function: functionName, profileId, key, reason, record }: ListedFailure,
  columns?: number,
): Printed {
  const who = printable(`${when}  ${functionName || "?"}  profile ${profileId ?? "?"}  `);
  return [
    who,
    cut(printable(key ?? "no photo"), Math.max((columns ?? Infinity) - who.length, SHORTEST_KEY)),
    "\n",
    { text: wrap(printable(`  ${reason.code}: ${reason.message}`), columns, "  "), colour: "red" },
    "\n",
    { text: `  ${printable(record)}`, colour: "dim" },
    "\n",
  ];
}

function summary(listed: readonly ListedFailure[], options: DeploymentOptions): string {
  if (listed.length === 0) return "There are no failures.";
  const records = new Set(listed.map(({ record }) => record)).size;
  const [redrive, discard] = [
    sameTarget("redrive", "--all", options),
    sameTarget("failures", "--discard RECORD…", options),
  ];
  return `${plural(listed.length, "failed event")} in ${plural(records, "record")}. When the cause is fixed: ${redrive} (or the records instead of --all); what cannot be fixed: ${discard}`;
}
