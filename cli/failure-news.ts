// The failure records that are written from now on.

import { paginateListObjectsV2 } from "@aws-sdk/client-s3";
import type { Deployment } from "./deployment";
import { readFailureRecord } from "./failure-records";

/** One event that failed since the last call. */
export interface FailedPhoto {
  readonly key: string;
  readonly why: string;
  /** The key of the failure record. */
  readonly record: string;
}

export type FailureNews = () => Promise<FailedPhoto[]>;

/** Remembers the records that are there; the function that it makes tells of those that have come since. */
export async function createFailureNews({ s3: client, failuresBucket: Bucket }: Deployment): Promise<FailureNews> {
  const known = new Map<string, string>();

  /** By ETag: a record that is there may be written anew. */
  async function newKeys(): Promise<string[]> {
    const keys: string[] = [];
    for await (const { Contents = [] } of paginateListObjectsV2({ client }, { Bucket })) {
      for (const { Key = "", ETag = "" } of Contents) {
        if (known.get(Key) !== ETag) keys.push(Key);
        known.set(Key, ETag);
      }
    }
    return keys;
  }

  await newKeys();
  return async () => {
    const records = await Promise.all((await newKeys()).map((key) => readFailureRecord(client, Bucket, key)));
    return records.flatMap(({ events, reason, failureKey }) =>
      events.flatMap(({ key }) =>
        key === undefined ? [] : [{ key, why: `${reason.code}: ${reason.message}`, record: failureKey }],
      ),
    );
  };
}
