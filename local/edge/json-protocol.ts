// The AWS JSON protocol: one POST, the operation in X-Amz-Target, JSON in and out. DynamoDB, CloudWatch Logs and SSM speak it.
// https://smithy.io/2.0/aws/protocols/aws-json-1_0-protocol.html

import type { IncomingMessage, ServerResponse } from "node:http";
import { AwsError } from "../aws-error";
import type { RequestContext } from "../service";

/** One operation: validated input in, output out; throws AwsError to refuse. */
export type JsonOperation = (input: Record<string, unknown>, context: RequestContext) => unknown;

export interface JsonProtocolOptions {
  /** The part of X-Amz-Target before the dot, such as `DynamoDB_20120810`. */
  readonly targetPrefix: string;
  readonly version: "1.0" | "1.1";
  /** Namespace of error types, such as `com.amazonaws.dynamodb.v20120810`. */
  readonly errorNamespace: string;
  readonly operations: Readonly<Record<string, JsonOperation>>;
}

/** Makes the `handle` and `refuse` of a service from its table of operations. */
export function createJsonProtocol(options: JsonProtocolOptions) {
  const contentType = `application/x-amz-json-${options.version}`;

  function send(response: ServerResponse, status: number, requestId: string, output: unknown): void {
    const body = JSON.stringify(output ?? {});
    response.writeHead(status, {
      "content-type": contentType,
      "content-length": Buffer.byteLength(body),
      "x-amzn-requestid": requestId,
    });
    response.end(body);
  }

  return {
    /** Runs the operation that X-Amz-Target names; an unknown one is refused by name. */
    async handle(request: IncomingMessage, response: ServerResponse, context: RequestContext): Promise<void> {
      const target = String(request.headers["x-amz-target"] ?? "");
      const [prefix, name = ""] = target.split(".");
      const operation =
        prefix === options.targetPrefix && Object.hasOwn(options.operations, name)
          ? options.operations[name]
          : undefined;
      if (request.method !== "POST" || operation === undefined) {
        throw new AwsError("UnknownOperationException", `The embedded AWS has no operation "${target}"`, 400);
      }
      context.describe(name);
      const output = await operation(parse(context.body), context);
      send(response, 200, context.requestId, output);
    },

    refuse(error: AwsError, _request: IncomingMessage, response: ServerResponse, requestId: string): void {
      send(response, error.status, requestId, {
        __type: `${options.errorNamespace}#${error.code}`,
        message: error.message,
        ...error.fields,
      });
    },
  };
}

function parse(body: Buffer): Record<string, unknown> {
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
