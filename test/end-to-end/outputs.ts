// All that can be read of a running pipeline by those who may not know its secrets, as text.

import { CloudWatchLogsClient, FilterLogEventsCommand } from "@aws-sdk/client-cloudwatch-logs";
import { ScanCommand } from "@aws-sdk/client-dynamodb";
import { GetFunctionCommand, GetFunctionConfigurationCommand, LambdaClient } from "@aws-sdk/client-lambda";
import { GetObjectCommand, ListObjectsV2Command } from "@aws-sdk/client-s3";
import { GetParameterCommand, SSMClient } from "@aws-sdk/client-ssm";
import type { Pipeline } from "../../pipeline";
import { TINYPNG_KEY_PARAMETER } from "../change-tinypng-key";

/** Key → content with metadata, of each failure record. */
export const failureRecordsOf = (pipeline: Pipeline) => objectsOf(pipeline, pipeline.names.failuresBucket);

async function objectsOf({ s3 }: Pipeline, bucket: string): Promise<Map<string, string>> {
  const { Contents = [] } = await s3.send(new ListObjectsV2Command({ Bucket: bucket }));
  const contents = await Promise.all(
    Contents.map(async ({ Key = "" }) => {
      const { Body, Metadata } = await s3.send(new GetObjectCommand({ Bucket: bucket, Key }));
      return [Key, `${JSON.stringify(Metadata)}${await Body?.transformToString("latin1")}`] as const;
    }),
  );
  return new Map(contents);
}

/** Place → text: objects, items, log lines, what Lambda tells of its functions, the stack's outputs, the parameter. */
export async function outputsOf(pipeline: Pipeline): Promise<Map<string, string>> {
  const { aws, names, dynamodb } = pipeline;
  const { endpoint, region } = aws.account;
  const client = { endpoint, region, credentials: { accessKeyId: "test", secretAccessKey: "test" } };
  const [lambda, logs, ssm] = [new LambdaClient(client), new CloudWatchLogsClient(client), new SSMClient(client)];
  const outputs = new Map<string, string>();
  const add = (place: string, output: unknown) => outputs.set(place, JSON.stringify(output));
  try {
    for (const bucket of [names.bucket, names.failuresBucket]) {
      for (const [key, content] of await objectsOf(pipeline, bucket)) outputs.set(`${bucket}/${key}`, content);
    }
    add("table", (await dynamodb.send(new ScanCommand({ TableName: names.table }))).Items);
    for (const FunctionName of names.functions) {
      add(`configuration of ${FunctionName}`, await lambda.send(new GetFunctionConfigurationCommand({ FunctionName })));
      add(`function ${FunctionName}`, await lambda.send(new GetFunctionCommand({ FunctionName })));
      const logGroupName = `/aws/lambda/${FunctionName}`;
      add(`log of ${FunctionName}`, (await logs.send(new FilterLogEventsCommand({ logGroupName }))).events);
    }
    add("parameter without decryption", await ssm.send(new GetParameterCommand({ Name: TINYPNG_KEY_PARAMETER })));
    add("outputs", aws.outputs);
    add("notPlayed", [...aws.notPlayed]);
  } finally {
    for (const each of [lambda, logs, ssm]) each.destroy();
  }
  return outputs;
}
