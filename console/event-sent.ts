// The event that a request sends to EventBridge, as far as it says which photo it is about.

import type { Activity } from "../local/activity";

export interface EventSent {
  /** `Photo ready` or `Photo failed`. */
  readonly type: string;
  readonly photo: { readonly key?: string; readonly version?: string };
  /** The key of the failure record of one that failed. */
  readonly record?: string;
}

/** Undefined when it is not an event of ours, or too long to be shown whole. */
export function eventIn(request: Activity["request"]): EventSent | undefined {
  try {
    const [{ DetailType: type, Detail }] = JSON.parse(request?.body ?? "").Entries;
    const { photo, failure } = JSON.parse(Detail);
    return { type, photo, record: failure?.record };
  } catch {
    return undefined;
  }
}
