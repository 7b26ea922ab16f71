import {
  CloudWatchLogsClient,
  CreateLogGroupCommand,
  DescribeLogGroupsCommand,
  DescribeLogStreamsCommand,
  FilterLogEventsCommand,
  GetLogEventsCommand,
  PutRetentionPolicyCommand,
  StartQueryCommand,
} from "@aws-sdk/client-cloudwatch-logs";
import { DEFAULT_ACCOUNT_ID } from "../../../local/account";
import { createActivityStream } from "../../../local/activity";
import { createEdge } from "../../../local/edge";
import { createIam } from "../../../local/iam";
import { createLogs } from "../../../local/logs";

const account = { accountId: DEFAULT_ACCOUNT_ID, region: "eu-west-1", endpoint: "" };
const activity = createActivityStream();
const iam = createIam({ account, activity });
const logs = createLogs({ account, iam });
const edge = createEdge({ account, activity, iam, services: { logs } });
let client: CloudWatchLogsClient;

const GROUP = "/aws/lambda/F";
const STREAM = "2026/11/24/[$LATEST]0123456789abcdef0123456789abcdef";
const TRUST = JSON.stringify({
  Statement: { Effect: "Allow", Principal: { Service: "lambda.amazonaws.com" }, Action: "sts:AssumeRole" },
});

function roleThatMay(roleName: string, ...actions: string[]) {
  const { arn } = iam.createRole({ roleName, assumeRolePolicyDocument: TRUST });
  const Resource = `arn:aws:logs:eu-west-1:${DEFAULT_ACCOUNT_ID}:log-group:${GROUP}:*`;
  const policyDocument = JSON.stringify({
    Version: "2012-10-17",
    Statement: { Effect: "Allow", Action: actions, Resource },
  });
  iam.putRolePolicy({ roleName, policyName: "logs", policyDocument });
  return iam.assumeRole({ roleArn: arn, service: "lambda.amazonaws.com", sessionName: roleName }).caller;
}

const lines = (count: number) =>
  Array.from({ length: count }, (_, index) => ({ timestamp: 1000 + index, message: `line ${index}` }));

beforeAll(async () => {
  await edge.listen(0);
  client = new CloudWatchLogsClient({
    endpoint: account.endpoint,
    region: account.region,
    credentials: { accessKeyId: "test", secretAccessKey: "test" },
  });
  await client.send(new CreateLogGroupCommand({ logGroupName: GROUP }));
  await client.send(new PutRetentionPolicyCommand({ logGroupName: GROUP, retentionInDays: 14 }));
  logs.write(roleThatMay("Writer", "logs:CreateLogStream", "logs:PutLogEvents"), GROUP, STREAM, lines(25));
});
afterAll(async () => {
  client.destroy();
  await edge.close();
  await logs.close();
});

describe("reading logs", () => {
  it("finds nothing in a group that nobody has written to yet, whatever the time", async () => {
    await client.send(new CreateLogGroupCommand({ logGroupName: "/others/New" }));
    const input = { logGroupName: "/others/New", startTime: 1, endTime: 2 };
    expect((await client.send(new FilterLogEventsCommand(input))).events).toEqual([]);
  });

  it("lists groups with their retention and streams with their times", async () => {
    const { logGroups } = await client.send(new DescribeLogGroupsCommand({ logGroupNamePrefix: "/aws/lambda/" }));
    expect(logGroups).toMatchObject([{ logGroupName: GROUP, retentionInDays: 14, arn: expect.stringMatching(/:\*$/) }]);
    const { logStreams } = await client.send(
      new DescribeLogStreamsCommand({ logGroupName: GROUP, orderBy: "LastEventTime" }),
    );
    expect(logStreams).toMatchObject([{ logStreamName: STREAM, firstEventTimestamp: 1000, lastEventTimestamp: 1024 }]);
  });

  it("gives the newest events first page, and walks back and forth by token until the token repeats", async () => {
    const get = (input: object) =>
      client.send(new GetLogEventsCommand({ logGroupName: GROUP, logStreamName: STREAM, limit: 10, ...input }));
    const newest = await get({});
    expect(newest.events?.map(({ message }) => message)).toEqual(
      lines(25)
        .slice(15)
        .map(({ message }) => message),
    );
    const older = await get({ nextToken: newest.nextBackwardToken });
    expect(older.events?.at(-1)?.message).toBe("line 14");
    const forward = await get({ nextToken: older.nextForwardToken });
    expect(forward.events?.[0]?.message).toBe("line 15");
    const end = await get({ nextToken: newest.nextForwardToken });
    expect(end.events).toEqual([]);
    expect(end.nextForwardToken).toBe(newest.nextForwardToken);
    const head = await get({ startFromHead: true });
    expect(head.events?.[0]?.message).toBe("line 0");
  });

  it.each([
    ['"line 7"', ["line 7"]],
    ["line -1 -2", ["line 0", ...[3, 4, 5, 6, 7, 8, 9].map((n) => `line ${n}`)]],
    ['?"line 3" ?24', ["line 3", "line 24"]],
    ["", lines(25).map(({ message }) => message)],
  ])("filters by the pattern %j", async (filterPattern, expected) => {
    const { events } = await client.send(new FilterLogEventsCommand({ logGroupName: GROUP, filterPattern }));
    expect(events?.map(({ message }) => message)).toEqual(expected);
  });

  it("filters by time and pages through what it found", async () => {
    const input = { logGroupName: GROUP, startTime: 1005, endTime: 1012, limit: 5 };
    const first = await client.send(new FilterLogEventsCommand(input));
    const second = await client.send(new FilterLogEventsCommand({ ...input, nextToken: first.nextToken }));
    expect([...(first.events ?? []), ...(second.events ?? [])].map(({ timestamp }) => timestamp)).toEqual([
      1005, 1006, 1007, 1008, 1009, 1010, 1011, 1012,
    ]);
    expect(second.nextToken).toBeUndefined();
  });

  it("gives a stream's events from the start time up to, but not at, the end time", async () => {
    const input = { logGroupName: GROUP, logStreamName: STREAM, startTime: 1003, endTime: 1006 };
    const { events } = await client.send(new GetLogEventsCommand(input));
    expect(events?.map(({ timestamp }) => timestamp)).toEqual([1003, 1004, 1005]);
  });

  it.each<[string, () => Promise<unknown>, string]>([
    [
      "a group that is not there",
      () => client.send(new GetLogEventsCommand({ logGroupName: "/none", logStreamName: "s" })),
      "/none",
    ],
    [
      "a stream that is not there",
      () => client.send(new GetLogEventsCommand({ logGroupName: GROUP, logStreamName: "s" })),
      "does not exist: s",
    ],
    [
      "a JSON pattern",
      () => client.send(new FilterLogEventsCommand({ logGroupName: GROUP, filterPattern: '{ $.a = "b" }' })),
      "terms only",
    ],
    [
      "a malformed token",
      () => client.send(new FilterLogEventsCommand({ logGroupName: GROUP, nextToken: "x" })),
      "nextToken is invalid",
    ],
    [
      "an operation that the embedded AWS does not have",
      () =>
        client.send(new StartQueryCommand({ logGroupName: GROUP, startTime: 0, endTime: 1, queryString: "fields x" })),
      "Logs_20140328.StartQuery",
    ],
  ])("refuses %s by name", async (_what, send, message) => {
    await expect(send()).rejects.toThrow(message);
  });
});

describe("a function's lines", () => {
  it("are lost when its role may not make the stream or not write, as on AWS", async () => {
    logs.write(roleThatMay("NoCreate", "logs:PutLogEvents"), GROUP, "no-create", lines(1));
    logs.write(roleThatMay("NoPut", "logs:CreateLogStream"), GROUP, "no-put", lines(1));
    const found = await client.send(new FilterLogEventsCommand({ logGroupName: GROUP, logStreamNamePrefix: "no-" }));
    expect(found.events).toEqual([]);
    const { logStreams } = await client.send(
      new DescribeLogStreamsCommand({ logGroupName: GROUP, logStreamNamePrefix: "no-" }),
    );
    expect(logStreams?.map(({ logStreamName }) => logStreamName)).toEqual(["no-put"]);
  });

  it("may not be read by a function's role that was not given the right", async () => {
    const caller = roleThatMay("Reader", "logs:PutLogEvents");
    expect(() => iam.authorize({ caller, action: "logs:GetLogEvents", resource: GROUP })).toThrow("logs:GetLogEvents");
  });
});
