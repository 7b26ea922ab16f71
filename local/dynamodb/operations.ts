// DynamoDB's operations on tables and items: each request is checked, authorized on every table that it names, run, and
// its changes handed to the streams before the answer leaves.
// https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_Operations_Amazon_DynamoDB.html

import type { Account } from "../account";
import { AwsError } from "../aws-error";
import type { JsonOperation } from "../edge/json-protocol";
import type { Iam } from "../iam/types";
import type { CheckedRequest } from "./check-request";
import type { Dynalite } from "./dynalite";
import { MAX_ITEM_BYTES, sizeOf } from "./images";
import { createItemOperations } from "./item-operations";
import type { ItemStore } from "./item-store";
import { createReadOperations } from "./read-operations";
import { type Tables, tableArn } from "./tables";
import type { Item } from "./types";

/** What a client may call; every other operation is refused by its name. */
export const OPERATIONS = [
  "BatchGetItem",
  "BatchWriteItem",
  "DeleteItem",
  "DescribeTable",
  "DescribeTimeToLive",
  "GetItem",
  "ListTables",
  "ListTagsOfResource",
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
  "DescribeTimeToLive",
  "ListTables",
  "ListTagsOfResource",
  "Query",
  "Scan",
] as const;

export interface OperationsOptions {
  readonly account: Account;
  readonly iam: Iam;
  readonly store: ItemStore;
  readonly dynalite: Dynalite;
  readonly tables: Tables;
}

/** Makes the table of operations that the JSON protocol serves. */
export function createOperations(options: OperationsOptions): Record<string, JsonOperation> {
  const { account, iam, store, dynalite, tables } = options;

  const own = { ...createItemOperations(store, dynalite), ...createReadOperations(store, dynalite) };

  function run(operation: string, request: CheckedRequest, requestId: string): Record<string, unknown> {
    try {
      return own[operation]?.(request) ?? dynalite.run(operation, request);
    } finally {
      tables.publish(store.takeChanges(), requestId);
    }
  }

  return Object.fromEntries(
    OPERATIONS.map((operation): [string, JsonOperation] => [
      operation,
      (input, context) => {
        const request = dynalite.check(operation, withTableNames(input, account));
        for (const item of putItems(request)) refuseTooLarge(item);
        const resources = resourcesOf(operation, request, account);
        context.describe(operation, resources[0]);
        for (const resource of resources) {
          iam.authorize({ caller: context.caller, action: `dynamodb:${operation}`, resource });
        }
        const output = run(operation, request, context.requestId);
        return operation === "DescribeTable" ? withLiveCounts(output, store) : output;
      },
    ]),
  );
}

/** Since 2024 a table may be named by its ARN; here only one of this account and region exists. */
function withTableNames(input: Record<string, unknown>, account: Account): Record<string, unknown> {
  const prefix = tableArn(account, "");
  const nameOf = (name: string) => (name.startsWith(prefix) ? name.slice(prefix.length) : name);
  const { TableName: tableName, RequestItems: requestItems } = input;
  return {
    ...input,
    ...(typeof tableName === "string" ? { TableName: nameOf(tableName) } : {}),
    ...(typeof requestItems === "object" && requestItems !== null && !Array.isArray(requestItems)
      ? { RequestItems: Object.fromEntries(Object.entries(requestItems).map(([name, each]) => [nameOf(name), each])) }
      : {}),
  };
}

/** The ARNs that IAM decides on; the operations that list know no resource. */
function resourcesOf(operation: string, request: CheckedRequest, account: Account): string[] {
  if (operation === "ListTables") return ["*"];
  if (operation === "ListTagsOfResource") return [String(request.ResourceArn)];
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

function refuseTooLarge(item: Item): void {
  if (sizeOf(item) > MAX_ITEM_BYTES) {
    throw new AwsError("ValidationException", "Item size has exceeded the maximum allowed size");
  }
}

/** AWS counts about every six hours; we can afford to count at once. */
function withLiveCounts(output: Record<string, unknown>, store: ItemStore): Record<string, unknown> {
  const table = output.Table as { TableName: string };
  const items = [...store.items(table.TableName).values()];
  const bytes = items.reduce((sum, item) => sum + sizeOf(item), 0);
  return { Table: { ...table, ItemCount: items.length, TableSizeBytes: bytes } };
}
