// Nothing under thumbnails/ starts the pipeline, even when the stack's filter is broken: the functions look for themselves.
// AWS would not notice: its loop detection does not see loops through DynamoDB.
// https://docs.aws.amazon.com/lambda/latest/dg/invocation-recursion.html

import { mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { GetItemCommand, UpdateItemCommand } from "@aws-sdk/client-dynamodb";
import { ListObjectsV2Command, PutObjectCommand } from "@aws-sdk/client-s3";
import { drawPhoto } from "../../cli/chaos/photo";
import { type Pipeline, startPipeline } from "../../cli/pipeline";
import { loadSampleProfiles } from "../../cli/sample-profiles";
import { record, synthesizedStack } from "../pipeline";

const photo = () => drawPhoto({ number: 1, kind: "photo", key: "", colour: [200, 30, 60], width: 60 });

/** Runs on a copy of the synthesized stack whose notification has another prefix. */
async function withPrefix(prefix: string, work: (pipeline: Pipeline) => Promise<void>): Promise<void> {
  const directory = mkdtempSync(join(tmpdir(), "broken-filter-"));
  try {
    const stack = JSON.parse(readFileSync(join(synthesizedStack(), "cdk.tf.json"), "utf8"));
    const notifications: { lambda_function: { filter_prefix: string }[] }[] = Object.values(
      stack.resource.aws_s3_bucket_notification,
    );
    for (const notification of notifications.flatMap((each) => each.lambda_function)) {
      notification.filter_prefix = prefix;
    }
    writeFileSync(join(directory, "cdk.tf.json"), JSON.stringify(stack));
    symlinkSync(join(synthesizedStack(), "assets"), join(directory, "assets"));
    const pipeline = await startPipeline(directory, 0);
    try {
      await loadSampleProfiles(pipeline);
      await pipeline.aws.idle();
      await work(pipeline);
    } finally {
      await pipeline.close();
    }
  } finally {
    rmSync(directory, { recursive: true });
  }
}

async function upload({ s3, names }: Pipeline, key: string): Promise<void> {
  const Metadata = { "user-profile-id": "1" };
  await s3.send(new PutObjectCommand({ Bucket: names.bucket, Key: key, Body: await photo(), Metadata }));
}

const imageOf = async ({ dynamodb, names }: Pipeline) =>
  (await dynamodb.send(new GetItemCommand({ TableName: names.table, Key: { id: { N: "1" } } }))).Item?.image?.S;

async function keysIn({ s3 }: Pipeline, bucket: string): Promise<(string | undefined)[]> {
  const { Contents = [] } = await s3.send(new ListObjectsV2Command({ Bucket: bucket }));
  return Contents.map(({ Key }) => Key);
}

it("with no prefix at all, the event of the thumbnail ends at SetProfileImage", () =>
  withPrefix("", async (pipeline) => {
    const { activities, stop } = record(pipeline);
    await upload(pipeline, "original/me.jpg");
    await pipeline.aws.idle();
    stop();

    const notified = activities.filter(({ action }) => action === "Notify").map(({ detail }) => detail?.key);
    expect(notified).toEqual(["original/me.jpg", "thumbnails/me.jpg"]);
    expect(activities.filter(({ service, action }) => service === "tinify" && action === "Shrink")).toHaveLength(1);
    expect(activities.filter(({ action }) => action === "UpdateItem")).toHaveLength(1);
    expect(await imageOf(pipeline)).toBe("original/me.jpg");
    expect(await keysIn(pipeline, pipeline.names.bucket)).toEqual(["original/me.jpg", "thumbnails/me.jpg"]);
    expect(await keysIn(pipeline, pipeline.names.failuresBucket)).toEqual([]);
  }));

it("with thumbnails/ as its prefix, a thumbnail starts nothing", () =>
  withPrefix("thumbnails/", async (pipeline) => {
    const { activities, stop } = record(pipeline);
    await upload(pipeline, "thumbnails/me.jpg");
    await pipeline.aws.idle();
    stop();

    expect(activities.filter(({ action }) => action === "Notify")).toHaveLength(1);
    expect(activities.filter(({ service }) => service === "tinify" || service === "dynamodb")).toEqual([]);
    expect(await imageOf(pipeline)).toBeUndefined();
  }));

it("a profile that somebody points at a thumbnail gets no thumbnail of it", () =>
  withPrefix("", async (pipeline) => {
    const { activities, stop } = record(pipeline);
    await pipeline.dynamodb.send(
      new UpdateItemCommand({
        TableName: pipeline.names.table,
        Key: { id: { N: "1" } },
        UpdateExpression: "SET image = :key",
        ExpressionAttributeValues: { ":key": { S: "thumbnails/me.jpg" } },
      }),
    );
    await pipeline.aws.idle();
    stop();

    expect(activities.filter(({ service }) => service === "tinify" || service === "s3")).toEqual([]);
    expect(await keysIn(pipeline, pipeline.names.bucket)).toEqual([]);
  }));
