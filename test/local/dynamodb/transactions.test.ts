// Transactions by AWS's client. https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/transaction-apis.html

import {
  type AttributeValue,
  DeleteItemCommand,
  DescribeTableCommand,
  GetItemCommand,
  PutItemCommand,
  ScanCommand,
  TransactGetItemsCommand,
  type TransactionCanceledException,
  type TransactWriteItem,
  TransactWriteItemsCommand,
  type TransactWriteItemsCommandInput,
} from "@aws-sdk/client-dynamodb";
import { DescribeStreamCommand, GetRecordsCommand, GetShardIteratorCommand } from "@aws-sdk/client-dynamodb-streams";
import { startDynamodb, TABLE_ARN, USER_PROFILE } from "./harness";

let now = Date.parse("2026-01-01");
let aws: Awaited<ReturnType<typeof startDynamodb>>;
const TableName = USER_PROFILE.tableName;

beforeAll(async () => {
  aws = await startDynamodb(() => now);
  await aws.dynamodb.createTable(USER_PROFILE);
});
afterAll(() => aws.close());
afterEach(async () => {
  expect(aws.bugs).toEqual([]);
  const { Items = [] } = await aws.client.send(new ScanCommand({ TableName, ProjectionExpression: "id" }));
  for (const { id } of Items)
    await aws.client.send(new DeleteItemCommand({ TableName, Key: { id: id as AttributeValue } }));
});

const idOf = (id: number) => ({ id: { N: String(id) } });
const itemOf = (id: number, name: string) => ({ ...idOf(id), name: { S: name } });
const put = (id: number, name: string) => aws.client.send(new PutItemCommand({ TableName, Item: itemOf(id, name) }));
const write = (TransactItems: TransactWriteItem[], more: Partial<TransactWriteItemsCommandInput> = {}) =>
  aws.client.send(new TransactWriteItemsCommand({ TransactItems, ...more }));
const nameOf = async (id: number) =>
  (await aws.client.send(new GetItemCommand({ TableName, Key: idOf(id) }))).Item?.name?.S;
const NAMES = { ExpressionAttributeNames: { "#name": "name" } };
const rename = (id: number, name: string, more = {}): TransactWriteItem => ({
  Update: {
    TableName,
    Key: idOf(id),
    UpdateExpression: "SET #name = :name",
    ...NAMES,
    ExpressionAttributeValues: { ":name": { S: name } },
    ...more,
  },
});
const putNew = (id: number, name: string): TransactWriteItem => ({
  Put: { TableName, Item: itemOf(id, name), ConditionExpression: "attribute_not_exists(id)" },
});
const mustBeThere = (id: number): TransactWriteItem => ({
  ConditionCheck: { TableName, Key: idOf(id), ConditionExpression: "attribute_exists(id)" },
});

async function cancellation(doing: Promise<unknown>): Promise<TransactionCanceledException> {
  const error = await doing.then(
    () => new Error("was done"),
    (reason) => reason,
  );
  expect(error).toMatchObject({ name: "TransactionCanceledException" });
  return error;
}

describe("TransactWriteItems", () => {
  it("puts, updates, deletes and checks, all of it", async () => {
    await Promise.all([put(1, "Anna"), put(2, "Bert"), put(3, "Carl")]);
    await write([
      mustBeThere(1),
      rename(2, "Bertha"),
      { Delete: { TableName: TABLE_ARN, Key: idOf(3) } },
      putNew(4, "Dora"),
    ]);
    expect(await Promise.all([1, 2, 3, 4].map(nameOf))).toEqual(["Anna", "Bertha", undefined, "Dora"]);
  });

  it("does nothing of it when one condition does not hold, and gives each item's reason in their order", async () => {
    await put(1, "Anna");
    const error = await cancellation(write([putNew(2, "Bert"), putNew(1, "Andrea"), mustBeThere(3)]));
    expect(error.message).toBe(
      "Transaction cancelled, please refer cancellation reasons for specific reasons [None, ConditionalCheckFailed, ConditionalCheckFailed]",
    );
    const Message = "The conditional request failed";
    expect(error.CancellationReasons).toEqual([
      { Code: "None" },
      { Code: "ConditionalCheckFailed", Message },
      { Code: "ConditionalCheckFailed", Message },
    ]);
    expect(await Promise.all([1, 2].map(nameOf))).toEqual(["Anna", undefined]);
  });

  it("shows the item that a condition did not hold for, when asked", async () => {
    await put(1, "Anna");
    const Put = {
      ...putNew(1, "Andrea").Put,
      ReturnValuesOnConditionCheckFailure: "ALL_OLD",
    } as TransactWriteItem["Put"];
    const { CancellationReasons } = await cancellation(write([{ Put }]));
    expect(CancellationReasons).toMatchObject([{ Code: "ConditionalCheckFailed", Item: itemOf(1, "Anna") }]);
  });

  it("gives what only the stored item shows to be wrong as a reason", async () => {
    await put(1, "Anna");
    const add = rename(1, "x", {
      UpdateExpression: "ADD #name :name",
      ExpressionAttributeValues: { ":name": { N: "1" } },
    });
    const { CancellationReasons } = await cancellation(write([putNew(2, "Bert"), add]));
    expect(CancellationReasons).toMatchObject([{ Code: "None" }, { Code: "ValidationError" }]);
    expect(await nameOf(2)).toBeUndefined();
  });

  it("says of a key of the wrong type alone, and nothing of what comes with it", async () => {
    const wrong: TransactWriteItem = { Put: { TableName, Item: { id: { S: "one" } } } };
    const { CancellationReasons } = await cancellation(write([mustBeThere(1), wrong, { ...wrong }]));
    expect(CancellationReasons).toMatchObject([{ Code: "None" }, { Code: "ValidationError" }, { Code: "None" }]);
  });

  it.each<[string, () => TransactWriteItem[], string, string]>([
    ["no item", () => [], "ValidationException", "length greater than or equal to 1"],
    [
      "101 items",
      () => Array.from({ length: 101 }, (_, id) => putNew(id, "x")),
      "ValidationException",
      "length less than or equal to 100",
    ],
    [
      "two requests in one",
      () => [{ ...putNew(1, "x"), ...mustBeThere(2) }],
      "ValidationException",
      "only contain one of Check, Put, Update or Delete",
    ],
    [
      "one item twice, also where its condition does not hold",
      () => [mustBeThere(1), putNew(1, "x")],
      "ValidationException",
      "cannot include multiple operations on one item",
    ],
    [
      "a wrong expression",
      () => [rename(1, "x", { UpdateExpression: "SET name" })],
      "ValidationException",
      "Invalid UpdateExpression",
    ],
    [
      "a table that is not there",
      () => [{ Delete: { TableName: "none", Key: idOf(1) } }],
      "ResourceNotFoundException",
      "Requested resource not found",
    ],
    [
      "more than 4 MB",
      () =>
        Array.from({ length: 11 }, (_, id) => ({
          Put: { TableName, Item: { ...idOf(id), b: { B: new Uint8Array(390_000) } } },
        })),
      "ValidationException",
      "cannot exceed 4 MB",
    ],
  ])("refuses %s", async (_what, items, name, message) => {
    await expect(write(items())).rejects.toMatchObject({ name, message: expect.stringContaining(message) });
    expect((await aws.client.send(new ScanCommand({ TableName }))).Count).toBe(0);
  });

  it("is done once for a token within ten minutes, whatever has happened since", async () => {
    const ClientRequestToken = "once";
    await write([putNew(1, "Anna")], { ClientRequestToken });
    await put(1, "Andrea");
    await write([putNew(1, "Anna")], { ClientRequestToken });
    expect(await nameOf(1)).toBe("Andrea");
    await expect(write([putNew(2, "Bert")], { ClientRequestToken })).rejects.toMatchObject({
      name: "IdempotentParameterMismatchException",
    });
    now += 10 * 60_000;
    await cancellation(write([putNew(1, "Anna")], { ClientRequestToken }));
  });

  it("may be tried again with its token after it was cancelled", async () => {
    const ClientRequestToken = "again";
    await cancellation(write([mustBeThere(1), putNew(2, "Bert")], { ClientRequestToken }));
    await put(1, "Anna");
    await write([mustBeThere(1), putNew(2, "Bert")], { ClientRequestToken });
    expect(await nameOf(2)).toBe("Bert");
  });

  it("consumes twice what its writes would alone", async () => {
    const { ConsumedCapacity } = await write([putNew(1, "Anna"), putNew(2, "Bert")], {
      ReturnConsumedCapacity: "TOTAL",
    });
    expect(ConsumedCapacity).toEqual([{ TableName, CapacityUnits: 4, WriteCapacityUnits: 4 }]);
  });

  it("puts every change on the stream, in the order of its items", async () => {
    await write([putNew(1, "Anna"), putNew(2, "Bert")]);
    const { Table } = await aws.client.send(new DescribeTableCommand({ TableName }));
    const StreamArn = Table?.LatestStreamArn;
    const { StreamDescription } = await aws.streams.send(new DescribeStreamCommand({ StreamArn }));
    const ShardId = StreamDescription?.Shards?.[0]?.ShardId;
    const iterator = { StreamArn, ShardId, ShardIteratorType: "TRIM_HORIZON" } as const;
    const { ShardIterator } = await aws.streams.send(new GetShardIteratorCommand(iterator));
    const { Records = [] } = await aws.streams.send(new GetRecordsCommand({ ShardIterator }));
    expect(Records.slice(-2).map(({ dynamodb }) => dynamodb?.Keys)).toEqual([idOf(1), idOf(2)]);
  });

  it("needs the right to do each of its parts, on its table", async () => {
    const rights = ["ConditionCheckItem", "PutItem", "UpdateItem", "DeleteItem"];
    const all = [mustBeThere(1), putNew(2, "x"), rename(3, "x"), { Delete: { TableName, Key: idOf(4) } }];
    await put(1, "Anna");
    for (const missing of rights) {
      const Action = rights.filter((each) => each !== missing).map((each) => `dynamodb:${each}`);
      const { client } = aws.asRole({ Effect: "Allow", Action, Resource: TABLE_ARN });
      await expect(client.send(new TransactWriteItemsCommand({ TransactItems: all }))).rejects.toMatchObject({
        name: "AccessDeniedException",
        message: expect.stringContaining(`dynamodb:${missing}`),
      });
    }
    const Action = rights.map((each) => `dynamodb:${each}`);
    const { client } = aws.asRole({ Effect: "Allow", Action, Resource: TABLE_ARN });
    await client.send(new TransactWriteItemsCommand({ TransactItems: all }));
  });

  it("can be what alone a policy lets write", async () => {
    const Condition = { StringEquals: { "dynamodb:EnclosingOperation": "TransactWriteItems" } };
    const { client } = aws.asRole({ Effect: "Allow", Action: "dynamodb:PutItem", Resource: TABLE_ARN, Condition });
    await client.send(new TransactWriteItemsCommand({ TransactItems: [putNew(1, "Anna")] }));
    const alone = client.send(new PutItemCommand({ TableName, Item: itemOf(2, "Bert") }));
    await expect(alone).rejects.toMatchObject({ name: "AccessDeniedException" });
  });
});

describe("TransactGetItems", () => {
  const get = (...ids: number[]) =>
    aws.client.send(
      new TransactGetItemsCommand({
        TransactItems: ids.map((id) => ({
          Get: { TableName, Key: idOf(id), ProjectionExpression: "#name", ...NAMES },
        })),
        ReturnConsumedCapacity: "TOTAL",
      }),
    );

  it("gives each item as far as it was asked for, and nothing for one that is not there, in their order", async () => {
    await Promise.all([put(1, "Anna"), put(2, "Bert")]);
    const { Responses, ConsumedCapacity } = await get(2, 3, 1);
    expect(Responses).toEqual([{ Item: { name: { S: "Bert" } } }, {}, { Item: { name: { S: "Anna" } } }]);
    expect(ConsumedCapacity).toEqual([{ TableName, CapacityUnits: 6, ReadCapacityUnits: 6 }]);
  });

  it("refuses one item twice, a table that is not there, and who may not read", async () => {
    await expect(get(1, 1)).rejects.toMatchObject({ name: "ValidationException" });
    const { client } = aws.asRole({ Effect: "Allow", Action: "dynamodb:PutItem", Resource: TABLE_ARN });
    const TransactItems = [{ Get: { TableName, Key: idOf(1) } }];
    await expect(client.send(new TransactGetItemsCommand({ TransactItems }))).rejects.toMatchObject({
      name: "AccessDeniedException",
      message: expect.stringContaining("dynamodb:GetItem"),
    });
    const none = [{ Get: { TableName: "none", Key: idOf(1) } }];
    await expect(aws.client.send(new TransactGetItemsCommand({ TransactItems: none }))).rejects.toMatchObject({
      name: "ResourceNotFoundException",
    });
  });
});
