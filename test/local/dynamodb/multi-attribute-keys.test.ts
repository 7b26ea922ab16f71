// Global indexes with several attributes in a part of their key.

import {
  CreateTableCommand,
  DeleteTableCommand,
  type KeySchemaElement,
  PutItemCommand,
  QueryCommand,
  type QueryCommandInput,
  ScanCommand,
} from "@aws-sdk/client-dynamodb";
import { startDynamodb } from "./harness";

const TableName = "matches";
const IndexName = "by-player-and-season";
const hash = (AttributeName: string): KeySchemaElement => ({ AttributeName, KeyType: "HASH" });
const range = (AttributeName: string): KeySchemaElement => ({ AttributeName, KeyType: "RANGE" });

let aws: Awaited<ReturnType<typeof startDynamodb>>;
beforeAll(async () => {
  aws = await startDynamodb();
});
afterAll(() => aws.close());

const create = (KeySchema: KeySchemaElement[], defined = ["id", "player", "season", "round", "day"]) =>
  aws.client.send(
    new CreateTableCommand({
      TableName,
      KeySchema: [hash("id")],
      AttributeDefinitions: defined.map((AttributeName) => ({
        AttributeName,
        AttributeType: AttributeName === "day" ? "N" : "S",
      })),
      BillingMode: "PAY_PER_REQUEST",
      GlobalSecondaryIndexes: [{ IndexName, KeySchema, Projection: { ProjectionType: "ALL" } }],
    }),
  );

describe("an index of two attributes each", () => {
  const put = (id: string, season: string, round?: string, day = "1") =>
    aws.client.send(
      new PutItemCommand({
        TableName,
        Item: {
          ...{ id: { S: id }, player: { S: "Goose" }, season: { S: season }, day: { N: day } },
          ...(round && { round: { S: round } }),
        },
      }),
    );
  beforeAll(async () => {
    await create([hash("player"), hash("season"), range("round"), range("day")]);
    await put("3", "2026", "final", "10");
    await put("1", "2026", "final", "2");
    await put("2", "2026", "final", "9");
    await put("4", "2026", "semifinal");
    await put("5", "2025", "final");
    await put("6", "2026"); // Not in the index: it has no round.
  });
  afterAll(() => aws.client.send(new DeleteTableCommand({ TableName })));

  const VALUES = { ":p": { S: "Goose" }, ":s": { S: "2026" }, ":r": { S: "final" }, ":d": { N: "9" } };
  const OF_SEASON = "season = :s AND player = :p";
  const query = (KeyConditionExpression: string, more: Partial<QueryCommandInput> = {}) => {
    const used = Object.entries(VALUES).filter(([name]) => KeyConditionExpression.includes(name));
    return aws.client.send(
      new QueryCommand({
        TableName,
        IndexName,
        KeyConditionExpression,
        ExpressionAttributeValues: { ...Object.fromEntries(used), ...more.ExpressionAttributeValues },
        ...Object.fromEntries(Object.entries(more).filter(([name]) => name !== "ExpressionAttributeValues")),
      }),
    );
  };
  const ids = async (condition: string, more = {}) =>
    (await query(condition, more)).Items?.map(({ id }) => id?.S).join("");

  it("is read in the order of its attributes, as far as they are given, and backwards", async () => {
    expect(await ids(OF_SEASON)).toBe("1234");
    expect(await ids(OF_SEASON, { ScanIndexForward: false })).toBe("4321");
    expect(await ids(`${OF_SEASON} AND #r = :r`, { ExpressionAttributeNames: { "#r": "round" } })).toBe("123");
    const final = `${OF_SEASON} AND #r = :r AND #d`;
    const names = { ExpressionAttributeNames: { "#r": "round", "#d": "day" } };
    expect(await ids(`${final} >= :d`, names)).toBe("23");
    expect(await ids(`${OF_SEASON} AND begins_with(#r, :r)`, { ExpressionAttributeNames: { "#r": "round" } })).toBe(
      "123",
    );
    const { Count } = await aws.client.send(new ScanCommand({ TableName, IndexName }));
    expect(Count).toBe(5);
  });

  it("is read page by page, in both directions", async () => {
    for (const ScanIndexForward of [true, false]) {
      const first = await query(OF_SEASON, { Limit: 3, ScanIndexForward });
      expect(Object.keys(first.LastEvaluatedKey ?? {}).sort()).toEqual(["day", "id", "player", "round", "season"]);
      const second = await query(OF_SEASON, { ScanIndexForward, ExclusiveStartKey: first.LastEvaluatedKey });
      expect(second).not.toHaveProperty("LastEvaluatedKey");
      const all = [...(first.Items ?? []), ...(second.Items ?? [])].map(({ id }) => id?.S).join("");
      expect(all).toBe(ScanIndexForward ? "1234" : "4321");
    }
  });

  it("is filtered, counted, and charged", async () => {
    const page = await query(OF_SEASON, {
      FilterExpression: "id > :id",
      ExpressionAttributeValues: { ":id": { S: "2" } },
      ReturnConsumedCapacity: "INDEXES",
    });
    expect(page).toMatchObject({
      Count: 2,
      ScannedCount: 4,
      ConsumedCapacity: { CapacityUnits: 0.5, GlobalSecondaryIndexes: { [IndexName]: { CapacityUnits: 0.5 } } },
    });
  });

  const round = { ExpressionAttributeNames: { "#r": "round" } };
  const day = { ExpressionAttributeNames: { "#d": "day" } };
  it.each<[string, string, Partial<QueryCommandInput>, string]>([
    ["not all of the partition", "player = :p", {}, "the HASH key attribute season needs an equality condition"],
    ["an inequality in the partition", "player = :p AND season > :s", {}, "season needs an equality condition"],
    [
      "a sort attribute passed over",
      `${OF_SEASON} AND #d = :d`,
      day,
      "the RANGE key attribute round needs an equality",
    ],
    ["another attribute", `${OF_SEASON} AND id = :r`, {}, "Query condition on id, which is not in the key"],
    ["another type", `${OF_SEASON} AND #r = :d`, round, "Condition parameter type does not match schema type"],
    ["a consistent read", OF_SEASON, { ConsistentRead: true }, "Consistent reads are not supported"],
    ["a filter on its key", OF_SEASON, { ...round, FilterExpression: "#r = :s" }, "Primary key attribute: round"],
    [
      "half a starting key",
      OF_SEASON,
      { ExclusiveStartKey: { id: { S: "1" } } },
      "The provided starting key is invalid",
    ],
  ])("refuses a query with %s", async (_what, condition, more, message) => {
    await expect(query(condition, more)).rejects.toMatchObject({
      name: "ValidationException",
      message: expect.stringContaining(message),
    });
  });
});

test.each<[string, KeySchemaElement[], string]>([
  ["five in the partition", ["a", "b", "c", "d", "e"].map(hash), "at most 4 HASH key elements (given 5)"],
  ["five to sort by", [hash("id"), ...["a", "b", "c", "d", "e"].map(range)], "at most 4 RANGE key elements (given 5)"],
  ["them in the wrong order", [hash("id"), range("day"), hash("player")], "HASH key elements must precede RANGE"],
  ["one twice", [hash("id"), hash("player"), range("id")], "Two elements in the KeySchema have the same name"],
  ["one without a type", [hash("id"), hash("rank")], "Keys: [id, rank], AttributeDefinitions: [id, player"],
])("an index with %s is refused", async (_what, key, message) => {
  await expect(create(key)).rejects.toMatchObject({
    name: "ValidationException",
    message: expect.stringContaining(message),
  });
});

test("a query of a table or another index has two conditions at most", async () => {
  await create([hash("player")], ["id", "player"]);
  const KeyConditionExpression = "player = :p AND season = :p AND id = :p";
  const query = new QueryCommand({
    TableName,
    IndexName,
    KeyConditionExpression,
    ExpressionAttributeValues: { ":p": { S: "Goose" } },
  });
  await expect(aws.client.send(query)).rejects.toThrow("Conditions can be of length 1 or 2 only");
  await aws.client.send(new DeleteTableCommand({ TableName }));
});
