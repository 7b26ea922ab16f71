// What a step shows when it is opened: the event that the function got, the lines that it logged, and the decisions that
// IAM made on the request.

import { type CloudWatchLogsClient, paginateFilterLogEvents } from "@aws-sdk/client-cloudwatch-logs";
import { awsCommandOf, type Place } from "./aws-cli";
import type { StepRecord } from "./photo-record";
import type { StepDetails } from "./types";

const LINES_SHOWN = 200;

/** Makes the reader of details; log lines are read when they are asked for. */
export function createStepDetails(logs: CloudWatchLogsClient, place: Place) {
  async function linesOf(functionName: string, requestId: string): Promise<string[]> {
    const query = { logGroupName: `/aws/lambda/${functionName}`, filterPattern: JSON.stringify(requestId) };
    const lines: string[] = [];
    for await (const { events = [] } of paginateFilterLogEvents({ client: logs }, query)) {
      lines.push(...events.map(({ message = "" }) => message));
      if (lines.length >= LINES_SHOWN) break;
    }
    return lines.slice(0, LINES_SHOWN);
  }

  return async ({ step, decisions, activity, invocation }: StepRecord): Promise<StepDetails> => {
    const isInvocation = invocation !== undefined && step.within === undefined && step.action === "Invoke";
    const { request, response, detail } = activity;
    const command = awsCommandOf(activity, isInvocation ? invocation.payload : undefined, place);
    return {
      request,
      response,
      command,
      decisions,
      log: isInvocation ? await linesOf(invocation.functionName, invocation.requestId) : [],
      ...(isInvocation && invocation.payload !== undefined && { event: JSON.parse(invocation.payload) }),
      ...(detail !== undefined && { detail }),
    };
  };
}
