// The REST protocol with JSON: the operation is in method and path, members are in path, query, headers and body, and a
// refusal has its code in a header. Lambda speaks it. https://smithy.io/2.0/aws/protocols/aws-restjson1-protocol.html

import type { IncomingMessage, ServerResponse } from "node:http";
import type { Api } from "../api/operation";
import { perform } from "../api/perform";
import type { AwsError } from "../aws-error";
import type { Iam } from "../iam/types";
import type { RequestContext } from "../service";
import { parseJson, renderJson } from "./json";
import { createRoutes, type RestBinding, readOutsideBody } from "./rest-routes";

/** A payload is bytes here. */
export interface RestJsonBinding extends RestBinding {
  /** Writes an output that is not one JSON document. */
  render?(output: never): RestResponse;
}

interface RestResponse {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

export interface RestProtocolOptions {
  readonly api: Api;
  readonly iam: Iam;
  /** By the operation's name. */
  readonly bindings: Readonly<Record<string, RestJsonBinding>>;
}

/** Makes the `handle` and `refuse` of a service that speaks REST with JSON. */
export function createRestProtocol({ api, iam, bindings }: RestProtocolOptions) {
  const find = createRoutes(api, bindings, "UnknownOperationException");

  return {
    async handle(request: IncomingMessage, response: ServerResponse, context: RequestContext): Promise<void> {
      const matched = find(request.method, context.path, context.query);
      const { operation, binding } = matched;
      context.describe(operation.name);
      const { payload } = binding;
      const body = payload === undefined ? parseJson(context.body) : { [payload]: context.body };
      const given = readOutsideBody(matched, request, context, body, api.inputError);
      const output = await perform(api, operation, iam, given, context, context.describe);
      write(response, binding, output, context.requestId);
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

function write(response: ServerResponse, binding: RestJsonBinding, output: unknown, requestId: string): void {
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
