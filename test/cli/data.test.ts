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
  HeadBucketCommand,
  HeadObjectCommand,
  ListMultipartUploadsCommand,
  ListObjectVersionsCommand,
  ListPartsCommand,
  PutObjectCommand,
  PutObjectTaggingCommand,
  S3Client,
  UploadPartCommand,
} from "@aws-sdk/client-s3";
import { picture as drawn } from "../local/tinify/pictures";
import { synthesizedStack } from "../pipeline";
import { createPlace, type Running } from "./command";

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

    const parts = [{ ETag, PartNumber: 1 }];
    await now.s3.send(new CompleteMultipartUploadCommand({ ...large, UploadId, MultipartUpload: { Parts: parts } }));
    const { Body, ContentType } = await now.s3.send(new GetObjectCommand(large));
    expect([ContentType, (await textOf(Body as never)).length]).toEqual(["text/x", 5 * 1024 * 1024]);
    // A newer photo under the key is newer than those before the restart, too.
    await put(now, "original/1.jpg", "1", await picture(100, 200));
    await thumbnailOf(now, "1", "original/1.jpg");
    await end(now, "SIGKILL");
  });

  // In the queue, in a function, in the stream.
  it.each([0, 40, 80])(
    "makes the thumbnail of every photo that was on its way when it was killed, %d ms later",
    async (ms) => {
      const folder = `way ${ms}`;
      let now = await start(folder);
      const ids = ["1", "2", "3", "4"];
      await Promise.all(
        ids.map(async (id) => put(now, `original/${id}.jpg`, id, await picture(200, 100 + Number(id)))),
      );
      await pause(ms);
      await end(now, "SIGKILL");
      now = await start(folder);
      await Promise.all(ids.map((id) => thumbnailOf(now, id, `original/${id}.jpg`)));
      await end(now, "SIGKILL");
    },
  );

  it.each<[string, (path: string) => void, RegExp]>([
    [
      "a file",
      (path) => writeFileSync(path, ""),
      /^profile-image: \S+ is a file, and objects and items are kept in a folder$/,
    ],
    [
      "a folder with other files",
      (path) => {
        mkdirSync(path);
        writeFileSync(join(path, "a.jpg"), "");
      },
      /^profile-image: \S+ holds other files, and objects and items are kept in a folder of their own$/,
    ],
  ])("refuses %s in one sentence", async (_name, prepare, message) => {
    const path = join(place.folder, "refused");
    prepare(`${path}${_name.length}`);
    const { code, stderr } = await place.run([...ARGUMENTS, `refused${_name.length}`]);
    expect({ code, stderr: stderr.trim() }).toEqual({ code: 1, stderr: expect.stringMatching(message) });
  });

  it("says that a table is new and empty, as Terraform would make it, when the key of the kept one has become another", async () => {
    const unprotected = join(place.folder, "unprotected");
    cpSync(synthesizedStack(), unprotected, { recursive: true });
    const change = (from: string, to: string) => {
      const file = join(unprotected, "cdk.tf.json");
      const json = readFileSync(file, "utf8");
      expect(json).toContain(from);
      writeFileSync(file, json.replace(from, to));
    };
    const args = ["start", "--port", "0", "--stack", unprotected, "--data", "another key"];
    change('"deletion_protection_enabled": true', '"deletion_protection_enabled": false');
    const first = place.start(args);
    expect(await first.line("stdout", /^table /)).toMatch(/user-profile, with the five sample profiles$/);
    first.kill("SIGTERM");
    await first.ended;
    change('"type": "N"', '"type": "S"');
    const second = place.start(args);
    expect(await second.line("stdout", /^table /)).toMatch(
      /user-profile, new and empty: the one that was kept has another key$/,
    );
    second.kill("SIGTERM");
    expect((await second.ended).code).toBe(0);
  });

  it("refuses a folder that is in use, and one of a stack with other names", async () => {
    const first = await start("one");
    const second = await place.run([...ARGUMENTS, "one"]);
    expect(second).toMatchObject({ code: 1, stderr: expect.stringMatching(/one is in use by process \d+$/m) });
    await first.s3.send(new HeadBucketCommand({ Bucket }));
    await end(first, "SIGTERM");
    const env = { PROFILE_IMAGE_STAGE: "dev" };
    const other = await place.run(["start", "--port", "0", "--json", "--data", "one"], env);
    expect(other.code).toBe(1);
    expect(other.stderr).toMatch(/one is of a stack with the bucket \S+, which this stack does not have$/m);
    // It was not touched.
    await end(await start("one"), "SIGKILL");
  });
});
