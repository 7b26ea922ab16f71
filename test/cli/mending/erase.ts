// `npm run erase`: nothing of a person is left in either bucket, the table or a record, and nobody else loses anything.

import { DeleteItemCommand, GetItemCommand, PutItemCommand } from "@aws-sdk/client-dynamodb";
import {
  CreateMultipartUploadCommand,
  DeleteObjectCommand,
  DeleteObjectsCommand,
  GetObjectCommand,
  ListMultipartUploadsCommand,
  ListObjectsV2Command,
  ListObjectVersionsCommand,
  PutObjectCommand,
  UploadPartCommand,
} from "@aws-sdk/client-s3";
import { eraseCommand } from "../../../cli/erase";
import type { Receipt } from "../../../cli/erasure-words";
import { redriveCommand } from "../../../cli/redrive";
import { pipeline } from "../../common-pipeline";
import { failureKeys, giveUp, reset, upload } from "../operations";
import { run, runJson } from "../run";

const ANNA = { id: { N: "7002" } };
const EMAIL = "anna@example.com";

// What the tests of other commands have left.
beforeAll(async () => {
  const { s3, names } = pipeline;
  for (const Bucket of [names.bucket, names.failuresBucket]) {
    const { Versions = [], DeleteMarkers = [] } = await s3.send(new ListObjectVersionsCommand({ Bucket }));
    const Objects = [...Versions, ...DeleteMarkers].map(({ Key, VersionId }) => ({ Key, VersionId }));
    if (Objects.length > 0) await s3.send(new DeleteObjectsCommand({ Bucket, Delete: { Objects } }));
  }
});
beforeEach(() => putProfile());
afterEach(async () => {
  await pipeline.dynamodb.send(new DeleteItemCommand({ TableName: pipeline.names.table, Key: ANNA }));
  await reset(pipeline);
  // Old versions too: each test counts them.
  await run(eraseCommand(), pipeline, "1", "2", "3", "7002");
});

const putProfile = (name = "Anna") =>
  pipeline.dynamodb.send(
    new PutItemCommand({ TableName: pipeline.names.table, Item: { ...ANNA, name: { S: name }, email: { S: EMAIL } } }),
  );

const erase = (...args: string[]) => runJson<Receipt>(eraseCommand(), pipeline, ...args);

/** Every version of every object of both buckets: bucket, key, version, and what is in it and said of it. */
async function everything(): Promise<string[]> {
  const { s3, names } = pipeline;
  const all: string[] = [];
  for (const Bucket of [names.bucket, names.failuresBucket]) {
    const { Versions = [], DeleteMarkers = [] } = await s3.send(new ListObjectVersionsCommand({ Bucket }));
    for (const { Key, VersionId } of Versions) {
      const { Body, Metadata } = await s3.send(new GetObjectCommand({ Bucket, Key, VersionId }));
      // Read also where it is a picture: a body that nobody reads keeps its connection, of which there are fifty.
      const read = (await Body?.transformToString()) ?? "";
      const text = Bucket === names.failuresBucket ? read : "";
      all.push(`${Bucket} ${Key} ${VersionId} ${JSON.stringify(Metadata)} ${text}`);
    }
    all.push(...DeleteMarkers.map(({ Key, VersionId }) => `${Bucket} ${Key} ${VersionId} marker`));
  }
  return all;
}

const isAnnas = (text: string) =>
  /"user-profile-id":"7002"|7002\/|\\?"N\\?":\\?"7002|"profileId":"7002"|anna/i.test(text);
const traces = async () => (await everything()).filter(isAnnas);
const profile = async () =>
  (await pipeline.dynamodb.send(new GetItemCommand({ TableName: pipeline.names.table, Key: ANNA }))).Item;

async function put(Key: string, Metadata?: Record<string, string>): Promise<void> {
  await pipeline.s3.send(new PutObjectCommand({ Bucket: pipeline.names.bucket, Key, Body: Key, Metadata }));
  await pipeline.aws.idle();
}

/** A life with photos: good ones, replaced ones, a broken one, one that says nothing of itself, and one in all records. */
async function live(): Promise<void> {
  await upload(pipeline, "7002", "original/7002/first.jpg");
  await upload(pipeline, "7002", "original/7002/second.jpg");
  await upload(pipeline, "7002", "original/7002/second.jpg");
  await upload(pipeline, "7002", "original/anywhere/anna.jpg", "no photo");
  await put("original/7002/whose.jpg");
  await giveUp(pipeline, "SetProfileImage", "7002", "original/7002/lost.jpg");
  await giveUp(pipeline, "CreateThumbnail", "7002", "original/last-of-a.jpg");
}

describe("all that there is of a person", () => {
  it("is listed first, and then gone: from both buckets with all versions, the table and the records", async () => {
    await live();
    const before = await everything();
    const planned = await erase("7002", "--profile", "--dry-run");
    expect(await everything()).toEqual(before);
    expect(planned).toMatchObject({
      error: undefined,
      removed: [],
      people: [{ profileId: "7002", records: 4, profile: "removed" }],
    });
    const receipt = await erase("7002", "--profile");
    expect(receipt.error).toBeUndefined();
    await pipeline.aws.idle();
    await erase("7002", "--profile");
    expect(await traces()).toEqual([]);
    expect(await everything()).toEqual([]);
    expect(await profile()).toBeUndefined();
    expect(receipt.people[0]).toMatchObject({ profileId: "7002", profile: "removed" });
    expect(receipt.stays.map(({ what }) => what)).toEqual(
      expect.arrayContaining([
        expect.stringContaining("the stream of the table"),
        expect.stringContaining("point-in-time recovery"),
        expect.stringContaining("/aws/lambda/CreateThumbnail"),
      ]),
    );
    expect(await run(eraseCommand(), pipeline, "7002")).toMatchObject({
      lines: expect.arrayContaining(["profile 7002  there is no such profile"]),
      error: undefined,
    });
  });

  it("has no parts of a photo left whose upload was begun and not finished, and other people's go on", async () => {
    const Bucket = pipeline.names.bucket;
    const begin = async (Key: string) => {
      const { UploadId } = await pipeline.s3.send(new CreateMultipartUploadCommand({ Bucket, Key }));
      await pipeline.s3.send(new UploadPartCommand({ Bucket, Key, UploadId, PartNumber: 1, Body: "half a face" }));
    };
    await Promise.all([begin("original/7002/begun.jpg"), begin("original/1/begun.jpg")]);
    const { lines } = await run(eraseCommand(), pipeline, "7002", "--dry-run");
    expect(lines.join("\n")).toMatch(
      /profile 7002 {2}original\/7002\/begun\.jpg {2}unfinished upload {2}20\S+ {2}upload \S+/,
    );
    expect((await erase("7002")).people).toMatchObject([{ profileId: "7002", uploads: 1 }]);
    const { Uploads } = await pipeline.s3.send(new ListMultipartUploadsCommand({ Bucket }));
    expect(Uploads?.map(({ Key }) => Key)).toEqual(["original/1/begun.jpg"]);
    expect((await erase("1")).people).toMatchObject([{ uploads: 1 }]);
  });

  it("is gone but for the profile when that is to stay, without a photo", async () => {
    await upload(pipeline, "7002", "original/7002/first.jpg");
    const { lines, error } = await run(eraseCommand(), pipeline, "7002");
    expect(error).toBeUndefined();
    expect(lines.join("\n")).toContain(
      "profile 7002: 2 versions of photos and thumbnails and 0 failure records removed; the profile: without a photo",
    );
    await pipeline.aws.idle();
    expect(await everything()).toEqual([]);
    expect(await profile()).toEqual({
      ...ANNA,
      name: { S: "Anna" },
      email: { S: EMAIL },
      imageVersion: expect.anything(),
      imageSequencer: expect.anything(),
    });
  });

  it("does not come back with a replay, nor to who gets the number next", async () => {
    await pipeline.dynamodb.send(new DeleteItemCommand({ TableName: pipeline.names.table, Key: ANNA }));
    await upload(pipeline, "7002", "original/7002/late.jpg");
    expect(await failureKeys(pipeline)).toHaveLength(1);
    await erase("7002", "--profile");
    await putProfile("Bert");
    await run(redriveCommand(), pipeline, "--all");
    await pipeline.aws.idle();
    expect(await everything()).toEqual([]);
    expect((await profile())?.image).toBeUndefined();
  });
});

describe("nobody else loses anything", () => {
  it("under keys of their own, or under one that both have used", async () => {
    await upload(pipeline, "1", "original/team/one.jpg");
    await upload(pipeline, "7002", "original/team/one.jpg");
    await upload(pipeline, "7002", "original/team/two.jpg");
    await upload(pipeline, "2", "original/team/two.jpg");
    await upload(pipeline, "3", "original/three.jpg", "no photo");
    const others = (await everything()).filter((each) => !isAnnas(each) && !each.endsWith("marker"));
    await erase("7002", "--profile");
    await pipeline.aws.idle();
    await erase("7002", "--profile");
    expect(await traces()).toEqual([]);
    expect((await everything()).filter((each) => !each.endsWith("marker"))).toEqual(others);
    // The photo of before does not become the current one again.
    const { Contents = [] } = await pipeline.s3.send(new ListObjectsV2Command({ Bucket: pipeline.names.bucket }));
    expect(Contents.map(({ Key }) => Key)).toEqual([
      "original/team/two.jpg",
      "original/three.jpg",
      "thumbnails/team/two.jpg",
    ]);
  });

  it("of a batch that Lambda gave up their changes stay, and can be replayed", async () => {
    const { s3, names } = pipeline;
    await giveUp(pipeline, "CreateThumbnail", "2", "original/two.jpg");
    await giveUp(pipeline, "CreateThumbnail", "7002", "original/7002/x.jpg");
    const keys = await failureKeys(pipeline);
    const texts = await Promise.all(
      keys.map(async (Key) =>
        (await s3.send(new GetObjectCommand({ Bucket: names.failuresBucket, Key }))).Body?.transformToString(),
      ),
    );
    const contents = texts.map((text) => JSON.parse(text ?? ""));
    const payload = JSON.stringify({ Records: contents.flatMap((each) => JSON.parse(each.payload).Records) });
    const [Key, other] = keys;
    await s3.send(
      new PutObjectCommand({ Bucket: names.failuresBucket, Key, Body: JSON.stringify({ ...contents[0], payload }) }),
    );
    await s3.send(new DeleteObjectCommand({ Bucket: names.failuresBucket, Key: other }));
    expect((await erase("7002")).people).toMatchObject([{ records: 1 }]);
    expect(await traces()).toEqual([]);
    expect(await failureKeys(pipeline)).toEqual([Key]);
    expect((await run(redriveCommand(), pipeline, "--all")).lines.at(-1)).toBe("1 succeeded, 0 superseded, 0 failed.");
  });
});

it("an interrupted run says how far it came, and goes on when repeated", async () => {
  await live();
  const controller = new AbortController();
  const ended = pipeline.aws.activity.subscribe(({ action }) => {
    if (action === "DeleteObject") controller.abort("SIGINT");
  });
  const { error } = await run(
    eraseCommand(() => controller.signal),
    pipeline,
    "7002",
    "--profile",
  );
  ended();
  expect(error).toMatch(/^stopped by SIGINT after \d+ were removed; repeat the command for the others$/);
  await pipeline.aws.idle();
  expect(await traces()).not.toEqual([]);
  expect((await erase("7002", "--profile")).error).toBeUndefined();
  await pipeline.aws.idle();
  await erase("7002", "--profile");
  expect(await everything()).toEqual([]);
});

it.each([
  [[], "missing required argument 'profiles'"],
  [["Maverick"], 'a profile must be the id of a profile, a number (given "Maverick")'],
])("%j is a mistake that one sentence says", async (args, message) => {
  expect((await run(eraseCommand(), pipeline, ...args)).error).toContain(message);
});
