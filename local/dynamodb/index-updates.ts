// Global secondary indexes that a table gets or loses while it is there. Since an index is made from the items when it is
// read, there is nothing to fill: an index is whole with the response.
// https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/GSI.OnlineOps.html

import type { Account } from "../account";
import type { InputOf } from "../api/shapes";
import { AwsError } from "../aws-error";
import type { Dynalite } from "./dynalite";
import { refuseNames } from "./index-keys";
import { indexesOf } from "./indexes";
import { withSimpleKey } from "./multi-attribute-keys";
import type { INDEX_UPDATES, SETTINGS } from "./operations/table-input";
import type { GlobalIndex, Index, TableDescription } from "./types";

/** https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Constraints.html#limits-secondary-indexes */
const MOST_INDEXES = 20;

type Definitions = TableDescription["AttributeDefinitions"];
type Updates = InputOf<typeof INDEX_UPDATES & Pick<typeof SETTINGS, "AttributeDefinitions" | "BillingMode">>;
type Update = NonNullable<Updates["GlobalSecondaryIndexUpdates"]>[number];
type NewIndex = NonNullable<Update["Create"]>;

/** The table with its indexes changed; refuses what is none of its indexes, or cannot become one. */
export function withIndexUpdates(
  table: TableDescription,
  { GlobalSecondaryIndexUpdates: updates = [], AttributeDefinitions: given = [], BillingMode }: Updates,
  { account, dynalite }: { readonly account: Account; readonly dynalite: Dynalite },
): TableDescription {
  const losesCapacity = BillingMode === "PAY_PER_REQUEST";
  if (updates.length === 0 && !losesCapacity) return table;
  refuseForm(updates);
  const { GlobalSecondaryIndexes: global = [], LocalSecondaryIndexes: local = [] } = table as Indexed;
  const indexes = new Map(global.map((index) => [index.IndexName, index]));
  let definitions = table.AttributeDefinitions;
  for (const { Create, Update, Delete } of updates) {
    if (Create !== undefined) {
      if ([...global, ...local].some(({ IndexName }) => IndexName === Create.IndexName)) {
        throw invalid(`Attempting to create an index which already exists. Index: ${Create.IndexName}`);
      }
      definitions = withKeyOf(Create, definitions, given);
      refuseIndex(Create, { ...table, AttributeDefinitions: definitions }, dynalite);
      indexes.set(Create.IndexName, Create);
      continue;
    }
    const { IndexName } = (Update ?? Delete) as { readonly IndexName: string };
    const index = indexes.get(IndexName);
    if (index === undefined) {
      throw new AwsError("ResourceNotFoundException", `Requested resource not found: Index: ${IndexName} not found`);
    }
    if (Update === undefined) indexes.delete(IndexName);
    else indexes.set(IndexName, { ...index, ...Update });
  }
  const changed = [...indexes.values()].map(({ ProvisionedThroughput, ...index }) =>
    losesCapacity ? index : { ...index, ProvisionedThroughput },
  );
  if (changed.length > MOST_INDEXES) {
    throw invalid(`GlobalSecondaryIndex count exceeds the per-table limit of ${MOST_INDEXES}`);
  }
  const keys = [table, ...changed, ...local].flatMap(({ KeySchema }) => KeySchema);
  const { TableName } = table;
  return {
    ...table,
    AttributeDefinitions: definitions.filter(({ AttributeName: name }) =>
      keys.some(({ AttributeName }) => AttributeName === name),
    ),
    GlobalSecondaryIndexes: undefined,
    ...indexesOf({ TableName, GlobalSecondaryIndexes: changed, LocalSecondaryIndexes: local }, account),
  };
}

interface Indexed {
  readonly GlobalSecondaryIndexes?: readonly GlobalIndex[];
  readonly LocalSecondaryIndexes?: readonly Index[];
}

/** Each says one thing of one index, and one index at a time comes or goes. */
function refuseForm(updates: readonly Update[]): void {
  const names =
    "GlobalSecondaryIndexUpdate.Update, GlobalSecondaryIndexUpdate.Create, GlobalSecondaryIndexUpdate.Delete";
  for (const update of updates) {
    const count = Object.keys(update).length;
    if (count === 0) throw invalid(`One of ${names} must not be null`);
    if (count > 1) throw invalid(`Only one of ${names} may be given (given ${Object.keys(update).join(", ")})`);
  }
  const named = updates.map(({ Create, Update, Delete }) => (Create ?? Update ?? Delete)?.IndexName);
  if (updates.filter(({ Update }) => Update === undefined).length > 1) {
    throw new AwsError(
      "LimitExceededException",
      "Subscriber limit exceeded: Only 1 online index can be created or deleted simultaneously per table",
    );
  }
  const twice = named.find((name, at) => named.indexOf(name) !== at);
  if (twice !== undefined) {
    throw invalid(`Only one global secondary index update per index is allowed simultaneously. Index: ${twice}`);
  }
}

/** The definitions with those of an index's key, which the request must have; what it has besides is ignored, as by AWS. */
function withKeyOf({ KeySchema }: NewIndex, known: Definitions, given: Definitions): Definitions {
  const names = KeySchema.map(({ AttributeName }) => AttributeName);
  refuseNames([...names, ...given.map(({ AttributeName }) => AttributeName)]);
  const ofKey = given.filter(({ AttributeName }) => names.includes(AttributeName));
  if (names.some((name) => !ofKey.some(({ AttributeName }) => AttributeName === name))) {
    const defined = given.map(({ AttributeName }) => AttributeName).join(", ");
    throw invalid(
      `Some index key attributes are not defined in AttributeDefinitions. Keys: [${names.join(", ")}], AttributeDefinitions: [${defined}]`,
    );
  }
  for (const { AttributeName: name, AttributeType: type } of ofKey) {
    const before = known.find(({ AttributeName }) => AttributeName === name)?.AttributeType;
    if (before !== undefined && before !== type) {
      throw invalid(
        `Attributes cannot be redefined. Please check that your attribute has the same type as previously defined. Attribute: ${name}, existing type: ${before}, new type: ${type}`,
      );
    }
  }
  return [...known, ...ofKey.filter(({ AttributeName: name }) => !known.some((each) => each.AttributeName === name))];
}

/** An index that comes later is checked as one that a table is made with. */
function refuseIndex(index: NewIndex, table: TableDescription, dynalite: Dynalite): void {
  const { TableName, KeySchema, AttributeDefinitions, BillingModeSummary, ProvisionedThroughput: capacity } = table;
  const { ReadCapacityUnits, WriteCapacityUnits } = capacity as Record<string, number>;
  dynalite.check("CreateTable", {
    TableName,
    KeySchema,
    AttributeDefinitions,
    ...(BillingModeSummary === undefined
      ? { ProvisionedThroughput: { ReadCapacityUnits, WriteCapacityUnits } }
      : { BillingMode: "PAY_PER_REQUEST" }),
    GlobalSecondaryIndexes: [withSimpleKey(index, table)],
  });
}

const invalid = (message: string) =>
  new AwsError("ValidationException", `One or more parameter values were invalid: ${message}`);
