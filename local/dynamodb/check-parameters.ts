// Parameters that contradict each other, and names of attributes outside of expressions, which dynalite lets through.

import type { CheckedRequest } from "./check-request";
import { checkName } from "./expressions/check-names";
import { ExpressionError } from "./expressions/tokens";
import { refuseNames } from "./index-keys";
import { isTooDeep, TOO_DEEP } from "./nesting";
import type { AttributeValue, Index, Item, TableDescription } from "./types";

/** Checks a request whose parameters have the right types; throws an ExpressionError. */
export function checkParameters(operation: string, request: CheckedRequest): void {
  const { Item, AttributeUpdates, AttributesToGet, ReturnValues } = request;
  const names = [
    ...Object.keys(Item ?? {}),
    ...Object.keys(AttributeUpdates ?? {}),
    ...((AttributesToGet ?? []) as string[]),
  ];
  for (const name of names) checkName(name, (problem) => `One or more parameter values were invalid: ${problem}`);
  if (valuesOf(request).some((value) => isTooDeep(value))) throw new ExpressionError(TOO_DEEP);
  if (operation === "DeleteItem" && !["ALL_OLD", "NONE", undefined].includes(ReturnValues as string | undefined)) {
    throw new ExpressionError("ReturnValues can only be ALL_OLD or NONE");
  }
  if (operation === "CreateTable") checkTable(request);
  if (operation === "Query" || operation === "Scan") checkSelect(operation, request);
}

/** The attribute values that may be documents. */
function valuesOf({
  Item,
  ExpressionAttributeValues,
  AttributeUpdates,
  RequestItems,
}: CheckedRequest): AttributeValue[] {
  const updates = Object.values((AttributeUpdates ?? {}) as Record<string, { Value?: AttributeValue }>);
  const writes = Object.values(RequestItems ?? {}).flat() as { PutRequest?: { Item: Item } }[];
  return [
    ...Object.values((Item ?? {}) as Item),
    ...Object.values((ExpressionAttributeValues ?? {}) as Item),
    ...updates.flatMap(({ Value }) => (Value === undefined ? [] : [Value])),
    ...writes.flatMap(({ PutRequest }) => Object.values(PutRequest?.Item ?? {})),
  ];
}

/** https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_Projection.html */
function checkTable(request: CheckedRequest): void {
  const {
    AttributeDefinitions,
    KeySchema,
    GlobalSecondaryIndexes = [],
    LocalSecondaryIndexes = [],
  } = request as {
    readonly AttributeDefinitions: TableDescription["AttributeDefinitions"];
    readonly KeySchema: TableDescription["KeySchema"];
    readonly GlobalSecondaryIndexes?: readonly Index[];
    readonly LocalSecondaryIndexes?: readonly Index[];
  };
  const refuse = (problem: string): never => {
    throw new ExpressionError(`One or more parameter values were invalid: ${problem}`);
  };
  const indexes = [...GlobalSecondaryIndexes, ...LocalSecondaryIndexes];
  refuseNames([
    ...[...AttributeDefinitions, ...KeySchema].map(({ AttributeName }) => AttributeName),
    ...indexes.flatMap((index) => index.KeySchema.map(({ AttributeName }) => AttributeName)),
    ...indexes.flatMap(({ Projection }) => Projection.NonKeyAttributes ?? []),
  ]);
  const defined = duplicateOf(AttributeDefinitions.map(({ AttributeName }) => AttributeName));
  if (defined !== undefined) refuse(`Duplicate AttributeName in AttributeDefinitions: ${defined}`);
  for (const { Projection } of indexes) {
    const { ProjectionType, NonKeyAttributes } = Projection;
    if (ProjectionType === "INCLUDE" && NonKeyAttributes === undefined) {
      refuse("ProjectionType is INCLUDE, but NonKeyAttributes is not specified");
    }
    const projected = duplicateOf(NonKeyAttributes ?? []);
    if (projected !== undefined) refuse(`Duplicate value in NonKeyAttributes: ${projected}`);
  }
}

const duplicateOf = (names: readonly string[]): string | undefined =>
  names.find((name, at) => names.indexOf(name) !== at);

/** https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_Query.html#DDB-Query-request-Select */
function checkSelect(operation: string, request: CheckedRequest): void {
  const { Select, IndexName } = request;
  const projection = ["AttributesToGet", "ProjectionExpression"].find((name) => request[name] !== undefined);
  if (Select === "ALL_PROJECTED_ATTRIBUTES" && IndexName === undefined) {
    throw new ExpressionError(
      "One or more parameter values were invalid: ALL_PROJECTED_ATTRIBUTES can be used only when Querying using an IndexName",
    );
  }
  if (Select === "SPECIFIC_ATTRIBUTES" && projection === undefined) {
    throw new ExpressionError(
      `${operation === "Query" ? "1 validation error detected: " : ""}Must specify the AttributesToGet or ProjectionExpression when choosing to get SPECIFIC_ATTRIBUTES`,
    );
  }
  if (Select === undefined || Select === "SPECIFIC_ATTRIBUTES" || projection === undefined) return;
  const choice = Select === "COUNT" ? "only the Count" : String(Select);
  throw new ExpressionError(`Cannot specify the ${projection} when choosing to get ${choice}`);
}
