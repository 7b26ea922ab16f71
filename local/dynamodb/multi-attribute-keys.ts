// Global indexes with several attributes in a part of their key, which dynalite does not know: what their key may be, and
// queries of them. Scans need nothing of their own.
// https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/GSI.DesignPattern.MultiAttributeKeys.html

import { AwsError } from "../aws-error";
import { type CheckedRequest, expressionsOf } from "./check-request";
import { holds } from "./expressions/evaluate";
import type { KeyCondition } from "./expressions/key-condition";
import { legacyCondition } from "./expressions/legacy";
import { sizeOf } from "./images";
import { typeOf } from "./index-keys";
import { indexed, rowKeyOf } from "./indexes";
import type { ItemStore } from "./item-store";
import type { Index, Item, TableDescription } from "./types";

const MOST_ATTRIBUTES = 4;
const MOST_BYTES = 1024 * 1024;

type Key = Index["KeySchema"];

const ofType = (key: Key, type: string) => key.filter(({ KeyType }) => KeyType === type);

/** Whether dynalite would not know an index for its key. */
export const hasMultiAttributeKey = ({ KeySchema }: Pick<Index, "KeySchema">): boolean =>
  ofType(KeySchema, "HASH").length > 1 || ofType(KeySchema, "RANGE").length > 1;

/** An index as dynalite can check it, with one attribute in each part of its key; refuses a key that no index may have. */
export function withSimpleKey<I extends Pick<Index, "KeySchema">>(index: I, { AttributeDefinitions }: Definitions): I {
  const { KeySchema } = index;
  if (!hasMultiAttributeKey(index)) return index;
  const [hash, range] = [ofType(KeySchema, "HASH"), ofType(KeySchema, "RANGE")];
  for (const [name, part] of [["HASH", hash] as const, ["RANGE", range] as const]) {
    if (part.length > MOST_ATTRIBUTES) {
      throw invalid(`Invalid KeySchema: at most ${MOST_ATTRIBUTES} ${name} key elements (given ${part.length})`);
    }
  }
  if (KeySchema.findLastIndex(({ KeyType }) => KeyType === "HASH") >= hash.length) {
    throw invalid("Invalid KeySchema: HASH key elements must precede RANGE key elements");
  }
  const names = KeySchema.map(({ AttributeName }) => AttributeName);
  if (new Set(names).size < names.length) throw invalid("Two elements in the KeySchema have the same name");
  const defined = AttributeDefinitions.map(({ AttributeName }) => AttributeName);
  if (names.some((name) => !defined.includes(name))) {
    throw invalid(
      `One or more parameter values were invalid: Some index key attributes are not defined in AttributeDefinitions. Keys: [${names.join(", ")}], AttributeDefinitions: [${defined.join(", ")}]`,
    );
  }
  return { ...index, KeySchema: [...hash.slice(0, 1), ...range.slice(0, 1)] };
}

type Definitions = Pick<TableDescription, "AttributeDefinitions">;

/** One page of a query, as dynalite's are: whole rows of the index, neither filtered nor projected. */
export function queryIndex(request: CheckedRequest, table: TableDescription, index: Index, store: ItemStore) {
  const {
    KeyConditions,
    ExclusiveStartKey: start,
    ScanIndexForward,
    Limit,
    ConsistentRead,
  } = request as {
    readonly KeyConditions: Readonly<Record<string, KeyCondition>>;
    readonly ExclusiveStartKey?: Item;
    readonly ScanIndexForward?: boolean;
    readonly Limit?: number;
    readonly ConsistentRead?: boolean;
  };
  if (ConsistentRead) throw invalid("Consistent reads are not supported on global secondary indexes");
  refuseConditions(KeyConditions, index, table);
  const condition = legacyCondition(KeyConditions, "AND");
  const { bindings } = expressionsOf(request);
  const matches = (item: Item) => condition === undefined || holds(condition, item, bindings);
  const startNames = [...new Set([...table.KeySchema, ...index.KeySchema].map(({ AttributeName }) => AttributeName))];
  if (start !== undefined) refuseStart(start, startNames, table, matches);

  const direction = ScanIndexForward === false ? -1 : 1;
  const after = start && rowKeyOf(start, table, index);
  const isLater = (key: string) => after === undefined || (direction === 1 ? key > after : key < after);
  const rows = [...indexed(store.items(table.TableName).values(), table, index.IndexName)]
    .filter(([key, item]) => isLater(key) && matches(item))
    .sort(([a], [b]) => (a < b ? -direction : direction))
    .map(([, item]) => item);

  let bytes = 0;
  const full = rows.findIndex((item, at) => {
    bytes += sizeOf(item);
    return at + 1 === Limit || bytes >= MOST_BYTES;
  });
  const Items = full === -1 ? rows : rows.slice(0, full + 1);
  const last = full === -1 ? undefined : Items.at(-1);
  return {
    Items,
    ScannedCount: Items.length,
    ...(last && { LastEvaluatedKey: Object.fromEntries(startNames.map((name) => [name, last[name]])) }),
    ...capacityOf(request, Items, index),
  };
}

/** Equality for each attribute of the partition; of those that sort, as many as come first, and only the last one otherwise. */
function refuseConditions(conditions: Readonly<Record<string, KeyCondition>>, index: Index, table: TableDescription) {
  const { KeySchema } = index;
  const isEqual = (name: string) => conditions[name]?.ComparisonOperator === "EQ";
  const hash = ofType(KeySchema, "HASH").map(({ AttributeName }) => AttributeName);
  const range = ofType(KeySchema, "RANGE").map(({ AttributeName }) => AttributeName);
  const notEqual = hash.find((name) => !isEqual(name));
  if (notEqual !== undefined) {
    throw invalid(`Query key condition not supported: the HASH key attribute ${notEqual} needs an equality condition`);
  }
  for (const [name, { ComparisonOperator, AttributeValueList }] of Object.entries(conditions)) {
    if (![...hash, ...range].includes(name)) throw invalid(`Query condition on ${name}, which is not in the key`);
    if (["NULL", "NOT_NULL", "NE", "CONTAINS", "NOT_CONTAINS", "IN"].includes(ComparisonOperator)) {
      throw invalid("Attempted conditional constraint is not an indexable operation");
    }
    if (AttributeValueList.some((value) => value[typeOf(name, table)] === undefined)) {
      throw invalid("One or more parameter values were invalid: Condition parameter type does not match schema type");
    }
    const before = range.slice(0, Math.max(0, range.indexOf(name))).find((each) => !isEqual(each));
    if (before !== undefined) {
      throw invalid(
        `Query key condition not supported: the RANGE key attribute ${before} needs an equality condition before one on ${name}`,
      );
    }
  }
}

function refuseStart(
  start: Item,
  names: readonly string[],
  table: TableDescription,
  matches: (item: Item) => boolean,
): void {
  const isKey =
    Object.keys(start).length === names.length &&
    names.every((name) => start[name]?.[typeOf(name, table)] !== undefined);
  if (!isKey) throw invalid("The provided starting key is invalid");
  if (matches(start)) return;
  throw invalid("The provided starting key is outside query boundaries based on provided conditions");
}

function capacityOf(
  { ReturnConsumedCapacity: asked, TableName }: CheckedRequest,
  items: readonly Item[],
  index: Index,
) {
  if (asked !== "TOTAL" && asked !== "INDEXES") return {};
  const bytes = items.reduce((sum, item) => sum + sizeOf(item), 0);
  const CapacityUnits = Math.ceil(bytes / 4096) / 2;
  const ofIndex = { Table: { CapacityUnits: 0 }, GlobalSecondaryIndexes: { [index.IndexName]: { CapacityUnits } } };
  return { ConsumedCapacity: { TableName, CapacityUnits, ...(asked === "INDEXES" && ofIndex) } };
}

const invalid = (message: string) => new AwsError("ValidationException", message);
