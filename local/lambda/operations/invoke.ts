// Runs a function for a client. https://docs.aws.amazon.com/lambda/latest/api/API_Invoke.html

import { operation } from "../../api/operation";
import { blob, string } from "../../api/shapes";
import { AwsError } from "../../aws-error";
import type { InvokeResult } from "../types";
import { NAMED } from "./read-functions";
import { functionOf, type LambdaState, onFunctionAs } from "./state";

const MAX_SYNC_BYTES = 6 * 1024 * 1024;
const MAX_ASYNC_BYTES = 1024 * 1024;
const INVOCATION_TYPES = ["RequestResponse", "Event", "DryRun"];
const LOG_TYPES = ["None", "Tail"];
const NO_BYTES = Buffer.alloc(0);

/** What the function returned; a function error is such a response. */
export interface InvokeOutput {
  readonly StatusCode: 200 | 202 | 204;
  readonly result?: InvokeResult;
  readonly showsLog?: boolean;
}

export const invoke = operation({
  name: "Invoke",
  input: {
    ...NAMED,
    InvocationType: string,
    LogType: string,
    ClientContext: string,
    TraceId: string,
    Payload: blob,
  },
  resources: onFunctionAs("InvokeFunction"),
  async run(state: LambdaState, input, { requestId }): Promise<InvokeOutput> {
    const target = functionOf(state, input);
    const type = wordOf("invocationType", input.InvocationType, INVOCATION_TYPES);
    const logType = wordOf("logType", input.LogType, LOG_TYPES);
    if (type === "DryRun") return { StatusCode: 204 };
    const request = {
      payload: readPayload(input.Payload ?? NO_BYTES, type === "Event" ? MAX_ASYNC_BYTES : MAX_SYNC_BYTES),
      requestId,
      trigger: "Invoke",
      clientContext: readClientContext(input.ClientContext),
      ...(input.TraceId !== undefined && { traceId: input.TraceId }),
    };
    if (type === "Event") {
      state.queue.accept({ target, ...request });
      return { StatusCode: 202 };
    }
    const result = await state.runnerOf(target).run(request);
    return { StatusCode: 200, result, showsLog: logType === "Tail" };
  },
});

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

function readClientContext(given: string | undefined): string | undefined {
  if (given === undefined) return undefined;
  const text = Buffer.from(given, "base64").toString("utf8");
  try {
    // On one line: it travels on in a header.
    return JSON.stringify(JSON.parse(text)).replace(/[^\x20-\x7e]/g, (each) => `\\u${hex4(each)}`);
  } catch {
    throw new AwsError("InvalidRequestContentException", "Client context must be a valid Base64-encoded JSON object.");
  }
}

const hex4 = (character: string): string => character.charCodeAt(0).toString(16).padStart(4, "0");

/** One of the allowed values; the first is the default. */
function wordOf(name: string, given: string | undefined, allowed: readonly string[]): string | undefined {
  if (given === undefined) return allowed[0];
  if (allowed.includes(given)) return given;
  throw new AwsError(
    "ValidationException",
    `1 validation error detected: Value '${given}' at '${name}' failed to satisfy constraint: Member must satisfy enum value set: [${allowed.join(", ")}]`,
  );
}
