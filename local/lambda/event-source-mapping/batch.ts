// Reads one lane of a stream, which is the whole shard or the sub-shard of some keys, and gathers what passes the filter
// into batches. Records that are filtered out, or another lane's, are passed over for good.

import { createHash } from "node:crypto";
import type { StreamRecord, TableStream } from "../../dynamodb/types";

/** An invocation's payload: 6 MB. https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html */
const MAX_PAYLOAD_BYTES = 6 * 1024 * 1024;
const PAYLOAD_FRAME = '{"Records":[]}';
const READ_LIMIT = 1000;

/** A record as functions receive it. */
export type EventRecord = StreamRecord & { readonly eventSourceARN: string };

export const toEventRecord = (stream: TableStream, record: StreamRecord): EventRecord => ({
  ...record,
  eventSourceARN: stream.arn,
});

export interface BatchOptions {
  readonly stream: TableStream;
  readonly batchSize: number;
  readonly passes: (record: EventRecord) => boolean;
  /** This lane out of so many. */
  readonly lane: { readonly index: number; readonly of: number };
  /** Where to start: after this record, or at the oldest. */
  readonly after?: string;
}

export interface BatchCollector {
  /** Reads on until the batch is full or the stream has no more; returns how many records wait. */
  fill(): number;
  /** Whether another record would not fit. */
  isFull(): boolean;
  /** The last record that was read, whether it waits or was passed over. */
  position(): string | undefined;
  /** The waiting records, which are then no longer waiting. */
  take(): readonly StreamRecord[];
}

/** Creates the collector of one lane. */
export function createBatchCollector({ stream, batchSize, passes, lane, after }: BatchOptions): BatchCollector {
  let position = after;
  let waiting: StreamRecord[] = [];
  let bytes = PAYLOAD_FRAME.length;
  let isOverflowing = false;

  const isFull = () => isOverflowing || waiting.length >= batchSize;

  /** Returns false when the record has to wait for the next batch. */
  function add(record: StreamRecord): boolean {
    if (lane.of > 1 && laneOf(record, lane.of) !== lane.index) return true;
    const event = toEventRecord(stream, record);
    if (!passes(event)) return true;
    const size = Buffer.byteLength(JSON.stringify(event)) + 1;
    isOverflowing = waiting.length > 0 && bytes + size > MAX_PAYLOAD_BYTES;
    if (isOverflowing) return false;
    waiting.push(record);
    bytes += size;
    return true;
  }

  return {
    isFull,
    position: () => position,
    fill() {
      while (!isFull()) {
        const records = stream.read(position, READ_LIMIT);
        if (records.length === 0) break;
        for (const record of records) {
          if (isFull() || !add(record)) break;
          position = record.dynamodb.SequenceNumber;
        }
      }
      return waiting.length;
    },
    take() {
      const taken = waiting;
      waiting = [];
      bytes = PAYLOAD_FRAME.length;
      isOverflowing = false;
      return taken;
    },
  };
}

/**
 * The changes of one item share a lane, which keeps their order; those of items with one partition key need not.
 * https://docs.aws.amazon.com/lambda/latest/dg/with-ddb.html
 */
function laneOf({ dynamodb }: StreamRecord, lanes: number): number {
  const key = JSON.stringify(Object.entries(dynamodb.Keys).sort(([one], [other]) => (one < other ? -1 : 1)));
  return createHash("md5").update(key).digest().readUInt32BE() % lanes;
}
