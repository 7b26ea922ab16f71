// The console's HTTP server: checks who asks, finds the route, and sends JSON, text or whatever the route writes.

import { createServer as createHttpServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import { checkSender } from "./guard";
import { Refusal } from "./refusal";
import { STARTING_PAGE } from "./starting";

export interface Request {
  readonly incoming: IncomingMessage;
  readonly response: ServerResponse;
  readonly query: URLSearchParams;
  /** The parts of the path that the route's pattern left open, decoded. */
  readonly parts: readonly string[];
  /** The body after JSON.parse. */
  readonly body: unknown;
}

/** Sends what is returned, as JSON, or writes the response itself and returns undefined. */
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
  // No response but the page needs more, and the page sets its own.
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
    respond(incoming, response).catch((error: unknown) => {
      if (!(error instanceof Refusal)) onBug(error);
      if (response.headersSent) return response.destroy();
      const refusal = error instanceof Refusal ? error : new Refusal(500, "The console has a bug");
      for (const [name, value] of Object.entries(refusal.headers)) response.setHeader(name, value);
      sendJson(response, refusal.status, { error: refusal.message });
    });
  });

  async function respond(incoming: IncomingMessage, response: ServerResponse): Promise<void> {
    checkSender(incoming, origins());
    const known = routes();
    if (known === undefined) {
      if (incoming.headers["sec-fetch-mode"] === "navigate") return sendStartingPage(response);
      throw new Refusal(503, "The embedded AWS is still starting; try again in a moment", { "retry-after": "1" });
    }
    const { method = "GET", url = "/" } = incoming;
    // Not URL's: that takes "//" for the start of a host, and corrects what nobody of ours writes.
    const [path = "", ...query] = url.split("?");
    const found = findRoute(known, method, path);
    const body = method === "POST" ? await readJson(incoming) : undefined;
    const result = await found.route({
      incoming,
      response,
      query: new URLSearchParams(query.join("?")),
      parts: found.parts,
      body,
    });
    if (result !== undefined) sendJson(response, 200, result);
  }
}

function sendStartingPage(response: ServerResponse): void {
  response.writeHead(503, {
    "content-type": "text/html; charset=utf-8",
    "retry-after": "1",
    "cache-control": "no-store",
  });
  response.end(STARTING_PAGE);
}

function findRoute(routes: Routes, method: string, path: string): { route: Route; parts: readonly string[] } {
  const given = path.split("/");
  const allowed: string[] = [];
  for (const [pattern, route] of Object.entries(routes)) {
    const [itsMethod = "", itsPath = ""] = pattern.split(" ");
    const names = itsPath.split("/");
    if (names.length !== given.length) continue;
    if (!names.every((name, index) => name === "*" || name === given[index])) continue;
    if (itsMethod === method) return { route, parts: given.filter((_, index) => names[index] === "*").map(decode) };
    allowed.push(itsMethod);
  }
  if (allowed.length === 0) throw new Refusal(404, `The console has no ${method} ${path}`);
  const allow = allowed.join(", ");
  throw new Refusal(405, `${path} takes ${allow} only (given ${method})`, { allow });
}

function decode(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    throw new Refusal(400, `The path has a part that cannot be decoded (given ${part})`);
  }
}

/** Reads the body; one whose sender leaves in the middle is refused, though nobody gets the response. */
async function readBody(incoming: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let size = 0;
  try {
    for await (const chunk of incoming as AsyncIterable<Buffer>) {
      size += chunk.length;
      if (size > MAX_BODY_BYTES) break;
      chunks.push(chunk);
    }
  } catch (error) {
    throw new Refusal(400, `The request broke off: ${(error as Error).message}`);
  }
  if (size > MAX_BODY_BYTES) throw new Refusal(413, `A request may have ${MAX_BODY_BYTES} bytes at most`);
  return Buffer.concat(chunks);
}

async function readJson(incoming: IncomingMessage): Promise<unknown> {
  const body = await readBody(incoming);
  try {
    return JSON.parse(body.toString());
  } catch (error) {
    throw new Refusal(400, `The request is not JSON: ${(error as Error).message}`);
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
