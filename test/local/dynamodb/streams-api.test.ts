import {
  BatchWriteItemCommand,
  DeleteItemCommand,
  PutItemCommand,
  UpdateItemCommand,
  UpdateTableCommand,
} from "@aws-sdk/client-dynamodb";
import {
  DescribeStreamCommand,
  GetRecordsCommand,
  GetShardIteratorCommand,
  type GetShardIteratorCommandInput,
  ListStreamsCommand,
} from "@aws-sdk/client-dynamodb-streams";
import type { StreamRecord } from "../../../local/dynamodb/types";
import { startDynamodb, TABLE_ARN, USER_PROFILE } from "./harness";

const TableName = USER_PROFILE.tableName;
const HOUR = 60 * 60 * 1000;

let time: number;
let service: Awaited<ReturnType<typeof startDynamodb>>;
let StreamArn: string;
let ShardId: string;
beforeEach(async () => {
  time = Date.parse("2026-11-24T12:34:56.789Z");
  service = await startDynamodb(() => time);
  const { streamArn = "" } = await service.dynamodb.createTable(USER_PROFILE);
  StreamArn = streamArn;
  ShardId = service.dynamodb.stream(streamArn).shardId;
});
afterEach(async () => {
  await service.close();
  expect(service.bugs).toEqual([]);
});

const put = (id: number, nick = "Maverick") =>
  service.client.send(new PutItemCommand({ TableName, Item: { id: { N: String(id) }, nick: { S: nick } } }));

async function iterator(input: Partial<GetShardIteratorCommandInput> = {}) {
  const { ShardIterator } = await service.streams.send(
    new GetShardIteratorCommand({ StreamArn, ShardId, ShardIteratorType: "TRIM_HORIZON", ...input }),
  );
  return ShardIterator;
}

const getRecords = (ShardIterator: string | undefined, Limit?: number) =>
  service.streams.send(new GetRecordsCommand({ ShardIterator, Limit }));

const records = async () => (await getRecords(await iterator())).Records ?? [];
const ids = async (ShardIterator: string | undefined) =>
  (await getRecords(ShardIterator)).Records?.map(({ dynamodb }) => Number(dynamodb?.Keys?.id?.N));

describe("records", () => {
  it("tell of an insert, a change and a removal with both images", async () => {
    await put(1);
    await put(1, "Iceman");
    await service.client.send(new DeleteItemCommand({ TableName, Key: { id: { N: "1" } } }));

    const [inserted, modified, removed] = await records();
    const [maverick, iceman] = ["Maverick", "Iceman"].map((nick) => ({ id: { N: "1" }, nick: { S: nick } }));
    expect(inserted).toMatchObject({
      eventID: expect.stringMatching(/^[0-9a-f]{32}$/),
      eventName: "INSERT",
      eventVersion: "1.1",
      eventSource: "aws:dynamodb",
      awsRegion: "eu-west-1",
      dynamodb: {
        ApproximateCreationDateTime: new Date("2026-11-24T12:34:56Z"),
        Keys: { id: { N: "1" } },
        NewImage: maverick,
        SequenceNumber: expect.stringMatching(/^\d{21}$/),
        SizeBytes: 4 + 16,
        StreamViewType: "NEW_AND_OLD_IMAGES",
      },
    });
    expect(inserted?.dynamodb).not.toHaveProperty("OldImage");
    expect(modified).toMatchObject({ eventName: "MODIFY", dynamodb: { NewImage: iceman, OldImage: maverick } });
    expect(removed).toMatchObject({ eventName: "REMOVE", dynamodb: { OldImage: iceman } });
    expect(removed?.dynamodb).not.toHaveProperty("NewImage");
  });

  it("number their sequence so that only strings can tell them apart", async () => {
    await put(1);
    await put(2);
    const [first = "", second = ""] = (await records()).map(({ dynamodb }) => dynamodb?.SequenceNumber);
    expect(BigInt(second) > BigInt(first)).toBe(true);
    expect(Number(second)).toBe(Number(first));
  });

  it("are not made by writes that change nothing or fail", async () => {
    await put(1);
    await put(1);
    const update = (expression: string, condition?: string) =>
      service.client.send(
        new UpdateItemCommand({
          TableName,
          Key: { id: { N: "1" } },
          UpdateExpression: expression,
          ConditionExpression: condition,
          ExpressionAttributeValues: { ":nick": { S: "Maverick" } },
        }),
      );
    await update("SET nick = :nick");
    await expect(update("SET rival = :nick", "attribute_not_exists(id)")).rejects.toThrow("conditional request failed");
    await service.client.send(new DeleteItemCommand({ TableName, Key: { id: { N: "7" } } }));
    expect(await records()).toHaveLength(1);
  });

  it("are made by an update that creates the item", async () => {
    await service.client.send(new UpdateItemCommand({ TableName, Key: { id: { N: "1" } } }));
    expect((await records()).map(({ eventName }) => eventName)).toEqual(["INSERT"]);
  });

  it("are made by batches, and wake a listener once for each", async () => {
    const stream = service.dynamodb.stream(StreamArn);
    const wakes: number[] = [];
    stream.onAppend(() => wakes.push(stream.read(undefined, 100).length));
    await service.client.send(
      new BatchWriteItemCommand({
        RequestItems: {
          [TableName]: [1, 2, 3].map((id) => ({ PutRequest: { Item: { id: { N: String(id) } } } })),
        },
      }),
    );
    expect(wakes).toEqual([3]);
    expect(await ids(await iterator())).toEqual([1, 2, 3]);
  });

  it("keep the order of each item under concurrent writes", async () => {
    const versions = Array.from({ length: 50 }, (_, index) => `version ${index}`);
    await Promise.all(versions.map((version) => put(1, version)));
    const all = (await records()) as unknown as StreamRecord[];
    expect(all).toHaveLength(50);
    for (const [index, { dynamodb }] of all.entries()) {
      expect(dynamodb.OldImage).toEqual(all[index - 1]?.dynamodb.NewImage);
    }
  });

  it("are published as an activity, with the request that made them", async () => {
    await put(1);
    const [record] = (await records()) as unknown as StreamRecord[];
    expect(service.activities).toContainEqual(
      expect.objectContaining({
        action: "StreamAppend",
        resource: StreamArn,
        requestId: expect.any(String),
        detail: {
          records: 1,
          events: ["INSERT"],
          keys: [{ id: { N: "1" } }],
          sequenceNumbers: [record?.dynamodb.SequenceNumber],
        },
      }),
    );
  });
});

describe("the API", () => {
  it("lists and describes the stream", async () => {
    await service.dynamodb.createTable({ ...USER_PROFILE, tableName: "without-stream", streamViewType: undefined });
    await service.dynamodb.createTable({ ...USER_PROFILE, tableName: "another", streamViewType: "KEYS_ONLY" });
    const first = await service.streams.send(new ListStreamsCommand({ Limit: 1 }));
    expect(first.Streams).toEqual([{ StreamArn, TableName, StreamLabel: "2026-11-24T12:34:56.789" }]);
    const rest = await service.streams.send(
      new ListStreamsCommand({ ExclusiveStartStreamArn: first.LastEvaluatedStreamArn }),
    );
    expect(rest.Streams?.map((stream) => stream.TableName)).toEqual(["another"]);
    expect(rest.LastEvaluatedStreamArn).toBeUndefined();

    const { StreamDescription } = await service.streams.send(new DescribeStreamCommand({ StreamArn }));
    expect(StreamDescription).toMatchObject({
      StreamArn: `${TABLE_ARN}/stream/2026-11-24T12:34:56.789`,
      StreamStatus: "ENABLED",
      StreamViewType: "NEW_AND_OLD_IMAGES",
      KeySchema: [{ AttributeName: "id", KeyType: "HASH" }],
      CreationRequestDateTime: new Date(time),
      Shards: [{ ShardId: expect.stringMatching(/^shardId-\d{20}-[0-9a-f]{8}$/) }],
    });
  });

  it("reads page by page and goes on where it stopped", async () => {
    for (const id of [1, 2, 3]) await put(id);
    const page = await getRecords(await iterator(), 2);
    expect(page.Records).toHaveLength(2);
    expect(await ids(page.NextShardIterator)).toEqual([3]);
    const end = await getRecords(page.NextShardIterator);
    await put(4);
    expect(await ids(end.NextShardIterator)).toEqual([4]);
  });

  it("starts at, after, or behind a record", async () => {
    for (const id of [1, 2, 3]) await put(id);
    const SequenceNumber = (await records())[1]?.dynamodb?.SequenceNumber;
    expect(await ids(await iterator({ ShardIteratorType: "AT_SEQUENCE_NUMBER", SequenceNumber }))).toEqual([2, 3]);
    expect(await ids(await iterator({ ShardIteratorType: "AFTER_SEQUENCE_NUMBER", SequenceNumber }))).toEqual([3]);
    const latest = await iterator({ ShardIteratorType: "LATEST" });
    expect(await ids(latest)).toEqual([]);
    await put(4);
    expect(await ids(latest)).toEqual([4]);
  });

  it("forgets records after 24 hours", async () => {
    await put(1);
    const SequenceNumber = (await records())[0]?.dynamodb?.SequenceNumber;
    time += 23 * HOUR;
    await put(2);
    time += 2 * HOUR;
    expect(await ids(await iterator())).toEqual([2]);
    await expect(iterator({ ShardIteratorType: "AT_SEQUENCE_NUMBER", SequenceNumber })).rejects.toMatchObject({
      name: "TrimmedDataAccessException",
      message: expect.stringContaining("attempted to read past the oldest stream record"),
    });
  });

  it("lets an iterator expire after 15 minutes", async () => {
    const old = await iterator();
    time += HOUR / 4;
    await getRecords(old);
    time += 1;
    await expect(getRecords(old)).rejects.toMatchObject({ name: "ExpiredIteratorException" });
  });

  it("reads a stream that was turned off to its end, for 24 hours", async () => {
    await put(1);
    await put(2);
    const first = await getRecords(await iterator(), 1);
    const StreamSpecification = { StreamEnabled: false };
    await service.client.send(new UpdateTableCommand({ TableName, StreamSpecification }));
    await put(3);
    const { StreamDescription } = await service.streams.send(new DescribeStreamCommand({ StreamArn }));
    const last = await getRecords(first.NextShardIterator);
    expect(last.Records?.map(({ dynamodb }) => dynamodb?.Keys?.id?.N)).toEqual(["2"]);
    expect(last).not.toHaveProperty("NextShardIterator");
    expect(StreamDescription).toMatchObject({
      StreamStatus: "DISABLED",
      Shards: [{ SequenceNumberRange: { EndingSequenceNumber: last.Records?.at(-1)?.dynamodb?.SequenceNumber } }],
    });
    time += 24 * HOUR + 1;
    await expect(iterator()).rejects.toMatchObject({ name: "ResourceNotFoundException" });
  });

  it("refuses what is out of range, unknown or made up", async () => {
    const refused: [Promise<unknown>, string][] = [
      [getRecords(await iterator(), 1001), "Member must have value less than or equal to 1000"],
      [getRecords("made up"), "Invalid ShardIterator"],
      [iterator({ ShardId: "shardId-00000000000000000000-00000000" }), "Shard: shardId-0"],
      [iterator({ ShardIteratorType: "AT_SEQUENCE_NUMBER" }), "SequenceNumber is required"],
      [iterator({ SequenceNumber: "1".repeat(21) }), "SequenceNumber must not be given"],
      [iterator({ StreamArn: "x".repeat(40) }), "Member must satisfy regular expression pattern: arn:aws:dynamodb:.+"],
      [iterator({ ShardIteratorType: "OLDEST" as never }), "Member must satisfy enum value set"],
      [iterator({ StreamArn: `${StreamArn}1` }), `Stream: ${StreamArn}1 not found`],
    ];
    for (const [promise, message] of refused) await expect(promise).rejects.toThrow(message);
  });

  it("asks IAM on the stream's ARN", async () => {
    const { streams } = service.asRole({ Effect: "Allow", Action: "dynamodb:DescribeStream", Resource: StreamArn });
    await expect(streams.send(new DescribeStreamCommand({ StreamArn }))).resolves.toBeDefined();
    await expect(
      streams.send(new GetShardIteratorCommand({ StreamArn, ShardId, ShardIteratorType: "LATEST" })),
    ).rejects.toMatchObject({
      name: "AccessDeniedException",
      message: expect.stringContaining(`dynamodb:GetShardIterator on resource: ${StreamArn}`),
    });
    await expect(streams.send(new GetRecordsCommand({ ShardIterator: await iterator() }))).rejects.toThrow(
      "dynamodb:GetRecords",
    );
    await expect(streams.send(new ListStreamsCommand({}))).rejects.toThrow("dynamodb:ListStreams on resource: *");
  });
});
