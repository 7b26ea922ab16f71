// `npm run logs`: what the functions print, of both by time, and on as it comes.

import { setTimeout } from "node:timers/promises";
import { CloudWatchLogsClient } from "@aws-sdk/client-cloudwatch-logs";
import { Argument, Command, InvalidArgumentError, Option } from "commander";
import { parseLogEvent } from "../operations/log-event";
import { createLogReader, type LogEvent } from "../operations/log-reader";
import { FUNCTION_NAMES, type FunctionName } from "../stack/function-names";
import { anyCaseOf } from "./choice";
import { describeLogEvent } from "./log-line";
import { type DeploymentOptions, onDeployment, withDeploymentOptions } from "./on-deployment";
import { columnsOf, print, printJson } from "./print";
import { userStop } from "./stop";

interface LogsOptions extends DeploymentOptions {
  readonly since: number;
  readonly follow?: boolean;
  readonly json?: boolean;
}

/** Milliseconds. */
const UNITS: Readonly<Record<string, number>> = {
  s: 1_000,
  m: 60_000,
  h: 3_600_000,
  d: 24 * 3_600_000,
  w: 7 * 24 * 3_600_000,
};
/** All of an account's readers of logs share a few calls a second. */
const PAUSE_MS = 1_000;

export const logsCommand = (): Command =>
  withDeploymentOptions(new Command("logs"))
    .description("Show what the functions print, by time. With --follow it goes on until Ctrl-C, which is exit 130.")
    .addArgument(
      new Argument("[function]", "that of one function only (default: both)")
        .choices(FUNCTION_NAMES)
        .argParser(anyCaseOf(FUNCTION_NAMES)),
    )
    .addOption(
      new Option("--since <time>", "30s, 10m, 2h, 3d or 1w ago, or a time such as 2026-05-01T12:00:00Z")
        .argParser(parseSince)
        .default(Date.now() - 10 * 60_000, "10m"),
    )
    .option("--follow", "wait for what comes")
    .option("--json", "print each event as one line of JSON")
    .action(logs);

/** Returns milliseconds since 1970. */
function parseSince(value: string): number {
  const [, amount, unit = ""] = /^(\d+)([smhdw])$/.exec(value) ?? [];
  const time = amount === undefined ? Date.parse(value) : Date.now() - Number(amount) * (UNITS[unit] ?? 0);
  if (time >= 0) return time;
  throw new InvalidArgumentError("It must be such as 30s, 10m, 2h, 3d or 1w, or a time such as 2026-05-01T12:00:00Z.");
}

function logs(name: FunctionName | undefined, { since, follow = false, json = false, ...options }: LogsOptions) {
  const stop = userStop();
  return onDeployment(options, async ({ client, functionNames }) => {
    const cloudwatch = new CloudWatchLogsClient(client);
    const names = (name === undefined ? FUNCTION_NAMES : [name]).map((each) => functionNames[each]);
    const read = createLogReader(cloudwatch, names, since, stop);
    try {
      do {
        for (const event of await read()) {
          if (json) printJson(documentOf(event));
          else print(describeLogEvent(event, columnsOf(process.stdout)));
        }
        if (follow) await setTimeout(PAUSE_MS, undefined, { signal: stop });
      } while (follow);
    } catch (error) {
      if (!stop.aborted) throw error;
    } finally {
      cloudwatch.destroy();
    }
  });
}

/** A document that a function printed stays one. */
const documentOf = ({ functionName, timestamp, message }: LogEvent) => ({
  timestamp: new Date(timestamp).toISOString(),
  function: functionName,
  message: parseLogEvent(message),
});
