// The AWS JSON protocol: one POST, the operation in X-Amz-Target, JSON in and out.
// https://smithy.io/2.0/aws/protocols/aws-json-1_1-protocol.html

import type { IncomingMessage, ServerResponse } from "node:http";
import type { Api } from "../api/operation";
import { perform } from "../api/perform";
import { AwsError } from "../aws-error";
import type { Iam } from "../iam/types";
import type { RequestContext } from "../service";

export interface JsonProtocolOptions {
  readonly api: Api;
  readonly iam: Iam;
  /** The part of X-Amz-Target before the dot, such as `AmazonSSM`. */
  readonly targetPrefix: string;
  readonly version: "1.0" | "1.1";
  /** Namespace of error types, such as `com.amazonaws.ssm`. */
  readonly errorNamespace: string;
}

/** Makes the `handle` and `refuse` of a service that speaks JSON. */
export function createJsonProtocol({ api, iam, targetPrefix, version, errorNamespace }: JsonProtocolOptions) {
  const operations = new Map(api.operations.map((operation) => [`${targetPrefix}.${operation.name}`, operation]));

  function send(response: ServerResponse, status: number, requestId: string, output: unknown): void {
    const body = renderJson(output ?? {});
    response.writeHead(status, {
      "content-type": `application/x-amz-json-${version}`,
      "content-length": Buffer.byteLength(body),
      "x-amzn-requestid": requestId,
    });
    response.end(body);
  }

  return {
    async handle(request: IncomingMessage, response: ServerResponse, context: RequestContext): Promise<void> {
      const target = String(request.headers["x-amz-target"] ?? "");
      const operation = operations.get(target);
      if (request.method !== "POST" || operation === undefined) {
        throw new AwsError("UnknownOperationException", `The embedded AWS has no operation "${target}"`, 400);
      }
      const output = await perform(api, operation, iam, parseJson(context.body), context, context.describe);
      send(response, 200, context.requestId, output);
    },

    refuse(error: AwsError, _request: IncomingMessage, response: ServerResponse, requestId: string): void {
      const __type = `${errorNamespace}#${error.code}`;
      send(response, error.status, requestId, { __type, message: error.message, ...error.fields });
    },
  };
}

/** Reads a body; an empty one is an input without members. */
export function parseJson(body: Buffer): Record<string, unknown> {
  let input: unknown;
  try {
    input = JSON.parse(body.length === 0 ? "{}" : body.toString("utf8"));
  } catch {
    throw new AwsError("SerializationException", "The request body is not valid JSON", 400);
  }
  if (typeof input !== "object" || input === null || Array.isArray(input)) {
    throw new AwsError("SerializationException", "The request body is not a JSON object", 400);
  }
  return input as Record<string, unknown>;
}

/** Writes an output: times are seconds since 1970, bytes are base64. */
export const renderJson = (output: unknown): string =>
  JSON.stringify(output, function (name, value) {
    const original = (this as Record<string, unknown>)[name];
    if (original instanceof Date) return original.getTime() / 1000;
    return original instanceof Uint8Array ? Buffer.from(original).toString("base64") : value;
  });
