// Replays failure records, several at a time: those that have no profile in common.

import type { Deployment } from "./deployment";
import type { FailureRecord } from "./failure-records";
import { inParallel } from "./in-parallel";
import { type Redriven, redriveRecord } from "./redrive-record";

/** Of a new account's ten concurrent executions, it leaves more than half to the photos that arrive meanwhile. */
const CONCURRENCY = 4;

/**
 * Replays records, those of one profile in the order given.
 * @param onDone is told what became of each, as soon as that is known
 * @param onBegin is told of each that is begun
 * @param stop when it is aborted, no further record is begun
 * @param areNamed whether the user means these very records; see unknown-profile.ts
 */
export const redriveRecords = (
  deployment: Deployment,
  records: readonly FailureRecord[],
  onDone: (record: FailureRecord, result: Redriven) => void,
  {
    onBegin,
    stop,
    areNamed = false,
  }: { onBegin?: (record: FailureRecord) => void; stop?: AbortSignal; areNamed?: boolean } = {},
): Promise<void> =>
  inParallel(lanesOf(records), CONCURRENCY, async (lane) => {
    for (const record of lane) {
      if (stop?.aborted) return;
      onBegin?.(record);
      onDone(record, await redriveRecord(deployment, record, areNamed));
    }
  });

/** Divides records into lanes; within a lane they keep their order, and a profile's records are all in one. */
export function lanesOf(records: readonly FailureRecord[]): FailureRecord[][] {
  const laneOf = new Map<string, FailureRecord[]>();
  const lanes = new Set<FailureRecord[]>();
  for (const record of records) {
    const names = namesIn(record);
    const met = new Set(names.map((name) => laneOf.get(name)).filter((lane) => lane !== undefined));
    const [lane = [], ...others] = met;
    // A batch that Lambda gave up may hold several profiles, and so join their lanes.
    for (const other of others) lanes.delete(other);
    lane.push(...others.flat(), record);
    lanes.add(lane);
    for (const name of lane.flatMap(namesIn)) laneOf.set(name, lane);
  }
  const order = new Map(records.map((record, index) => [record, index]));
  const place = (record: FailureRecord) => order.get(record) ?? 0;
  return [...lanes].map((lane) => lane.sort((one, other) => place(one) - place(other)));
}

/** An upload does not say whose photo it is before its function has looked; its key stands for the profile then. */
const namesIn = ({ events, failureKey }: FailureRecord): string[] =>
  events.length === 0
    ? [failureKey]
    : events.map(({ profileId, key }) => (profileId === undefined ? `key ${key}` : `profile ${profileId}`));
