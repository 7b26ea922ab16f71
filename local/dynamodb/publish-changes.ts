// What becomes of changes: records in the streams of their tables, lines in the journal, and activities.

import { randomUUID } from "node:crypto";
import type { Account } from "../account";
import { type ActivityStream, now } from "../activity";
import type { Change as JournalChange } from "../data/journal";
import type { Change, ItemStore } from "./item-store";
import type { ChangedTable, KeptTables } from "./kept-tables";
import type { WritableStream } from "./stream";
import { tableArn } from "./table-arn";
import type { UserIdentity } from "./types";

/** Who deletes what has expired. */
const TIME_TO_LIVE: UserIdentity = { type: "Service", principalId: "dynamodb.amazonaws.com" };

export interface PublishOptions {
  /** Who made the changes, if it was not a request. */
  readonly by?: UserIdentity;
  /** What is to be kept together with them. */
  readonly keep?: readonly JournalChange[];
}

/** Hands a request's changes to the streams of their tables and to the journal. */
export type Publish = (changes: readonly Change[], requestId: string, options?: PublishOptions) => void;

interface PublisherOptions {
  readonly account: Account;
  readonly activity: ActivityStream;
  readonly store: ItemStore;
  /** By the table's name. */
  readonly streams: ReadonlyMap<string, WritableStream>;
  readonly kept?: KeptTables;
}

export function createPublisher({ account, activity, store, streams, kept }: PublisherOptions) {
  function publish(changes: readonly Change[], requestId: string, { by, keep }: PublishOptions = {}): void {
    const changed: ChangedTable[] = [];
    for (const tableName of new Set(changes.map((change) => change.tableName))) {
      const stream = streams.get(tableName);
      const ofTable = changes.filter((change) => change.tableName === tableName);
      const appended = stream?.append(ofTable, by) ?? [];
      changed.push({ tableName, changes: ofTable, records: appended });
      if (stream === undefined || appended.length === 0) continue;
      const records = appended.map(({ record }) => record);
      const detail = {
        records: records.length,
        events: records.map(({ eventName }) => eventName),
        keys: records.map((record) => record.dynamodb.Keys),
        sequenceNumbers: records.map((record) => record.dynamodb.SequenceNumber),
      };
      const resource = stream.arn;
      activity.publish({ at: now(), service: "dynamodb", action: "StreamAppend", resource, requestId, detail });
    }
    kept?.write(changed, keep);
  }

  /** What a sweep has deleted, as the one change that no request has made. */
  function publishExpired(): void {
    const changes = store.takeChanges();
    const requestId = randomUUID();
    for (const tableName of new Set(changes.map((change) => change.tableName))) {
      const items = changes.filter((change) => change.tableName === tableName).length;
      const resource = tableArn(account, tableName);
      const detail = { items };
      activity.publish({ at: now(), service: "dynamodb", action: "TimeToLiveDelete", resource, requestId, detail });
    }
    publish(changes, requestId, { by: TIME_TO_LIVE });
  }

  return { publish, publishExpired };
}
