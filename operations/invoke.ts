// Gives one event to one of the functions and waits for what becomes of it, as far as the function tells.

import { InvokeCommand, type InvokeCommandOutput, TooManyRequestsException } from "@aws-sdk/client-lambda";
import type { AnyFunctionName } from "../stack/function-names";
import type { Deployment } from "./deployment";
import type { EventRecord } from "./failure-records";
import { causesIn } from "./log-causes";

/** Invokes a function with one record; returns why that failed, or undefined. */
export async function invokeWith(
  { lambda, functionNames }: Deployment,
  name: AnyFunctionName,
  record: EventRecord,
): Promise<string | undefined> {
  const FunctionName = functionNames[name];
  let output: InvokeCommandOutput;
  try {
    output = await lambda.send(
      new InvokeCommand({ FunctionName, LogType: "Tail", Payload: JSON.stringify({ Records: [record] }) }),
    );
  } catch (error) {
    // This concerns one event only. Any other refusal would be the same for all that follow.
    if (error instanceof TooManyRequestsException) return `${error.name}: ${error.message}`;
    throw error;
  }
  const { FunctionError, LogResult = "", Payload } = output;
  const result = JSON.parse(Payload?.transformToString() || "null");
  if (FunctionError !== undefined) return `${result?.errorType}: ${result?.errorMessage}`;
  if (!(result?.batchItemFailures?.length > 0)) return undefined;
  // The last 4 KB, of which the first line may be cut.
  const causes = causesIn(Buffer.from(LogResult, "base64").toString().split("\n"));
  return causes.length > 0 ? causes.join("; ") : `it may succeed later; the log /aws/lambda/${FunctionName} says why`;
}
