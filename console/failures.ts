// The failures bucket as the page shows it, the newest records first, and the replay of one.

import { paginateListObjectsV2, type S3Client } from "@aws-sdk/client-s3";
import type { Deployment } from "../operations/deployment";
import { withCauses } from "../operations/failure-causes";
import { type FailureRecord, readIfThere } from "../operations/failure-records";
import { redriveRecord } from "../operations/redrive-record";
import { createBoundedMap } from "./bounded-map";
import { Refusal } from "./refusal";
import type { Failure, Page, RedriveResult } from "./types";

const RECORDS_KEPT = 500;

export interface Failures {
  page(offset: number, limit: number): Promise<Page<Failure>>;
  redrive(body: unknown): Promise<RedriveResult>;
}

export function createFailures(deployment: Deployment): Failures {
  const { s3, failuresBucket } = deployment;
  /** By key and ETag: a record that is written anew is another one. */
  const read = createBoundedMap<string, Failure>(RECORDS_KEPT);

  /** Those that are still there. */
  async function failuresOf(listed: readonly Listed[]): Promise<Failure[]> {
    const unknown = listed.filter((each) => read.get(nameOf(each)) === undefined);
    const records = await Promise.all(unknown.map(({ key }) => readIfThere(s3, failuresBucket, key)));
    const there = records.filter((record) => record !== undefined);
    const described = new Map(
      (await withCauses(deployment, there)).map((record) => [record.failureKey, describe(record)]),
    );
    return listed.flatMap((each) => {
      const failure = described.get(each.key) ?? read.get(nameOf(each));
      if (failure === undefined) return [];
      read.set(nameOf(each), failure);
      return [failure];
    });
  }

  return {
    async page(offset, limit) {
      const listed = await list(s3, failuresBucket);
      return { items: await failuresOf(listed.slice(offset, offset + limit)), offset, total: listed.length };
    },
    async redrive(body) {
      const { record: key } = (body ?? {}) as Record<string, unknown>;
      if (typeof key !== "string") throw new Refusal(400, "A replay must say the key of its record as a text");
      // Looked for in the list: what else one may write as a key, S3 refuses in many ways.
      const isThere = (await list(s3, failuresBucket)).some((listed) => listed.key === key);
      const record = isThere ? await readIfThere(s3, failuresBucket, key) : undefined;
      if (record === undefined) throw new Refusal(404, `There is no failure record ${key} any more`);
      const { state, why } = await redriveRecord(deployment, record);
      return { record: key, state, ...(why !== undefined && { why }) };
    },
  };
}

interface Listed {
  readonly key: string;
  readonly eTag: string;
  readonly at: number;
}

async function list(client: S3Client, Bucket: string): Promise<Listed[]> {
  const listed: Listed[] = [];
  for await (const { Contents = [] } of paginateListObjectsV2({ client }, { Bucket })) {
    for (const { Key = "", ETag = "", LastModified } of Contents) {
      listed.push({ key: Key, eTag: ETag, at: LastModified?.getTime() ?? 0 });
    }
  }
  return listed.sort((one, other) => other.at - one.at);
}

const nameOf = ({ key, eTag }: Listed): string => `${key} ${eTag}`;

const describe = ({ failureKey, when, functionName, reason, events }: FailureRecord): Failure => ({
  record: failureKey,
  when,
  functionName,
  ...reason,
  events: events.map(({ profileId, key }) => ({ profileId, key })),
});
