// DynamoDB with its streams: reads and checks of requests by dynalite in process; expressions, writes of items, streams
// and the refusal of the unknown by us.

import type { IncomingMessage } from "node:http";
import type { Account } from "../account";
import type { ActivityStream } from "../activity";
import type { Api } from "../api/operation";
import { AwsError } from "../aws-error";
import type { Journal } from "../data/journal";
import type { Iam } from "../iam/types";
import { createJsonProtocol } from "../protocols/json";
import { createDynalite } from "./dynalite";
import { createItemOperations } from "./item-operations";
import { createItemStore } from "./item-store";
import { createKeptTables } from "./kept-tables";
import { TABLE_OPERATIONS } from "./operations";
import { createRequestOperations, DYNALITE_ACTIONS, OPERATIONS } from "./operations/items";
import { createRequestTokens } from "./operations/request-tokens";
import type { TableState } from "./operations/state";
import { createTransactGetItems } from "./operations/transact-get-items";
import { createTransactWriteItems } from "./operations/transact-write-items";
import { STREAM_OPERATIONS, type StreamsState } from "./streams-api";
import { createTables } from "./tables";
import type { CreateTableInput, Dynamodb } from "./types";

export interface DynamodbOptions {
  readonly account: Account;
  readonly activity: ActivityStream;
  readonly iam: Iam;
  /** Milliseconds since 1970; tests put a clock of their own here to see records and iterators expire. */
  readonly clock?: () => number;
  /** Where items are kept over a restart. */
  readonly journal?: Journal;
}

const STREAMS_PREFIX = "DynamoDBStreams_20120810";

/** Creates the DynamoDB of one embedded AWS; it serves both of DynamoDB's protocols, tables and streams. */
export function createDynamodb({ account, activity, iam, clock = Date.now, journal }: DynamodbOptions): Dynamodb {
  const store = createItemStore(account);
  const dynalite = createDynalite(store, OPERATIONS, DYNALITE_ACTIONS);
  const items = createItemOperations(store, dynalite);
  const kept = journal && createKeptTables(journal);
  const tables = createTables({ account, activity, store, dynalite, clock, kept });
  const errorNamespace = "com.amazonaws.dynamodb.v20120810";

  const api: Api<TableState> = {
    name: "dynamodb",
    actionPrefix: "dynamodb",
    inputError: "ValidationException",
    state: { account, store, tables },
    operations: [
      ...createRequestOperations(store, dynalite, items),
      createTransactWriteItems(dynalite, items, createRequestTokens(clock, journal)),
      createTransactGetItems(dynalite, items),
      ...TABLE_OPERATIONS,
    ],
  };
  const itemProtocol = createJsonProtocol({
    api,
    iam,
    targetPrefix: "DynamoDB_20120810",
    version: "1.0",
    errorNamespace,
  });
  const streams: Api<StreamsState> = {
    name: "dynamodb",
    actionPrefix: "dynamodb",
    inputError: "ValidationException",
    state: { tables, clock },
    operations: STREAM_OPERATIONS,
  };
  const streamProtocol = createJsonProtocol({
    api: streams,
    iam,
    targetPrefix: STREAMS_PREFIX,
    version: "1.0",
    errorNamespace,
  });
  const protocolOf = ({ headers }: IncomingMessage) =>
    String(headers["x-amz-target"]).startsWith(`${STREAMS_PREFIX}.`) ? streamProtocol : itemProtocol;

  const streamOf = (tableName: string) => tables.streams().find(({ table }) => table.TableName === tableName);

  return {
    api,
    replacedTables: kept?.replaced ?? [],
    handle: (request, response, context) => protocolOf(request).handle(request, response, context),
    refuse: (error, request, response, requestId) => protocolOf(request).refuse(error, request, response, requestId),

    async createTable(input) {
      const table = tables.create(requestOf(input));
      const stream = streamOf(input.tableName);
      return { arn: table.TableArn, streamArn: stream?.arn, streamLabel: stream?.label };
    },
    stream(streamArn) {
      const stream = tables.streams().find(({ arn }) => arn === streamArn);
      if (stream !== undefined) return stream;
      throw new AwsError("ResourceNotFoundException", `Requested resource not found: Stream: ${streamArn} not found`);
    },
    close: async () => tables.timeToLive.close(),
  };
}

/** The input as CreateTable takes it. */
function requestOf(input: CreateTableInput) {
  const { readCapacity: read, writeCapacity: write, hashKey, rangeKey } = input;
  return {
    TableName: input.tableName,
    AttributeDefinitions: input.attributeDefinitions.map((each) => ({
      AttributeName: each.attributeName,
      AttributeType: each.attributeType,
    })),
    KeySchema: [
      { AttributeName: hashKey, KeyType: "HASH" as const },
      ...(rangeKey === undefined ? [] : [{ AttributeName: rangeKey, KeyType: "RANGE" as const }]),
    ],
    BillingMode: input.billingMode,
    ...((read ?? write) !== undefined && {
      ProvisionedThroughput: { ReadCapacityUnits: read as number, WriteCapacityUnits: write as number },
    }),
    ...(input.streamViewType && {
      StreamSpecification: { StreamEnabled: true, StreamViewType: input.streamViewType },
    }),
    DeletionProtectionEnabled: input.deletionProtectionEnabled,
  };
}
