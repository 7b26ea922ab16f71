// One request of the fuzz: what it is meant to be, its bytes, and how its connection ends.

import type { Random } from "./random";

/** A request before it becomes bytes. */
export interface Draft {
  readonly method: string;
  /** With the query, as it is sent. */
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
}

export interface FuzzRequest {
  /** What it plays, for a report. */
  readonly kind: string;
  readonly bytes: Buffer;
  /** HEAD's answer has no body; the reader of the answers must know. */
  readonly methods: readonly string[];
  /**
   * `answer`: the connection stays open until all answers are there. `half-close`: the client says that nothing more
   * comes, and the server has to close. `hang-up`: the client is gone when its bytes are.
   */
  readonly ends: "answer" | "half-close" | "hang-up";
  /** Whether it may run a function: such requests go one after another. */
  readonly invokes?: boolean;
}

/** Writes a draft as HTTP/1.1, mostly right; a broken end makes the request end early or lie about its length. */
export function toRequest(random: Random, kind: string, draft: Draft, invokes = false): FuzzRequest {
  const { method, path, body } = draft;
  const isChunked = body.length > 0 && random.chance(0.1);
  const length: Record<string, string> = isChunked
    ? { "transfer-encoding": "chunked" }
    : { "content-length": String(body.length) };
  const headers = { ...length, ...draft.headers, ...(random.chance(0.05) ? { expect: "100-continue" } : {}) };
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}`);
  const head = Buffer.from(`${method} ${path} HTTP/1.1\r\n${lines.join("\r\n")}\r\n\r\n`, "latin1");
  const whole = Buffer.concat([head, isChunked ? chunked(random, body) : body]);
  const request = { kind, bytes: whole, methods: [method], ends: "answer" as const, invokes };
  if (random.chance(0.06)) return { ...request, bytes: cut(random, whole), ends: "half-close" };
  if (random.chance(0.06)) return { ...request, bytes: cut(random, whole), ends: "hang-up" };
  if (random.chance(0.03)) return { ...request, ends: "hang-up" };
  return request;
}

const cut = (random: Random, bytes: Buffer): Buffer => bytes.subarray(0, 1 + random.below(bytes.length));

function chunked(random: Random, body: Buffer): Buffer {
  const middle = random.below(body.length + 1);
  const pieces = [body.subarray(0, middle), body.subarray(middle)].filter(({ length }) => length > 0);
  const framed = pieces.flatMap((piece) => [Buffer.from(`${piece.length.toString(16)}\r\n`), piece, "\r\n"]);
  return Buffer.concat([...framed, "0\r\n\r\n"].map((piece) => Buffer.from(piece)));
}
