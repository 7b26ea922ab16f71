// What TransactWriteItems and TransactGetItems take: up to a hundred requests for one item each.
// https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_TransactWriteItems.html

import { readInput } from "../../api/read-input";
import { document, type InputOf, list, oneOf, required, string, structure } from "../../api/shapes";
import { AwsError } from "../../aws-error";

const CONDITION = {
  ConditionExpression: string,
  ExpressionAttributeNames: document,
  ExpressionAttributeValues: document,
  ReturnValuesOnConditionCheckFailure: oneOf("ALL_OLD", "NONE"),
};
const OF_ITEM = { TableName: required(string), Key: required(document) };
const CAPACITY = oneOf("INDEXES", "TOTAL", "NONE");

export const WRITE_INPUT = {
  TransactItems: required(
    list(
      structure({
        ConditionCheck: structure({ ...OF_ITEM, ...CONDITION, ConditionExpression: required(string) }),
        Put: structure({ TableName: required(string), Item: required(document), ...CONDITION }),
        Delete: structure({ ...OF_ITEM, ...CONDITION }),
        Update: structure({ ...OF_ITEM, ...CONDITION, UpdateExpression: required(string) }),
      }),
    ),
  ),
  ClientRequestToken: string,
  ReturnConsumedCapacity: CAPACITY,
  ReturnItemCollectionMetrics: oneOf("SIZE", "NONE"),
};

export const GET_INPUT = {
  TransactItems: required(
    list(
      structure({
        Get: required(structure({ ...OF_ITEM, ProjectionExpression: string, ExpressionAttributeNames: document })),
      }),
    ),
  ),
  ReturnConsumedCapacity: CAPACITY,
};

const MOST_ITEMS = 100;
const LONGEST_TOKEN = 36;

export type WriteItem = InputOf<typeof WRITE_INPUT>["TransactItems"][number];

export function readWriteInput(given: unknown): InputOf<typeof WRITE_INPUT> {
  const input = readInput(WRITE_INPUT, given, "ValidationException");
  refuseCount(input.TransactItems);
  const { ClientRequestToken: token } = input;
  if (token !== undefined && (token.length < 1 || token.length > LONGEST_TOKEN)) {
    throw invalid(`ClientRequestToken must have 1 to ${LONGEST_TOKEN} characters (given ${token.length})`);
  }
  if (input.TransactItems.some((item) => Object.keys(item).length !== 1)) {
    throw invalid("TransactItems can only contain one of Check, Put, Update or Delete");
  }
  return input;
}

export function readGetInput(given: unknown): InputOf<typeof GET_INPUT> {
  const input = readInput(GET_INPUT, given, "ValidationException");
  refuseCount(input.TransactItems);
  return input;
}

function refuseCount(items: readonly unknown[]): void {
  if (items.length >= 1 && items.length <= MOST_ITEMS) return;
  const bound = items.length < 1 ? "greater than or equal to 1" : `less than or equal to ${MOST_ITEMS}`;
  throw invalid(
    `1 validation error detected: Value at 'transactItems' failed to satisfy constraint: Member must have length ${bound}`,
  );
}

export const invalid = (message: string) => new AwsError("ValidationException", message);
