// The lines that Lambda itself writes around each invocation: START, END and REPORT in the text format, platform.start
// and platform.report in the JSON format.
// https://docs.aws.amazon.com/lambda/latest/dg/monitoring-cloudwatchlogs-logformat.html

import { toMegabytes } from "../instance/memory";
import type { Outcome } from "../instance/outcome";
import type { FunctionConfiguration } from "../types";

export interface Report {
  readonly requestId: string;
  readonly outcome: Outcome;
  readonly durationMs: number;
  /** Present for the first invocation of an instance only. */
  readonly initMs?: number;
  readonly memorySize: number;
  readonly maxMemoryBytes: number;
}

/** The time that AWS bills: whole milliseconds, and since August 2025 the init's too. */
export const billedMs = ({ durationMs, initMs = 0 }: Pick<Report, "durationMs" | "initMs">): number =>
  Math.ceil(durationMs + initMs);

/** The lines of one function, in its log format and at its system log level. */
export function createPlatformLog({ logFormat, systemLogLevel = "INFO" }: FunctionConfiguration) {
  const render = logFormat === "JSON" ? json : text;
  return {
    start: (requestId: string, functionArn: string): string[] =>
      logFormat === "JSON" && systemLogLevel === "WARN" ? [] : render.start(requestId, functionArn),
    end(report: Report): string[] {
      const hidden = logFormat === "JSON" && systemLogLevel === "WARN" && report.outcome.status === "success";
      return hidden ? [] : render.end(report, systemLogLevel === "DEBUG");
    },
  };
}

const text = {
  start: (requestId: string): string[] => [`START RequestId: ${requestId} Version: $LATEST`],
  end(report: Report): string[] {
    const { requestId, outcome, durationMs, initMs } = report;
    const fields = [
      `REPORT RequestId: ${requestId}`,
      `Duration: ${durationMs.toFixed(2)} ms`,
      `Billed Duration: ${billedMs(report)} ms`,
      `Memory Size: ${report.memorySize} MB`,
      `Max Memory Used: ${shownMemoryMb(report)} MB`,
      ...(initMs === undefined ? [] : [`Init Duration: ${initMs.toFixed(2)} ms`]),
      ...(isPlatformFailure(outcome) ? [`Status: ${outcome.status}`] : []),
      ...(isPlatformFailure(outcome) && outcome.status === "error" ? [`Error Type: ${outcome.errorType}`] : []),
    ];
    const platformLines = outcome.platformLine === undefined ? [] : [outcome.platformLine];
    return [...platformLines, `END RequestId: ${requestId}`, `${fields.join("\t")}\t`];
  },
};

const json = {
  start: (requestId: string, functionArn: string): string[] => [
    platformEvent("platform.start", { requestId, functionArn, version: "$LATEST" }),
  ],
  end(report: Report, withRuntimeDone: boolean): string[] {
    const { requestId, outcome, durationMs, initMs } = report;
    const status = isPlatformFailure(outcome) ? outcome.status : "success";
    const failure = status === "error" ? { errorType: outcome.errorType } : {};
    return [
      ...(withRuntimeDone || status !== "success"
        ? [
            platformEvent("platform.runtimeDone", {
              requestId,
              status,
              ...failure,
              metrics: { durationMs: round(durationMs) },
            }),
          ]
        : []),
      platformEvent("platform.report", {
        requestId,
        metrics: {
          durationMs: round(durationMs),
          billedDurationMs: billedMs(report),
          memorySizeMB: report.memorySize,
          maxMemoryUsedMB: shownMemoryMb(report),
          ...(initMs !== undefined && { initDurationMs: round(initMs) }),
        },
        status,
        ...failure,
      }),
    ];
  },
};

/** REPORT names only what ended the instance, not an error that the handler threw. */
const isPlatformFailure = ({ status, platformLine }: Outcome): boolean =>
  status === "timeout" || platformLine !== undefined;

/** A killed instance held all it could get: no REPORT shows more than the memory size. */
const shownMemoryMb = ({ maxMemoryBytes, memorySize }: Report): number =>
  Math.min(toMegabytes(maxMemoryBytes), memorySize);

const round = (milliseconds: number): number => Math.round(milliseconds * 1000) / 1000;

const platformEvent = (type: string, record: object): string =>
  JSON.stringify({ time: new Date().toISOString(), type, record });
