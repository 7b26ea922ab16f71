// PutEvents: the default bus takes up to ten events. https://docs.aws.amazon.com/eventbridge/latest/APIReference/API_PutEvents.html

import type { Account } from "../account";
import { operation } from "../api/operation";
import { list, number, required, string, structure } from "../api/shapes";
import { AwsError } from "../aws-error";
import { eventOf, type GivenEntry, sizeOf } from "./entry";
import type { BusEvent } from "./types";

const MAX_ENTRIES = 10;
/** https://aws.amazon.com/blogs/compute/more-room-to-build-serverless-services-now-support-payloads-up-to-1-mb */
const MAX_BYTES = 1024 * 1024;

export interface BusState {
  readonly account: Account;
  /** Of the default bus. */
  readonly busArn: string;
  keep(event: BusEvent, requestId: string): void;
}

export const putEvents = operation({
  name: "PutEvents",
  input: {
    Entries: required(
      list(
        structure({
          Source: string,
          DetailType: string,
          Detail: string,
          Resources: list(string),
          Time: number,
          EventBusName: string,
          // Read by X-Ray alone.
          TraceHeader: string,
        }),
      ),
    ),
  },

  resources({ Entries }, { busArn }: BusState) {
    checkEntries(Entries);
    return Entries.map(({ Source, DetailType, EventBusName = "default" }) => {
      if (EventBusName !== "default" && EventBusName !== busArn) {
        throw new AwsError(
          "ResourceNotFoundException",
          `The embedded AWS has the event bus "default" alone (given "${EventBusName}")`,
        );
      }
      const context = {
        ...(Source !== undefined && { "events:source": Source }),
        ...(DetailType !== undefined && { "events:detail-type": DetailType }),
      };
      return { resource: busArn, context };
    });
  },

  run({ account, keep }, { Entries }, { requestId }) {
    const results = Entries.map((entry) => eventOf(entry, account));
    for (const result of results) if ("id" in result) keep(result, requestId);
    return {
      FailedEntryCount: results.filter((result) => !("id" in result)).length,
      Entries: results.map((result) => ("id" in result ? { EventId: result.id } : result)),
    };
  },
});

function checkEntries(entries: readonly GivenEntry[]): void {
  if (entries.length === 0 || entries.length > MAX_ENTRIES) {
    const message = `Entries must have 1 to ${MAX_ENTRIES} elements (given ${entries.length})`;
    throw new AwsError("ValidationException", message);
  }
  const bytes = entries.reduce((sum, entry) => sum + sizeOf(entry), 0);
  if (bytes >= MAX_BYTES) {
    throw new AwsError("ValidationException", "Total size of the entries in the request is over the limit.");
  }
}
