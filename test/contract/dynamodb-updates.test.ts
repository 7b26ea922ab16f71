// What DynamoDB makes of update expressions, and how it refuses them.

import {
  type AttributeValue,
  GetItemCommand,
  PutItemCommand,
  UpdateItemCommand,
  type UpdateItemCommandInput,
} from "@aws-sdk/client-dynamodb";
import { type ContractAccount, openAccount } from "./account";

const Key = { id: { N: "1" } };
const list = (...values: number[]): AttributeValue => ({ L: values.map((value) => ({ N: String(value) })) });

let account: ContractAccount;
let TableName: string;
beforeAll(async () => {
  account = await openAccount();
  TableName = await account.createTable();
});
afterAll(() => account.close());

const VALUES: Record<string, AttributeValue> = {
  ":one": { N: "1" },
  ":plus": { N: "+3" },
  ":huge": { N: "9e125" },
  ":long": { N: "1e50" },
  ":text": { S: "text" },
  ":list": list(8, 9),
  ":set": { SS: ["a", "b"] },
  ":more": { SS: ["b", "c"] },
  ":numbers": { NS: ["1"] },
};

/** Updates an item that has these attributes. */
async function update(expression: string, attributes: Record<string, AttributeValue>) {
  await account.dynamodb.send(new PutItemCommand({ TableName, Item: { ...Key, ...attributes } }));
  const used = Object.entries(VALUES).filter(([name]) => new RegExp(`${name}\\b`).test(expression));
  const request: UpdateItemCommandInput = { TableName, Key, UpdateExpression: expression };
  if (used.length > 0) request.ExpressionAttributeValues = Object.fromEntries(used);
  await account.dynamodb.send(new UpdateItemCommand(request));
  const { Item } = await account.dynamodb.send(new GetItemCommand({ TableName, Key, ConsistentRead: true }));
  const { id: _, ...others } = Item ?? {};
  return Item && others;
}

describe("an update", () => {
  it.each<[string, Record<string, AttributeValue>, Record<string, AttributeValue>]>([
    ["SET a = b, b = a", { a: { N: "1" }, b: { N: "2" } }, { a: { N: "2" }, b: { N: "1" } }],
    ["REMOVE a SET b = a", { a: { N: "1" } }, { b: { N: "1" } }],
    ["REMOVE a[1] SET a[3] = :one", { a: list(2, 3, 4, 5, 6) }, { a: list(2, 4, 1, 6) }],
    ["SET a[9] = :one, a[7] = a[0] REMOVE a[0]", { a: list(2, 3) }, { a: list(3, 2, 1) }],
    ["REMOVE a[0], a[1][0]", { a: { L: [list(1), list(2, 3)] } }, { a: { L: [list(3)] } }],
    ["SET a.b = if_not_exists(a.b, :one) + :plus", { a: { M: {} } }, { a: { M: { b: { N: "4" } } } }],
    ["SET a = (a - :one)", { a: { N: "0.1" } }, { a: { N: "-0.9" } }],
    ["SET a = list_append(if_not_exists(a, :list), :list)", { a: list(7) }, { a: list(7, 8, 9) }],
    [
      "ADD a :more, b :one, c :set",
      { a: { SS: ["a", "b"] } },
      { a: { SS: ["a", "b", "c"] }, b: { N: "1" }, c: { SS: ["a", "b"] } },
    ],
    ["DELETE a :more, b :more, c :set", { a: { SS: ["a", "b"] }, c: { SS: ["b"] } }, { a: { SS: ["a"] } }],
    ["REMOVE a, b.c, d[5]", { b: { M: {} }, d: list() }, { b: { M: {} }, d: list() }],
    ["SET toString = :text", {}, { toString: { S: "text" } }],
  ])("%s", async (expression, before, after) => {
    expect(await update(expression, before)).toEqual(after);
  });

  it("returns what it touched: the old, the new, or nothing of what is not there", async () => {
    const touch = async (ReturnValues: UpdateItemCommandInput["ReturnValues"]) => {
      await account.dynamodb.send(new PutItemCommand({ TableName, Item: { ...Key, a: { M: { b: list(1, 2) } } } }));
      const { Attributes } = await account.dynamodb.send(
        new UpdateItemCommand({
          TableName,
          Key,
          UpdateExpression: "REMOVE a.b[0], c SET d = :one",
          ExpressionAttributeValues: { ":one": { N: "1" } },
          ReturnValues,
        }),
      );
      return Attributes;
    };
    expect(await touch("UPDATED_OLD")).toEqual({ a: { M: { b: list(1) } } });
    expect(await touch("UPDATED_NEW")).toEqual({ a: { M: { b: list(2) } }, d: { N: "1" } });
    expect(await touch("ALL_NEW")).toEqual({ ...Key, a: { M: { b: list(2) } }, d: { N: "1" } });
  });
});

const INVALID = "Invalid UpdateExpression: ";
const OVERFLOW = "Number overflow. Attempting to store a number with magnitude larger than supported range";

describe("an update that DynamoDB refuses", () => {
  it.each([
    ["", `${INVALID}The expression can not be empty;`],
    ["SET a", `${INVALID}Syntax error; token: "<EOF>", near: "a"`],
    ["SET a = :one + :one + :one", `${INVALID}Syntax error; token: "+", near: ":one + :one"`],
    ["SET a = :one SET b = :one", `${INVALID}The "SET" section can only be used once in an update expression;`],
    ["SET a = size(b)", `${INVALID}The function is not allowed in an update expression; function: size`],
    [
      "SET a = list_append(list_append(a, :list), :list)",
      `${INVALID}The function is not allowed to be used this way in an expression; function: list_append`,
    ],
    [
      "SET a.b = :one REMOVE a",
      `${INVALID}Two document paths overlap with each other; must remove or rewrite one of these paths; path one: [a, b], path two: [a]`,
    ],
    [
      "SET a.b = :one, a[1] = :one",
      `${INVALID}Two document paths conflict with each other; must remove or rewrite one of these paths; path one: [a, b], path two: [a, [1]]`,
    ],
    [
      "SET a = :one + :text",
      `${INVALID}Incorrect operand type for operator or function; operator or function: +, operand type: S`,
    ],
    [
      "ADD a :text",
      `${INVALID}Incorrect operand type for operator or function; operator: ADD, operand type: STRING, typeSet: ALLOWED_FOR_ADD_OPERAND`,
    ],
    [
      "SET a = if_not_exists(:one, :text)",
      `${INVALID}Operator or function requires a document path; operator or function: if_not_exists`,
    ],
    [
      "SET id = :one",
      "One or more parameter values were invalid: Cannot update attribute id. This attribute is part of the key",
    ],
    ["SET a = nobody", "The provided expression refers to an attribute that does not exist in the item"],
    ["SET a = word + :one", "An operand in the update expression has an incorrect data type"],
    ["ADD word :one", "An operand in the update expression has an incorrect data type"],
    ["DELETE tags :numbers", "An operand in the update expression has an incorrect data type"],
    ["SET word.a = :one", "The document path provided in the update expression is invalid for update"],
    ["REMOVE nobody.a", "The document path provided in the update expression is invalid for update"],
    ["SET a = :huge + :huge", OVERFLOW],
    ["SET a = :long + :one", OVERFLOW],
  ])("%s", async (expression, message) => {
    const before = { word: { S: "text" }, tags: { SS: ["a"] } };
    await expect(update(expression, before)).rejects.toMatchObject({
      name: "ValidationException",
      message,
    });
    const { Item } = await account.dynamodb.send(new GetItemCommand({ TableName, Key, ConsistentRead: true }));
    expect(Item).toEqual({ ...Key, ...before });
  });
});
