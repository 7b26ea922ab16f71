// What Terraform and the CLI do with log groups beside reading them.

import {
  CloudWatchLogsClient,
  CreateLogGroupCommand,
  DeleteLogGroupCommand,
  DeleteMetricFilterCommand,
  DeleteRetentionPolicyCommand,
  DescribeLogGroupsCommand,
  DescribeMetricFiltersCommand,
  ListTagsForResourceCommand,
  PutMetricFilterCommand,
  PutRetentionPolicyCommand,
  TagResourceCommand,
  UntagResourceCommand,
} from "@aws-sdk/client-cloudwatch-logs";
import { type EmbeddedAws, startEmbeddedAws } from "../../../local";

const logGroupName = "/aws/lambda/app";
const ARN = `arn:aws:logs:eu-west-1:111122223333:log-group:${logGroupName}`;

let aws: EmbeddedAws;
let client: CloudWatchLogsClient;
beforeAll(async () => {
  aws = await startEmbeddedAws({ tinypngKey: "k" });
  const { endpoint, region } = aws.account;
  const credentials = { accessKeyId: "test", secretAccessKey: "test" };
  client = new CloudWatchLogsClient({ endpoint, region, credentials });
});
afterAll(async () => {
  client.destroy();
  await aws.close();
});
beforeEach(() => client.send(new CreateLogGroupCommand({ logGroupName, tags: { a: "1" } })));
afterEach(async () => {
  const { logGroups = [] } = await client.send(new DescribeLogGroupsCommand({}));
  for (const group of logGroups) await client.send(new DeleteLogGroupCommand({ logGroupName: group.logGroupName }));
});

const described = async () =>
  (await client.send(new DescribeLogGroupsCommand({ logGroupNamePrefix: logGroupName }))).logGroups;

describe("a log group", () => {
  it("keeps its events for ever, until it is told for how many days", async () => {
    expect(await described()).toMatchObject([
      { logGroupName, logGroupArn: ARN, arn: `${ARN}:*`, metricFilterCount: 0 },
    ]);
    expect((await described())?.[0]).not.toHaveProperty("retentionInDays");
    await client.send(new PutRetentionPolicyCommand({ logGroupName, retentionInDays: 14 }));
    expect(await described()).toMatchObject([{ retentionInDays: 14 }]);
    await client.send(new DeleteRetentionPolicyCommand({ logGroupName }));
    expect((await described())?.[0]).not.toHaveProperty("retentionInDays");
  });

  it("is not kept for a number of days that AWS does not have", async () => {
    const put = client.send(new PutRetentionPolicyCommand({ logGroupName, retentionInDays: 2 }));
    await expect(put).rejects.toMatchObject({
      name: "InvalidParameterException",
      message: expect.stringMatching(/^retentionInDays must be one of 1, 3, 5, .* \(given 2\)$/),
    });
  });

  it("is of the standard class, the only one that is played", async () => {
    const create = client.send(new CreateLogGroupCommand({ logGroupName: "/other", logGroupClass: "DELIVERY" }));
    await expect(create).rejects.toMatchObject({
      name: "InvalidParameterException",
      message: 'logGroupClass must be one of STANDARD, "" (given "DELIVERY")',
    });
  });

  it("has the tags that it was made with, and those that came and went since", async () => {
    await client.send(new TagResourceCommand({ resourceArn: ARN, tags: { b: "2" } }));
    await client.send(new UntagResourceCommand({ resourceArn: ARN, tagKeys: ["a"] }));
    const { tags } = await client.send(new ListTagsForResourceCommand({ resourceArn: ARN }));
    expect(tags).toEqual({ b: "2" });
  });

  it("is there once, and gone when it is deleted", async () => {
    await expect(client.send(new CreateLogGroupCommand({ logGroupName }))).rejects.toMatchObject({
      name: "ResourceAlreadyExistsException",
    });
    await client.send(new DeleteLogGroupCommand({ logGroupName }));
    expect(await described()).toEqual([]);
    await expect(client.send(new DeleteLogGroupCommand({ logGroupName }))).rejects.toMatchObject({
      name: "ResourceNotFoundException",
      message: `The specified log group does not exist: ${logGroupName}`,
    });
  });
});

describe("a metric filter", () => {
  const metricTransformations = [
    { metricName: "Failures", metricNamespace: "App", metricValue: "1", unit: "Count" as const },
  ];
  const put = () =>
    client.send(
      new PutMetricFilterCommand({
        logGroupName,
        filterName: "failures",
        filterPattern: '{ $.type = "platform.report" }',
        metricTransformations,
      }),
    );

  it("is read back as it was put, counted, and deleted", async () => {
    await put();
    const read = () => client.send(new DescribeMetricFiltersCommand({ logGroupName, filterNamePrefix: "failures" }));
    expect((await read()).metricFilters).toEqual([
      {
        logGroupName,
        filterName: "failures",
        filterPattern: '{ $.type = "platform.report" }',
        metricTransformations,
        creationTime: expect.any(Number),
        applyOnTransformedLogs: false,
      },
    ]);
    expect(await described()).toMatchObject([{ metricFilterCount: 1 }]);
    const remove = () => client.send(new DeleteMetricFilterCommand({ logGroupName, filterName: "failures" }));
    await remove();
    expect((await read()).metricFilters).toEqual([]);
    await expect(remove()).rejects.toMatchObject({ name: "ResourceNotFoundException" });
  });
});
