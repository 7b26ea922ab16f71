// A stack with every setting at another value than its default, on the embedded AWS: it applies, and what a setting
// promises can be seen from outside.

import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  CloudWatchLogsClient,
  DescribeLogGroupsCommand,
  FilterLogEventsCommand,
} from "@aws-sdk/client-cloudwatch-logs";
import { GetItemCommand } from "@aws-sdk/client-dynamodb";
import { GetFunctionConcurrencyCommand, GetFunctionConfigurationCommand, LambdaClient } from "@aws-sdk/client-lambda";
import { GetObjectCommand, HeadObjectCommand, PutObjectCommand } from "@aws-sdk/client-s3";
import type { DynamoDBStreamEvent } from "aws-lambda";
import sharp from "sharp";
import type { Pipeline } from "../../pipeline";
import { startTestPipeline, synthesizedBundles } from "../pipeline";
import { synthesizeWith } from "../synthesize-with";

const ENVIRONMENT = {
  REGION: "us-west-2",
  STAGE: "dev",
  BUCKET_NAME: "photos",
  TABLE_NAME: "people",
  UPLOAD_SUFFIXES: ".avif,.png",
  UPLOAD_ORIGINS: "https://www.example.com",
  THUMBNAIL_WIDTH: "40",
  THUMBNAIL_HEIGHT: "30",
  THUMBNAIL_METHOD: "cover",
  KEEP_PREVIOUS_THUMBNAILS: "true",
  TINYPNG_KEY_VERSION: "2",
  ORIGINALS_RETENTION_DAYS: "90",
  PUBLIC_BUCKET: "true",
  SET_PROFILE_IMAGE_MEMORY_SIZE: "512",
  SET_PROFILE_IMAGE_TIMEOUT: "30",
  SET_PROFILE_IMAGE_RESERVED_CONCURRENT_EXECUTIONS: "3",
  CREATE_THUMBNAIL_MEMORY_SIZE: "1024",
  CREATE_THUMBNAIL_TIMEOUT: "90",
  CREATE_THUMBNAIL_RESERVED_CONCURRENT_EXECUTIONS: "2",
  CREATE_THUMBNAIL_BATCH_SIZE: "2",
  CREATE_THUMBNAIL_PARALLELIZATION_FACTOR: "4",
  LOG_RETENTION_DAYS: "7",
  ALARM_EMAIL: "on-call@example.com",
  TRACING: "true",
  STATE_BACKEND_BUCKET: "states",
  TAGS: "team=profiles",
};

// No setting changes the functions' bytes, so they need not be bundled again; main.ts loads this module when it synthesizes.
jest.mock("../../stack/bundle", () => ({ bundleFunctions: synthesizedBundles }));

const outdir = mkdtempSync(join(tmpdir(), "settings-"));
let pipeline: Pipeline;
let lambda: LambdaClient;
let logs: CloudWatchLogsClient;
const warn = jest.spyOn(console, "warn").mockImplementation();

beforeAll(async () => {
  const variables = Object.entries(ENVIRONMENT).map(([name, value]) => [`PROFILE_IMAGE_${name}`, value] as const);
  pipeline = await startTestPipeline(9, await synthesizeWith(outdir, Object.fromEntries(variables)));
  const { endpoint, region } = pipeline.aws.account;
  const client = { endpoint, region, credentials: { accessKeyId: "test", secretAccessKey: "test" } };
  lambda = new LambdaClient(client);
  logs = new CloudWatchLogsClient(client);
});
afterAll(async () => {
  lambda.destroy();
  logs.destroy();
  await pipeline.close();
  rmSync(outdir, { recursive: true });
});

async function upload(key: string, profileId: string, body: Buffer | string): Promise<void> {
  const { s3, names, aws } = pipeline;
  const Metadata = { "user-profile-id": profileId };
  await s3.send(new PutObjectCommand({ Bucket: names.bucket, Key: key, Body: body, Metadata }));
  await aws.idle();
}

/** Follows the batches that CreateThumbnail gets, from now on. */
function recordBatches() {
  const running = new Map<string, readonly string[]>();
  const last = new Map<string, bigint>();
  const [sizes, sharedProfiles, outOfOrder]: [number[], string[], string[]] = [[], [], []];
  let atOnce = 0;
  let tell: () => void = () => {};
  const stop = pipeline.aws.activity.subscribe(({ action, resource, requestId = "", detail }) => {
    if (resource !== "CreateThumbnail-dev") return;
    if (action === "Invoke") running.delete(requestId);
    if (action !== "Start") return;
    const { Records }: DynamoDBStreamEvent = JSON.parse(String(detail?.payload));
    const ids = Records.map(({ dynamodb }) => dynamodb?.Keys?.id?.N ?? "");
    sharedProfiles.push(...ids.filter((id) => [...running.values()].flat().includes(id)));
    for (const [index, { dynamodb }] of Records.entries()) {
      const [id, number] = [ids[index] ?? "", BigInt(dynamodb?.SequenceNumber ?? 0)];
      if (number <= (last.get(id) ?? 0n)) outOfOrder.push(id);
      last.set(id, number);
    }
    sizes.push(Records.length);
    running.set(requestId, ids);
    atOnce = Math.max(atOnce, running.size);
    tell();
  });
  return {
    sizes,
    sharedProfiles,
    outOfOrder,
    get atOnce() {
      return atOnce;
    },
    /** Resolves when so many have been at work at once. */
    most: (count: number) =>
      new Promise<void>((resolve) => {
        const before = tell;
        tell = () => {
          before();
          if (atOnce >= count) resolve();
        };
        tell();
      }),
    stop,
  };
}

const photo = () =>
  sharp({ create: { width: 300, height: 200, channels: 3, background: "#c02040" } })
    .png()
    .toBuffer();

test("everything is named after its settings and the stage", () => {
  expect(pipeline.aws.account.region).toBe("us-west-2");
  expect(pipeline.names).toEqual({
    bucket: "photos-dev",
    failuresBucket: "user-profile-failures-111122223333-dev",
    table: "people-dev",
    functions: ["SetProfileImage-dev", "CreateThumbnail-dev"],
  });
});

test("a public bucket is warned of", () => {
  expect(warn.mock.calls).toEqual([
    [
      'Warning: with the setting "publicBucket" everyone in the world may read, replace and delete every photo and thumbnail.',
    ],
  ]);
});

test("a photo of another suffix in upper case gets a thumbnail of another size, beside the previous one", async () => {
  await upload("original/1/first.PNG", "1", await photo());
  await upload("original/1/second.png", "1", await photo());
  const { s3, names } = pipeline;
  for (const key of ["thumbnails/1/first.PNG", "thumbnails/1/second.png"]) {
    const { Body } = await s3.send(new GetObjectCommand({ Bucket: names.bucket, Key: key }));
    const { width, height } = await sharp(await Body?.transformToByteArray()).metadata();
    expect({ width, height }).toEqual({ width: 40, height: 30 });
  }
});

test("a suffix that is no longer in the list starts nothing", async () => {
  await upload("original/2/photo.jpg", "2", await photo());
  const { s3, names } = pipeline;
  const thumbnail = new HeadObjectCommand({ Bucket: names.bucket, Key: "thumbnails/2/photo.jpg" });
  await expect(s3.send(thumbnail)).rejects.toThrow(expect.objectContaining({ name: "NotFound" }));
});

test("the functions have the memory, the time and the concurrency they were given", async () => {
  for (const [FunctionName, MemorySize, Timeout, ReservedConcurrentExecutions] of [
    ["SetProfileImage-dev", 512, 30, 3],
    ["CreateThumbnail-dev", 1024, 90, 2],
  ] as const) {
    expect(await lambda.send(new GetFunctionConfigurationCommand({ FunctionName }))).toMatchObject({
      MemorySize,
      Timeout,
    });
    expect(await lambda.send(new GetFunctionConcurrencyCommand({ FunctionName }))).toMatchObject({
      ReservedConcurrentExecutions,
    });
  }
});

test("changes are worked on in batches and instances of the settings, and those of one profile in order", async () => {
  const ids = ["1", "2", "3", "4", "5", "6", "7", "8"];
  const batches = recordBatches();
  // TinyPNG begins when as many batches are at work as there may be: two instances, though the factor is four.
  const stopHolding = pipeline.aws.faults.inject({
    request: ({ service }) => (service === "tinify" ? { until: batches.most(2) } : undefined),
  });
  const { s3, dynamodb, names, aws } = pipeline;
  for (const round of ["a", "b", "c"]) {
    const uploads = ids.map(async (id) => {
      const input = { Bucket: names.bucket, Key: `original/${id}/${round}.png`, Body: await photo() };
      await s3.send(new PutObjectCommand({ ...input, Metadata: { "user-profile-id": id } }));
    });
    await Promise.all(uploads);
  }
  await aws.idle();
  stopHolding();
  batches.stop();

  expect(batches.atOnce).toBe(2);
  expect(batches.sharedProfiles).toEqual([]);
  expect(batches.outOfOrder).toEqual([]);
  expect(new Set(batches.sizes)).toEqual(new Set([1, 2]));
  for (const id of ids) {
    const { Item } = await dynamodb.send(new GetItemCommand({ TableName: names.table, Key: { id: { N: id } } }));
    expect(Item).toMatchObject({
      image: { S: `original/${id}/c.png` },
      thumbnail: { M: { key: { S: `thumbnails/${id}/c.png` } } },
    });
  }
});

test("log lines are kept for as long as the setting says", async () => {
  const { logGroups } = await logs.send(new DescribeLogGroupsCommand({}));
  expect(logGroups?.map(({ retentionInDays }) => retentionInDays)).toEqual([7, 7]);
});

test("each photo's last log line tells request, profile and outcome, as the stack's metrics look for it", async () => {
  await upload("original/3/photo.png", "3", await photo());
  await upload("original/4/photo.png", "4", "no photo");
  await upload("original/5/photo.png", "4711", await photo());
  const linesOf = async (logGroupName: string) => {
    const { events = [] } = await logs.send(new FilterLogEventsCommand({ logGroupName }));
    return events.map(({ message = "" }) => JSON.parse(message));
  };
  expect(await linesOf("/aws/lambda/CreateThumbnail-dev")).toEqual(
    expect.arrayContaining([
      expect.objectContaining({
        requestId: expect.stringMatching(/^[0-9a-f-]{36}$/),
        message: { message: "created", outcome: "done", profileId: "3", key: "original/3/photo.png" },
      }),
      expect.objectContaining({ message: expect.objectContaining({ outcome: "failed", profileId: "4" }) }),
    ]),
  );
  expect(await linesOf("/aws/lambda/SetProfileImage-dev")).toEqual(
    expect.arrayContaining([
      expect.objectContaining({
        requestId: expect.stringMatching(/^[0-9a-f-]{36}$/),
        message: expect.objectContaining({ outcome: "failed", profileId: "4711" }),
      }),
    ]),
  );
});

test("a page of an upload origin may upload, and no other", async () => {
  const preflight = (origin: string) =>
    fetch(`${pipeline.aws.account.endpoint}/photos-dev/original/6/photo.png`, {
      method: "OPTIONS",
      headers: {
        Origin: origin,
        "Access-Control-Request-Method": "PUT",
        "Access-Control-Request-Headers": "content-type,x-amz-meta-user-profile-id",
      },
    });
  expect((await preflight("https://www.example.com")).status).toBe(200);
  expect((await preflight("https://www.example.org")).status).toBe(403);
});

test("a public bucket lets everyone write and read, and the failures stay private", async () => {
  const { endpoint } = pipeline.aws.account;
  const headers = { "x-amz-meta-user-profile-id": "7" };
  const put = await fetch(`${endpoint}/photos-dev/original/7.png`, { method: "PUT", headers, body: await photo() });
  expect(put.status).toBe(200);
  await pipeline.aws.idle();
  expect((await fetch(`${endpoint}/photos-dev/thumbnails/7.png`)).status).toBe(200);
  expect((await fetch(`${endpoint}/${pipeline.names.failuresBucket}`)).status).toBe(403);
});
