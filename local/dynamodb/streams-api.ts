// DynamoDB Streams' API: which streams there are, where they begin, and their records page by page. A shard iterator is
// a position with its time of issue; it expires as AWS's does.
// https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_Operations_Amazon_DynamoDB_Streams.html

import type { Operation } from "../api/operation";
import { AwsError } from "../aws-error";
import { type CheckedRequest, checkRequest } from "./check-request";
import type { Types } from "./known-parameters";
import { formatIterator, parseIterator } from "./shard-iterator";
import type { WritableStream } from "./stream";
import type { Tables } from "./tables";
import type { StreamRecord } from "./types";

const MAX_RECORDS = 1000;
const MAX_RECORDS_BYTES = 1024 * 1024;
const MAX_STREAMS = 100;

const ARN = { type: "String", regex: "arn:aws:dynamodb:.+", lengthGreaterThanOrEqual: 37, lengthLessThanOrEqual: 1024 };
const STREAM_ARN = { ...ARN, notNull: true };
const LIMIT = (most: number) => ({ type: "Integer", greaterThanOrEqual: 1, lessThanOrEqual: most });
const TYPES: Readonly<Record<string, Types>> = {
  ListStreams: {
    TableName: { type: "String", regex: "[a-zA-Z0-9_.-]+", lengthGreaterThanOrEqual: 3, lengthLessThanOrEqual: 255 },
    Limit: LIMIT(MAX_STREAMS),
    ExclusiveStartStreamArn: ARN,
  },
  DescribeStream: {
    StreamArn: STREAM_ARN,
    Limit: LIMIT(MAX_STREAMS),
    ExclusiveStartShardId: { type: "String", lengthGreaterThanOrEqual: 28, lengthLessThanOrEqual: 65 },
  },
  GetShardIterator: {
    StreamArn: STREAM_ARN,
    ShardId: { type: "String", notNull: true, lengthGreaterThanOrEqual: 28, lengthLessThanOrEqual: 65 },
    ShardIteratorType: {
      type: "String",
      notNull: true,
      enum: ["AFTER_SEQUENCE_NUMBER", "LATEST", "AT_SEQUENCE_NUMBER", "TRIM_HORIZON"],
    },
    SequenceNumber: { type: "String", regex: "[0-9]+", lengthGreaterThanOrEqual: 21, lengthLessThanOrEqual: 40 },
  },
  GetRecords: {
    ShardIterator: { type: "String", notNull: true, lengthGreaterThanOrEqual: 1, lengthLessThanOrEqual: 2048 },
    Limit: LIMIT(MAX_RECORDS),
  },
};

export interface StreamsState {
  readonly tables: Tables;
  readonly clock: () => number;
}

type StreamOperation = (state: StreamsState, request: CheckedRequest) => unknown;

const RUN: Readonly<Record<string, StreamOperation>> = {
  ListStreams({ tables }, { TableName: tableName, Limit: limit, ExclusiveStartStreamArn: startAfter }) {
    const all = tables.streams().filter(({ table }) => tableName === undefined || table.TableName === tableName);
    const start = startAfter === undefined ? 0 : all.findIndex(({ arn }) => arn === startAfter) + 1;
    const page = all.slice(start, start + Number(limit ?? MAX_STREAMS));
    return {
      Streams: page.map(({ arn, label, table }) => ({
        StreamArn: arn,
        TableName: table.TableName,
        StreamLabel: label,
      })),
      ...(start + page.length < all.length ? { LastEvaluatedStreamArn: page.at(-1)?.arn } : {}),
    };
  },

  DescribeStream({ tables }, { StreamArn: arn, ExclusiveStartShardId: startAfter }) {
    const stream = streamOf(tables, String(arn));
    const hasEnded = stream.endedAt() !== undefined;
    const shard = {
      ShardId: stream.shardId,
      SequenceNumberRange: {
        StartingSequenceNumber: stream.startingSequenceNumber,
        ...(hasEnded && { EndingSequenceNumber: stream.latest() ?? stream.startingSequenceNumber }),
      },
    };
    return {
      StreamDescription: {
        StreamArn: stream.arn,
        StreamLabel: stream.label,
        StreamStatus: hasEnded ? "DISABLED" : "ENABLED",
        StreamViewType: stream.viewType,
        CreationRequestDateTime: stream.createdAt,
        TableName: stream.table.TableName,
        KeySchema: stream.table.KeySchema,
        Shards: startAfter === undefined ? [shard] : [],
      },
    };
  },

  GetShardIterator({ tables, clock }, request) {
    const stream = streamOf(tables, String(request.StreamArn));
    if (request.ShardId !== stream.shardId) throw notFound(`Shard: ${request.ShardId} in Stream: ${stream.arn}`);
    const after = positionOf(stream, String(request.ShardIteratorType), request.SequenceNumber);
    return { ShardIterator: formatIterator({ streamArn: stream.arn, after, issuedAt: clock() }) };
  },

  GetRecords({ tables, clock }, { ShardIterator: token, Limit: limit }) {
    const { streamArn, after } = parseIterator(String(token), clock());
    const stream = streamOf(tables, streamArn);
    refuseTrimmed(stream, after);
    const records = firstMegabyte(stream.read(after, Number(limit ?? MAX_RECORDS)));
    const next = records.at(-1)?.dynamodb.SequenceNumber ?? after;
    const Records = records.map(asReturned);
    if (stream.endedAt() !== undefined && stream.read(next, 1).length === 0) return { Records }; // Nothing will follow.
    return { Records, NextShardIterator: formatIterator({ streamArn, after: next, issuedAt: clock() }) };
  },
};

/** The API has other names for who made a change than Lambda: https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_streams_Identity.html */
const asReturned = ({ userIdentity: by, ...record }: StreamRecord) => ({
  ...record,
  ...(by && { userIdentity: { PrincipalId: by.principalId, Type: by.type } }),
});

/** IAM decides before a stream is looked for: who may not read one doesn't learn whether it exists. */
export const STREAM_OPERATIONS: readonly Operation<StreamsState>[] = Object.entries(RUN).map(([name, run]) => ({
  name,
  input: {},
  read: (given) => checkRequest(name, given as Record<string, unknown>, TYPES[name] ?? {}),
  resources: (request: CheckedRequest, { clock }) => [{ resource: arnIn(request, clock()) }],
  run: (state, request: CheckedRequest) => run(state, request),
}));

/** The stream that a request names, or an iterator in it; IAM knows no resource for ListStreams. */
function arnIn({ StreamArn: arn, ShardIterator: token }: CheckedRequest, nowMs: number): string {
  if (token !== undefined) return parseIterator(String(token), nowMs).streamArn;
  return arn === undefined ? "*" : String(arn);
}

function streamOf(tables: Tables, arn: string): WritableStream {
  const stream = tables.streams().find((each) => each.arn === arn);
  if (stream !== undefined) return stream;
  throw notFound(`Stream: ${arn}`);
}

/** The sequence number that an iterator reads after; absent = from the oldest record. */
function positionOf(stream: WritableStream, type: string, sequenceNumber: unknown): string | undefined {
  if ((type === "LATEST" || type === "TRIM_HORIZON") && sequenceNumber !== undefined) {
    throw new AwsError("ValidationException", `SequenceNumber must not be given with the ShardIteratorType ${type}`);
  }
  if (type === "LATEST") return stream.latest();
  if (type === "TRIM_HORIZON") return undefined;
  if (typeof sequenceNumber !== "string") {
    throw new AwsError("ValidationException", `SequenceNumber is required for the ShardIteratorType ${type}`);
  }
  const after = type === "AT_SEQUENCE_NUMBER" ? String(BigInt(sequenceNumber) - 1n) : sequenceNumber;
  refuseTrimmed(stream, after);
  return after;
}

function refuseTrimmed(stream: WritableStream, after: string | undefined): void {
  const trimmed = stream.trimmed();
  if (after === undefined || trimmed === undefined || BigInt(after) >= BigInt(trimmed)) return;
  throw new AwsError(
    "TrimmedDataAccessException",
    "The operation attempted to read past the oldest stream record in a shard. In DynamoDB Streams, there is a 24 hour limit on data retention.",
  );
}

/** As many records as one response holds; the first always. */
function firstMegabyte(records: readonly StreamRecord[]): readonly StreamRecord[] {
  let bytes = 0;
  const end = records.findIndex(({ dynamodb }, index) => {
    bytes += dynamodb.SizeBytes;
    return index > 0 && bytes > MAX_RECORDS_BYTES;
  });
  return end === -1 ? records : records.slice(0, end);
}

const notFound = (what: string) =>
  new AwsError("ResourceNotFoundException", `Requested resource not found: ${what} not found`);
