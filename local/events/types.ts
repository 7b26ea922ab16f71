// What the other services and whoever runs the embedded AWS know of EventBridge.

import type { ApiService } from "../api/operation";

/** An event as rules and targets see it. https://docs.aws.amazon.com/eventbridge/latest/ref/overiew-event-structure.html */
export interface BusEvent {
  readonly version: "0";
  readonly id: string;
  readonly "detail-type": string;
  readonly source: string;
  readonly account: string;
  /** ISO 8601, in whole seconds. */
  readonly time: string;
  readonly region: string;
  readonly resources: readonly string[];
  readonly detail: Readonly<Record<string, unknown>>;
}

export interface Events extends ApiService {
  /** The newest events of the default bus, oldest first. */
  recent(): readonly BusEvent[];
}
