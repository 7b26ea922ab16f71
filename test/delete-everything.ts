// Deletes what a stack made, in an order that the services take: what refers to another goes first.

import { CloudWatchClient, DeleteAlarmsCommand, DeleteDashboardsCommand } from "@aws-sdk/client-cloudwatch";
import { CloudWatchLogsClient, DeleteLogGroupCommand } from "@aws-sdk/client-cloudwatch-logs";
import { DeleteTableCommand, DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { DeleteRoleCommand, DeleteRolePolicyCommand, IAMClient, ListRolePoliciesCommand } from "@aws-sdk/client-iam";
import { DeleteAliasCommand, KMSClient, ScheduleKeyDeletionCommand } from "@aws-sdk/client-kms";
import { DeleteEventSourceMappingCommand, DeleteFunctionCommand, LambdaClient } from "@aws-sdk/client-lambda";
import { DeleteBucketCommand, DeleteObjectsCommand, ListObjectVersionsCommand, S3Client } from "@aws-sdk/client-s3";
import { DeleteTopicCommand, SNSClient } from "@aws-sdk/client-sns";
import { DeleteParameterCommand, SSMClient } from "@aws-sdk/client-ssm";
import type { ClientOptions, Everything } from "./list-everything";

/** Deletes all that was listed; a key is scheduled for its deletion. */
export async function deleteEverything(options: ClientOptions, listed: Everything): Promise<void> {
  const s3 = new S3Client({ ...options, forcePathStyle: true });
  const iam = new IAMClient(options);
  const lambda = new LambdaClient(options);
  const dynamodb = new DynamoDBClient(options);
  const logs = new CloudWatchLogsClient(options);
  const cloudwatch = new CloudWatchClient(options);
  const sns = new SNSClient(options);
  const kms = new KMSClient(options);
  const ssm = new SSMClient(options);

  async function deleteBucket(Bucket: string): Promise<void> {
    const { Versions = [], DeleteMarkers = [] } = await s3.send(new ListObjectVersionsCommand({ Bucket }));
    const Objects = [...Versions, ...DeleteMarkers].map(({ Key, VersionId }) => ({ Key, VersionId }));
    if (Objects.length > 0) await s3.send(new DeleteObjectsCommand({ Bucket, Delete: { Objects } }));
    await s3.send(new DeleteBucketCommand({ Bucket }));
  }

  async function deleteRole(RoleName: string): Promise<void> {
    const { PolicyNames = [] } = await iam.send(new ListRolePoliciesCommand({ RoleName }));
    for (const PolicyName of PolicyNames) await iam.send(new DeleteRolePolicyCommand({ RoleName, PolicyName }));
    await iam.send(new DeleteRoleCommand({ RoleName }));
  }

  if (listed.alarms.length > 0) await cloudwatch.send(new DeleteAlarmsCommand({ AlarmNames: listed.alarms }));
  if (listed.dashboards.length > 0) {
    await cloudwatch.send(new DeleteDashboardsCommand({ DashboardNames: listed.dashboards }));
  }
  for (const TopicArn of listed.topics) await sns.send(new DeleteTopicCommand({ TopicArn }));
  for (const AliasName of listed.aliases) await kms.send(new DeleteAliasCommand({ AliasName }));
  for (const KeyId of listed.keys) await kms.send(new ScheduleKeyDeletionCommand({ KeyId, PendingWindowInDays: 7 }));
  for (const UUID of listed.mappings) await lambda.send(new DeleteEventSourceMappingCommand({ UUID }));
  for (const FunctionName of listed.functions) await lambda.send(new DeleteFunctionCommand({ FunctionName }));
  for (const TableName of listed.tables) await dynamodb.send(new DeleteTableCommand({ TableName }));
  for (const bucket of listed.buckets) await deleteBucket(bucket);
  for (const logGroupName of listed.logGroups) await logs.send(new DeleteLogGroupCommand({ logGroupName }));
  for (const Name of listed.parameters) await ssm.send(new DeleteParameterCommand({ Name }));
  for (const role of listed.roles) await deleteRole(role);
  for (const client of [s3, iam, lambda, dynamodb, logs, cloudwatch, sns, kms, ssm]) client.destroy();
}
