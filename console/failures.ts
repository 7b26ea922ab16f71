// The failures bucket as the page shows it, the newest records first, and what one can do about them: replay or discard.

import type { Deployment } from "../operations/deployment";
import { discardRecord, discardRecords } from "../operations/discard-records";
import { withCauses } from "../operations/failure-causes";
import { type FailureRecord, type ListedRecord, listFailureRecords, readIfThere } from "../operations/failure-records";
import { redriveRecord } from "../operations/redrive-record";
import { redriveRecords } from "../operations/redrive-records";
import { selectRecords } from "../operations/select-records";
import { createBoundedMap } from "./bounded-map";
import { sentenceOf } from "./failure-sentences";
import type { Journal } from "./journal";
import { Refusal } from "./refusal";
import type { Counts, DiscardResult, Failure, Page, RedriveResult } from "./types";

const RECORDS_KEPT = 500;

export interface Failures {
  page(offset: number, limit: number): Promise<Page<Failure>>;
  /** `{record}` replays one. */
  redrive(body: unknown): Promise<RedriveResult>;
  redriveAll(): Promise<Counts<RedriveResult["state"]>>;
  /** `{record}` discards one. */
  discard(body: unknown): Promise<DiscardResult>;
  /** `{total}` discards all, if they are still so many as the page has said. */
  discardAll(body: unknown): Promise<Counts<DiscardResult["state"]>>;
}

export function createFailures(deployment: Deployment, { failedPhoto }: Pick<Journal, "failedPhoto">): Failures {
  const { s3, failuresBucket } = deployment;
  /** By key and ETag: a record that is rewritten is another one. */
  const known = createBoundedMap<string, Failure>(RECORDS_KEPT);

  async function list(): Promise<(ListedRecord & { readonly at: Date })[]> {
    const listed: (ListedRecord & { readonly at: Date })[] = [];
    for await (const some of listFailureRecords(s3, failuresBucket)) listed.push(...some);
    return listed.sort((one, other) => other.at.getTime() - one.at.getTime());
  }

  /** Those that are still there. */
  async function failuresOf(listed: readonly ListedRecord[]): Promise<Failure[]> {
    const unknown = listed.filter((each) => known.get(nameOf(each)) === undefined);
    const records = await Promise.all(unknown.map(({ failureKey }) => readIfThere(s3, failuresBucket, failureKey)));
    const there = records.filter((record) => record !== undefined);
    const described = new Map(
      (await withCauses(deployment, there)).map((record) => [record.failureKey, describe(record)]),
    );
    return listed.flatMap((each) => {
      const failure = described.get(each.failureKey) ?? known.get(nameOf(each));
      if (failure === undefined) return [];
      known.set(nameOf(each), failure);
      const keys = failure.events.flatMap(({ key }) => key ?? []);
      return [{ ...failure, photoId: failedPhoto(failure.record, keys) }];
    });
  }

  /** Looked for in the list: what else one may write as a key, S3 refuses in many ways. */
  async function findRecord(body: unknown, what: string): Promise<ListedRecord> {
    const { record } = (body ?? {}) as Record<string, unknown>;
    if (typeof record !== "string") throw new Refusal(400, `${what} must give the key of its record as a string`);
    const found = (await list()).find(({ failureKey }) => failureKey === record);
    return found ?? noRecord(record);
  }

  return {
    async page(offset, limit) {
      const listed = await list();
      return { items: await failuresOf(listed.slice(offset, offset + limit)), offset, total: listed.length };
    },
    async redrive(body) {
      const { failureKey } = await findRecord(body, "A replay");
      const record = (await readIfThere(s3, failuresBucket, failureKey)) ?? noRecord(failureKey);
      const { state, why } = await redriveRecord(deployment, record, true);
      return { record: failureKey, state, ...(why !== undefined && { why }) };
    },
    async redriveAll() {
      const records = await selectRecords(deployment, []);
      const counts = { succeeded: 0, superseded: 0, failed: 0 };
      await redriveRecords(deployment, records, (_record, { state }) => {
        counts[state]++;
      });
      return counts;
    },
    discard: async (body) => discardRecord(deployment, await findRecord(body, "To discard")),
    async discardAll(body) {
      const { total } = (body ?? {}) as Record<string, unknown>;
      const listed = await list();
      if (typeof total !== "number")
        throw new Refusal(400, "To discard all, the request must give their total as a number");
      if (listed.length !== total) {
        throw new Refusal(409, `There are ${listed.length} failure records by now, not ${total}; none was discarded`);
      }
      const counts = { discarded: 0, gone: 0, kept: 0 };
      await discardRecords(deployment, listed, (_record, { state }) => {
        counts[state]++;
      });
      return counts;
    },
  };
}

function noRecord(key: string): never {
  throw new Refusal(404, `There is no failure record ${key} any more`);
}

const nameOf = ({ failureKey, eTag }: ListedRecord): string => `${failureKey} ${eTag}`;

function describe(record: FailureRecord): Failure {
  const { failureKey, when, functionName, reason, tries, events } = record;
  return {
    record: failureKey,
    when,
    functionName,
    ...reason,
    sentence: sentenceOf(record),
    tries,
    events: events.map(({ profileId, key }) => ({ profileId, key })),
  };
}
