// EventBridge, as far as it takes events: the default bus keeps the newest ones, to be looked at. There are no rules here,
// and so nobody is told.

import type { Account } from "../account";
import { type ActivityStream, now } from "../activity";
import type { Api } from "../api/operation";
import type { Iam } from "../iam/types";
import { createJsonProtocol } from "../protocols/json";
import { type BusState, putEvents } from "./put-events";
import type { BusEvent, Events } from "./types";

/** Events that are kept. */
const MEMORY = 1000;

/** Creates the EventBridge of one embedded AWS. */
export function createEvents(options: { account: Account; activity: ActivityStream; iam: Iam }): Events {
  const { account, activity, iam } = options;
  const kept: BusEvent[] = [];
  const busArn = `arn:aws:events:${account.region}:${account.accountId}:event-bus/default`;

  function keep(event: BusEvent, requestId: string): void {
    kept.push(event);
    if (kept.length > MEMORY) kept.shift();
    const detail = { event };
    activity.publish({ at: now(), service: "events", action: "Event", resource: busArn, requestId, detail });
  }

  const api: Api<BusState> = {
    name: "events",
    actionPrefix: "events",
    inputError: "ValidationException",
    state: { account, busArn, keep },
    operations: [putEvents],
  };
  const errorNamespace = "com.amazonaws.eventbridge";
  return {
    ...createJsonProtocol({ api, iam, targetPrefix: "AWSEvents", version: "1.1", errorNamespace }),
    api,
    recent: () => [...kept],
    async close() {
      kept.length = 0;
    },
  };
}
