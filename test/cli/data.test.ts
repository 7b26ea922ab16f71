import { cpSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { text as textOf } from "node:stream/consumers";
import { setTimeout as pause } from "node:timers/promises";
import {
  DeleteItemCommand,
  DescribeTableCommand,
  DynamoDBClient,
  PutItemCommand,
  ScanCommand,
} from "@aws-sdk/client-dynamodb";
import {
  CompleteMultipartUploadCommand,
  CopyObjectCommand,
  CreateMultipartUploadCommand,
  DeleteObjectCommand,
  GetObjectCommand,
  GetObjectTaggingCommand,
  HeadObjectCommand,
  ListMultipartUploadsCommand,
  ListObjectVersionsCommand,
  ListPartsCommand,
  PutObjectCommand,
  PutObjectTaggingCommand,
  S3Client,
  UploadPartCommand,
} from "@aws-sdk/client-s3";
import { startCommand } from "../../cli/start";
import { startPipeline } from "../../pipeline";
import { picture as drawn } from "../local/tinify/pictures";
import { synthesizedStack } from "../pipeline";
import { createPlace, type Running } from "./command";
import { expectMistake } from "./run";

const place = createPlace();
// Each start is a process, which starts others: on a busy machine that takes its time.
jest.setTimeout(60_000);
afterAll(() => place.close());

const Bucket = "user-profile-images-111122223333";
const TableName = "user-profile";

const picture = (width: number, height: number) => drawn(width, height).jpeg().toBuffer();

interface Started {
  readonly running: Running;
  readonly s3: S3Client;
  readonly dynamodb: DynamoDBClient;
}

const ARGUMENTS = ["start", "--port", "0", "--json", "--stack", synthesizedStack(), "--data"];

async function start(folder: string): Promise<Started> {
  const running = place.start([...ARGUMENTS, folder]);
  const { endpoint, dataDirectory } = JSON.parse(await running.line("stdout", /./));
  expect(dataDirectory).toBe(join(place.folder, folder));
  const credentials = { accessKeyId: "test", secretAccessKey: "test" };
  const client = { endpoint, region: "eu-west-1", credentials };
  return { running, s3: new S3Client({ ...client, forcePathStyle: true }), dynamodb: new DynamoDBClient(client) };
}

async function end({ running, s3, dynamodb }: Started, signal: NodeJS.Signals): Promise<void> {
  s3.destroy();
  dynamodb.destroy();
  running.kill(signal);
  await running.ended;
}

/** Everything that clients can see of objects, uploads and items. */
async function everything({ s3, dynamodb }: Started): Promise<unknown> {
  const { Versions = [], DeleteMarkers = [] } = await s3.send(new ListObjectVersionsCommand({ Bucket }));
  const objects = [];
  for (const { Key, VersionId } of Versions) {
    const { Body, $metadata, ...head } = await s3.send(new GetObjectCommand({ Bucket, Key, VersionId }));
    const { TagSet } = await s3.send(new GetObjectTaggingCommand({ Bucket, Key, VersionId }));
    objects.push({ Key, ...head, TagSet, bytes: await Body?.transformToString("base64") });
  }
  const { Uploads = [] } = await s3.send(new ListMultipartUploadsCommand({ Bucket }));
  const parts = [];
  for (const { Key, UploadId } of Uploads) {
    const { $metadata, ...listed } = await s3.send(new ListPartsCommand({ Bucket, Key, UploadId }));
    parts.push(listed);
  }
  const { Items = [] } = await dynamodb.send(new ScanCommand({ TableName }));
  const items = Items.sort((one, other) => Number(one.id?.N) - Number(other.id?.N));
  const { Table } = await dynamodb.send(new DescribeTableCommand({ TableName }));
  const { TableId, CreationDateTime, LatestStreamArn } = Table ?? {};
  return { Versions, DeleteMarkers, objects, Uploads, parts, items, TableId, CreationDateTime, LatestStreamArn };
}

/** Waits until the profile names the thumbnail of its photo of today. */
async function thumbnailOf({ dynamodb, s3 }: Started, id: string, image: string): Promise<void> {
  for (;;) {
    const { Items = [] } = await dynamodb.send(new ScanCommand({ TableName }));
    const profile = Items.find((item) => item.id?.N === id);
    const thumbnail = profile?.thumbnail?.M;
    if (profile?.image?.S === image && thumbnail?.imageVersion?.S === profile.imageVersion?.S) {
      await s3.send(new HeadObjectCommand({ Bucket, Key: thumbnail?.key?.S }));
      return;
    }
    await pause(50);
  }
}

const put = ({ s3 }: Started, Key: string, id: string, Body: Buffer) =>
  s3.send(new PutObjectCommand({ Bucket, Key, Body, Metadata: { "user-profile-id": id } }));

describe("npm start --data", () => {
  it("has everything again after it was killed, and after it was stopped", async () => {
    let now = await start("kept here");
    const { s3, dynamodb } = now;
    const photo = await picture(300, 200);
    await put(now, "original/1.jpg", "1", photo);
    await thumbnailOf(now, "1", "original/1.jpg");
    await put(now, "original/1.jpg", "1", await picture(200, 300));
    const Key = "notes/ü +%.txt";
    await s3.send(
      new PutObjectCommand({
        Bucket,
        Key,
        Body: "one",
        CacheControl: "no-cache",
        Metadata: { __proto__x: "ü" },
        Tagging: "a=1",
      }),
    );
    await s3.send(new PutObjectTaggingCommand({ Bucket, Key, Tagging: { TagSet: [{ Key: "b", Value: "2" }] } }));
    await s3.send(new PutObjectCommand({ Bucket, Key: "empty", Body: Buffer.alloc(0) }));
    await s3.send(new CopyObjectCommand({ Bucket, Key: "copy.jpg", CopySource: `${Bucket}/original/1.jpg` }));
    await s3.send(new DeleteObjectCommand({ Bucket, Key: "empty" }));
    const large = { Bucket, Key: "large" };
    const { UploadId } = await s3.send(new CreateMultipartUploadCommand({ ...large, ContentType: "text/x" }));
    const first = { ...large, UploadId, PartNumber: 1, Body: Buffer.alloc(5 * 1024 * 1024, "x") };
    const { ETag } = await s3.send(new UploadPartCommand(first));
    const number = "-1.2345678901234567890123456789012345678E-100";
    const Item = { id: { N: "77" }, number: { N: number }, binary: { B: Buffer.from([0, 255]) }, set: { NS: ["1"] } };
    await dynamodb.send(new PutItemCommand({ TableName, Item }));
    await dynamodb.send(new DeleteItemCommand({ TableName, Key: { id: { N: "5" } } }));
    await thumbnailOf(now, "1", "original/1.jpg");

    const before = await everything(now);
    await end(now, "SIGKILL");
    now = await start("kept here");
    expect(await everything(now)).toEqual(before);
    await end(now, "SIGINT");
    now = await start("kept here");
    expect(await everything(now)).toEqual(before);
    const folder = join(place.folder, "kept here");
    await expectMistake(
      startCommand(),
      [...ARGUMENTS.slice(1), folder],
      `${folder} is in use by process ${now.running.pid}`,
    );

    const parts = [{ ETag, PartNumber: 1 }];
    await now.s3.send(new CompleteMultipartUploadCommand({ ...large, UploadId, MultipartUpload: { Parts: parts } }));
    const { Body, ContentType } = await now.s3.send(new GetObjectCommand(large));
    expect([ContentType, (await textOf(Body as never)).length]).toEqual(["text/x", 5 * 1024 * 1024]);
    // A newer photo under the key is newer than those before the restart, too.
    await put(now, "original/1.jpg", "1", await picture(100, 200));
    await thumbnailOf(now, "1", "original/1.jpg");
    await end(now, "SIGKILL");
  });

  it("makes the thumbnail of every photo that was on its way when it was killed", async () => {
    let now = await start("on the way");
    const ids = Array.from({ length: 12 }, (_, index) => String(index + 1));
    for (const id of ids.slice(5)) await now.dynamodb.send(new PutItemCommand({ TableName, Item: { id: { N: id } } }));
    // 80, 40 and 0 ms before its end: in the stream, in a function, in the queue.
    for (const first of [0, 4, 8]) {
      if (first > 0) await pause(40);
      const sent = ids.slice(first, first + 4);
      await Promise.all(
        sent.map(async (id) => put(now, `original/${id}.jpg`, id, await picture(200, 100 + Number(id)))),
      );
    }
    await end(now, "SIGKILL");
    now = await start("on the way");
    await Promise.all(ids.map((id) => thumbnailOf(now, id, `original/${id}.jpg`)));
    await end(now, "SIGKILL");
  });
});

describe("npm start --data refuses in one sentence", () => {
  const refuse = (path: string, message: string, stack = synthesizedStack()) =>
    expectMistake(startCommand(), ["--port", "0", "--json", "--stack", stack, "--data", path], `${path} ${message}`);

  it("a file", async () => {
    const path = join(place.folder, "a file");
    writeFileSync(path, "");
    await refuse(path, "is a file, and objects and items are kept in a folder");
  });

  it("a folder with other files", async () => {
    const path = join(place.folder, "a folder");
    mkdirSync(path);
    writeFileSync(join(path, "a.jpg"), "");
    await refuse(path, "holds other files, and objects and items are kept in a folder of their own");
  });

  it("a folder of a stack with other names, and does not touch it", async () => {
    const dataDirectory = join(place.folder, "of another stack");
    const first = await startPipeline(synthesizedStack(), 0, { dataDirectory });
    await first.s3.send(new PutObjectCommand({ Bucket, Key: "a.txt", Body: "a" }));
    await first.close();
    const other = join(place.folder, "other names");
    cpSync(synthesizedStack(), other, { recursive: true });
    const json = readFileSync(join(other, "cdk.tf.json"), "utf8");
    writeFileSync(join(other, "cdk.tf.json"), json.replaceAll("user-profile-images-", "other-images-"));
    await refuse(dataDirectory, `is of a stack with the bucket ${Bucket}, which this stack does not have`, other);
    const again = await startPipeline(synthesizedStack(), 0, { dataDirectory });
    await again.s3.send(new HeadObjectCommand({ Bucket, Key: "a.txt" }));
    await again.close();
  });
});
