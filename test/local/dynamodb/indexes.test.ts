// Global secondary indexes that come to a table and go from it, and what they want of items.

import {
  type AttributeValue,
  BatchWriteItemCommand,
  CreateTableCommand,
  DeleteTableCommand,
  DescribeTableCommand,
  GetItemCommand,
  type GlobalSecondaryIndexUpdate,
  PutItemCommand,
  QueryCommand,
  ScanCommand,
  UpdateItemCommand,
  UpdateTableCommand,
} from "@aws-sdk/client-dynamodb";
import { startDynamodb } from "./harness";

const TableName = "pilots";
const key = (name: string) => ({ KeySchema: [{ AttributeName: name, KeyType: "HASH" as const }] });
const BY_NICK = { IndexName: "by-nick", ...key("nick"), Projection: { ProjectionType: "ALL" as const } };
const NICK = { AttributeName: "nick", AttributeType: "S" as const };

let aws: Awaited<ReturnType<typeof startDynamodb>>;
beforeAll(async () => {
  aws = await startDynamodb();
});
afterAll(() => aws.close());
beforeEach(() =>
  aws.client.send(
    new CreateTableCommand({
      TableName,
      ...key("id"),
      AttributeDefinitions: [{ AttributeName: "id", AttributeType: "S" }],
      BillingMode: "PAY_PER_REQUEST",
    }),
  ),
);
afterEach(() => aws.client.send(new DeleteTableCommand({ TableName })));

const update = (updates: GlobalSecondaryIndexUpdate[], AttributeDefinitions = [NICK]) =>
  aws.client.send(new UpdateTableCommand({ TableName, AttributeDefinitions, GlobalSecondaryIndexUpdates: updates }));
const described = async () => (await aws.client.send(new DescribeTableCommand({ TableName }))).Table;
const put = (Item: Record<string, AttributeValue>) => aws.client.send(new PutItemCommand({ TableName, Item }));
const idsIn = async (IndexName: string) =>
  (await aws.client.send(new ScanCommand({ TableName, IndexName }))).Items?.map(({ id }) => id?.S).sort();

describe("an index that comes later", () => {
  it("has the items that were there with a key of its kind, and leaves the others", async () => {
    await put({ id: { S: "1" }, nick: { S: "Maverick" } });
    await put({ id: { S: "2" }, nick: { N: "2" } });
    await put({ id: { S: "3" }, nick: { S: "" } });
    await put({ id: { S: "4" }, nick: { S: "x".repeat(2049) } });
    await put({ id: { S: "5" } });
    await update([{ Create: BY_NICK }]);
    expect(await described()).toMatchObject({
      AttributeDefinitions: [{ AttributeName: "id", AttributeType: "S" }, NICK],
      GlobalSecondaryIndexes: [{ ...BY_NICK, IndexStatus: "ACTIVE" }],
    });
    expect(await idsIn("by-nick")).toEqual(["1"]);
    await put({ id: { S: "6" }, nick: { S: "Goose" } });
    expect(await idsIn("by-nick")).toEqual(["1", "6"]);
  });

  it("does not keep an item that it cannot have from being changed elsewhere", async () => {
    await put({ id: { S: "2" }, nick: { N: "2" } });
    await update([{ Create: BY_NICK }]);
    const set = (name: string, value: AttributeValue) =>
      aws.client.send(
        new UpdateItemCommand({
          TableName,
          Key: { id: { S: "2" } },
          UpdateExpression: `SET ${name} = :v`,
          ExpressionAttributeValues: { ":v": value },
        }),
      );
    await set("callsign", { S: "Iceman" });
    await expect(set("nick", { N: "3" })).rejects.toThrow("Type mismatch for Index Key nick Expected: S Actual: N");
    await set("nick", { S: "Iceman" });
    expect(await idsIn("by-nick")).toEqual(["2"]);
  });

  it("goes with the definition of its key, and the attribute may be of any type again", async () => {
    await update([{ Create: BY_NICK }]);
    await expect(put({ id: { S: "1" }, nick: { N: "7" } })).rejects.toThrow("Type mismatch for Index Key nick");
    await update([{ Delete: { IndexName: "by-nick" } }]);
    const table = await described();
    expect(table).not.toHaveProperty("GlobalSecondaryIndexes");
    expect(table?.AttributeDefinitions).toEqual([{ AttributeName: "id", AttributeType: "S" }]);
    await put({ id: { S: "1" }, nick: { N: "7" } });
    await expect(idsIn("by-nick")).rejects.toThrow("The table does not have the specified index: by-nick");
  });

  it("takes another capacity where the table has one", async () => {
    const ProvisionedThroughput = { ReadCapacityUnits: 2, WriteCapacityUnits: 1 };
    await aws.client.send(
      new UpdateTableCommand({
        TableName,
        BillingMode: "PROVISIONED",
        ProvisionedThroughput,
        AttributeDefinitions: [NICK],
        GlobalSecondaryIndexUpdates: [{ Create: { ...BY_NICK, ProvisionedThroughput } }],
      }),
    );
    const more = { ReadCapacityUnits: 5, WriteCapacityUnits: 4 };
    await update([{ Update: { IndexName: "by-nick", ProvisionedThroughput: more } }]);
    expect((await described())?.GlobalSecondaryIndexes).toMatchObject([{ ...BY_NICK, ProvisionedThroughput: more }]);
  });

  it("is made for who may update the table, and published as that", async () => {
    const allowed = aws.asRole({ Effect: "Allow", Action: "dynamodb:UpdateTable", Resource: "*" });
    const other = aws.asRole({ Effect: "Allow", Action: "dynamodb:PutItem", Resource: "*" });
    const command = new UpdateTableCommand({
      TableName,
      AttributeDefinitions: [NICK],
      GlobalSecondaryIndexUpdates: [{ Create: BY_NICK }],
    });
    await expect(other.client.send(command)).rejects.toMatchObject({ name: "AccessDeniedException" });
    await allowed.client.send(command);
    expect(aws.activities.at(-1)).toMatchObject({ service: "dynamodb", action: "UpdateTable" });
  });
});

test.each<[string, GlobalSecondaryIndexUpdate[], string, string]>([
  ["nothing", [], "ValidationException", "UpdateTable needs at least one of BillingMode"],
  ["an empty update", [{}], "ValidationException", "GlobalSecondaryIndexUpdate.Delete must not be null"],
  [
    "two in one",
    [{ Create: BY_NICK, Delete: { IndexName: "other" } }],
    "ValidationException",
    "may be given (given Create, Delete)",
  ],
  [
    "two at a time",
    [{ Create: BY_NICK }, { Delete: { IndexName: "other" } }],
    "LimitExceededException",
    "Only 1 online index can be created or deleted simultaneously per table",
  ],
  [
    "one that is not there",
    [{ Delete: { IndexName: "other" } }],
    "ResourceNotFoundException",
    "Index: other not found",
  ],
  [
    "a key without a definition",
    [{ Create: { ...BY_NICK, ...key("wing") } }],
    "ValidationException",
    "Keys: [wing], AttributeDefinitions: [nick]",
  ],
  [
    "a projection of nothing",
    [{ Create: { ...BY_NICK, Projection: { ProjectionType: "INCLUDE" } } }],
    "ValidationException",
    "ProjectionType is INCLUDE, but NonKeyAttributes is not specified",
  ],
])("an update of indexes with %s is refused", async (_what, updates, name, message) => {
  await expect(update(updates)).rejects.toMatchObject({ name, message: expect.stringContaining(message) });
});

test("a second index of a name, and another type for a key, are refused", async () => {
  await update([{ Create: BY_NICK }]);
  await expect(update([{ Create: BY_NICK }])).rejects.toThrow("already exists. Index: by-nick");
  const asNumber = [{ AttributeName: "nick", AttributeType: "N" as const }] as never;
  await expect(update([{ Create: { ...BY_NICK, IndexName: "again" } }], asNumber)).rejects.toThrow(
    "Attributes cannot be redefined",
  );
});

test("a table has twenty indexes at most", async () => {
  const names = Array.from({ length: 20 }, (_, index) => `by-nick-${index}`);
  for (const IndexName of names) await update([{ Create: { ...BY_NICK, IndexName } }]);
  await expect(update([{ Create: BY_NICK }])).rejects.toThrow("exceeds the per-table limit of 20");
});

describe("the key of an index", () => {
  it("is neither empty nor too long, however an item is written", async () => {
    await update([{ Create: BY_NICK }]);
    const empty = { id: { S: "1" }, nick: { S: "" } };
    const message = "cannot contain an empty string value. IndexName: by-nick, IndexKey: nick";
    await expect(put(empty)).rejects.toThrow(message);
    const writes = [{ PutRequest: { Item: { id: { S: "0" } } } }, { PutRequest: { Item: empty } }];
    const batch = new BatchWriteItemCommand({ RequestItems: { [TableName]: writes } });
    await expect(aws.client.send(batch)).rejects.toThrow(message);
    expect(await aws.client.send(new GetItemCommand({ TableName, Key: { id: { S: "0" } } }))).not.toHaveProperty(
      "Item",
    );
    await expect(put({ id: { S: "1" }, nick: { S: "é".repeat(1025) } })).rejects.toThrow("2050 bytes");
  });
});

test("a query of a global index is refused what the index does not have", async () => {
  await update([{ Create: { ...BY_NICK, Projection: { ProjectionType: "INCLUDE", NonKeyAttributes: ["wing"] } } }]);
  await put({ id: { S: "1" }, nick: { S: "Viper" }, wing: { S: "Commander" }, plane: { S: "A-4" } });
  const query = (more = {}) =>
    aws.client.send(
      new QueryCommand({
        TableName,
        IndexName: "by-nick",
        KeyConditionExpression: "nick = :n",
        ExpressionAttributeValues: { ":n": { S: "Viper" } },
        ...more,
      }),
    );
  expect((await query({ ProjectionExpression: "wing" })).Items).toEqual([{ wing: { S: "Commander" } }]);
  await expect(query({ ProjectionExpression: "plane" })).rejects.toThrow("by-nick does not project [plane]");
  await expect(query({ Select: "ALL_ATTRIBUTES" })).rejects.toThrow("ALL_ATTRIBUTES is not supported");
});

test("a query of a local index fetches what the index does not have", async () => {
  const TableName = "flights";
  const sorted = (range: string) => [
    { AttributeName: "id", KeyType: "HASH" as const },
    { AttributeName: range, KeyType: "RANGE" as const },
  ];
  const names = ["id", "day", "hour"].map((AttributeName) => ({ AttributeName, AttributeType: "S" as const }));
  const byHour = {
    IndexName: "by-hour",
    KeySchema: sorted("hour"),
    Projection: { ProjectionType: "KEYS_ONLY" as const },
  };
  const table = { TableName, KeySchema: sorted("day"), AttributeDefinitions: names, LocalSecondaryIndexes: [byHour] };
  await aws.client.send(new CreateTableCommand({ ...table, BillingMode: "PAY_PER_REQUEST" }));
  const Item = { id: { S: "1" }, day: { S: "Monday" }, hour: { S: "9" }, plane: { S: "F-14" } };
  await aws.client.send(new PutItemCommand({ TableName, Item }));
  const query = async (more = {}) => {
    const values = { KeyConditionExpression: "id = :id", ExpressionAttributeValues: { ":id": { S: "1" } } };
    return (await aws.client.send(new QueryCommand({ TableName, IndexName: "by-hour", ...values, ...more }))).Items;
  };
  const { plane, ...keys } = Item;
  expect(await query()).toEqual([keys]);
  expect(await query({ Select: "ALL_ATTRIBUTES" })).toEqual([Item]);
  expect(await query({ ProjectionExpression: "plane" })).toEqual([{ plane }]);
  await aws.client.send(new DeleteTableCommand({ TableName }));
});
