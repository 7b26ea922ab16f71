// Invoke: runs a function for a client. https://docs.aws.amazon.com/lambda/latest/api/API_Invoke.html

import { AwsError } from "../aws-error";
import type { AsyncQueue } from "./async-queue";
import type { LambdaFunction } from "./functions";
import type { RestRequest, RestResponse } from "./rest";
import type { Runner } from "./runner";

const MAX_SYNC_BYTES = 6 * 1024 * 1024;
const MAX_ASYNC_BYTES = 1024 * 1024;
const INVOCATION_TYPES = ["RequestResponse", "Event", "DryRun"];
const LOG_TYPES = ["None", "Tail"];

export interface InvokeDependencies {
  readonly queue: AsyncQueue;
  runnerOf(target: LambdaFunction): Runner;
}

/** Invokes a function whose caller is known to be allowed to. */
export async function invokeOperation(
  target: LambdaFunction,
  { headers, context }: RestRequest,
  { queue, runnerOf }: InvokeDependencies,
): Promise<RestResponse> {
  const type = oneOf(headers["x-amz-invocation-type"], "invocationType", INVOCATION_TYPES);
  const logType = oneOf(headers["x-amz-log-type"], "logType", LOG_TYPES);
  if (type === "DryRun") return { status: 204, body: "" };
  const payload = readPayload(context.body, type === "Event" ? MAX_ASYNC_BYTES : MAX_SYNC_BYTES);
  const input = {
    payload,
    requestId: context.requestId,
    trigger: "Invoke",
    clientContext: readClientContext(headers["x-amz-client-context"]),
    ...(headers["x-amzn-trace-id"] !== undefined && { traceId: String(headers["x-amzn-trace-id"]) }),
  };
  if (type === "Event") {
    queue.accept({ target, ...input });
    return { status: 202, body: "" };
  }
  const result = await runnerOf(target).run(input);
  return {
    status: 200,
    headers: {
      "x-amz-executed-version": "$LATEST",
      ...(result.functionError !== undefined && { "x-amz-function-error": result.functionError }),
      ...(logType === "Tail" && { "x-amz-log-result": Buffer.from(result.logTail).toString("base64") }),
    },
    body: result.payload,
  };
}

function readPayload(body: Buffer, limit: number): string {
  if (body.length > limit) {
    throw new AwsError(
      "RequestTooLargeException",
      `Request must be smaller than ${limit} bytes for the InvokeFunction operation`,
      413,
    );
  }
  const text = body.length === 0 ? "{}" : body.toString("utf8");
  try {
    JSON.parse(text);
  } catch (error) {
    throw new AwsError(
      "InvalidRequestContentException",
      `Could not parse request body into json: ${(error as Error).message}`,
    );
  }
  return text;
}

function readClientContext(header: string | string[] | undefined): string | undefined {
  if (header === undefined) return undefined;
  const text = Buffer.from(String(header), "base64").toString("utf8");
  try {
    // On one line: it travels on in a header.
    return JSON.stringify(JSON.parse(text)).replace(/[^\x20-\x7e]/g, (each) => `\\u${hex4(each)}`);
  } catch {
    throw new AwsError("InvalidRequestContentException", "Client context must be a valid Base64-encoded JSON object.");
  }
}

const hex4 = (character: string): string => character.charCodeAt(0).toString(16).padStart(4, "0");

function oneOf(header: string | string[] | undefined, name: string, allowed: readonly string[]): string | undefined {
  if (header === undefined) return allowed[0];
  if (allowed.includes(String(header))) return String(header);
  throw new AwsError(
    "ValidationException",
    `1 validation error detected: Value '${header}' at '${name}' failed to satisfy constraint: Member must satisfy enum value set: [${allowed.join(", ")}]`,
  );
}
