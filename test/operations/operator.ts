// Somebody who operates a pipeline with the rights of one policy and no others.

import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { LambdaClient } from "@aws-sdk/client-lambda";
import { S3Client } from "@aws-sdk/client-s3";
import { type Deployment, deploymentOf, readFunctions } from "../../operations/deployment";
import type { Pipeline } from "../../pipeline";

export const FUNCTION_NAMES = {
  SetProfileImage: "SetProfileImage",
  CreateThumbnail: "CreateThumbnail",
  ReportFailure: "ReportFailure",
};

/** What the placeholders of an operator's policy stand for. */
export function placeholdersOf({ aws, names }: Pipeline): Record<string, string> {
  const { region, accountId } = aws.account;
  const { bucket, failuresBucket, table } = names;
  const functionArn = (each: string) => `arn:aws:lambda:${region}:${accountId}:function:${each}`;
  return {
    imagesBucketArn: `arn:aws:s3:::${bucket}`,
    failuresBucketArn: `arn:aws:s3:::${failuresBucket}`,
    tableArn: `arn:aws:dynamodb:${region}:${accountId}:table/${table}`,
    setProfileImageArn: functionArn(FUNCTION_NAMES.SetProfileImage),
    createThumbnailArn: functionArn(FUNCTION_NAMES.CreateThumbnail),
    accountId,
  };
}

/** Does some work with the rights of a policy. */
export async function withRights(
  { aws, client: endpoint }: Pipeline,
  policyDocument: string,
  work: (deployment: Deployment) => Promise<unknown>,
): Promise<void> {
  const service = "ecs-tasks.amazonaws.com";
  const roleName = `Operator-${Math.random()}`;
  const trust = { Statement: { Effect: "Allow", Principal: { Service: service }, Action: "sts:AssumeRole" } };
  const assumeRolePolicyDocument = JSON.stringify({ Version: "2012-10-17", ...trust });
  const { arn } = aws.iam.createRole({ roleName, assumeRolePolicyDocument });
  aws.iam.putRolePolicy({ roleName, policyName: "Operator", policyDocument });
  const credentials = aws.iam.assumeRole({ roleArn: arn, service, sessionName: "operator" });
  const client = { ...endpoint, credentials };
  const s3 = new S3Client({ ...client, forcePathStyle: true });
  const [dynamodb, lambda] = [new DynamoDBClient(client), new LambdaClient(client)];
  try {
    const functions = await readFunctions(lambda, FUNCTION_NAMES);
    await work(deploymentOf({ s3, dynamodb, lambda, client }, FUNCTION_NAMES, functions));
  } finally {
    for (const each of [s3, dynamodb, lambda]) each.destroy();
  }
}
