// All that an account has, as AWS's clients list it: nothing once a stack is destroyed.

import {
  CloudFrontClient,
  ListCachePoliciesCommand,
  ListDistributionsCommand,
  ListOriginAccessControlsCommand,
  ListResponseHeadersPoliciesCommand,
} from "@aws-sdk/client-cloudfront";
import { CloudWatchClient, DescribeAlarmsCommand, ListDashboardsCommand } from "@aws-sdk/client-cloudwatch";
import { CloudWatchLogsClient, DescribeLogGroupsCommand } from "@aws-sdk/client-cloudwatch-logs";
import { DynamoDBClient, ListTablesCommand } from "@aws-sdk/client-dynamodb";
import { IAMClient, ListRolesCommand } from "@aws-sdk/client-iam";
import { DescribeKeyCommand, KMSClient, ListAliasesCommand, ListKeysCommand } from "@aws-sdk/client-kms";
import { LambdaClient, ListEventSourceMappingsCommand, ListFunctionsCommand } from "@aws-sdk/client-lambda";
import { ListBucketsCommand, S3Client } from "@aws-sdk/client-s3";
import { ListSubscriptionsCommand, ListTopicsCommand, SNSClient } from "@aws-sdk/client-sns";
import { DescribeParametersCommand, SSMClient } from "@aws-sdk/client-ssm";

/** What an administrator's clients of the embedded AWS are made with. */
export const administrator = (endpoint: string, region = "eu-west-1") => ({
  endpoint,
  region,
  credentials: { accessKeyId: "test", secretAccessKey: "test" },
});

export type ClientOptions = ReturnType<typeof administrator>;

export type Everything = Awaited<ReturnType<typeof listEverything>>;

/** What names the things of each kind. A key that waits for its deletion is as good as deleted. */
export async function listEverything(options: ClientOptions) {
  const s3 = new S3Client({ ...options, forcePathStyle: true });
  const dynamodb = new DynamoDBClient(options);
  const lambda = new LambdaClient(options);
  const iam = new IAMClient(options);
  const logs = new CloudWatchLogsClient(options);
  const ssm = new SSMClient(options);
  const sns = new SNSClient(options);
  const cloudwatch = new CloudWatchClient(options);
  const kms = new KMSClient(options);
  const cloudfront = new CloudFrontClient(options);

  const { Keys = [] } = await kms.send(new ListKeysCommand({}));
  const keys = await Promise.all(Keys.map(({ KeyId }) => kms.send(new DescribeKeyCommand({ KeyId }))));
  const { Subscriptions, Topics } = {
    ...(await sns.send(new ListSubscriptionsCommand({}))),
    ...(await sns.send(new ListTopicsCommand({}))),
  };
  const { OriginAccessControlList } = await cloudfront.send(new ListOriginAccessControlsCommand({}));
  const { CachePolicyList } = await cloudfront.send(new ListCachePoliciesCommand({ Type: "custom" }));
  const { ResponseHeadersPolicyList } = await cloudfront.send(
    new ListResponseHeadersPoliciesCommand({ Type: "custom" }),
  );
  const headersPolicies = ResponseHeadersPolicyList?.Items?.map(
    ({ ResponseHeadersPolicy }) => ResponseHeadersPolicy?.ResponseHeadersPolicyConfig ?? { Name: undefined },
  );
  const everything = {
    buckets: names((await s3.send(new ListBucketsCommand({}))).Buckets, "Name"),
    tables: (await dynamodb.send(new ListTablesCommand({}))).TableNames ?? [],
    functions: names((await lambda.send(new ListFunctionsCommand({}))).Functions, "FunctionName"),
    mappings: names((await lambda.send(new ListEventSourceMappingsCommand({}))).EventSourceMappings, "UUID"),
    roles: names((await iam.send(new ListRolesCommand({}))).Roles, "RoleName"),
    logGroups: names((await logs.send(new DescribeLogGroupsCommand({}))).logGroups, "logGroupName"),
    parameters: names((await ssm.send(new DescribeParametersCommand({}))).Parameters, "Name"),
    topics: names(Topics, "TopicArn"),
    subscriptions: names(Subscriptions, "Endpoint"),
    alarms: names((await cloudwatch.send(new DescribeAlarmsCommand({}))).MetricAlarms, "AlarmName"),
    dashboards: names((await cloudwatch.send(new ListDashboardsCommand({}))).DashboardEntries, "DashboardName"),
    keys: keys.flatMap(({ KeyMetadata: { KeyId = "", KeyState } = {} }) =>
      KeyState === "PendingDeletion" ? [] : [KeyId],
    ),
    aliases: names((await kms.send(new ListAliasesCommand({}))).Aliases, "AliasName"),
    distributions: names((await cloudfront.send(new ListDistributionsCommand({}))).DistributionList?.Items, "Id"),
    accessControls: names(OriginAccessControlList?.Items, "Name"),
    cachePolicies: (CachePolicyList?.Items ?? []).map((each) => String(each.CachePolicy?.CachePolicyConfig?.Name)),
    headersPolicies: names(headersPolicies, "Name"),
  };
  for (const client of [s3, dynamodb, lambda, iam, logs, ssm, sns, cloudwatch, kms, cloudfront]) client.destroy();
  return everything;
}

const names = <Member extends string>(
  items: readonly { readonly [M in Member]?: string }[] | undefined,
  member: Member,
): string[] => (items ?? []).map((item) => String(item[member]));
