// The failure records that are written from now on, of events that happen from now on.

import { ListObjectsV2Command } from "@aws-sdk/client-s3";
import type { Deployment } from "./deployment";
import { withCauses } from "./failure-causes";
import { type FailureRecord, readIfThere } from "./failure-records";
import { inParallel } from "./in-parallel";

/** One event that failed since the last call. */
export interface FailedPhoto {
  readonly key: string;
  /** The key of the failure record. */
  readonly record: string;
  why(): Promise<string>;
}

export type FailureNews = () => Promise<FailedPhoto[]>;

/** The SDK follows AWS's clock when ours is further off than five minutes. */
const CLOCKS_APART_MS = 10 * 60_000;
/** Records read at a time. */
const CONCURRENCY = 10;
/** The names of all records end in their time, within folders of its day. */
const DATED = /^(.*?\/)(\d{4}\/\d\d\/\d\d\/\d{4}-\d\d-\d\dT\d\d\.\d\d\.\d\d)/s;

/** Remembers the records that are there; the function that it makes tells of those that have come since. */
export async function createFailureNews(deployment: Deployment): Promise<FailureNews> {
  const { s3, failuresBucket: Bucket } = deployment;
  const since = datedName(Date.now() + s3.config.systemClockOffset - CLOCKS_APART_MS);
  const known = new Map<string, string>();

  /** By ETag: a record that is there may be rewritten. */
  async function newKeys(): Promise<string[]> {
    const keys: string[] = [];
    let StartAfter: string | undefined;
    do {
      const { Contents = [], IsTruncated } = await s3.send(new ListObjectsV2Command({ Bucket, StartAfter }));
      for (const { Key = "", ETag = "" } of Contents) {
        const [, , date = ""] = DATED.exec(Key) ?? [];
        if (date < since) continue;
        if (known.get(Key) !== ETag) keys.push(Key);
        known.set(Key, ETag);
      }
      StartAfter = IsTruncated ? nextOfInterest(Contents.at(-1)?.Key) : undefined;
    } while (StartAfter !== undefined);
    return keys;
  }

  /** Passes over what else is in a folder of a function or shard from before: there may be years of it. */
  function nextOfInterest(last: string | undefined): string | undefined {
    const [, folder = "", date = since] = DATED.exec(last ?? "") ?? [];
    return date < since ? folder + since : last;
  }

  await newKeys();
  return async () => {
    const records: FailureRecord[] = [];
    await inParallel(await newKeys(), CONCURRENCY, async (key) => {
      const record = await readIfThere(s3, Bucket, key);
      if (record !== undefined) records.push(record);
    });
    return records.flatMap((record) => {
      const why = onlyOnce(async () => {
        const [{ reason } = record] = await withCauses(deployment, [record]);
        return `${reason.code}: ${reason.message}`;
      });
      return record.events.flatMap(({ key }) => (key === undefined ? [] : [{ key, record: record.failureKey, why }]));
    });
  };
}

/** The end of a record's key: 2026/05/01/2026-05-01T12.00.00 */
function datedName(time: number): string {
  const text = new Date(time).toISOString().slice(0, 19).replaceAll(":", ".");
  return `${text.slice(0, 10).replaceAll("-", "/")}/${text}`;
}

function onlyOnce<T>(work: () => Promise<T>): () => Promise<T> {
  let result: Promise<T> | undefined;
  return () => {
    result ??= work();
    return result;
  };
}
