// EventBridge, as far as it takes events: the default bus keeps the newest ones, to be looked at. There are no rules here,
// and so nobody is told. https://docs.aws.amazon.com/eventbridge/latest/APIReference/API_PutEvents.html

import type { Account } from "../account";
import { type ActivityStream, now } from "../activity";
import { AwsError } from "../aws-error";
import { createJsonInput } from "../edge/json-input";
import { createJsonProtocol, type JsonOperation } from "../edge/json-protocol";
import type { Iam } from "../iam/types";
import { type Entry, eventOf, readEntry, sizeOf } from "./entry";
import type { BusEvent, Events } from "./types";

const MAX_ENTRIES = 10;
/** https://aws.amazon.com/blogs/compute/more-room-to-build-serverless-services-now-support-payloads-up-to-1-mb */
const MAX_BYTES = 1024 * 1024;
/** Events that are kept. */
const MEMORY = 1000;

/** Creates the EventBridge of one embedded AWS. */
export function createEvents({
  account,
  activity,
  iam,
}: {
  account: Account;
  activity: ActivityStream;
  iam: Iam;
}): Events {
  const kept: BusEvent[] = [];
  const { accountId, region } = account;
  const busArn = `arn:aws:events:${region}:${accountId}:event-bus/default`;

  const PutEvents: JsonOperation = (raw, context) => {
    const input = createJsonInput(raw, "ValidationException");
    const entries = entriesOf(input.records("Entries"));
    input.finish();
    context.describe("PutEvents", busArn);
    for (const { source, detailType, busName = "default" } of entries) {
      if (busName !== "default" && busName !== busArn) {
        throw new AwsError(
          "ResourceNotFoundException",
          `The embedded AWS has the event bus "default" alone (given "${busName}")`,
        );
      }
      iam.authorize({
        caller: context.caller,
        action: "events:PutEvents",
        resource: busArn,
        context: {
          ...(source !== undefined && { "events:source": source }),
          ...(detailType !== undefined && { "events:detail-type": detailType }),
        },
      });
    }
    const results = entries.map((entry) => eventOf(entry, account));
    for (const result of results) if ("id" in result) keep(result, context.requestId);
    return {
      FailedEntryCount: results.filter((result) => !("id" in result)).length,
      Entries: results.map((result) => ("id" in result ? { EventId: result.id } : result)),
    };
  };

  function keep(event: BusEvent, requestId: string): void {
    kept.push(event);
    if (kept.length > MEMORY) kept.shift();
    activity.publish({
      at: now(),
      service: "events",
      action: "Event",
      resource: busArn,
      requestId,
      detail: { event },
    });
  }

  return {
    ...createJsonProtocol({
      targetPrefix: "AWSEvents",
      version: "1.1",
      errorNamespace: "com.amazonaws.eventbridge",
      operations: { PutEvents },
    }),
    recent: () => [...kept],
    async close() {
      kept.length = 0;
    },
  };
}

function entriesOf(given: readonly Record<string, unknown>[] | undefined): Entry[] {
  if (given === undefined || given.length === 0 || given.length > MAX_ENTRIES) {
    throw new AwsError(
      "ValidationException",
      `Entries must have 1 to ${MAX_ENTRIES} elements (given ${given?.length ?? 0})`,
    );
  }
  const entries = given.map(readEntry);
  const bytes = entries.reduce((sum, entry) => sum + sizeOf(entry), 0);
  if (bytes >= MAX_BYTES) {
    throw new AwsError("ValidationException", "Total size of the entries in the request is over the limit.");
  }
  return entries;
}
