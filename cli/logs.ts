// `npm run logs`: what the functions print, of all by time, and on as it comes.

import { setTimeout } from "node:timers/promises";
import { CloudWatchLogsClient } from "@aws-sdk/client-cloudwatch-logs";
import { Argument, Command, InvalidArgumentError, Option } from "commander";
import type { Deployment } from "../operations/deployment";
import { parseLogEvent } from "../operations/log-event";
import { createLogReader, type LogEvent } from "../operations/log-reader";
import { type AnyFunctionName, FUNCTION_NAMES, REPORT_FAILURE } from "../stack/function-names";
import { UserError } from "../stack/user-error";
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

const ALL_FUNCTIONS = [...FUNCTION_NAMES, REPORT_FAILURE];

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
      new Argument("[function]", "that of one function only (default: all)")
        .choices(ALL_FUNCTIONS)
        .argParser(anyCaseOf(ALL_FUNCTIONS)),
    )
    .addOption(
      new Option("--since <time>", "30s, 10m, 2h, 3d or 1w ago, or a time such as 2026-05-01T12:00:00Z")
        .argParser(parseSince)
        .default(Date.now() - 10 * 60_000, "10m"),
    )
    .option("--follow", "wait for new events")
    .option("--json", "print each event as one line of JSON")
    .action(logs);

/** Returns milliseconds since 1970. */
function parseSince(value: string): number {
  const [, amount, unit = ""] = /^(\d+)([smhdw])$/.exec(value) ?? [];
  const time = amount === undefined ? Date.parse(value) : Date.now() - Number(amount) * (UNITS[unit] ?? 0);
  if (time >= 0) return time;
  throw new InvalidArgumentError("It must be such as 30s, 10m, 2h, 3d or 1w, or a time such as 2026-05-01T12:00:00Z.");
}

function logs(name: AnyFunctionName | undefined, { since, follow = false, json = false, ...options }: LogsOptions) {
  const stop = userStop();
  return onDeployment(options, async ({ client, functionNames }) => {
    const cloudwatch = new CloudWatchLogsClient(client);
    const names = name === undefined ? Object.values(functionNames) : [nameOf(functionNames, name)];
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

function nameOf(functionNames: Deployment["functionNames"], name: AnyFunctionName): string {
  const found = functionNames[name];
  if (found === undefined) throw new UserError(`there is no ${name} here: the setting "events" brings it`);
  return found;
}

/** A document that a function printed stays one. */
const documentOf = ({ functionName, timestamp, message }: LogEvent) => ({
  timestamp: new Date(timestamp).toISOString(),
  function: functionName,
  message: parseLogEvent(message),
});
