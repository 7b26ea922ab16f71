// What Lambda's own failure records leave out: why the last invocation failed. A record of a stream's batch names only the
// request, and the function's log has the rest, as long as it is kept.

import { CloudWatchLogsClient, paginateFilterLogEvents } from "@aws-sdk/client-cloudwatch-logs";
import type { Deployment } from "./deployment";
import type { FailureRecord } from "./failure-records";
import { causesIn } from "./log-causes";

/**
 * A filter pattern has 1,024 characters, and each id takes 40 of them.
 * https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_FilterLogEvents.html
 */
const IDS_AT_ONCE = 25;
/** Between a failed invocation and its record lies the pause before a next try, which may come too late. */
const BEFORE_MS = 3_600_000;
const AFTER_MS = 60_000;

/** By request, as far as the log tells them; or why it cannot be read. */
type Causes = ReadonlyMap<string, readonly string[]> | { readonly unreadable: string };

/** The records, each with the reason that the log of its function gives; those that say it themselves as they are. */
export async function withCauses(
  deployment: Pick<Deployment, "client" | "functionNames">,
  records: readonly FailureRecord[],
  stop?: AbortSignal,
): Promise<FailureRecord[]> {
  const functionNames: readonly string[] = Object.values(deployment.functionNames);
  const unexplained = records.filter(
    ({ unexplained: request, functionName }) => request !== undefined && functionNames.includes(functionName),
  );
  if (unexplained.length === 0) return [...records];
  const logs = new CloudWatchLogsClient(deployment.client);
  const causes = new Map<FailureRecord, Causes>();
  const refused = new Map<string, Causes>();
  try {
    for (const group of groups(unexplained)) {
      const [{ functionName } = { functionName: "" }] = group;
      // The next question about a log that cannot be read would be refused as well, and so would each of many.
      const found = refused.get(functionName) ?? (await readCauses(logs, group, stop));
      if ("unreadable" in found) refused.set(functionName, found);
      for (const record of group) causes.set(record, found);
    }
  } finally {
    logs.destroy();
  }
  return records.map((record) => explained(record, causes.get(record)));
}

function explained(record: FailureRecord, causes: Causes | undefined): FailureRecord {
  const { unexplained: request, reason } = record;
  if (request === undefined || causes === undefined) return record;
  const why = (message: string): FailureRecord => ({ ...record, reason: { ...reason, message } });
  if ("unreadable" in causes) return why(`${reason.message} (${causes.unreadable})`);
  const found = causes.get(request.id);
  if (found === undefined) return why(`${reason.message} (it has nothing of the request ${request.id}, or no longer)`);
  return why([found.join("; "), request.tries].filter(Boolean).join(", "));
}

/** Those of one function within an hour or so together: the fewer questions the better, and none about whole days. */
function groups(records: readonly FailureRecord[]): FailureRecord[][] {
  const grouped: FailureRecord[][] = [];
  const open = new Map<string, FailureRecord[]>();
  for (const record of [...records].sort((one, other) => timeOf(one) - timeOf(other))) {
    const group = open.get(record.functionName);
    const [first] = group ?? [];
    if (
      group !== undefined &&
      first !== undefined &&
      group.length < IDS_AT_ONCE &&
      timeOf(record) - timeOf(first) < BEFORE_MS
    ) {
      group.push(record);
    } else {
      const fresh = [record];
      open.set(record.functionName, fresh);
      grouped.push(fresh);
    }
  }
  return grouped;
}

const timeOf = ({ when }: FailureRecord): number => Date.parse(when) || 0;

async function readCauses(
  client: CloudWatchLogsClient,
  group: readonly FailureRecord[],
  abortSignal: AbortSignal | undefined,
): Promise<Causes> {
  const ids = new Set(group.map(({ unexplained }) => unexplained?.id ?? ""));
  const times = group.map(timeOf);
  const input = {
    logGroupName: `/aws/lambda/${group[0]?.functionName}`,
    filterPattern: ids.size === 1 ? `"${[...ids][0]}"` : [...ids].map((id) => `?"${id}"`).join(" "),
    startTime: Math.max(0, Math.min(...times) - BEFORE_MS),
    endTime: Math.max(...times) + AFTER_MS,
  };
  const lines: string[] = [];
  try {
    for await (const { events = [] } of paginateFilterLogEvents({ client }, input, { abortSignal })) {
      for (const { message = "" } of events) lines.push(message);
    }
  } catch (error) {
    // Without the log the failures are still worth telling, with the reason why there is no more to tell.
    if (abortSignal?.aborted || !(error instanceof Error)) throw error;
    return {
      unreadable: error.name === "ResourceNotFoundException" ? "it is gone" : `${error.name}: ${error.message}`,
    };
  }
  const causes = [...ids].map((id) => [id, causesIn(lines.filter((line) => line.includes(id)))] as const);
  return new Map(causes.filter(([, found]) => found.length > 0));
}
