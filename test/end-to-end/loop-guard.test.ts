// Nothing under thumbnails/ starts the pipeline, even when the stack's filter is broken: the functions look for themselves.
// AWS would not notice: its loop detection does not see loops through DynamoDB.
// https://docs.aws.amazon.com/lambda/latest/dg/invocation-recursion.html

import { mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { GetItemCommand, UpdateItemCommand } from "@aws-sdk/client-dynamodb";
import { ListObjectsV2Command, PutObjectCommand } from "@aws-sdk/client-s3";
import { drawPhoto } from "../../chaos/photo";
import type { Activity } from "../../local/activity";
import type { Pipeline } from "../../pipeline";
import { failureKeys } from "../cli/operations";
import { record, startTestPipeline, synthesizedStack } from "../pipeline";

const photo = () => drawPhoto({ number: 1, kind: "photo", key: "", colour: [200, 30, 60], width: 60 });

const directory = mkdtempSync(join(tmpdir(), "broken-filter-"));
let pipeline: Pipeline;
beforeAll(async () => {
  // A copy of the synthesized stack whose notification has no prefix.
  const stack = JSON.parse(readFileSync(join(synthesizedStack(), "cdk.tf.json"), "utf8"));
  const notifications: { lambda_function: { filter_prefix: string }[] }[] = Object.values(
    stack.resource.aws_s3_bucket_notification,
  );
  for (const notification of notifications.flatMap((each) => each.lambda_function)) notification.filter_prefix = "";
  writeFileSync(join(directory, "cdk.tf.json"), JSON.stringify(stack));
  symlinkSync(join(synthesizedStack(), "assets"), join(directory, "assets"));
  pipeline = await startTestPipeline(3, directory);
  await pipeline.aws.idle();
});
afterAll(async () => {
  await pipeline.close();
  rmSync(directory, { recursive: true });
});

/** What happens until all is at rest again. */
async function activitiesOf(work: () => Promise<unknown>): Promise<readonly Activity[]> {
  const { activities, stop } = record(pipeline);
  await work();
  await pipeline.aws.idle();
  stop();
  return activities;
}

async function upload(key: string, id: string): Promise<void> {
  const { s3, names } = pipeline;
  const Metadata = { "user-profile-id": id };
  await s3.send(new PutObjectCommand({ Bucket: names.bucket, Key: key, Body: await photo(), Metadata }));
}

async function imageOf(id: string): Promise<string | undefined> {
  const { dynamodb, names } = pipeline;
  return (await dynamodb.send(new GetItemCommand({ TableName: names.table, Key: { id: { N: id } } }))).Item?.image?.S;
}

async function keysOf(name: string): Promise<(string | undefined)[]> {
  const { Contents = [] } = await pipeline.s3.send(new ListObjectsV2Command({ Bucket: pipeline.names.bucket }));
  return Contents.map(({ Key }) => Key).filter((key) => key?.endsWith(name));
}

const notified = (activities: readonly Activity[]) =>
  activities.filter(({ action }) => action === "Notify").map(({ detail }) => detail?.key);

it("with no prefix at all, the event of the thumbnail ends at SetProfileImage", async () => {
  const activities = await activitiesOf(() => upload("original/me.jpg", "1"));
  expect(notified(activities)).toEqual(["original/me.jpg", "thumbnails/me.jpg"]);
  expect(activities.filter(({ service, action }) => service === "tinify" && action === "Shrink")).toHaveLength(1);
  const updates = activities.filter(({ action }) => action === "UpdateItem").map(({ caller }) => caller);
  expect(updates).toEqual([expect.stringMatching(/SetProfileImage$/), expect.stringMatching(/CreateThumbnail$/)]);
  expect(await imageOf("1")).toBe("original/me.jpg");
  expect(await keysOf("/me.jpg")).toEqual(["original/me.jpg", "thumbnails/me.jpg"]);
  expect(await failureKeys(pipeline)).toEqual([]);
});

it("a thumbnail that somebody uploads starts nothing beyond SetProfileImage", async () => {
  const activities = await activitiesOf(() => upload("thumbnails/mine.jpg", "2"));
  expect(notified(activities)).toEqual(["thumbnails/mine.jpg"]);
  expect(activities.filter(({ service }) => service === "tinify" || service === "dynamodb")).toEqual([]);
  expect(await imageOf("2")).toBeUndefined();
});

it("a profile that somebody points at a thumbnail gets no thumbnail of it", async () => {
  const activities = await activitiesOf(() =>
    pipeline.dynamodb.send(
      new UpdateItemCommand({
        TableName: pipeline.names.table,
        Key: { id: { N: "3" } },
        UpdateExpression: "SET image = :key",
        ExpressionAttributeValues: { ":key": { S: "thumbnails/hers.jpg" } },
      }),
    ),
  );
  expect(activities.filter(({ action }) => action === "StreamBatch")).toHaveLength(1);
  expect(activities.filter(({ service }) => service === "tinify" || service === "s3")).toEqual([]);
  expect(await keysOf("/hers.jpg")).toEqual([]);
});
