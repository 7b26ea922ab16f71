// Tables as Terraform's provider creates them, each with its stream when it has one.
// https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_CreateTable.html

import { randomUUID } from "node:crypto";
import type { Account } from "../account";
import { type ActivityStream, now } from "../activity";
import { AwsError } from "../aws-error";
import type { Dynalite } from "./dynalite";
import type { Change, ItemStore, TableDescription } from "./item-store";
import type { Identity, KeptTables } from "./kept-tables";
import { createTableStream, type WritableStream } from "./stream";
import type { CreateTableInput } from "./types";

export interface Tables {
  create(input: CreateTableInput): TableDescription;
  /** Every stream, in the order of creation. */
  streams(): readonly WritableStream[];
  /** Hands a request's changes to the streams of their tables; each append is an activity. */
  publish(changes: readonly Change[], requestId: string): void;
}

export interface TablesOptions {
  readonly account: Account;
  readonly activity: ActivityStream;
  readonly store: ItemStore;
  readonly dynalite: Dynalite;
  readonly clock: () => number;
  readonly kept?: KeptTables;
}

/** Creates the registry of an account's tables. */
export function createTables({ account, activity, store, dynalite, clock, kept }: TablesOptions): Tables {
  const streams = new Map<string, WritableStream>();

  function describe(input: CreateTableInput, { createdAt: ms, tableId }: Identity): TableDescription {
    const createdAt = ms / 1000;
    const onDemand = input.billingMode === "PAY_PER_REQUEST";
    return {
      TableName: input.tableName,
      TableArn: tableArn(account, input.tableName),
      TableId: tableId,
      TableStatus: "ACTIVE",
      CreationDateTime: createdAt,
      AttributeDefinitions: attributeDefinitions(input),
      KeySchema: keySchema(input),
      ProvisionedThroughput: {
        NumberOfDecreasesToday: 0,
        ReadCapacityUnits: input.readCapacity ?? 0,
        WriteCapacityUnits: input.writeCapacity ?? 0,
      },
      ...(onDemand
        ? { BillingModeSummary: { BillingMode: "PAY_PER_REQUEST", LastUpdateToPayPerRequestDateTime: createdAt } }
        : {}),
      DeletionProtectionEnabled: input.deletionProtectionEnabled ?? false,
    };
  }

  return {
    create(input) {
      dynalite.check("CreateTable", requestOf(input));
      if (store.table(input.tableName) !== undefined) {
        throw new AwsError("ResourceInUseException", `Table already exists: ${input.tableName}`);
      }
      const fresh = { createdAt: clock(), tableId: randomUUID() };
      const restored = kept?.restore(describe(input, fresh), fresh);
      const plain = describe(input, restored ?? fresh);
      if (restored !== undefined) store.restore(input.tableName, restored.items);
      if (input.streamViewType === undefined) {
        store.putTable(plain);
        return plain;
      }
      const { region } = account;
      const since = { createdAt: (restored ?? fresh).createdAt, restored };
      const stream = createTableStream({ table: plain, region, viewType: input.streamViewType, clock, ...since });
      const table = {
        ...plain,
        StreamSpecification: { StreamEnabled: true, StreamViewType: stream.viewType },
        LatestStreamLabel: stream.label,
        LatestStreamArn: stream.arn,
      };
      store.putTable(table);
      streams.set(input.tableName, stream);
      return table;
    },
    streams: () => [...streams.values()],
    publish(changes, requestId) {
      for (const tableName of new Set(changes.map((change) => change.tableName))) {
        const stream = streams.get(tableName);
        const ofTable = changes.filter((change) => change.tableName === tableName);
        const appended = stream?.append(ofTable) ?? [];
        kept?.write(tableName, ofTable, appended);
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
    },
  };
}

/** The ARN of a table; `*` for all. */
export const tableArn = (account: Account, tableName: string): string =>
  `arn:aws:dynamodb:${account.region}:${account.accountId}:table/${tableName}`;

/** The input as CreateTable takes it, for AWS's own checks. */
function requestOf(input: CreateTableInput): Record<string, unknown> {
  const throughput = { ReadCapacityUnits: input.readCapacity, WriteCapacityUnits: input.writeCapacity };
  const given = input.readCapacity !== undefined || input.writeCapacity !== undefined;
  return {
    TableName: input.tableName,
    AttributeDefinitions: attributeDefinitions(input),
    KeySchema: keySchema(input),
    BillingMode: input.billingMode,
    ...(given ? { ProvisionedThroughput: throughput } : {}),
  };
}

const attributeDefinitions = ({ attributeDefinitions: definitions }: CreateTableInput) =>
  definitions.map((each) => ({ AttributeName: each.attributeName, AttributeType: each.attributeType }));

const keySchema = ({ hashKey, rangeKey }: CreateTableInput) => [
  { AttributeName: hashKey, KeyType: "HASH" },
  ...(rangeKey === undefined ? [] : [{ AttributeName: rangeKey, KeyType: "RANGE" }]),
];
