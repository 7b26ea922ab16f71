// Log lines as people read them: Lambda's JSON documents as time, level and message; everything else as it is.
// https://docs.aws.amazon.com/lambda/latest/dg/monitoring-cloudwatchlogs-logformat.html

export function readableLine(line: string): string {
  const document = parse(line);
  if (document === undefined) return line.trimEnd();
  const { timestamp, time = timestamp, level, message, type, record, requestId: _requestId, ...others } = document;
  const moment = String(time ?? "").slice(11, 23);
  if (typeof type === "string") return `${moment} ${type} ${text(withoutIds(record))}`;
  const rest = Object.keys(others).length === 0 ? "" : ` ${text(others)}`;
  return `${moment} ${level ?? ""} ${text(message)}${rest}`;
}

function parse(line: string): Record<string, unknown> | undefined {
  try {
    const value = JSON.parse(line);
    return typeof value === "object" && value !== null ? value : undefined;
  } catch {
    return undefined;
  }
}

/** What the step says already. */
function withoutIds(record: unknown): unknown {
  const { requestId: _requestId, functionArn: _functionArn, version: _version, ...others } = Object(record);
  return others;
}

const text = (value: unknown): string => {
  if (typeof value === "string") return value;
  const json = JSON.stringify(value);
  return json === "{}" || json === undefined ? "" : json;
};
