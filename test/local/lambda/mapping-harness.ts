// An event source mapping between a real stream and a function that the test plays.

import { randomUUID } from "node:crypto";
import { createActivityStream } from "../../../local/activity";
import { AwsError } from "../../../local/aws-error";
import type { TableDescription } from "../../../local/dynamodb/item-store";
import { createTableStream } from "../../../local/dynamodb/stream";
import {
  createStreamMapping,
  type StreamMapping,
  type StreamMappingOptions,
} from "../../../local/lambda/event-source-mapping/mapping";
import type { EventSourceMappingInput, Invoker } from "../../../local/lambda/types";
import type { Caller } from "../../../local/service";
import { createTestIam } from "../iam/account";

export const BUCKET_ARN = "arn:aws:s3:::failures";
export const READ_STREAM = {
  Effect: "Allow",
  Action: ["dynamodb:GetRecords", "dynamodb:GetShardIterator", "dynamodb:DescribeStream", "dynamodb:ListStreams"],
  Resource: "*",
};
export const WRITE_FAILURES = { Effect: "Allow", Action: ["s3:PutObject", "s3:ListBucket"], Resource: "*" };

const TABLE: TableDescription = {
  TableName: "user-profile",
  TableArn: "arn:aws:dynamodb:eu-west-1:111122223333:table/user-profile",
  TableStatus: "ACTIVE",
  KeySchema: [{ AttributeName: "id", KeyType: "HASH" }],
  AttributeDefinitions: [{ AttributeName: "id", AttributeType: "N" }],
};

/** The stack's mapping, without retries. */
export const SETTINGS = {
  functionName: "CreateThumbnail",
  startingPosition: "TRIM_HORIZON",
  batchSize: 10,
  maximumBatchingWindowInSeconds: 0,
  bisectBatchOnFunctionError: false,
  reportBatchItemFailures: false,
  maximumRetryAttempts: 0,
  maximumRecordAgeInSeconds: -1,
  parallelizationFactor: 1,
  filterPatterns: [],
} as const;

export interface TestRecord {
  readonly eventName: string;
  readonly eventSourceARN: string;
  readonly dynamodb: { readonly SequenceNumber: string; readonly Keys: { readonly id: { readonly N: string } } };
}

/** Plays the function for one batch: returns its response, an Error to fail, or throws what Lambda refuses with. */
export type Play = (ids: string, records: readonly TestRecord[]) => unknown;

export interface Failure {
  readonly caller: Caller;
  readonly bucketArn: string;
  readonly key: string;
  readonly body: { readonly payload: string } & Record<string, unknown>;
}

export interface MappingTest extends Partial<EventSourceMappingInput> {
  readonly play?: Play;
  readonly statements?: readonly object[];
  readonly deliverTwice?: boolean;
  /** Why the failure destination refuses. */
  readonly refuseFailures?: AwsError;
  readonly clock?: () => number;
}

/** The response that reports these records of a batch. */
export const report = (records: readonly TestRecord[], ...ids: string[]) => ({
  batchItemFailures: records
    .filter(({ dynamodb }) => ids.includes(dynamodb.Keys.id.N))
    .map(({ dynamodb }) => ({ itemIdentifier: dynamodb.SequenceNumber })),
});

/** Prepares a stream; `start` creates the mapping on it. */
export function createMappingTest(options: MappingTest = {}) {
  const { play = () => null, statements, deliverTwice, refuseFailures, clock = Date.now, ...settings } = options;
  const { iam, caller, activities: decisions } = createTestIam(statements ?? [READ_STREAM, WRITE_FAILURES]);
  const stream = createTableStream({ table: TABLE, region: "eu-west-1", viewType: "NEW_AND_OLD_IMAGES", clock });
  const activity = createActivityStream();
  const activities: { action: string; error?: string; detail?: Record<string, unknown> }[] = [];
  activity.subscribe((each) => activities.push(each));
  /** The ids of each batch that the function got, in order. */
  const batches: string[] = [];
  const events: TestRecord[][] = [];
  const failures: Failure[] = [];
  let version = 0;

  const invoker: Invoker = {
    roleOf: () => caller,
    onFree: () => () => {},
    async invoke({ payload }) {
      const { Records: records } = JSON.parse(payload) as { Records: TestRecord[] };
      const ids = records.map(({ dynamodb }) => dynamodb.Keys.id.N).join(",");
      batches.push(ids);
      events.push(records);
      const answer = await play(ids, records);
      const failed = answer instanceof Error;
      return {
        requestId: randomUUID(),
        functionError: failed ? "Unhandled" : undefined,
        payload: failed ? JSON.stringify({ errorMessage: answer.message }) : JSON.stringify(answer),
        logTail: "",
      };
    },
  };

  return {
    stream,
    caller,
    activities,
    decisions,
    batches,
    events,
    failures,
    /** Writes new versions of items, as one BatchWriteItem. */
    write(...ids: (number | string)[]) {
      stream.append(ids.map((id) => ({ tableName: "user-profile", key: `${id}`, newItem: item(id, ++version) })));
    },
    /** @param goesOnAfter as the successor of another one that was there */
    start: (goesOnAfter?: StreamMappingOptions["goesOnAfter"]) =>
      createStreamMapping({
        goesOnAfter,
        input: { ...SETTINGS, eventSourceArn: stream.arn, ...settings },
        uuid: "0b1c2d3e-0000-4000-8000-000000000000",
        stream,
        invoker,
        iam,
        activity,
        repeats: () => deliverTwice ?? false,
        async putFailure(role, bucketArn, key, body) {
          if (refuseFailures !== undefined) throw refuseFailures;
          failures.push({ caller: role, bucketArn, key, body: body as Failure["body"] });
        },
      }),
  };
}

const item = (id: number | string, version: number) => ({ id: { N: String(id) }, version: { N: String(version) } });

export const throttled = () => new AwsError("TooManyRequestsException", "Rate Exceeded.", 429);

/** All places of the account are taken. */
export const crowded = () =>
  new AwsError("TooManyRequestsException", "Rate Exceeded.", 429, { Reason: "ConcurrentInvocationLimitExceeded" });

/** Gives a test file what runs mappings, and closes them after each test. */
export function mappingRunner() {
  let mappings: StreamMapping[] = [];
  afterEach(async () => {
    await Promise.all(mappings.map((mapping) => mapping.close()));
    mappings = [];
  });

  /** A mapping that runs; `written` are in the stream before it is created. */
  return (options: MappingTest = {}, ...written: number[]) => {
    const test = createMappingTest(options);
    test.write(...written);
    const mapping = test.start();
    mappings.push(mapping);
    return { ...test, mapping };
  };
}
