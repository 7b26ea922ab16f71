// One log event as a line for people: what Lambda's JSON documents say, without their frame.
// https://docs.aws.amazon.com/lambda/latest/dg/monitoring-cloudwatchlogs-logformat.html

import { type Document, isDocument, parseLogDocument } from "../operations/log-event";
import type { LogEvent } from "../operations/log-reader";
import type { Printed } from "./print";
import { printable } from "./printable";
import { wrap } from "./wrap";

/** Characters of the longest function's name and of the longest level. */
const NAME_WIDTH = "SetProfileImage".length;
const LEVEL_WIDTH = "ERROR".length;
/** Of what a terminal has no room for in the first line. */
const INDENT = "    ";
const COLOURS: Readonly<Record<string, "red" | "yellow" | "dim">> = {
  FATAL: "red",
  ERROR: "red",
  WARN: "yellow",
  DEBUG: "dim",
  TRACE: "dim",
  "": "dim",
};

/**
 * Time, function, level, what happened, and its details, in the colour of the level.
 * @param columns of a terminal, within which it is broken
 */
export function describeLogEvent({ functionName, timestamp, message }: LogEvent, columns?: number): Printed {
  const { level, text } = describe(parseLogDocument(message) ?? { message });
  const time = `${new Date(timestamp).toISOString()}  `;
  const event = `${functionName.padEnd(NAME_WIDTH)}  ${level.padEnd(LEVEL_WIDTH)}  ${printable(text)}`;
  const line = wrap(time + event, columns, INDENT).slice(time.length);
  const colour = COLOURS[level];
  return [time, colour === undefined ? line : { text: line, colour }];
}

function describe(document: Document): { level: string; text: string } {
  const { type, record, level, message, errorType, errorMessage } = document;
  if (typeof type === "string" && isDocument(record)) return { level: "", text: describePlatform(type, record) };
  return {
    level: typeof level === "string" ? level : "",
    text: join(isDocument(message) ? message : { message, errorType, errorMessage }),
  };
}

/** Lambda's own events: the end of an invocation is told with what it took, anything else in full. */
function describePlatform(type: string, record: Document): string {
  const { metrics, status, requestId } = record;
  if (type === "platform.start") return `start ${requestId}`;
  if (type !== "platform.report" || !isDocument(metrics)) return join({ message: type, ...record });
  const init = metrics.initDurationMs === undefined ? "" : ` after a cold start of ${round(metrics.initDurationMs)} ms`;
  return `${status}: ${round(metrics.durationMs)} ms${init}, ${metrics.maxMemoryUsedMB} of ${metrics.memorySizeMB} MB`;
}

const round = (value: unknown): string => Number(value).toFixed(0);

/** What the function said first, then everything else by name. */
function join({ message, errorType, errorMessage, stackTrace: _stackTrace, ...details }: Document): string {
  const error = errorMessage === undefined ? [] : [`${errorType}: ${errorMessage}`];
  const head = message === undefined ? error : [text(message), ...error];
  return [...head, ...Object.entries(details).map(([name, value]) => `${name}=${text(value)}`)].join("  ");
}

function text(value: unknown): string {
  if (typeof value === "string") return value;
  return isDocument(value) && "errorMessage" in value ? join(value) : JSON.stringify(value);
}
