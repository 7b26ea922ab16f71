// `npm run redrive`: replays failure records and removes those that are done with.

import { DeleteObjectCommand, NoSuchKey, S3ServiceException } from "@aws-sdk/client-s3";
import { Command } from "commander";
import { UserError } from "../stack/user-error";
import { type Deployment, type DeploymentOptions, onDeployment, withDeploymentOptions } from "./deployment";
import { type FailureRecord, readFailureRecord, readFailureRecords } from "./failure-records";
import { createProgress } from "./progress";
import { type Outcome, replay } from "./replay";
import { createReport } from "./report";

interface RedriveOptions extends DeploymentOptions {
  readonly all?: boolean;
  readonly json?: boolean;
}

export const redriveCommand = (): Command =>
  withDeploymentOptions(new Command("redrive"))
    .description("Replay what failed; a record is removed when its event has succeeded. Exit 1 when any still fails.")
    .argument("[records...]", "keys of failure records, as `npm run failures` lists them")
    .option("--all", "replay all records")
    .option("--json", "print the result as one line of JSON at the end")
    .action(redrive);

/** What became of one record; of several events in it the worst counts. */
interface Redriven {
  readonly record: string;
  readonly state: Outcome["state"];
  readonly why?: string;
  /** The more precise records that stand in for this one now. */
  readonly keptAs?: readonly string[];
}

function redrive(keys: string[], { all = false, json = false, ...options }: RedriveOptions): Promise<void> {
  if (all === keys.length > 0) {
    throw new UserError('say which records to replay: "npm run redrive -- --all" or "npm run redrive -- RECORD…"');
  }
  return onDeployment(options, async (deployment) => {
    const records = await select(deployment, keys);
    const done = createProgress(records.length, createReport(json ? process.stderr : process.stdout));
    const results: Redriven[] = [];
    for (const record of records) {
      const result = await redriveRecord(deployment, record);
      results.push(result);
      done(describe(record, result));
    }
    const count = (state: Outcome["state"]) => results.filter((result) => result.state === state).length;
    const counts = { succeeded: count("succeeded"), superseded: count("superseded"), failed: count("failed") };
    if (json) console.log(JSON.stringify({ ...counts, records: results }));
    else console.log(`${counts.succeeded} succeeded, ${counts.superseded} superseded, ${counts.failed} failed.`);
    if (counts.failed > 0) {
      throw new UserError(`${counts.failed} of ${records.length} records still fail; "npm run failures" lists them`);
    }
  });
}

/** In the order in which they failed: what came first goes first. */
async function select({ s3, failuresBucket }: Deployment, keys: readonly string[]): Promise<FailureRecord[]> {
  const records: FailureRecord[] = [];
  if (keys.length === 0) for await (const record of readFailureRecords(s3, failuresBucket)) records.push(record);
  for (const key of new Set(keys)) {
    try {
      records.push(await readFailureRecord(s3, failuresBucket, key));
    } catch (error) {
      if (!(error instanceof NoSuchKey)) throw error;
      throw new UserError(`there is no failure record "${key}" in ${failuresBucket}; "npm run failures" lists them`);
    }
  }
  return records.sort((one, other) => (one.when < other.when ? -1 : 1));
}

async function redriveRecord(deployment: Deployment, record: FailureRecord): Promise<Redriven> {
  const { failureKey, functionName, events, reason } = record;
  if (events.length === 0) return { record: failureKey, state: "failed", why: reason.message };
  const outcomes: Outcome[] = [];
  for (const event of events) outcomes.push(await replay(deployment, functionName, event.record));
  const failed = outcomes.filter((outcome) => outcome.state === "failed");
  const keptAs = failed.flatMap((outcome) => (outcome.keptAs === undefined ? [] : [outcome.keptAs]));
  // A record of Lambda's may hold ten events; once each that failed has a record of its own, it has had its day.
  const isReplaced = keptAs.length === failed.length && !keptAs.includes(failureKey);
  if (isReplaced && !(await remove(deployment, record))) {
    return { record: failureKey, state: "failed", why: "it was written anew meanwhile" };
  }
  if (failed.length > 0) {
    const why = failed.map((outcome) => outcome.why).join("; ");
    return { record: failureKey, state: "failed", why, ...(isReplaced && { keptAs }) };
  }
  const isSuperseded = outcomes.every(({ state }) => state === "superseded");
  return { record: failureKey, state: isSuperseded ? "superseded" : "succeeded" };
}

/** Removes a record as it was read, and says whether it did: one that the function has written again stays. */
async function remove({ s3, failuresBucket }: Deployment, { failureKey, eTag }: FailureRecord): Promise<boolean> {
  try {
    await s3.send(new DeleteObjectCommand({ Bucket: failuresBucket, Key: failureKey, IfMatch: eTag }));
    return true;
  } catch (error) {
    if (error instanceof NoSuchKey) return true; // Somebody else's redrive was faster.
    if (error instanceof S3ServiceException && error.$metadata.httpStatusCode === 412) return false;
    throw error;
  }
}

function describe({ functionName, events, failureKey }: FailureRecord, { state, why, keptAs }: Redriven): string {
  const [first] = events;
  const what = events.length === 1 ? (first?.key ?? "no photo") : `${events.length} events`;
  const profile = events.length === 1 && first?.profileId !== undefined ? `profile ${first.profileId}  ` : "";
  const replaced = keptAs === undefined ? "" : ` (now kept as ${keptAs.join(", ")})`;
  const end = state === "failed" ? `${failureKey}: ${why}${replaced}` : failureKey;
  return `${state.padEnd(10)}  ${functionName}  ${profile}${what}  ${end}`;
}
