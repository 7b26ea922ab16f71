// What a pipeline must be able to do, scenario by scenario, for the tests that take permissions away.

import { CloudWatchLogsClient, FilterLogEventsCommand } from "@aws-sdk/client-cloudwatch-logs";
import { DeleteItemCommand, GetItemCommand } from "@aws-sdk/client-dynamodb";
import { InvokeCommand, LambdaClient } from "@aws-sdk/client-lambda";
import {
  GetObjectCommand,
  GetObjectTaggingCommand,
  HeadObjectCommand,
  ListObjectsV2Command,
  PutObjectCommand,
} from "@aws-sdk/client-s3";
import sharp from "sharp";
import type { Pipeline } from "../../pipeline";
import { changeTinypngKey } from "../change-tinypng-key";
import { photoRecord, uploadRecord } from "../functions/factories";
import { record } from "../pipeline";

/** A running pipeline and the function whose permissions are in question. */
export interface Stage {
  readonly pipeline: Pipeline;
  readonly functionName: string;
  /** A profile that no other scenario uses. */
  readonly profileId: number;
}

/** Prepares with all permissions, then returns the part to be tried; that rejects when something is not as it should. */
export type Scenario = (stage: Stage) => Promise<() => Promise<void>>;

const photo = sharp({ create: { width: 300, height: 200, channels: 3, background: "#c02040" } })
  .jpeg()
  .toBuffer();

const keyOf = ({ functionName, profileId }: Stage) => `original/${functionName}/${profileId}.jpg`;

async function upload(stage: Stage, body: Buffer | Promise<Buffer> = photo, id = stage.profileId): Promise<string> {
  const { s3, names, aws } = stage.pipeline;
  const ETag = await s3.send(
    new PutObjectCommand({
      Bucket: names.bucket,
      Key: keyOf(stage),
      Body: await body,
      ContentType: "image/jpeg",
      Metadata: { "user-profile-id": String(id) },
    }),
  );
  await aws.idle();
  return ETag.ETag?.replaceAll('"', "") ?? "";
}

async function invoke({ pipeline, functionName }: Stage, event: unknown) {
  const { endpoint, region } = pipeline.aws.account;
  const credentials = { accessKeyId: "test", secretAccessKey: "test" };
  const lambda = new LambdaClient({ endpoint, region, credentials });
  const logs = new CloudWatchLogsClient({ endpoint, region, credentials });
  try {
    const { Payload, $metadata } = await lambda.send(
      new InvokeCommand({ FunctionName: functionName, Payload: JSON.stringify(event) }),
    );
    await pipeline.aws.idle();
    const { events = [] } = await logs.send(
      new FilterLogEventsCommand({ logGroupName: `/aws/lambda/${functionName}` }),
    );
    const log = events.filter(({ message }) => message?.includes($metadata.requestId ?? ""));
    return { payload: JSON.parse(Payload?.transformToString() ?? ""), log };
  } finally {
    lambda.destroy();
    logs.destroy();
  }
}

/** The failure records under a prefix that are about the stage's photo. */
async function failures(stage: Stage, prefix: string): Promise<string[]> {
  const { s3, names } = stage.pipeline;
  const { Contents = [] } = await s3.send(new ListObjectsV2Command({ Bucket: names.failuresBucket, Prefix: prefix }));
  const records = await Promise.all(
    Contents.map(async ({ Key }) => {
      const { Body } = await s3.send(new GetObjectCommand({ Bucket: names.failuresBucket, Key }));
      return (await Body?.transformToString()) ?? "";
    }),
  );
  return records.filter((text) => text.includes(keyOf(stage)));
}

const isUploadHandler = ({ functionName }: Stage) => functionName === "SetProfileImage";

/** The event that tells the stage's function of its photo. */
function eventOf(stage: Stage, eTag: string) {
  const key = keyOf(stage);
  if (!isUploadHandler(stage)) return { Records: [photoRecord(String(stage.profileId), key, eTag)] };
  const { s3, ...rest } = uploadRecord({ key, eTag });
  return { Records: [{ ...rest, s3: { ...s3, bucket: { ...s3.bucket, name: stage.pipeline.names.bucket } } }] };
}

const profileIsSet: Scenario = async (stage) => async () => {
  await upload(stage);
  const { dynamodb, names } = stage.pipeline;
  const key = { id: { N: String(stage.profileId) } };
  const { Item } = await dynamodb.send(new GetItemCommand({ TableName: names.table, Key: key }));
  expect(Item?.image).toEqual({ S: keyOf(stage) });
};

const thumbnailIsStored: Scenario = async (stage) => async () => {
  await upload(stage);
  const { s3, names } = stage.pipeline;
  const at = { Bucket: names.bucket, Key: keyOf(stage).replace("original/", "thumbnails/") };
  const { Metadata } = await s3.send(new HeadObjectCommand(at));
  expect(Metadata).toMatchObject({ "user-profile-id": String(stage.profileId) });
  expect((await s3.send(new GetObjectTaggingCommand(at))).TagSet).toEqual([{ Key: "Thumbnail", Value: "true" }]);
};

const thumbnailIsNamed: Scenario = async (stage) => async () => {
  await upload(stage);
  const { dynamodb, names } = stage.pipeline;
  const key = { id: { N: String(stage.profileId) } };
  const { Item } = await dynamodb.send(new GetItemCommand({ TableName: names.table, Key: key }));
  expect(Item?.thumbnail?.M?.key).toEqual({ S: keyOf(stage).replace("original/", "thumbnails/") });
};

const previousThumbnailIsRemoved: Scenario = async (stage) => {
  await upload(stage);
  return async () => {
    const { s3, dynamodb, names, aws } = stage.pipeline;
    const key = { id: { N: String(stage.profileId) } };
    await dynamodb.send(new DeleteItemCommand({ TableName: names.table, Key: key }));
    await aws.idle();
    const Prefix = keyOf(stage).replace("original/", "thumbnails/");
    expect((await s3.send(new ListObjectsV2Command({ Bucket: names.bucket, Prefix }))).KeyCount).toBe(0);
  };
};

const repeatedRecordCostsNoCredit: Scenario = async (stage) => {
  const eTag = await upload(stage);
  return async () => {
    const { activities, stop } = record(stage.pipeline);
    const { payload } = await invoke(stage, eventOf(stage, eTag));
    stop();
    expect(payload).toEqual({ batchItemFailures: [] });
    expect(activities.filter(({ service }) => service === "tinify")).toEqual([]);
  };
};

const vanishedPhotoIsTold: Scenario = async (stage) => async () => {
  await invoke(stage, eventOf(stage, "e1"));
  expect(await failures(stage, `${stage.functionName}/`)).toEqual([expect.stringContaining('"code":"PhotoGone"')]);
};

const failureIsKept: Scenario = async (stage) => async () => {
  await (isUploadHandler(stage) ? upload(stage, photo, 4711) : upload(stage, Buffer.from("no photo")));
  expect(await failures(stage, `${stage.functionName}/`)).toHaveLength(1);
};

const destinationDelivers: Scenario = async (stage) => async () => {
  await upload(stage);
  expect(await failures(stage, "aws/lambda/")).toHaveLength(1);
};

const newKeyIsTakenUp: Scenario = async (stage) => {
  await changeTinypngKey(stage.pipeline, `the key of ${stage.profileId}`);
  return thumbnailIsStored(stage);
};

const logIsWritten: Scenario = async (stage) => async () => {
  const { log } = await invoke(stage, { Records: [] });
  expect(log).not.toEqual([]);
};

export const SCENARIOS = {
  "a profile is set": profileIsSet,
  "a thumbnail is stored and tagged": thumbnailIsStored,
  "a profile names its thumbnail": thumbnailIsNamed,
  "a new TinyPNG key is taken up": newKeyIsTakenUp,
  "a previous thumbnail is removed": previousThumbnailIsRemoved,
  "a repeated record costs no credit": repeatedRecordCostsNoCredit,
  "a vanished photo is told from a forbidden one": vanishedPhotoIsTold,
  "a failure is kept": failureIsKept,
  "Lambda's own on-failure destination delivers when photos are forbidden": destinationDelivers,
  "log lines are written": logIsWritten,
  "a new instance writes log lines": logIsWritten,
} as const satisfies Record<string, Scenario>;

export type ScenarioName = keyof typeof SCENARIOS;
