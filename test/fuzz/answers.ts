// Reads the answers on a connection by the letter of HTTP/1.1, and says what is wrong with them.

export interface Answer {
  readonly status: number;
  readonly headers: ReadonlyMap<string, string>;
  readonly body: string;
}

/** Answers in order, without the interim ones; throws when the bytes are not answers. */
export function readAnswers(bytes: Buffer, methods: readonly string[]): { answers: Answer[]; isComplete: boolean } {
  const answers: Answer[] = [];
  for (let rest = bytes; rest.length > 0; ) {
    const headEnd = rest.indexOf("\r\n\r\n");
    if (headEnd < 0) return { answers, isComplete: false };
    const [statusLine = "", ...lines] = rest.toString("latin1", 0, headEnd).split("\r\n");
    const [, statusText] = /^HTTP\/1\.1 ([1-5]\d\d) [\x20-\x7e]+$/.exec(statusLine) ?? [];
    if (statusText === undefined) throw new Error(`"${statusLine.slice(0, 200)}" is not a status line`);
    const status = Number(statusText);
    rest = rest.subarray(headEnd + 4);
    if (status < 200) continue;
    const headers = readHeaders(lines);
    // Bytes that are not a request get their refusal with a body, whatever method they began with; only these have no date.
    const isOfHead = methods[answers.length] === "HEAD" && headers.has("date");
    const hasBody = status !== 204 && status !== 304 && !isOfHead;
    const body = hasBody ? readBody(headers, rest) : { content: Buffer.alloc(0), length: 0 };
    if (body === undefined) return { answers, isComplete: false };
    answers.push({ status, headers, body: body.content.toString("utf8") });
    rest = rest.subarray(body.length);
  }
  return { answers, isComplete: true };
}

function readHeaders(lines: readonly string[]): Map<string, string> {
  const headers = new Map<string, string>();
  for (const line of lines) {
    const [, name, value = ""] = /^([!#$%&'*+\-.^_`|~0-9A-Za-z]+): ?([\t\x20-\x7e\x80-\xff]*)$/.exec(line) ?? [];
    if (name === undefined) throw new Error(`"${line.slice(0, 200)}" is not a header`);
    headers.set(name.toLowerCase(), value);
  }
  return headers;
}

function readBody(headers: ReadonlyMap<string, string>, rest: Buffer): { content: Buffer; length: number } | undefined {
  if (headers.get("transfer-encoding") === "chunked") return readChunks(rest);
  const length = Number(headers.get("content-length") ?? Number.NaN);
  if (!Number.isInteger(length)) throw new Error("an answer has neither Content-Length nor chunks");
  return rest.length < length ? undefined : { content: rest.subarray(0, length), length };
}

function readChunks(bytes: Buffer): { content: Buffer; length: number } | undefined {
  const pieces: Buffer[] = [];
  for (let at = 0; ; ) {
    const lineEnd = bytes.indexOf("\r\n", at);
    if (lineEnd < 0) return undefined;
    const size = Number.parseInt(bytes.toString("latin1", at, lineEnd), 16);
    if (Number.isNaN(size)) throw new Error("an answer's chunks are not well-formed");
    if (bytes.length < lineEnd + 4 + size) return undefined;
    pieces.push(bytes.subarray(lineEnd + 2, lineEnd + 2 + size));
    at = lineEnd + 4 + size;
    if (size === 0) return { content: Buffer.concat(pieces), length: at };
  }
}

/** A line of a stack trace, or a path of this project. */
const STACK_TEXT = /\bat [^\n]*[\w/]+\.[cm]?[jt]sx?:\d+|node:internal|node_modules/;
/** Refusals that AWS documents too. */
const ALLOWED_5XX = [501, 503];

/** What must never be answered, in words; nothing when the answer may stand. */
export function faultOf({ status, headers, body }: Answer): string | undefined {
  if (status >= 500 && !ALLOWED_5XX.includes(status)) return `answered ${status}: ${body.slice(0, 300)}`;
  // A function's own error comes with the function's own trace, as on AWS.
  const isFunctions = headers.has("x-amz-function-error") || body.includes('"events":[');
  if (!isFunctions && STACK_TEXT.test(body)) return `answered with a stack trace: ${body.slice(0, 500)}`;
  return undefined;
}
