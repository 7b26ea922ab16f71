// One event of the asynchronous queue, and its record in the failure destination.
// https://docs.aws.amazon.com/lambda/latest/dg/invocation-async-retain-records.html

import { randomUUID } from "node:crypto";
import type { LambdaFunction } from "../functions";
import type { InvokeResult } from "../types";

export type DiscardCondition = "RetriesExhausted" | "EventAgeExceeded";

export interface AsyncEvent {
  readonly target: LambdaFunction;
  readonly requestId: string;
  readonly payload: string;
  readonly trigger: string;
  readonly traceId?: string;
  readonly clientContext?: string;
  /** `performance.now()` when the event was accepted, less the waits that were shortened since. */
  acceptedAt: number;
  /** How many times the function has failed. */
  failures: number;
  /** How many times in a row Lambda could not run it. */
  refusals: number;
  lastResult?: InvokeResult;
}

/** The object of a discarded event: its key, and its body before JSON.stringify. */
export function invocationRecord(event: AsyncEvent, condition: DiscardCondition, at = new Date()) {
  const { target, requestId, payload, lastResult, failures } = event;
  const [date = "", time = ""] = at.toISOString().slice(0, -5).split("T");
  const moment = `${date}T${time.replaceAll(":", ".")}`;
  const { functionName } = target.configuration;
  return {
    key: `aws/lambda/async/${functionName}/${date.replaceAll("-", "/")}/${moment}-${randomUUID()}`,
    body: {
      version: "1.0",
      timestamp: at.toISOString(),
      requestContext: {
        requestId,
        functionArn: `${target.arn}:$LATEST`,
        condition,
        approximateInvokeCount: failures,
      },
      requestPayload: JSON.parse(payload),
      ...(lastResult !== undefined && {
        responseContext: { statusCode: 200, executedVersion: "$LATEST", functionError: lastResult.functionError },
        responsePayload: JSON.parse(lastResult.payload),
      }),
    },
  };
}
