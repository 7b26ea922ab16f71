// Replays one failure record: each of its events, and then the record is removed if it is done with.

import type { Deployment } from "./deployment";
import type { FailureRecord } from "./failure-records";
import { refusalOf } from "./refusal";
import { removeRecord } from "./remove-record";
import { type Outcome, replay } from "./replay";
import { isOfUnknownProfile, whyHeldBack } from "./unknown-profile";

/** What became of one record; of several events in it the worst counts. */
export interface Redriven {
  readonly record: string;
  readonly state: Outcome["state"];
  readonly why?: string;
  /** The more precise records that stand in for this one now. */
  readonly keptAs?: readonly string[];
}

/**
 * Replays all events of a record; what is refused about it alone is its outcome.
 * @param isNamed whether the user means this very record, and not just all
 */
export async function redriveRecord(
  deployment: Deployment,
  record: FailureRecord,
  isNamed: boolean,
): Promise<Redriven> {
  try {
    if (!isNamed && isOfUnknownProfile(record)) {
      return { record: record.failureKey, state: "failed", why: await whyHeldBack(deployment, record) };
    }
    return await replayAll(deployment, record);
  } catch (error) {
    const why = refusalOf(error);
    if (why === undefined) throw error;
    return { record: record.failureKey, state: "failed", why };
  }
}

async function replayAll(deployment: Deployment, record: FailureRecord): Promise<Redriven> {
  const { failureKey, functionName, events, reason } = record;
  if (events.length === 0) return { record: failureKey, state: "failed", why: reason.message };
  const outcomes: Outcome[] = [];
  for (const event of events) outcomes.push(await replay(deployment, functionName, event.record));
  const failed = outcomes.filter((outcome) => outcome.state === "failed");
  const keptAs = failed.flatMap((outcome) => (outcome.keptAs === undefined ? [] : [outcome.keptAs]));
  // A record of Lambda's may hold ten events; once each that failed has a record of its own, it is obsolete.
  const isReplaced = keptAs.length === failed.length && !keptAs.includes(failureKey);
  if (isReplaced && (await removeRecord(deployment, record)) === "changed") {
    return { record: failureKey, state: "failed", why: "it was rewritten meanwhile" };
  }
  if (failed.length > 0) {
    const why = failed.map((outcome) => outcome.why).join("; ");
    return { record: failureKey, state: "failed", why, ...(isReplaced && { keptAs }) };
  }
  const isSuperseded = outcomes.every(({ state }) => state === "superseded");
  return { record: failureKey, state: isSuperseded ? "superseded" : "succeeded" };
}
