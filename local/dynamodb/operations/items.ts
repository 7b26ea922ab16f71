// DynamoDB's operations on tables and items: each request is checked, authorized on every table that it names, run, and
// its changes handed to the streams before the response leaves.
// https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_Operations_Amazon_DynamoDB.html

import type { Account } from "../../account";
import type { Operation } from "../../api/operation";
import { AwsError } from "../../aws-error";
import type { CheckedRequest } from "../check-request";
import type { Dynalite } from "../dynalite";
import { sizeOf } from "../images";
import { refuseIndexKeys } from "../index-keys";
import { refuseLargeItem } from "../item-changes";
import type { ItemOperations } from "../item-operations";
import type { ItemStore } from "../item-store";
import { createReadOperations } from "../read-operations";
import { tableArn } from "../table-arn";
import type { Item } from "../types";
import { nameOf, type TableState } from "./state";

/** What a client may call; every other operation is refused by its name. */
export const OPERATIONS = [
  "BatchGetItem",
  "BatchWriteItem",
  "DeleteItem",
  "DescribeTable",
  "GetItem",
  "ListTables",
  "PutItem",
  "Query",
  "Scan",
  "UpdateItem",
] as const;

/** Those that dynalite runs, alone or as a part. */
export const DYNALITE_ACTIONS = [
  "BatchGetItem",
  "BatchWriteItem",
  "DescribeTable",
  "ListTables",
  "Query",
  "Scan",
] as const;

/** Makes the operations on items, and those that read tables. */
export function createRequestOperations(
  store: ItemStore,
  dynalite: Dynalite,
  items: ItemOperations,
): Operation<TableState>[] {
  const own = { ...items.operations, ...createReadOperations(store, dynalite) };

  return OPERATIONS.map((name) => ({
    name,
    input: {},
    read(given, { account }) {
      const request = dynalite.check(name, withTableNames(given as Record<string, unknown>, account));
      for (const item of putItems(request)) refuseLargeItem(item);
      return request;
    },
    resources: (request: CheckedRequest, { account }) =>
      resourcesOf(name, request, account).map((resource) => ({ resource })),
    run({ tables }, request: CheckedRequest, { requestId }) {
      try {
        if (name === "BatchWriteItem") refuseBatchKeys(request, store);
        const output = own[name]?.(request) ?? dynalite.run(name, request);
        return name === "DescribeTable" ? withLiveCounts(output, store) : output;
      } finally {
        tables.publish(store.takeChanges(), requestId);
      }
    },
  }));
}

/** Since 2024 a table may be named by its ARN; here only one of this account and region exists. */
function withTableNames(input: Record<string, unknown>, account: Account): Record<string, unknown> {
  const { TableName: tableName, RequestItems: requestItems } = input;
  return {
    ...input,
    ...(typeof tableName === "string" ? { TableName: nameOf(account, tableName) } : {}),
    ...(typeof requestItems === "object" && requestItems !== null && !Array.isArray(requestItems)
      ? {
          RequestItems: Object.fromEntries(
            Object.entries(requestItems).map(([name, each]) => [nameOf(account, name), each]),
          ),
        }
      : {}),
  };
}

/** The ARNs that IAM decides on; the operations that list know no resource. */
function resourcesOf(operation: string, request: CheckedRequest, account: Account): string[] {
  if (operation === "ListTables") return ["*"];
  const { IndexName: index } = request;
  if (typeof index === "string") return [`${tableArn(account, String(request.TableName))}/index/${index}`];
  const names = typeof request.TableName === "string" ? [request.TableName] : Object.keys(request.RequestItems ?? {});
  return names.map((name) => tableArn(account, name));
}

interface WriteRequest {
  readonly PutRequest?: { readonly Item: Item };
  readonly DeleteRequest?: unknown;
}

/** The whole items that a request stores. */
function putItems(request: CheckedRequest): Item[] {
  const tables = Object.values((request.RequestItems ?? {}) as Record<string, WriteRequest[]>);
  const writes = tables.flatMap((each) => (Array.isArray(each) ? each : []));
  if (writes.some((write) => write.PutRequest !== undefined && write.DeleteRequest !== undefined)) {
    throw new AwsError(
      "ValidationException",
      "Supplied AttributeValue has more than one datatypes set, must contain exactly one of the supported datatypes",
    );
  }
  const items = [request.Item as Item | undefined, ...writes.map((write) => write.PutRequest?.Item)];
  return items.filter((item) => item !== undefined);
}

/** dynalite judges the keys of a batch's items, but for what their indexes cannot have. */
function refuseBatchKeys({ RequestItems }: CheckedRequest, store: ItemStore): void {
  for (const [name, writes] of Object.entries(RequestItems as Record<string, WriteRequest[]>)) {
    const table = store.table(name);
    for (const { PutRequest } of writes) if (table && PutRequest) refuseIndexKeys(PutRequest.Item, table);
  }
}

/** AWS counts about every six hours; we can afford to count at once. */
function withLiveCounts(output: Record<string, unknown>, store: ItemStore): Record<string, unknown> {
  const table = output.Table as { TableName: string };
  const items = [...store.items(table.TableName).values()];
  const bytes = items.reduce((sum, item) => sum + sizeOf(item), 0);
  return { Table: { ...table, ItemCount: items.length, TableSizeBytes: bytes } };
}
