// Tables as Terraform and the CLI make, change and remove them.

import {
  type AttributeValue,
  BatchWriteItemCommand,
  CreateTableCommand,
  type CreateTableCommandInput,
  DeleteItemCommand,
  DeleteTableCommand,
  DescribeContinuousBackupsCommand,
  DescribeTableCommand,
  DynamoDBClient,
  GetItemCommand,
  ListTablesCommand,
  ListTagsOfResourceCommand,
  PutItemCommand,
  QueryCommand,
  ScanCommand,
  TagResourceCommand,
  UntagResourceCommand,
  UpdateContinuousBackupsCommand,
  UpdateItemCommand,
  UpdateTableCommand,
} from "@aws-sdk/client-dynamodb";
import { DescribeStreamCommand, DynamoDBStreamsClient, ListStreamsCommand } from "@aws-sdk/client-dynamodb-streams";
import { type EmbeddedAws, startEmbeddedAws } from "../../../local";

const TableName = "profiles";
const ARN = `arn:aws:dynamodb:eu-west-1:111122223333:table/${TableName}`;
const TABLE: CreateTableCommandInput = {
  TableName,
  AttributeDefinitions: [{ AttributeName: "id", AttributeType: "N" }],
  KeySchema: [{ AttributeName: "id", KeyType: "HASH" }],
  BillingMode: "PAY_PER_REQUEST",
};

let aws: EmbeddedAws;
let client: DynamoDBClient;
let streams: DynamoDBStreamsClient;
beforeAll(async () => {
  aws = await startEmbeddedAws({ tinypngKey: "k" });
  const { endpoint, region } = aws.account;
  const options = { endpoint, region, credentials: { accessKeyId: "test", secretAccessKey: "test" } };
  client = new DynamoDBClient(options);
  streams = new DynamoDBStreamsClient(options);
});
afterAll(async () => {
  client.destroy();
  streams.destroy();
  await aws.close();
});
afterEach(async () => {
  const { TableNames = [] } = await client.send(new ListTablesCommand({}));
  for (const name of TableNames) {
    await client.send(new UpdateTableCommand({ TableName: name, DeletionProtectionEnabled: false }));
    await client.send(new DeleteTableCommand({ TableName: name }));
  }
});

const create = (more: Partial<CreateTableCommandInput> = {}) =>
  client.send(new CreateTableCommand({ ...TABLE, ...more }));
const described = async () => (await client.send(new DescribeTableCommand({ TableName }))).Table;
const item = { id: { N: "7000" } };

describe("a table", () => {
  it("is described as it was made", async () => {
    const { TableDescription } = await create({
      StreamSpecification: { StreamEnabled: true, StreamViewType: "NEW_AND_OLD_IMAGES" },
      SSESpecification: { Enabled: true },
      DeletionProtectionEnabled: true,
    });
    expect(TableDescription?.TableStatus).toBe("CREATING");
    expect(await described()).toMatchObject({
      TableName,
      TableArn: ARN,
      TableStatus: "ACTIVE",
      CreationDateTime: expect.any(Date),
      BillingModeSummary: { BillingMode: "PAY_PER_REQUEST" },
      ProvisionedThroughput: { ReadCapacityUnits: 0, WriteCapacityUnits: 0 },
      StreamSpecification: { StreamEnabled: true, StreamViewType: "NEW_AND_OLD_IMAGES" },
      LatestStreamArn: expect.stringMatching(`^${ARN}/stream/`),
      SSEDescription: { Status: "ENABLED", SSEType: "KMS" },
      DeletionProtectionEnabled: true,
    });
  });

  it("is not made with a key of another type than S, N or B", async () => {
    const wrong = [{ AttributeName: "id", AttributeType: "BOOL" as never }];
    await expect(create({ AttributeDefinitions: wrong })).rejects.toThrow("Value 'BOOL' at");
  });

  it("is there once", async () => {
    await create();
    await expect(create()).rejects.toMatchObject({
      name: "ResourceInUseException",
      message: "Table already exists: profiles",
    });
  });

  it("takes another billing mode and another protection while its items stay", async () => {
    await create();
    await client.send(new PutItemCommand({ TableName, Item: item }));
    await client.send(
      new UpdateTableCommand({
        TableName,
        BillingMode: "PROVISIONED",
        ProvisionedThroughput: { ReadCapacityUnits: 5, WriteCapacityUnits: 2 },
        DeletionProtectionEnabled: true,
      }),
    );
    const table = await described();
    expect(table).toMatchObject({
      ProvisionedThroughput: { ReadCapacityUnits: 5, WriteCapacityUnits: 2 },
      DeletionProtectionEnabled: true,
      ItemCount: 1,
    });
    expect(table).not.toHaveProperty("BillingModeSummary");
  });

  it("is not deleted while it is protected, and goes with its items when it is not", async () => {
    await create({ DeletionProtectionEnabled: true });
    await client.send(new PutItemCommand({ TableName, Item: item }));
    const remove = () => client.send(new DeleteTableCommand({ TableName }));
    await expect(remove()).rejects.toMatchObject({
      name: "ValidationException",
      message: expect.stringContaining("currently protected against deletion"),
    });
    await client.send(new UpdateTableCommand({ TableName, DeletionProtectionEnabled: false }));
    expect((await remove()).TableDescription?.TableStatus).toBe("DELETING");
    await expect(described()).rejects.toMatchObject({
      name: "ResourceNotFoundException",
      message: "Requested resource not found: Table: profiles not found",
    });
    await create();
    expect(await client.send(new GetItemCommand({ TableName, Key: item }))).not.toHaveProperty("Item");
  });

  it("has the tags that it was made with, and those that came and went since", async () => {
    await create({ Tags: [{ Key: "a", Value: "1" }] });
    await client.send(new TagResourceCommand({ ResourceArn: ARN, Tags: [{ Key: "b", Value: "2" }] }));
    await client.send(new UntagResourceCommand({ ResourceArn: ARN, TagKeys: ["a"] }));
    const { Tags } = await client.send(new ListTagsOfResourceCommand({ ResourceArn: ARN }));
    expect(Tags).toEqual([{ Key: "b", Value: "2" }]);
  });

  it.each<[string, string, string, string]>([
    ["no key", "", "1", "a tag's key has 1 to 128 characters (given 0)"],
    ["a long value", "a", "x".repeat(257), "a tag's value has at most 256 characters (given 257)"],
    ["a character of its own", "a", "50%", "(given 50%)"],
  ])("has no tag with %s, neither from its creation", async (_what, Key, Value, message) => {
    const Tags = [{ Key, Value }];
    await expect(create({ Tags })).rejects.toThrow(message);
    await create();
    await expect(client.send(new TagResourceCommand({ ResourceArn: ARN, Tags }))).rejects.toThrow(message);
    const many = Array.from({ length: 51 }, (_, index) => ({ Key: String(index), Value: "" }));
    const tooMany = client.send(new TagResourceCommand({ ResourceArn: ARN, Tags: many }));
    await expect(tooMany).rejects.toThrow("a table has at most 50 tags (with these 51)");
  });

  it("is read through its indexes, which have the items with their key, as far as they are projected", async () => {
    const byNick = {
      IndexName: "by-nick",
      KeySchema: [{ AttributeName: "nick", KeyType: "HASH" as const }],
      Projection: { ProjectionType: "INCLUDE" as const, NonKeyAttributes: ["name"] },
    };
    await create({
      AttributeDefinitions: [...(TABLE.AttributeDefinitions ?? []), { AttributeName: "nick", AttributeType: "S" }],
      GlobalSecondaryIndexes: [byNick],
    });
    expect((await described())?.GlobalSecondaryIndexes).toMatchObject([
      { ...byNick, IndexStatus: "ACTIVE", IndexArn: `${ARN}/index/by-nick` },
    ]);
    const maverick = { ...item, nick: { S: "Maverick" }, name: { S: "Pete" } };
    await client.send(new PutItemCommand({ TableName, Item: { ...maverick, rank: { S: "Captain" } } }));
    const batch: Record<string, AttributeValue>[] = [{ id: { N: "99" } }, { id: { N: "98" }, nick: { S: "Merlin" } }];
    const writes = batch.map((Item) => ({ PutRequest: { Item } }));
    await client.send(new BatchWriteItemCommand({ RequestItems: { [TableName]: writes } }));
    expect((await client.send(new ScanCommand({ TableName, IndexName: "by-nick" }))).Count).toBe(2);
    await client.send(new DeleteItemCommand({ TableName, Key: { id: { N: "98" } } }));
    const query = (nick: string, more = {}) =>
      client.send(
        new QueryCommand({
          TableName,
          IndexName: "by-nick",
          KeyConditionExpression: "nick = :nick",
          ExpressionAttributeValues: { ":nick": { S: nick } },
          ...more,
        }),
      );
    expect((await query("Maverick")).Items).toEqual([maverick]);
    expect((await client.send(new ScanCommand({ TableName, IndexName: "by-nick" }))).Items).toEqual([maverick]);
    await client.send(new PutItemCommand({ TableName, Item: { ...maverick, nick: { S: "Goose" } } }));
    expect((await query("Maverick")).Items).toEqual([]);
    const update = { UpdateExpression: "SET nick = :n", ExpressionAttributeValues: { ":n": { N: "1" } } };
    await expect(client.send(new UpdateItemCommand({ TableName, Key: item, ...update }))).rejects.toThrow(
      "Type mismatch for Index Key nick Expected: S Actual: N IndexName: by-nick",
    );
    await expect(query("Goose", { ConsistentRead: true })).rejects.toThrow(
      "Consistent reads are not supported on global secondary indexes",
    );
  });
});

describe("a table's stream", () => {
  const stream = (StreamEnabled: boolean) =>
    client.send(
      new UpdateTableCommand({
        TableName,
        StreamSpecification: { StreamEnabled, ...(StreamEnabled && { StreamViewType: "NEW_IMAGE" as const }) },
      }),
    );

  it("is turned on and off, and is a new one when it is on again", async () => {
    await create();
    await stream(true);
    const first = (await described())?.LatestStreamArn;
    await expect(stream(true)).rejects.toThrow("Table already has an enabled stream");
    const { StreamDescription } = await streams.send(new DescribeStreamCommand({ StreamArn: first }));
    expect(StreamDescription).toMatchObject({ StreamViewType: "NEW_IMAGE", TableName });
    await stream(false);
    expect(await described()).not.toHaveProperty("StreamSpecification");
    await expect(stream(false)).rejects.toThrow("Table already has its stream disabled");
    const { Streams } = await streams.send(new ListStreamsCommand({ TableName }));
    expect(Streams?.map(({ StreamArn }) => StreamArn)).toEqual([first]);
    await stream(true);
    expect((await described())?.LatestStreamArn).not.toBe(first);
  });
});

describe("point-in-time recovery", () => {
  const recovery = async () =>
    (await client.send(new DescribeContinuousBackupsCommand({ TableName }))).ContinuousBackupsDescription
      ?.PointInTimeRecoveryDescription;
  const put = (PointInTimeRecoveryEnabled: boolean, RecoveryPeriodInDays?: number) =>
    client.send(
      new UpdateContinuousBackupsCommand({
        TableName,
        PointInTimeRecoverySpecification: { PointInTimeRecoveryEnabled, RecoveryPeriodInDays },
      }),
    );

  it("is kept as it is set", async () => {
    await create();
    expect(await recovery()).toEqual({ PointInTimeRecoveryStatus: "DISABLED" });
    await put(true);
    expect(await recovery()).toMatchObject({ PointInTimeRecoveryStatus: "ENABLED", RecoveryPeriodInDays: 35 });
    await put(true, 7);
    expect(await recovery()).toMatchObject({ RecoveryPeriodInDays: 7 });
    await put(false);
    expect(await recovery()).toEqual({ PointInTimeRecoveryStatus: "DISABLED" });
    await expect(put(true, 36)).rejects.toThrow("RecoveryPeriodInDays must be 1 to 35 (given 36)");
  });
});
