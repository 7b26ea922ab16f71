// What is kept as configuration and not played: topics, alarms, dashboards and keys are read back as they were written,
// by AWS's own clients.

import {
  CloudWatchClient,
  DeleteAlarmsCommand,
  DeleteDashboardsCommand,
  DescribeAlarmsCommand,
  GetDashboardCommand,
  ListTagsForResourceCommand as ListAlarmTagsCommand,
  PutDashboardCommand,
  PutMetricAlarmCommand,
  type PutMetricAlarmCommandInput,
} from "@aws-sdk/client-cloudwatch";
import {
  CreateAliasCommand,
  CreateKeyCommand,
  DescribeKeyCommand,
  EnableKeyRotationCommand,
  GetKeyPolicyCommand,
  GetKeyRotationStatusCommand,
  KMSClient,
  ListAliasesCommand,
  ListResourceTagsCommand,
  PutKeyPolicyCommand,
  ScheduleKeyDeletionCommand,
  UpdateKeyDescriptionCommand,
} from "@aws-sdk/client-kms";
import {
  CreateTopicCommand,
  DeleteTopicCommand,
  GetSubscriptionAttributesCommand,
  GetTopicAttributesCommand,
  ListSubscriptionsByTopicCommand,
  ListTagsForResourceCommand,
  SetTopicAttributesCommand,
  SNSClient,
  SubscribeCommand,
  UnsubscribeCommand,
} from "@aws-sdk/client-sns";
import { type EmbeddedAws, startEmbeddedAws } from "../../local";

let aws: EmbeddedAws;
let sns: SNSClient;
let cloudwatch: CloudWatchClient;
let kms: KMSClient;
beforeAll(async () => {
  aws = await startEmbeddedAws({ tinypngKey: "k" });
  const { endpoint, region } = aws.account;
  const options = { endpoint, region, credentials: { accessKeyId: "test", secretAccessKey: "test" }, maxAttempts: 1 };
  sns = new SNSClient(options);
  cloudwatch = new CloudWatchClient(options);
  kms = new KMSClient(options);
});
afterAll(async () => {
  for (const client of [sns, cloudwatch, kms]) client.destroy();
  await aws.close();
});

describe("a topic", () => {
  const TopicArn = "arn:aws:sns:eu-west-1:111122223333:alarms";
  beforeEach(() => sns.send(new CreateTopicCommand({ Name: "alarms", Tags: [{ Key: "a", Value: "1" }] })));
  afterEach(() => sns.send(new DeleteTopicCommand({ TopicArn })));
  const attributes = async () => (await sns.send(new GetTopicAttributesCommand({ TopicArn }))).Attributes;

  it("has the attributes that it is given, and AWS's own policy until it has another", async () => {
    expect(await attributes()).toMatchObject({
      TopicArn,
      Owner: "111122223333",
      Policy: expect.stringContaining(TopicArn),
    });
    const Policy = JSON.stringify({ Statement: [{ Effect: "Allow", Action: "sns:Publish", Resource: "*" }] });
    const set = (AttributeName: string, AttributeValue: string) =>
      sns.send(new SetTopicAttributesCommand({ TopicArn, AttributeName, AttributeValue }));
    await set("Policy", Policy);
    await set("KmsMasterKeyId", "alias/aws/sns");
    expect(await attributes()).toMatchObject({ Policy, KmsMasterKeyId: "alias/aws/sns" });
    await expect(set("Policy", "{")).rejects.toMatchObject({ name: "InvalidParameterException" });
    await expect(set("Colour", "red")).rejects.toThrow('(given "Colour")');
    const { Tags } = await sns.send(new ListTagsForResourceCommand({ ResourceArn: TopicArn }));
    expect(Tags).toEqual([{ Key: "a", Value: "1" }]);
  });

  it("refuses an attribute of a subscription that SNS does not have", async () => {
    const subscribe = sns.send(
      new SubscribeCommand({ TopicArn, Protocol: "email", Endpoint: "b@example.com", Attributes: { Colour: "red" } }),
    );
    await expect(subscribe).rejects.toMatchObject({
      name: "InvalidParameterException",
      message: expect.stringContaining('(given "Colour")'),
    });
  });

  it("waits for the confirmation of an e-mail address, which nobody gives here, and takes it along when it goes", async () => {
    const { SubscriptionArn } = await sns.send(
      new SubscribeCommand({ TopicArn, Protocol: "email", Endpoint: "a@example.com", ReturnSubscriptionArn: true }),
    );
    const read = () => sns.send(new GetSubscriptionAttributesCommand({ SubscriptionArn }));
    expect((await read()).Attributes).toMatchObject({
      Protocol: "email",
      Endpoint: "a@example.com",
      PendingConfirmation: "true",
    });
    expect(await attributes()).toMatchObject({ SubscriptionsPending: "1", SubscriptionsConfirmed: "0" });
    expect((await sns.send(new ListSubscriptionsByTopicCommand({ TopicArn }))).Subscriptions).toMatchObject([
      { SubscriptionArn: "PendingConfirmation" },
    ]);
    await expect(sns.send(new UnsubscribeCommand({ SubscriptionArn }))).rejects.toThrow("pending confirmation");
    await sns.send(new DeleteTopicCommand({ TopicArn }));
    await expect(read()).rejects.toMatchObject({ name: "NotFoundException" });
  });
});

describe("an alarm", () => {
  const ALARM: PutMetricAlarmCommandInput = {
    AlarmName: "failures",
    AlarmDescription: "Photos <failed> & stay",
    ActionsEnabled: true,
    AlarmActions: ["arn:aws:sns:eu-west-1:111122223333:alarms"],
    EvaluationPeriods: 1,
    Threshold: 0.5,
    ComparisonOperator: "GreaterThanThreshold",
    TreatMissingData: "notBreaching",
    Metrics: [
      { Id: "sum", Expression: "a + b", ReturnData: true },
      {
        Id: "a",
        MetricStat: {
          Metric: { Namespace: "AWS/Lambda", MetricName: "Errors", Dimensions: [{ Name: "FunctionName", Value: "f" }] },
          Period: 300,
          Stat: "Sum",
        },
        ReturnData: false,
      },
    ],
  };

  it("is read back as it was put, in a state that nothing has evaluated", async () => {
    await cloudwatch.send(new PutMetricAlarmCommand({ ...ALARM, Tags: [{ Key: "a", Value: "1" }] }));
    const { MetricAlarms } = await cloudwatch.send(new DescribeAlarmsCommand({ AlarmNames: ["failures", "others"] }));
    expect(MetricAlarms).toMatchObject([
      {
        ...ALARM,
        AlarmArn: "arn:aws:cloudwatch:eu-west-1:111122223333:alarm:failures",
        StateValue: "INSUFFICIENT_DATA",
      },
    ]);
    const ResourceARN = MetricAlarms?.[0]?.AlarmArn;
    expect((await cloudwatch.send(new ListAlarmTagsCommand({ ResourceARN }))).Tags).toEqual([{ Key: "a", Value: "1" }]);
    await cloudwatch.send(new DeleteAlarmsCommand({ AlarmNames: ["failures"] }));
    expect((await cloudwatch.send(new DescribeAlarmsCommand({}))).MetricAlarms).toEqual([]);
  });
});

describe("a dashboard", () => {
  it("is read back as it was put, and refused when it is not JSON", async () => {
    const DashboardName = "photos";
    const DashboardBody = JSON.stringify({ widgets: [{ type: "text", properties: { markdown: "a < b" } }] });
    await cloudwatch.send(new PutDashboardCommand({ DashboardName, DashboardBody }));
    expect(await cloudwatch.send(new GetDashboardCommand({ DashboardName }))).toMatchObject({ DashboardBody });
    await expect(cloudwatch.send(new PutDashboardCommand({ DashboardName, DashboardBody: "[]" }))).rejects.toThrow(
      "valid JSON object",
    );
    await cloudwatch.send(new DeleteDashboardsCommand({ DashboardNames: [DashboardName] }));
    await expect(cloudwatch.send(new GetDashboardCommand({ DashboardName }))).rejects.toThrow("does not exist");
  });
});

describe("a key", () => {
  it("has the policy, the rotation, the alias and the tags that it is given, and is pending once its deletion is scheduled", async () => {
    const Policy = JSON.stringify({ Statement: [{ Effect: "Allow", Principal: "*", Action: "kms:*", Resource: "*" }] });
    const { KeyMetadata } = await kms.send(
      new CreateKeyCommand({ Policy, Description: "of alarms", Tags: [{ TagKey: "a", TagValue: "1" }] }),
    );
    const KeyId = KeyMetadata?.KeyId ?? "";
    const described = async () => (await kms.send(new DescribeKeyCommand({ KeyId }))).KeyMetadata;
    expect(await described()).toMatchObject({
      KeyState: "Enabled",
      Description: "of alarms",
      CreationDate: expect.any(Date),
    });
    expect((await kms.send(new GetKeyPolicyCommand({ KeyId }))).Policy).toBe(Policy);
    await kms.send(new EnableKeyRotationCommand({ KeyId }));
    expect(await kms.send(new GetKeyRotationStatusCommand({ KeyId }))).toMatchObject({
      KeyRotationEnabled: true,
      RotationPeriodInDays: 365,
    });
    await kms.send(new CreateAliasCommand({ AliasName: "alias/alarms", TargetKeyId: KeyId }));
    expect((await kms.send(new ListAliasesCommand({ KeyId }))).Aliases).toMatchObject([{ AliasName: "alias/alarms" }]);
    expect((await kms.send(new DescribeKeyCommand({ KeyId: "alias/alarms" }))).KeyMetadata?.KeyId).toBe(KeyId);
    expect((await kms.send(new ListResourceTagsCommand({ KeyId }))).Tags).toEqual([{ TagKey: "a", TagValue: "1" }]);
    await expect(kms.send(new PutKeyPolicyCommand({ KeyId, Policy: "{" }))).rejects.toMatchObject({
      name: "MalformedPolicyDocumentException",
    });
    await kms.send(new ScheduleKeyDeletionCommand({ KeyId, PendingWindowInDays: 7 }));
    expect(await described()).toMatchObject({ KeyState: "PendingDeletion", DeletionDate: expect.any(Date) });
    await expect(kms.send(new UpdateKeyDescriptionCommand({ KeyId, Description: "x" }))).rejects.toMatchObject({
      name: "KMSInvalidStateException",
    });
  });
});
