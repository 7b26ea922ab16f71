// The way of one request: target, route, signature, body, service, response, and what is published about it. Whatever goes
// wrong on the way ends as a response in the service's own protocol; only bugs are reported besides.

import type { IncomingMessage, ServerResponse } from "node:http";
import { type ActivityStream, now, type RequestSummary, type ResponseSummary } from "../activity";
import { AwsError } from "../aws-error";
import type { FaultDecisions } from "../faults";
import { type Caller, callerName, type RequestContext, type Service } from "../service";
import { foreignPageOf, pageRefused, type WebPage } from "../web-page";
import { applyFault, applyKill } from "./apply-fault";
import type { Authenticate } from "./authenticate";
import { decodeBody } from "./decode-body";
import { summaryOf, watchResponse } from "./exchange";
import { readBody } from "./read-body";
import { createRequestId } from "./request-id";
import { readRequestTarget } from "./request-target";
import { setResponseHeaders } from "./response-headers";
import { findRoute, type Route } from "./route";
import { refuseUnrouted } from "./unrouted";

export interface ServeOptions {
  readonly activity: ActivityStream;
  readonly services: Readonly<Record<string, Service>>;
  readonly authenticate: Authenticate;
  /** What goes wrong on purpose. */
  readonly faults: Pick<FaultDecisions, "ofRequest" | "kills">;
  /** Called with every error that is not a refusal. */
  readonly onBug: (error: unknown) => void;
}

/** Serves one request; never rejects. */
export type Serve = (request: IncomingMessage, response: ServerResponse, expectsContinue: boolean) => Promise<void>;

const EMPTY = Buffer.alloc(0);

/** How a request failed, for its activity: the response's code, or that nobody waits for the response. */
const CLIENT_GONE = "ClientDisconnected";

export function createServe({ activity, services, authenticate, faults, onBug }: ServeOptions): Serve {
  return async (request, response, expectsContinue) => {
    const at = now();
    let route: Route | undefined;
    let requestId: string | undefined;
    let caller: Caller | undefined;
    let description: { action: string; resource?: string; detail?: Record<string, unknown> } | undefined;
    let error: string | undefined;
    let exchange: { request: RequestSummary; response: () => ResponseSummary } | undefined;
    let message: string | undefined;
    let awaitsContinue = expectsContinue;
    const operation = request.headers["x-amz-target"]?.toString().split(".")[1];
    const traceId = request.headers["x-amzn-trace-id"]?.toString();
    // A broken socket is no error of ours; the handlers notice it through their streams.
    request.on("error", () => {});
    response.on("error", () => {});
    setResponseHeaders(response);

    /** The client sends its body only now that the head holds. */
    const welcomeBody = () => {
      if (awaitsContinue) response.writeContinue();
      awaitsContinue = false;
    };

    try {
      const target = readRequestTarget(request);
      route = findRoute(request, target, services);
      const { service, traits } = route;
      requestId = createRequestId(route.name);
      const page = foreignPageOf(request);
      if (page !== undefined) admitPage(service, page, request, target.path);
      let body: Buffer = EMPTY;
      const takeBody = async () => {
        body = await readBody(request, { limit: traits.bodyLimit ?? 0, onStart: welcomeBody });
        return body;
      };
      service.admit?.(request);
      const authentication = await authenticate(request, target, traits, takeBody);
      caller = { ...authentication.caller, requestId };
      if (traits.bodyLimit === undefined) welcomeBody();
      else if (authentication.signature === undefined) await takeBody();
      // It was signed as it came.
      const encoding = traits.decodesBodies && request.headers["content-encoding"];
      if (encoding) body = await decodeBody(body, encoding, traits.bodyLimit ?? 0);
      const context: RequestContext = {
        requestId,
        caller,
        path: target.path,
        query: target.query,
        body,
        signature: authentication.signature,
        arrivedAt: at,
        sourceIp: request.socket.remoteAddress ?? "127.0.0.1",
        describe: (action, resource, detail) => {
          description = { action, resource, detail };
        },
      };
      const { published = "nothing" } = traits;
      if (published !== "nothing") {
        const asked = summaryOf(request, target.path, target.query, body, published);
        exchange = { request: asked, response: watchResponse(response, published) };
      }
      const fault = faults.ofRequest({
        service: route.name,
        caller,
        requestId,
        method: request.method ?? "",
        path: target.path,
        operation,
        body,
      });
      const work = async () => service.handle(request, response, context);
      const attempt = async () => (fault === undefined ? void (await work()) : applyFault(fault, response, work));
      // Only functions call with keys of a role, or TinyPNG.
      const kill = caller.kind === "administrator" ? undefined : faults.kills.ofCall(traceId);
      error = kill === undefined ? await attempt() : await applyKill(kill, response, attempt);
      if (!response.headersSent && !response.destroyed)
        throw new Error(`${route.name} left ${request.method} ${request.url} without a response`);
    } catch (thrown) {
      const isGone = response.destroyed || request.socket.destroyed;
      if (!(thrown instanceof AwsError) && !(isGone && isBrokenStream(thrown))) onBug(thrown);
      const refusal = refusalOf(thrown, route?.name);
      error = isGone && !(thrown instanceof AwsError) ? CLIENT_GONE : refusal.code;
      message = refusal.message;
      refuse(refusal);
    }
    // The rest of the body is read and dropped, so that the connection can serve the next request.
    if (!request.readableEnded) request.resume();

    function refuse(refusal: AwsError): void {
      if (response.headersSent || response.destroyed) {
        // Half a response cannot be taken back; a broken connection tells the client not to believe it.
        if (!response.writableEnded) response.destroy();
        return;
      }
      // A body that was announced, but never asked for, may or may not follow: the connection cannot be used again.
      if (awaitsContinue) response.shouldKeepAlive = false;
      const id = requestId ?? createRequestId(route?.name ?? "s3");
      try {
        const write = route?.service.refuse ?? refuseUnrouted;
        write(refusal, request, response, id);
      } catch (bug) {
        onBug(bug);
        response.destroy();
      }
    }

    activity.publish({
      at,
      ms: now() - at,
      service: route?.name ?? "edge",
      // What fails before its service has seen it is named by its head.
      action: description?.action ?? operation ?? request.method ?? "",
      resource: description?.resource,
      requestId,
      traceId,
      caller: caller && callerName(caller),
      error,
      ...(exchange !== undefined && {
        request: exchange.request,
        response: { ...exchange.response(), ...(message && { message }) },
      }),
      detail: description?.detail,
    });
  };
}

/** Asks the service whether it takes a request of another origin's page; most take none. */
function admitPage(service: Service, page: WebPage, request: IncomingMessage, path: string): void {
  if (service.admitPage === undefined) throw pageRefused(page, request.method);
  service.admitPage(page, request, path);
}

/** The response to what was thrown: refusals as they are, in the service's words; everything else is a bug of ours. */
function refusalOf(thrown: unknown, routeName: string | undefined): AwsError {
  if (!(thrown instanceof AwsError)) {
    return new AwsError("InternalError", "We encountered an internal error. Please try again.", 500);
  }
  // IAM refuses in the form of XML's services. Those of JSON have another code for it; all but Lambda another status too.
  if (thrown.code !== "AccessDenied" || routeName === undefined || XML_SERVICES.has(routeName)) return thrown;
  const status = routeName === "lambda" ? 403 : 400;
  return new AwsError("AccessDeniedException", thrown.message, status, thrown.fields);
}

const XML_SERVICES: ReadonlySet<string> = new Set(["s3", "packages", "cloudfront", "iam", "sts", "sns", "monitoring"]);

const BROKEN_STREAM_CODES = [
  "ECONNRESET",
  "EPIPE",
  "ERR_STREAM_PREMATURE_CLOSE",
  "ERR_STREAM_DESTROYED",
  "ERR_STREAM_WRITE_AFTER_END",
  "ABORT_ERR",
];

const isBrokenStream = (thrown: unknown): boolean =>
  BROKEN_STREAM_CODES.includes(String((thrown as NodeJS.ErrnoException | undefined)?.code));
