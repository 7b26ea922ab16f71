// The console's HTTP server: checks who asks, finds the route, and answers JSON, text or whatever the route writes.

import { createServer as createHttpServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import { checkSender } from "./guard";
import { Refusal } from "./refusal";

export interface Request {
  readonly incoming: IncomingMessage;
  readonly response: ServerResponse;
  readonly query: URLSearchParams;
  /** The parts of the path that the route's pattern left open, decoded. */
  readonly parts: readonly string[];
  /** The body after JSON.parse. */
  readonly body: unknown;
}

/** Answers with what is returned, as JSON, or writes the answer itself and returns undefined. */
export type Route = (request: Request) => unknown;

/** `GET /api/photos/*`: a method and a path, whose stars stand for one part each. */
export type Routes = Readonly<Record<string, Route>>;

/** Every request of the page is a few hundred bytes. */
const MAX_BODY_BYTES = 64 * 1024;

const SECURITY_HEADERS = {
  "x-content-type-options": "nosniff",
  "referrer-policy": "no-referrer",
  "cross-origin-resource-policy": "same-origin",
  "cross-origin-opener-policy": "same-origin",
  // No answer but the page needs more, and the page sets its own.
  "content-security-policy": "default-src 'none'; frame-ancestors 'none'",
};

export interface ServerOptions {
  origins(): readonly string[];
  /** Undefined until there is something to show. */
  routes(): Routes | undefined;
  /** Told of errors that are bugs. */
  readonly onBug: (error: unknown) => void;
}

export function createServer({ origins, routes, onBug }: ServerOptions): Server {
  return createHttpServer((incoming, response) => {
    for (const [name, value] of Object.entries(SECURITY_HEADERS)) response.setHeader(name, value);
    answer(incoming, response).catch((error: unknown) => {
      if (!(error instanceof Refusal)) onBug(error);
      if (response.headersSent) return response.destroy();
      const { status, message } = error instanceof Refusal ? error : new Refusal(500, "The console has a bug");
      sendJson(response, status, { error: message });
    });
  });

  async function answer(incoming: IncomingMessage, response: ServerResponse): Promise<void> {
    checkSender(incoming, origins());
    const known = routes();
    if (known === undefined) throw new Refusal(503, "The embedded AWS is still starting; try again in a moment");
    const { pathname, searchParams: query } = new URL(incoming.url ?? "/", "http://console");
    const found = findRoute(known, incoming.method ?? "GET", pathname);
    const body = incoming.method === "POST" ? await readJson(incoming) : undefined;
    const result = await found.route({ incoming, response, query, parts: found.parts, body });
    if (result !== undefined) sendJson(response, 200, result);
  }
}

function findRoute(routes: Routes, method: string, pathname: string): { route: Route; parts: readonly string[] } {
  const given = pathname.split("/");
  for (const [pattern, route] of Object.entries(routes)) {
    const [allowed, path = ""] = pattern.split(" ");
    const names = path.split("/");
    if (allowed !== method || names.length !== given.length) continue;
    if (!names.every((name, index) => name === "*" || name === given[index])) continue;
    return { route, parts: given.filter((_, index) => names[index] === "*").map(decode) };
  }
  throw new Refusal(404, `The console has no ${method} ${pathname}`);
}

function decode(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    throw new Refusal(400, `The path has a part that cannot be decoded (given ${part})`);
  }
}

async function readJson(incoming: IncomingMessage): Promise<unknown> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of incoming as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > MAX_BODY_BYTES) throw new Refusal(413, `A request has ${MAX_BODY_BYTES} bytes at most`);
    chunks.push(chunk);
  }
  try {
    return JSON.parse(Buffer.concat(chunks).toString());
  } catch (error) {
    throw new Refusal(400, `The request is no JSON: ${(error as Error).message}`);
  }
}

export function sendJson(response: ServerResponse, status: number, content: unknown): void {
  const body = Buffer.from(JSON.stringify(content));
  response.writeHead(status, {
    "content-type": "application/json; charset=utf-8",
    "content-length": body.length,
    "cache-control": "no-store",
  });
  response.end(body);
}
