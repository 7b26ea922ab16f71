// Log lines as people read them: Lambda's JSON documents as time, level and message, and stacks as Node prints them;
// everything else as it is. https://docs.aws.amazon.com/lambda/latest/dg/monitoring-cloudwatchlogs-logformat.html

type Document = Readonly<Record<string, unknown>>;

export function readableLine(line: string): string {
  const document = parse(line);
  if (document === undefined) return line.trimEnd();
  const { timestamp, time = timestamp, level, message, type, record, requestId: _requestId, ...others } = document;
  const moment = String(time ?? "").slice(11, 23);
  if (typeof type === "string") return `${moment} ${type} ${text(withoutIds(record))}`;
  // A message may be a document itself: what a function logs as an object.
  const said = isDocument(message) ? message : { message, ...others };
  const { message: words, ...rest } = isDocument(message) ? { ...said, ...others } : said;
  return [`${moment} ${level ?? ""} ${text(words)}`.trimEnd(), ...namesAndStacks(rest)].join("");
}

/** The rest of a document: plain values behind the message, errors with their stacks below it. */
function namesAndStacks(document: Document): string[] {
  const errors = Object.entries(document).filter(([, value]) => stackOf(value) !== undefined);
  const own = stackOf(document);
  const plain = Object.entries(document).filter(
    ([name, value]) => stackOf(value) === undefined && (own === undefined || !ERROR_MEMBERS.includes(name)),
  );
  return [
    ...(plain.length === 0 ? [] : [` ${text(Object.fromEntries(plain))}`]),
    ...[own, ...errors.map(([, value]) => stackOf(value))].flatMap((stack) =>
      stack === undefined ? [] : [`\n${stack}`],
    ),
  ];
}

const ERROR_MEMBERS = ["errorType", "errorMessage", "stackTrace", "stack", "name"];

/** Lambda's form of an error, indented. */
function stackOf(value: unknown): string | undefined {
  if (!isDocument(value)) return undefined;
  const { stackTrace, stack = stackTrace, errorType, name = errorType, errorMessage, message = errorMessage } = value;
  const frames = Array.isArray(stack) ? stack.map(String) : typeof stack === "string" ? stack.split("\n") : undefined;
  if (frames === undefined) return undefined;
  const head = [name, message].filter(Boolean).join(": ");
  const all = frames[0]?.trim().startsWith("at ") && head !== "" ? [head, ...frames] : frames;
  return all.map((frame) => `    ${frame.trim().startsWith("at ") ? "  " : ""}${frame.trim()}`).join("\n");
}

const isDocument = (value: unknown): value is Document =>
  typeof value === "object" && value !== null && !Array.isArray(value);

function parse(line: string): Document | undefined {
  try {
    const value = JSON.parse(line);
    return isDocument(value) ? value : undefined;
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
