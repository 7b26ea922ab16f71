// Lambda's REST protocol: the operation is in method and path, refusals are JSON with their code in a header.
// https://smithy.io/2.0/aws/protocols/aws-restjson1-protocol.html

import type { IncomingMessage, ServerResponse } from "node:http";
import type { AwsError } from "../aws-error";
import { AwsError as Refusal } from "../aws-error";
import type { RequestContext } from "../service";

export interface RestRequest {
  /** The path's variables, percent-decoded. */
  readonly path: Readonly<Record<string, string>>;
  readonly headers: IncomingMessage["headers"];
  readonly context: RequestContext;
}

export interface RestResponse {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  /** JSON text; empty for none. */
  readonly body: string;
}

export interface RestRoute {
  readonly operation: string;
  readonly method: string;
  /** Such as `/2015-03-31/functions/{FunctionName}`. */
  readonly path: string;
  handle(request: RestRequest): RestResponse | Promise<RestResponse>;
}

/** Makes the `handle` and `refuse` of a service from its table of routes. */
export function createRestProtocol(routes: readonly RestRoute[]) {
  const compiled = routes.map((route) => ({
    route,
    pattern: new RegExp(`^${route.path.replace(/\{(\w+)\}/g, "(?<$1>[^/]+)")}/?$`),
  }));

  return {
    async handle(request: IncomingMessage, response: ServerResponse, context: RequestContext): Promise<void> {
      for (const { route, pattern } of compiled) {
        const match = route.method === request.method ? pattern.exec(context.path) : null;
        if (match === null) continue;
        const path = decodeAll(match.groups ?? {});
        context.describe(route.operation, path.FunctionName ?? path.UUID);
        const answer = await route.handle({ path, headers: request.headers, context });
        response.writeHead(answer.status, {
          "x-amzn-requestid": context.requestId,
          ...(answer.status !== 204 && {
            "content-type": "application/json",
            "content-length": Buffer.byteLength(answer.body),
          }),
          ...answer.headers,
        });
        response.end(answer.body);
        return;
      }
      const known = routes.map(({ operation }) => operation).join(", ");
      throw new Refusal(
        "UnknownOperationException",
        `The embedded AWS's Lambda has no ${request.method} ${context.path}; it has ${known}`,
        404,
      );
    },

    refuse(error: AwsError, _request: IncomingMessage, response: ServerResponse, requestId: string): void {
      const body = JSON.stringify({
        Type: error.status >= 500 ? "Service" : "User",
        Message: error.message,
        ...error.fields,
      });
      response.writeHead(error.status, {
        "content-type": "application/json",
        "content-length": Buffer.byteLength(body),
        "x-amzn-requestid": requestId,
        "x-amzn-errortype": error.code === "AccessDenied" ? "AccessDeniedException" : error.code,
      });
      response.end(body);
    },
  };
}

/** An answer of JSON. */
export const json = (value: unknown, status = 200): RestResponse => ({ status, body: JSON.stringify(value) });

function decodeAll(groups: Record<string, string>): Record<string, string> {
  try {
    return Object.fromEntries(Object.entries(groups).map(([name, value]) => [name, decodeURIComponent(value)]));
  } catch {
    throw new Refusal("ValidationException", "The request's path is not percent-encoded UTF-8", 400);
  }
}
