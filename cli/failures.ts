// `npm run failures`: what the pipeline could not do, and why.

import { Command } from "commander";
import { type DeploymentOptions, onDeployment, withDeploymentOptions } from "./deployment";
import { type FailureRecord, readFailureRecords } from "./failure-records";

interface FailuresOptions extends DeploymentOptions {
  readonly json?: boolean;
}

export const failuresCommand = (): Command =>
  withDeploymentOptions(new Command("failures"))
    .description("List what the pipeline could not do: when, which function, profile and photo, why, and the record.")
    .option("--json", "print the list as one line of JSON")
    .action(failures);

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

function failures({ json = false, ...options }: FailuresOptions): Promise<void> {
  return onDeployment(options, async ({ s3, failuresBucket }) => {
    const listed: ListedFailure[] = [];
    for await (const record of readFailureRecords(s3, failuresBucket)) listed.push(...list(record));
    listed.sort((one, other) => (one.when < other.when ? -1 : 1));
    if (json) return console.log(JSON.stringify({ failures: listed }));
    for (const failure of listed) console.log(`${describe(failure)}\n`);
    console.log(summary(listed));
  });
}

/** A record that is not understood has no events, and is listed all the same. */
function list({ events, when, functionName, reason, failureKey }: FailureRecord): ListedFailure[] {
  const common = { when, function: functionName, reason, record: failureKey };
  if (events.length === 0) return [{ ...common, profileId: null, key: null }];
  return events.map(({ profileId = null, key = null }) => ({ ...common, profileId, key }));
}

const describe = ({ when, function: functionName, profileId, key, reason, record }: ListedFailure): string =>
  `${when}  ${functionName || "?"}  profile ${profileId ?? "?"}  ${key ?? "no photo"}
  ${reason.code}: ${reason.message}
  ${record}`;

function summary(listed: readonly ListedFailure[]): string {
  if (listed.length === 0) return "There are no failures.";
  const records = new Set(listed.map(({ record }) => record)).size;
  return `${listed.length} failed event${listed.length === 1 ? "" : "s"} in ${records} record${records === 1 ? "" : "s"}. When the cause is mended: npm run redrive -- --all, or -- RECORD…`;
}
