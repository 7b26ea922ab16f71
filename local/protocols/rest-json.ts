// The REST protocol with JSON: the operation is in method and path, members are in path, query, headers and body, and a
// refusal has its code in a header. Lambda speaks it. https://smithy.io/2.0/aws/protocols/aws-restjson1-protocol.html

import type { IncomingMessage, ServerResponse } from "node:http";
import type { Api, Operation } from "../api/operation";
import { perform } from "../api/perform";
import type { Shape } from "../api/shapes";
import { AwsError } from "../aws-error";
import type { Iam } from "../iam/types";
import type { RequestContext } from "../service";
import { parseJson, renderJson } from "./json";
import { scalarOf } from "./query-form";

/** Where an operation and its members are in HTTP. */
export interface RestBinding {
  readonly method: "GET" | "POST" | "PUT" | "DELETE" | "HEAD" | "PATCH";
  /** With the members of the path: `/2015-03-31/functions/{FunctionName}`; `{Resource+}` takes slashes too. */
  readonly path: string;
  /** @default 200 */
  readonly status?: number;
  /** Member → parameter of the query. */
  readonly query?: Readonly<Record<string, string>>;
  /** Member → header, in lower case. */
  readonly headers?: Readonly<Record<string, string>>;
  /** The member that is the whole body, as bytes; without it the body is JSON with the other members. */
  readonly payload?: string;
  /** Writes an output that is not one JSON document. */
  render?(output: never): RestAnswer;
}

interface RestAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

export interface RestProtocolOptions {
  readonly api: Api;
  readonly iam: Iam;
  /** By the operation's name. */
  readonly bindings: Readonly<Record<string, RestBinding>>;
}

/** Makes the `handle` and `refuse` of a service that speaks REST with JSON. */
export function createRestProtocol({ api, iam, bindings }: RestProtocolOptions) {
  const routes = api.operations.map((operation) => {
    const binding = bindings[operation.name];
    if (binding === undefined) throw new Error(`${operation.name} has no binding to HTTP`);
    return { operation, binding, pattern: patternOf(binding.path) };
  });

  return {
    async handle(request: IncomingMessage, response: ServerResponse, context: RequestContext): Promise<void> {
      for (const { operation, binding, pattern } of routes) {
        const match = binding.method === request.method ? pattern.exec(context.path) : null;
        if (match === null) continue;
        context.describe(operation.name);
        const given = readRequest(operation, binding, decodeAll(match.groups ?? {}), request, context, api.inputError);
        const output = await perform(api, operation, iam, given, context, context.describe);
        write(response, binding, output, context.requestId);
        return;
      }
      const known = routes.map(({ operation }) => operation.name).join(", ");
      throw new AwsError(
        "UnknownOperationException",
        `The embedded AWS's ${api.name} has no ${request.method} ${context.path}; it has ${known}`,
        404,
      );
    },

    refuse(error: AwsError, _request: IncomingMessage, response: ServerResponse, requestId: string): void {
      const Type = error.status >= 500 ? "Service" : "User";
      const body = JSON.stringify({ Type, Message: error.message, ...error.fields });
      response.writeHead(error.status, {
        "content-type": "application/json",
        "content-length": Buffer.byteLength(body),
        "x-amzn-requestid": requestId,
        "x-amzn-errortype": error.code,
      });
      response.end(body);
    },
  };
}

const patternOf = (path: string): RegExp =>
  new RegExp(`^${path.replace(/\{(\w+)(\+?)\}/g, (_, name, greedy) => `(?<${name}>${greedy ? ".+" : "[^/]+"})`)}/?$`);

// biome-ignore lint/suspicious/noExplicitAny: an operation knows the types of its own input
function readRequest({ input }: Operation<any, any>, binding: RestBinding, ...from: RequestParts) {
  const [path, request, { body, query }, errorCode] = from;
  const { payload } = binding;
  const given: Record<string, unknown> = payload === undefined ? parseJson(body) : { [payload]: body };
  const take = (name: string, text: string | null | undefined) => {
    const { kind } = (input as Record<string, Shape>)[name] ?? { kind: "string" };
    if (kind === "list" && text != null) given[name] = [...query.getAll(binding.query?.[name] ?? name)];
    else if (text != null) given[name] = valueOfText(kind, text, name, errorCode);
  };
  for (const [name, text] of Object.entries(path)) take(name, text);
  const parameters = Object.entries(binding.query ?? {});
  for (const [name, parameter] of parameters) take(name, query.get(parameter));
  for (const [name, header] of Object.entries(binding.headers ?? {})) take(name, request.headers[header]?.toString());
  const unknown = [...query.keys()].find((key) => !parameters.some(([, parameter]) => parameter === key));
  if (unknown !== undefined) {
    throw new AwsError(errorCode, `The embedded AWS does not know the parameter "${unknown}" of the query`);
  }
  return given;
}

function valueOfText(kind: Shape["kind"], text: string, name: string, errorCode: string): unknown {
  if (kind !== "number" || /^-?\d+$/.test(text)) return scalarOf(kind, text, name, errorCode);
  throw new AwsError(errorCode, `${name} must be an integer (given "${text}")`);
}

type RequestParts = [
  path: Readonly<Record<string, string>>,
  request: IncomingMessage,
  context: RequestContext,
  errorCode: string,
];

function write(response: ServerResponse, binding: RestBinding, output: unknown, requestId: string): void {
  const rendered = binding.render?.(output as never);
  const status = rendered?.status ?? binding.status ?? 200;
  const body = rendered?.body ?? (output === undefined ? "" : renderJson(output));
  response.writeHead(status, {
    "x-amzn-requestid": requestId,
    ...(status !== 204 && { "content-type": "application/json", "content-length": Buffer.byteLength(body) }),
    ...rendered?.headers,
  });
  response.end(status === 204 ? undefined : body);
}

function decodeAll(groups: Record<string, string>): Record<string, string> {
  try {
    return Object.fromEntries(Object.entries(groups).map(([name, value]) => [name, decodeURIComponent(value)]));
  } catch {
    throw new AwsError("ValidationException", "The request's path is not percent-encoded UTF-8", 400);
  }
}
