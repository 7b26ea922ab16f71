// One failure record in a line: what became of it, and what it was about.

import type { FailureRecord } from "../operations/failure-records";
import { printable } from "./printable";

const STATE_COLUMNS = 10;

/** `succeeded   CreateThumbnail  profile 2  original/two.jpg  <record>`, and why, if there is something to say. */
export function recordLine({ functionName, events, failureKey }: FailureRecord, state: string, why?: string): string {
  const [first] = events;
  const what = events.length === 1 ? (first?.key ?? "no photo") : `${events.length} events`;
  const profile = events.length === 1 && first?.profileId !== undefined ? `profile ${first.profileId}  ` : "";
  const end = why === undefined ? failureKey : `${failureKey}: ${why}`;
  return printable(`${state.padEnd(STATE_COLUMNS)}  ${functionName}  ${profile}${what}  ${end}`);
}
