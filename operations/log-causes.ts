// Why an invocation failed, in the words of what it logged.

import { type Document, isDocument, parseLogDocument } from "./log-event";

/** The client of TinyPNG ends its messages so. */
const OF_TINYPNG = /^(.*) \(HTTP (\d{3})(?:\/(.+))?\)$/s;

/** The different errors that the lines of one invocation tell, in their order; none when it told none. */
export function causesIn(lines: readonly string[]): string[] {
  const documents = lines.map((line) => parseLogDocument(line) ?? { message: line });
  const errors = documents.map(errorIn).filter((error) => error !== undefined);
  // A killed function cannot say why: Lambda's log lines do.
  const causes = errors.length > 0 ? errors : documents.map(endIn).filter((end) => end !== undefined);
  return [...new Set(causes)];
}

const isError = (value: unknown): value is { readonly errorType?: unknown; readonly errorMessage: string } =>
  isDocument(value) && typeof value.errorMessage === "string";

/** An error that the function logged beside a message, or that nobody caught. */
function errorIn(document: Document): string | undefined {
  const { message } = document;
  const places = [document, message, ...(isDocument(message) ? [message.error] : [])];
  const { errorType, errorMessage } = places.find(isError) ?? {};
  if (errorMessage === undefined) return undefined;
  const [, said, status, code = ""] = OF_TINYPNG.exec(errorMessage) ?? [];
  if (status !== undefined) return `TinyPNG: ${[status, code].join(" ").trim()} (${said})`;
  return errorType === undefined || errorType === "Error" ? errorMessage : `${errorType}: ${errorMessage}`;
}

function endIn({ type, record, message }: Document): string | undefined {
  if (type !== "platform.report" || !isDocument(record))
    return /Task timed out after [\d.]+ seconds/.exec(`${message}`)?.[0];
  const { status, errorType, metrics } = record;
  if (status !== "timeout") return typeof errorType === "string" ? errorType : undefined;
  const ms = isDocument(metrics) ? Math.round(Number(metrics.durationMs)) : undefined;
  return `the function was stopped by its time limit${ms === undefined ? "" : ` after ${ms} ms`}`;
}
