// Items that expire: which do, who deletes them, and what a table says of it.

import {
  type AttributeValue,
  CreateTableCommand,
  DeleteTableCommand,
  DescribeEndpointsCommand,
  DescribeLimitsCommand,
  DescribeTableCommand,
  DescribeTimeToLiveCommand,
  PutItemCommand,
  ScanCommand,
  UpdateTimeToLiveCommand,
} from "@aws-sdk/client-dynamodb";
import { DescribeStreamCommand, GetRecordsCommand, GetShardIteratorCommand } from "@aws-sdk/client-dynamodb-streams";
import { startDynamodb } from "./harness";

const TableName = "sessions";
const NOW = 1_790_000_000;

let aws: Awaited<ReturnType<typeof startDynamodb>>;
let seconds = NOW;
beforeAll(async () => {
  aws = await startDynamodb(() => seconds * 1000);
});
afterAll(() => aws.close());
beforeEach(async () => {
  seconds = NOW;
  await aws.client.send(
    new CreateTableCommand({
      TableName,
      KeySchema: [{ AttributeName: "id", KeyType: "HASH" }],
      AttributeDefinitions: [{ AttributeName: "id", AttributeType: "S" }],
      BillingMode: "PAY_PER_REQUEST",
      StreamSpecification: { StreamEnabled: true, StreamViewType: "NEW_AND_OLD_IMAGES" },
    }),
  );
});
afterEach(() => aws.client.send(new DeleteTableCommand({ TableName })));

const set = (Enabled: boolean, AttributeName = "expires", client = aws.client) =>
  client.send(new UpdateTimeToLiveCommand({ TableName, TimeToLiveSpecification: { Enabled, AttributeName } }));
const described = async () =>
  (await aws.client.send(new DescribeTimeToLiveCommand({ TableName }))).TimeToLiveDescription;
const put = (id: string, expires?: AttributeValue) =>
  aws.client.send(new PutItemCommand({ TableName, Item: { id: { S: id }, ...(expires && { expires }) } }));
const ids = async () => (await aws.client.send(new ScanCommand({ TableName }))).Items?.map(({ id }) => id?.S).sort();

/** The next sweep that deletes something. */
const swept = () =>
  new Promise<object>((resolve, reject) => {
    const late = setTimeout(() => reject(new Error("Nothing has been deleted within ten seconds")), 10_000);
    const stop = aws.activity.subscribe((each) => {
      if (each.action !== "TimeToLiveDelete") return;
      clearTimeout(late);
      stop();
      resolve(each);
    });
  });

const streamArn = async () => (await aws.client.send(new DescribeTableCommand({ TableName }))).Table?.LatestStreamArn;

/** What the table's stream has, from its beginning. */
async function records() {
  const StreamArn = await streamArn();
  const { StreamDescription } = await aws.streams.send(new DescribeStreamCommand({ StreamArn }));
  const { ShardIterator } = await aws.streams.send(
    new GetShardIteratorCommand({
      StreamArn,
      ShardId: StreamDescription?.Shards?.[0]?.ShardId,
      ShardIteratorType: "TRIM_HORIZON",
    }),
  );
  return (await aws.streams.send(new GetRecordsCommand({ ShardIterator }))).Records ?? [];
}

describe("items that have expired", () => {
  it("are deleted by DynamoDB itself, which the stream tells of", async () => {
    await put("before", { N: String(NOW - 60) });
    await set(true);
    await put("later", { N: String(NOW + 60) });
    await put("never");
    const first = swept();
    expect(await first).toMatchObject({
      service: "dynamodb",
      resource: expect.stringMatching(/table\/sessions$/),
      detail: { items: 1 },
    });
    expect(await ids()).toEqual(["later", "never"]);
    const second = swept();
    seconds = NOW + 61;
    await second;
    expect(await ids()).toEqual(["never"]);
    const removals = (await records()).filter(({ eventName }) => eventName === "REMOVE");
    expect(removals).toMatchObject(
      ["before", "later"].map((id) => ({
        userIdentity: { Type: "Service", PrincipalId: "dynamodb.amazonaws.com" },
        dynamodb: { Keys: { id: { S: id } }, OldImage: { id: { S: id } } },
      })),
    );
  });

  it("are those with a number of seconds, of no more than five years ago", async () => {
    await put("text", { S: String(NOW - 60) });
    await put("long ago", { N: "162777600" });
    await put("milliseconds", { N: String((NOW - 60) * 1000) });
    await put("fraction", { N: `${NOW - 60}.5` });
    await put("exponent", { N: `${(NOW - 60) / 10}e1` });
    const deleted = swept();
    await set(true);
    await deleted;
    expect(await ids()).toEqual(["long ago", "milliseconds", "text"]);
  });

  it("reach a function as Lambda names who deleted them", async () => {
    await put("1", { N: String(NOW - 60) });
    const deleted = swept();
    await set(true);
    await deleted;
    const record = aws.dynamodb
      .stream((await streamArn()) ?? "")
      .read(undefined, 10)
      .at(-1);
    expect(record?.userIdentity).toEqual({ type: "Service", principalId: "dynamodb.amazonaws.com" });
  });
});

describe("a table's time to live", () => {
  it("is off, on with its attribute, and off again", async () => {
    expect(await described()).toEqual({ TimeToLiveStatus: "DISABLED" });
    const { TimeToLiveSpecification } = await set(true);
    expect(TimeToLiveSpecification).toEqual({ Enabled: true, AttributeName: "expires" });
    expect(await described()).toEqual({ TimeToLiveStatus: "ENABLED", AttributeName: "expires" });
    await set(false);
    expect(await described()).toEqual({ TimeToLiveStatus: "DISABLED" });
  });

  it("is none of the next table with its name", async () => {
    await set(true);
    await aws.client.send(new DeleteTableCommand({ TableName }));
    await expect(described()).rejects.toMatchObject({ name: "ResourceNotFoundException" });
    const KeySchema = [{ AttributeName: "id", KeyType: "HASH" as const }];
    const AttributeDefinitions = [{ AttributeName: "id", AttributeType: "S" as const }];
    await aws.client.send(
      new CreateTableCommand({ TableName, KeySchema, AttributeDefinitions, BillingMode: "PAY_PER_REQUEST" }),
    );
    expect(await described()).toEqual({ TimeToLiveStatus: "DISABLED" });
  });

  it.each<[string, boolean, boolean, string, string]>([
    ["on twice", true, true, "expires", "TimeToLive is already enabled"],
    [
      "on for a second attribute",
      true,
      true,
      "ends",
      "active on a different AttributeName: current AttributeName is expires",
    ],
    ["off for another attribute", true, false, "ends", "active on a different AttributeName"],
    ["off where it is off", false, false, "expires", "TimeToLive is already disabled"],
    ["on for no attribute", false, true, "", "a length of 1 to 255 characters (given 0)"],
  ])("is not turned %s", async (_what, isOn, Enabled, attribute, message) => {
    if (isOn) await set(true);
    await expect(set(Enabled, attribute)).rejects.toMatchObject({ message: expect.stringContaining(message) });
  });

  it("is changed and read by who is allowed to", async () => {
    const one = aws.asRole({ Effect: "Allow", Action: "dynamodb:UpdateTimeToLive", Resource: "*" });
    await set(true, "expires", one.client);
    const read = one.client.send(new DescribeTimeToLiveCommand({ TableName }));
    await expect(read).rejects.toThrow("dynamodb:DescribeTimeToLive on resource: arn:aws:dynamodb:");
    const other = aws.asRole({ Effect: "Allow", Action: "dynamodb:DescribeTimeToLive", Resource: "*" });
    await other.client.send(new DescribeTimeToLiveCommand({ TableName }));
    await expect(set(false, "expires", other.client)).rejects.toMatchObject({ name: "AccessDeniedException" });
  });
});

describe("DynamoDB itself", () => {
  it("says where it is and what an account may have, to who may ask", async () => {
    const { Endpoints } = await aws.client.send(new DescribeEndpointsCommand({}));
    const { hostname, port } = (await aws.client.config.endpoint?.()) ?? {};
    expect(Endpoints).toEqual([{ Address: `${hostname}:${port}`, CachePeriodInMinutes: 1440 }]);
    expect(await aws.client.send(new DescribeLimitsCommand({}))).toMatchObject({
      AccountMaxReadCapacityUnits: 80_000,
      TableMaxWriteCapacityUnits: 40_000,
    });
    const { client } = aws.asRole({ Effect: "Allow", Action: "dynamodb:DescribeLimits", Resource: "*" });
    await client.send(new DescribeLimitsCommand({}));
    await expect(client.send(new DescribeEndpointsCommand({}))).rejects.toThrow("dynamodb:DescribeEndpoints");
  });
});
