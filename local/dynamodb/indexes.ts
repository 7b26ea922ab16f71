// Secondary indexes: what they say of themselves, and what a table's items are in one. They are made from the items when
// they are read, so that writes cost nothing more and an index is never behind its table.
// https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/SecondaryIndexes.html

import type { Account } from "../account";
import { isIn } from "./index-keys";
import { tableArn } from "./table-arn";
import type { AttributeValue, GlobalIndex, Index, Item, TableDescription } from "./types";

interface Given {
  readonly TableName: string;
  readonly GlobalSecondaryIndexes?: readonly GlobalIndex[];
  readonly LocalSecondaryIndexes?: readonly Index[];
}

interface Database {
  createIndexKey(item: Item, table: TableDescription, keySchema: Index["KeySchema"]): string;
}

/** A table's indexes as DescribeTable returns them. */
export function indexesOf(given: Given, account: Account) {
  const { GlobalSecondaryIndexes: global = [], LocalSecondaryIndexes: local = [] } = given;
  const described = (index: Index) => ({
    ...index,
    IndexArn: `${tableArn(account, given.TableName)}/index/${index.IndexName}`,
    IndexSizeBytes: 0,
    ItemCount: 0,
  });
  const none = { ReadCapacityUnits: 0, WriteCapacityUnits: 0 };
  return {
    ...(global.length > 0 && {
      GlobalSecondaryIndexes: global.map((index) => ({
        ...described(index),
        IndexStatus: "ACTIVE",
        ProvisionedThroughput: { ...(index.ProvisionedThroughput ?? none), NumberOfDecreasesToday: 0 },
      })),
    }),
    ...(local.length > 0 && { LocalSecondaryIndexes: local.map(described) }),
  };
}

export const hasIndexes = (table: TableDescription): boolean =>
  table.GlobalSecondaryIndexes !== undefined || table.LocalSecondaryIndexes !== undefined;

/** One of a table's indexes, and whether it is a global one. */
export function indexNamed(
  table: TableDescription,
  name: string,
): (Index & { readonly isGlobal: boolean }) | undefined {
  const { GlobalSecondaryIndexes: global = [], LocalSecondaryIndexes: local = [] } = table as unknown as Given;
  const found = [...global, ...local].find(({ IndexName }) => IndexName === name);
  return found && { ...found, isGlobal: !local.includes(found) };
}

/** The attributes that an index has of its items; undefined for all. */
export function projectionOf(
  { KeySchema, Projection }: Index,
  table: TableDescription,
): ReadonlySet<string> | undefined {
  const { ProjectionType, NonKeyAttributes = [] } = Projection;
  const keys = [...KeySchema, ...table.KeySchema].map(({ AttributeName }) => AttributeName);
  return ProjectionType === "ALL" ? undefined : new Set([...keys, ...NonKeyAttributes]);
}

/** Under what an index has an item; the order of these is its own. */
export function rowKeyOf(item: Item, table: TableDescription, { KeySchema }: Index): string {
  const { createIndexKey } = require("dynalite/db") as Database;
  return createIndexKey(item, table, KeySchema);
}

/** The items that an index has, which are those with all of its key, and what it has of them, by the index's order. */
export function indexed(items: Iterable<Item>, table: TableDescription, indexName: string): Map<string, Item> {
  const index = indexNamed(table, indexName) as Index;
  const kept = projectionOf(index, table);
  const rows = new Map<string, Item>();
  for (const item of items) {
    if (!isIn(index, item, table)) continue;
    rows.set(rowKeyOf(item, table, index), kept === undefined ? item : projected(item, kept));
  }
  return rows;
}

const projected = (item: Item, names: ReadonlySet<string>): Item =>
  Object.fromEntries(Object.entries(item).filter(([name]) => names.has(name))) as Record<string, AttributeValue>;
