// The tags of all that an account has, as AWS's clients read them: by the tests of the embedded AWS, and by those that let
// Terraform apply the same stack.

import {
  CloudWatchClient,
  DescribeAlarmsCommand,
  ListTagsForResourceCommand as ListAlarmTagsCommand,
} from "@aws-sdk/client-cloudwatch";
import {
  CloudWatchLogsClient,
  DescribeLogGroupsCommand,
  ListTagsForResourceCommand as ListLogGroupTagsCommand,
} from "@aws-sdk/client-cloudwatch-logs";
import {
  DescribeTableCommand,
  DynamoDBClient,
  ListTablesCommand,
  ListTagsOfResourceCommand,
} from "@aws-sdk/client-dynamodb";
import { IAMClient, ListRolesCommand, ListRoleTagsCommand } from "@aws-sdk/client-iam";
import { KMSClient, ListKeysCommand, ListResourceTagsCommand } from "@aws-sdk/client-kms";
import {
  LambdaClient,
  ListEventSourceMappingsCommand,
  ListFunctionsCommand,
  ListTagsCommand,
} from "@aws-sdk/client-lambda";
import { GetBucketTaggingCommand, ListBucketsCommand, S3Client, S3ServiceException } from "@aws-sdk/client-s3";
import { ListTopicsCommand, ListTagsForResourceCommand as ListTopicTagsCommand, SNSClient } from "@aws-sdk/client-sns";
import {
  DescribeParametersCommand,
  ListTagsForResourceCommand as ListParameterTagsCommand,
  SSMClient,
} from "@aws-sdk/client-ssm";

type Tags = Readonly<Record<string, string | undefined>>;
/** What it is, by its name where it has one, and its tags. */
type Tagged = readonly [what: string, tags: Tags];

/** The tags of everything, of one kind after the other. */
export async function describeTags(endpoint: string, region = "eu-west-1"): Promise<Tagged[]> {
  const options = { endpoint, region, credentials: { accessKeyId: "test", secretAccessKey: "test" } };
  const kinds = [buckets, tables, functions, roles, logGroups, parameters, topics, alarms, keys];
  const tagged = await Promise.all(kinds.map((kind) => kind(options)));
  return tagged.flatMap((each) => each.sort(([one], [other]) => one.localeCompare(other)));
}

interface Options {
  readonly endpoint: string;
  readonly region: string;
}

const each = <T>(items: readonly T[] | undefined, tagsOf: (item: T) => Promise<Tagged>) =>
  Promise.all((items ?? []).map(tagsOf));

const fromList = (tags: readonly { Key?: string; Value?: string }[] | undefined): Tags =>
  Object.fromEntries((tags ?? []).map(({ Key, Value }) => [Key, Value]));

async function buckets(options: Options) {
  const s3 = new S3Client({ ...options, forcePathStyle: true });
  return each((await s3.send(new ListBucketsCommand({}))).Buckets, async ({ Name: Bucket }) => {
    const tags = await s3.send(new GetBucketTaggingCommand({ Bucket })).catch((error: unknown) => {
      if (error instanceof S3ServiceException && error.name === "NoSuchTagSet") return { TagSet: [] };
      throw error;
    });
    return [`bucket ${Bucket}`, fromList(tags.TagSet)];
  });
}

async function tables(options: Options) {
  const dynamodb = new DynamoDBClient(options);
  return each((await dynamodb.send(new ListTablesCommand({}))).TableNames, async (TableName) => {
    const { Table } = await dynamodb.send(new DescribeTableCommand({ TableName }));
    const { Tags } = await dynamodb.send(new ListTagsOfResourceCommand({ ResourceArn: Table?.TableArn }));
    return [`table ${TableName}`, fromList(Tags)];
  });
}

async function functions(options: Options) {
  const lambda = new LambdaClient(options);
  const tagsOf = async (Resource?: string) => (await lambda.send(new ListTagsCommand({ Resource }))).Tags ?? {};
  const { Functions } = await lambda.send(new ListFunctionsCommand({}));
  const { EventSourceMappings } = await lambda.send(new ListEventSourceMappingsCommand({}));
  return [
    ...(await each(Functions, async (f) => [`function ${f.FunctionName}`, await tagsOf(f.FunctionArn)])),
    ...(await each(EventSourceMappings, async ({ FunctionArn, EventSourceMappingArn }) => [
      `mapping to ${FunctionArn}`,
      await tagsOf(EventSourceMappingArn),
    ])),
  ];
}

async function roles(options: Options) {
  const iam = new IAMClient(options);
  return each((await iam.send(new ListRolesCommand({}))).Roles, async ({ RoleName }) => [
    `role ${RoleName}`,
    fromList((await iam.send(new ListRoleTagsCommand({ RoleName }))).Tags),
  ]);
}

async function logGroups(options: Options) {
  const logs = new CloudWatchLogsClient(options);
  return each((await logs.send(new DescribeLogGroupsCommand({}))).logGroups, async ({ logGroupName, logGroupArn }) => [
    `log group ${logGroupName}`,
    (await logs.send(new ListLogGroupTagsCommand({ resourceArn: logGroupArn }))).tags ?? {},
  ]);
}

async function parameters(options: Options) {
  const ssm = new SSMClient(options);
  return each((await ssm.send(new DescribeParametersCommand({}))).Parameters, async ({ Name: ResourceId }) => [
    `parameter ${ResourceId}`,
    fromList((await ssm.send(new ListParameterTagsCommand({ ResourceType: "Parameter", ResourceId }))).TagList),
  ]);
}

async function topics(options: Options) {
  const sns = new SNSClient(options);
  return each((await sns.send(new ListTopicsCommand({}))).Topics, async ({ TopicArn: ResourceArn }) => [
    `topic ${ResourceArn}`,
    fromList((await sns.send(new ListTopicTagsCommand({ ResourceArn }))).Tags),
  ]);
}

async function alarms(options: Options) {
  const cloudwatch = new CloudWatchClient(options);
  return each((await cloudwatch.send(new DescribeAlarmsCommand({}))).MetricAlarms, async (alarm) => [
    `alarm ${alarm.AlarmName}`,
    fromList((await cloudwatch.send(new ListAlarmTagsCommand({ ResourceARN: alarm.AlarmArn }))).Tags),
  ]);
}

async function keys(options: Options) {
  const kms = new KMSClient(options);
  return each((await kms.send(new ListKeysCommand({}))).Keys, async ({ KeyId }) => [
    "key ",
    fromList(
      (await kms.send(new ListResourceTagsCommand({ KeyId }))).Tags?.map(({ TagKey, TagValue }) => ({
        Key: TagKey,
        Value: TagValue,
      })),
    ),
  ]);
}
