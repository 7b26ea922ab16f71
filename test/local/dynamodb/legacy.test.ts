import {
  type Condition,
  type ExpectedAttributeValue,
  PutItemCommand,
  QueryCommand,
  ScanCommand,
  type ScanCommandInput,
  UpdateItemCommand,
  type UpdateItemCommandInput,
} from "@aws-sdk/client-dynamodb";
import { startDynamodb, USER_PROFILE } from "./harness";

const TableName = USER_PROFILE.tableName;
const Key = { id: { N: "1" } };

let service: Awaited<ReturnType<typeof startDynamodb>>;
beforeAll(async () => {
  service = await startDynamodb();
  await service.dynamodb.createTable(USER_PROFILE);
});
afterAll(() => service.close());
beforeEach(() =>
  service.client.send(
    new PutItemCommand({
      TableName,
      Item: {
        ...Key,
        nick: { S: "Maverick" },
        kills: { N: "3" },
        awards: { L: [{ S: "Top Gun" }] },
        planes: { SS: ["F-14", "F-18"] },
        retired: { BOOL: false },
      },
    }),
  ),
);

const update = (input: Omit<UpdateItemCommandInput, "TableName" | "Key">) =>
  service.client.send(new UpdateItemCommand({ TableName, Key, ...input }));
const scan = async (input: Omit<ScanCommandInput, "TableName">) =>
  (await service.client.send(new ScanCommand({ TableName, ...input }))).Count;

describe("a condition without an expression", () => {
  it.each<[string, Condition, number]>([
    ["awards", { ComparisonOperator: "EQ", AttributeValueList: [{ L: [{ S: "Top Gun" }] }] }, 1],
    ["planes", { ComparisonOperator: "EQ", AttributeValueList: [{ SS: ["F-18", "F-14"] }] }, 1],
    ["retired", { ComparisonOperator: "NE", AttributeValueList: [{ BOOL: false }] }, 0],
    ["nobody", { ComparisonOperator: "NE", AttributeValueList: [{ S: "x" }] }, 1],
    ["nobody", { ComparisonOperator: "NOT_CONTAINS", AttributeValueList: [{ S: "x" }] }, 0],
    ["planes", { ComparisonOperator: "NOT_CONTAINS", AttributeValueList: [{ S: "F-35" }] }, 1],
    ["kills", { ComparisonOperator: "BETWEEN", AttributeValueList: [{ N: "+2" }, { N: "3.0" }] }, 1],
    ["kills", { ComparisonOperator: "IN", AttributeValueList: [{ N: "1" }, { N: "3" }] }, 1],
    ["nobody", { ComparisonOperator: "NULL" }, 1],
  ])("compares as an expression does: %s %j", async (name, condition, count) => {
    expect(await scan({ ScanFilter: { [name]: condition } })).toBe(count);
    const expected = update({ Expected: { [name]: condition as ExpectedAttributeValue } });
    if (count === 1) await expect(expected).resolves.toBeDefined();
    else await expect(expected).rejects.toThrow("The conditional request failed");
  });

  it("holds with OR when any does", async () => {
    const Expected = { nick: { Value: { S: "Goose" } }, nobody: { Exists: false } };
    await expect(update({ Expected })).rejects.toThrow("The conditional request failed");
    await expect(update({ Expected, ConditionalOperator: "OR" })).resolves.toBeDefined();
  });

  it.each<[Omit<UpdateItemCommandInput, "TableName" | "Key">, string]>([
    [{ ConditionalOperator: "OR" }, "ConditionalOperator cannot be used without Filter or Expected"],
    [
      { ConditionalOperator: "OR", Expected: { nobody: { Exists: false } } },
      "ConditionalOperator can only be used when Filter or Expected has two or more elements",
    ],
    [
      { Expected: { kills: { ComparisonOperator: "LE", AttributeValueList: [{ L: [] }] } } },
      "One or more parameter values were invalid: ComparisonOperator LE is not valid for L AttributeValue type",
    ],
    [
      { AttributeUpdates: { nick: { Action: "SWAP" as never, Value: { S: "x" } } } },
      "1 validation error detected: Value 'SWAP' at 'attributeUpdates.nick.member.action' failed to satisfy constraint: Member must satisfy enum value set: [ADD, DELETE, PUT]",
    ],
  ])("is refused: %j", async (input, message) => {
    await expect(update(input)).rejects.toMatchObject({ name: "ValidationException", message });
  });
});

describe("what contradicts itself", () => {
  it.each<[Partial<ScanCommandInput>, string]>([
    [
      { Select: "SPECIFIC_ATTRIBUTES" },
      "Must specify the AttributesToGet or ProjectionExpression when choosing to get SPECIFIC_ATTRIBUTES",
    ],
    [
      { Select: "COUNT", ProjectionExpression: "nick" },
      "Cannot specify the ProjectionExpression when choosing to get only the Count",
    ],
    [
      { Select: "ALL_ATTRIBUTES", AttributesToGet: ["nick"] },
      "Cannot specify the AttributesToGet when choosing to get ALL_ATTRIBUTES",
    ],
  ])("%j is refused", async (input, message) => {
    await expect(scan(input)).rejects.toMatchObject({ name: "ValidationException", message });
  });

  it("is not a query that filters by its key", async () => {
    const id: Condition = { ComparisonOperator: "EQ", AttributeValueList: [{ N: "1" }] };
    await expect(
      service.client.send(new QueryCommand({ TableName, KeyConditions: { id }, QueryFilter: { id } })),
    ).rejects.toThrow("QueryFilter can only contain non-primary key attributes: Primary key attribute: id");
  });
});

describe("AttributeUpdates", () => {
  it("add to numbers, sets and lists, and delete from sets", async () => {
    const { Attributes } = await update({
      AttributeUpdates: {
        kills: { Action: "ADD", Value: { N: "0.1" } },
        awards: { Action: "ADD", Value: { L: [{ N: "1" }] } },
        planes: { Action: "DELETE", Value: { SS: ["F-14"] } },
        retired: { Action: "DELETE" },
        nick: { Value: { S: "Mav" } },
      },
      ReturnValues: "ALL_NEW",
    });
    expect(Attributes).toEqual({
      ...Key,
      nick: { S: "Mav" },
      kills: { N: "3.1" },
      awards: { L: [{ S: "Top Gun" }, { N: "1" }] },
      planes: { SS: ["F-18"] },
    });
    await expect(update({ AttributeUpdates: { nick: { Action: "ADD", Value: { N: "1" } } } })).rejects.toThrow(
      "Type mismatch for attribute to update",
    );
    expect(await update({ ReturnValues: "UPDATED_OLD" })).not.toHaveProperty("Attributes.nick");
  });
});
