// The Runtime API: how an instance's process gets invocations and gives back what became of them. Each instance has a
// server of its own, since AWS_LAMBDA_RUNTIME_API is host and port only and the protocol does not name the instance.
// https://docs.aws.amazon.com/lambda/latest/dg/runtimes-api.html

import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { foreignPageOf } from "../../web-page";

/** 6 MB and 100 bytes, the number that AWS's own refusal prints. */
export const RESPONSE_MAX_BYTES = 6_291_556;

const PATH_PREFIX = "/2018-06-01/runtime";
const RUNTIME_ERROR_MAX_BYTES = 256 * 1024;

export interface Invocation {
  readonly requestId: string;
  readonly payload: string;
  /** Milliseconds since 1970. */
  readonly deadlineMs: number;
  readonly functionArn: string;
  readonly traceId: string;
  /** JSON text. */
  readonly clientContext?: string;
}

/** What the runtime posted. */
export interface RuntimeResult {
  readonly kind: "response" | "error" | "tooLarge";
  readonly body: string;
  readonly errorType?: string;
  /** How many bytes of log the runtime had written by then. */
  readonly logBytes: number;
  readonly residentBytes: number;
}

export interface RuntimeApiListener {
  /** The runtime asks for work: its init is over, or the invocation before. */
  onNext(): void;
  onResult(result: RuntimeResult): void;
  onInitError(result: RuntimeResult): void;
}

export interface RuntimeApi {
  /** Host and port. */
  readonly address: string;
  /** Responds to the runtime's request for work. */
  deliver(invocation: Invocation): void;
  close(): void;
}

/** Opens the Runtime API of one instance. */
export async function openRuntimeApi(listener: RuntimeApiListener): Promise<RuntimeApi> {
  let next: ServerResponse | undefined;
  let current: string | undefined;

  async function route(request: IncomingMessage, response: ServerResponse): Promise<void> {
    // A web page that finds the port would take invocations away, and by a name of its own that points here read them.
    if (request.headers.host !== address || foreignPageOf(request) !== undefined) {
      request.resume();
      return refuse(response, 403, "AccessDenied", "The Runtime API is for the instance's own process");
    }
    const path = request.url?.startsWith(`${PATH_PREFIX}/`) ? request.url.slice(PATH_PREFIX.length) : "";
    if (request.method === "GET" && path === "/invocation/next") {
      next = response;
      listener.onNext();
      return;
    }
    const [, requestId, kind] = /^\/invocation\/([^/]+)\/(response|error)$/.exec(path) ?? [];
    const isInitError = path === "/init/error";
    if (request.method !== "POST" || (kind === undefined && !isInitError)) {
      request.resume();
      return refuse(response, 404, "NotFound", `The Runtime API has no ${request.method} ${request.url}`);
    }
    const result = await readResult(request, kind === "response" ? "response" : "error");
    if (isInitError) {
      listener.onInitError(result);
      return accept(response);
    }
    if (requestId !== current) return refuse(response, 400, "InvalidRequestID", "Invalid request ID");
    current = undefined;
    if (result.kind === "tooLarge") {
      const limit = `Exceeded maximum allowed payload size (${RESPONSE_MAX_BYTES} bytes).`;
      refuse(response, 413, "RequestEntityTooLarge", limit);
    } else {
      accept(response);
    }
    listener.onResult(result);
  }

  const server = createServer((request, response) => {
    // A process that dies in the middle of a request leaves an aborted body behind; its exit tells the rest.
    route(request, response).catch(() => response.destroy());
  });
  // The long poll has no timeout, and a handler may keep the connection idle for 15 minutes.
  Object.assign(server, { keepAliveTimeout: 0, requestTimeout: 0, headersTimeout: 0, timeout: 0 });
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(0, "127.0.0.1", resolve);
  });

  const address = `127.0.0.1:${(server.address() as AddressInfo).port}`;

  return {
    address,
    deliver(invocation) {
      if (next === undefined) throw new Error("An invocation was delivered to an instance that did not ask for one");
      current = invocation.requestId;
      const body = Buffer.from(invocation.payload);
      next.writeHead(200, {
        "content-type": "application/json",
        "content-length": body.length,
        "lambda-runtime-aws-request-id": invocation.requestId,
        "lambda-runtime-deadline-ms": invocation.deadlineMs,
        "lambda-runtime-invoked-function-arn": invocation.functionArn,
        "lambda-runtime-trace-id": invocation.traceId,
        ...(invocation.clientContext !== undefined && { "lambda-runtime-client-context": invocation.clientContext }),
      });
      next.end(body);
      next = undefined;
    },
    close() {
      server.close();
      server.closeAllConnections();
    },
  };
}

async function readResult(request: IncomingMessage, kind: "response" | "error"): Promise<RuntimeResult> {
  const limit = kind === "response" ? RESPONSE_MAX_BYTES : RUNTIME_ERROR_MAX_BYTES;
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size <= limit) chunks.push(chunk);
  }
  const errorType = request.headers["lambda-runtime-function-error-type"];
  return {
    kind: size > limit ? "tooLarge" : kind,
    body: size > limit ? "" : Buffer.concat(chunks).toString(),
    ...(errorType !== undefined && { errorType: String(errorType) }),
    logBytes: Number(request.headers["embedded-log-bytes"] ?? 0),
    residentBytes: Number(request.headers["embedded-resident-bytes"] ?? 0),
  };
}

function accept(response: ServerResponse): void {
  send(response, 202, { status: "OK" });
}

function refuse(response: ServerResponse, status: number, errorType: string, errorMessage: string): void {
  send(response, status, { errorMessage, errorType });
}

function send(response: ServerResponse, status: number, body: object): void {
  const text = JSON.stringify(body);
  response.writeHead(status, { "content-type": "application/json", "content-length": Buffer.byteLength(text) });
  response.end(text);
}
