// From upload to thumbnail on the built zips: the promises of the two functions, seen from outside.

import { createHash } from "node:crypto";
import { DeleteItemCommand, GetItemCommand, PutItemCommand, UpdateItemCommand } from "@aws-sdk/client-dynamodb";
import {
  CopyObjectCommand,
  GetObjectCommand,
  GetObjectTaggingCommand,
  HeadObjectCommand,
  ListObjectsV2Command,
  PutObjectCommand,
} from "@aws-sdk/client-s3";
import type { S3EventRecord } from "aws-lambda";
import sharp from "sharp";
import { onDeployment } from "../../../cli/on-deployment";
import { readFailureRecords } from "../../../operations/failure-records";
import { invokeWith } from "../../../operations/invoke";
import { redriveRecord } from "../../../operations/redrive-record";
import { pipeline } from "../../common-pipeline";
import { uploadRecord } from "../../functions/factories";
import { record } from "../../pipeline";

/** A JPEG of one colour: after a resize it is still that colour. */
const photoOf = (background: string, width = 600, height = 900) =>
  sharp({ create: { width, height, channels: 3, background } })
    .jpeg()
    .toBuffer();

async function upload(key: string, body: Buffer, metadata: Record<string, string> = {}): Promise<void> {
  const { s3, names } = pipeline;
  await s3.send(
    new PutObjectCommand({ Bucket: names.bucket, Key: key, Body: body, ContentType: "image/jpeg", Metadata: metadata }),
  );
}

const profile = async (id: string) =>
  (await pipeline.dynamodb.send(new GetItemCommand({ TableName: pipeline.names.table, Key: { id: { N: id } } }))).Item;

const thumbnails = async (prefix: string) =>
  (await pipeline.s3.send(new ListObjectsV2Command({ Bucket: pipeline.names.bucket, Prefix: `thumbnails/${prefix}` })))
    .Contents ?? [];

async function failures(): Promise<string[]> {
  const { s3, names } = pipeline;
  const { Contents = [] } = await s3.send(new ListObjectsV2Command({ Bucket: names.failuresBucket }));
  return Promise.all(
    Contents.map(async ({ Key }) => {
      const { Body } = await s3.send(new GetObjectCommand({ Bucket: names.failuresBucket, Key }));
      return (await Body?.transformToString()) ?? "";
    }),
  );
}

async function meanColour(key: string): Promise<number[]> {
  const { Body } = await pipeline.s3.send(new GetObjectCommand({ Bucket: pipeline.names.bucket, Key: key }));
  const { channels } = await sharp(await Body?.transformToByteArray()).stats();
  return channels.map(({ mean }) => Math.round(mean));
}

const invocations = (activities: readonly { action: string; resource?: string }[]) =>
  activities.filter(({ action }) => action === "Invoke").map(({ resource }) => resource);

describe("a photo with a user-profile-id under original/", () => {
  it("becomes the profile's image and a tagged 100×150 thumbnail of the same picture", async () => {
    await upload("original/goose.jpg", await photoOf("#c02040"), { "user-profile-id": "3" });
    await pipeline.aws.idle();

    expect(await profile("3")).toMatchObject({
      name: { S: "Nick Bradshaw" },
      nick: { S: "Goose" },
      image: { S: "original/goose.jpg" },
    });
    const at = { Bucket: pipeline.names.bucket, Key: "thumbnails/goose.jpg" };
    const thumbnail = await pipeline.s3.send(new GetObjectCommand(at));
    const { width, height, format } = await sharp(await thumbnail.Body?.transformToByteArray()).metadata();
    expect({ width, height, format }).toEqual({ width: 100, height: 150, format: "jpeg" });
    expect(thumbnail.ContentType).toBe("image/jpeg");
    expect(thumbnail.Metadata).toMatchObject({ "user-profile-id": "3" });
    const { TagSet } = await pipeline.s3.send(new GetObjectTaggingCommand(at));
    expect(TagSet).toEqual([{ Key: "Thumbnail", Value: "true" }]);
    const [red = 0, green = 0, blue = 0] = await meanColour(at.Key);
    expect(Math.abs(red - 0xc0) + Math.abs(green - 0x20) + Math.abs(blue - 0x40)).toBeLessThan(15);
  });

  it("sent again under the same key gets a new thumbnail", async () => {
    await upload("original/again.jpg", await photoOf("#ff0000"), { "user-profile-id": "11" });
    await pipeline.aws.idle();
    await upload("original/again.jpg", await photoOf("#0000ff"), { "user-profile-id": "11" });
    await pipeline.aws.idle();
    const [red = 0, , blue = 0] = await meanColour("thumbnails/again.jpg");
    expect(blue).toBeGreaterThan(200);
    expect(red).toBeLessThan(50);
  });

  it("started by a copy works like an upload", async () => {
    await upload("elsewhere/source.jpg", await photoOf("#118811"), { "user-profile-id": "12" });
    const { bucket } = pipeline.names;
    await pipeline.s3.send(
      new CopyObjectCommand({
        Bucket: bucket,
        Key: "original/copied.jpg",
        CopySource: `${bucket}/elsewhere/source.jpg`,
      }),
    );
    await pipeline.aws.idle();
    expect(await thumbnails("copied.jpg")).toHaveLength(1);
  });

  describe("may have a key", () => {
    const keys = [
      ["with spaces and a plus", "original/21/my photo + me.jpg", "21"],
      ["with percent and ampersand", "original/22/100% a&b=c.jpg", "22"],
      ["with unicode", "original/23/naïve Ünïcode 你好.jpg", "23"],
      ["with an emoji", "original/24/🛩️.jpg", "24"],
      ["with nested folders", "original/25/a/b/c/d.jpg", "25"],
      ["with 1,000 bytes", `original/26/${"x".repeat(984)}.jpg`, "26"],
      ["that ends in .JPG", "original/61/photo.JPG", "61"],
      ["that ends in .Jpg", "original/62/photo.Jpg", "62"],
      ["that ends in .jpeg", "original/63/photo.jpeg", "63"],
      ["that ends in .PNG", "original/64/photo.PNG", "64"],
      ["that ends in .webp", "original/65/photo.webp", "65"],
      ["that ends in .jfif, as browsers on Windows save JPEGs", "original/77/photo.jfif", "77"],
      ["that ends in .heic, when it is a JPEG", "original/78/photo.heic", "78"],
    ] as const;
    beforeAll(async () => {
      const photo = await photoOf("#334455", 300, 200);
      await Promise.all(keys.map(([, key, id]) => upload(key, photo, { "user-profile-id": id })));
      await pipeline.aws.idle();
    });

    it.each(keys)("%s", async (_what, key, id) => {
      expect((await profile(id))?.image).toEqual({ S: key });
      expect(await thumbnails(key.replace("original/", ""))).toHaveLength(1);
    });
  });
});

it("two users' photos of the same file name each become a thumbnail of their own", async () => {
  await upload("original/27/me.jpg", await photoOf("#ff0000"), { "user-profile-id": "27" });
  await upload("original/28/me.jpg", await photoOf("#0000ff"), { "user-profile-id": "28" });
  await pipeline.aws.idle();
  for (const id of ["27", "28"]) {
    expect((await profile(id))?.image).toEqual({ S: `original/${id}/me.jpg` });
    const { Metadata } = await pipeline.s3.send(
      new HeadObjectCommand({ Bucket: pipeline.names.bucket, Key: `thumbnails/${id}/me.jpg` }),
    );
    expect(Metadata).toMatchObject({ "user-profile-id": id });
  }
});

describe("the thumbnail of a photo that its profile no longer has", () => {
  it.each<[string, string, (id: string) => Promise<unknown>]>([
    [
      "gets a photo of another key",
      "53",
      async (id) => upload(`original/${id}/second.jpg`, await photoOf("#00aa00"), { "user-profile-id": id }),
    ],
    [
      "is deleted",
      "54",
      (id) =>
        pipeline.dynamodb.send(new DeleteItemCommand({ TableName: pipeline.names.table, Key: { id: { N: id } } })),
    ],
  ])("goes when the profile %s", async (_what, id, change) => {
    await upload(`original/${id}/first.jpg`, await photoOf("#aa0000"), { "user-profile-id": id });
    await pipeline.aws.idle();
    expect(await thumbnails(`${id}/first.jpg`)).toHaveLength(1);
    await change(id);
    await pipeline.aws.idle();
    expect(await thumbnails(`${id}/first.jpg`)).toEqual([]);
    expect(await thumbnails(`${id}/second.jpg`)).toHaveLength(id === "53" ? 1 : 0);
  });

  it("stays when it is another profile's by now", async () => {
    await upload("original/shared.jpg", await photoOf("#aa0000"), { "user-profile-id": "55" });
    await upload("original/shared.jpg", await photoOf("#0000aa"), { "user-profile-id": "56" });
    await upload("original/55.jpg", await photoOf("#aa0000"), { "user-profile-id": "55" });
    await pipeline.aws.idle();
    expect(await thumbnails("shared.jpg")).toHaveLength(1);
    expect(await thumbnails("55.jpg")).toHaveLength(1);
  });
});

it("in whatever order events come, the table ends with the newest photo: of one key by sequencer, else by time", async () => {
  const { aws, dynamodb, s3, names } = pipeline;
  const photo = await photoOf("#778899", 60, 90);
  for (const name of ["a", "b"]) await upload(`original/order/${name}.jpg`, photo);
  await aws.idle();
  // The bytes are the same, and so is the ETag: what S3 holds tells none of these events from another.
  const eTag = createHash("md5").update(photo).digest("hex");
  const event = (name: string, milliseconds: string, sequencer: string) =>
    uploadRecord({
      bucket: names.bucket,
      key: `original/order/${name}.jpg`,
      eTag,
      eventTime: `2026-11-24T12:00:00.${milliseconds}Z`,
      sequencer,
    });
  for (const name of ["a", "b"]) {
    const onItself = { Bucket: names.bucket, Key: `original/order/${name}.jpg` };
    const CopySource = `${names.bucket}/${onItself.Key}`;
    const Metadata = { "user-profile-id": "52" };
    await s3.send(new CopyObjectCommand({ ...onItself, CopySource, Metadata, MetadataDirective: "REPLACE" }));
  }
  await aws.idle();
  const [a1, a2] = [event("a", "030", "0A"), event("a", "010", "0A0B")];
  const [before, between, after] = [event("b", "005", "FF"), event("b", "020", "FF"), event("b", "040", "01")];
  const a3 = event("a", "050", "0B");
  const cases: readonly (readonly [S3EventRecord, readonly S3EventRecord[]])[] = [
    [a2, [a1, a2]],
    [a2, [a2, a1]],
    [a2, [before, a2, a1]],
    [a2, [a2, between, a1]],
    [a2, [a1, between, a2]],
    [after, [after, a2, a1]],
    [after, [a1, a2, after]],
    [a3, [a3, after, a1]],
    [a3, [a1, after, a3]],
    [a3, [a1, a3, after]],
  ];
  await onDeployment({ endpointUrl: aws.account.endpoint }, async (deployment) => {
    for (const [newest, order] of cases) {
      await dynamodb.send(new PutItemCommand({ TableName: names.table, Item: { id: { N: "52" } } }));
      for (const each of [...order, ...order]) {
        expect(await invokeWith(deployment, "SetProfileImage", each)).toBeUndefined();
      }
      expect(await profile("52")).toMatchObject({
        image: { S: newest.s3.object.key },
        imageSequencer: { S: newest.s3.object.sequencer.padEnd(32, "0") },
      });
    }
  });
});

describe("what starts nothing", () => {
  it.each(["elsewhere/photo.jpg", "original/photo.jPG", "original/photo.txt", "thumbnails/photo.jpg"])(
    "is an upload to %s",
    async (key) => {
      const { activities, stop } = record(pipeline);
      await upload(key, await photoOf("#000000"), { "user-profile-id": "1" });
      await pipeline.aws.idle();
      stop();
      expect(invocations(activities)).toEqual([]);
    },
  );

  it("are twenty edits of a profile that has a photo: no call to TinyPNG, none to S3", async () => {
    await upload("original/29/edited.jpg", await photoOf("#102030"), { "user-profile-id": "29" });
    await pipeline.aws.idle();
    const { activities, stop } = record(pipeline);
    for (let edit = 1; edit <= 20; edit += 1) {
      await pipeline.dynamodb.send(
        new UpdateItemCommand({
          TableName: pipeline.names.table,
          Key: { id: { N: "29" } },
          UpdateExpression: "SET nick = :nick",
          ExpressionAttributeValues: { ":nick": { S: `Goose ${edit}` } },
        }),
      );
    }
    await pipeline.aws.idle();
    stop();
    expect(new Set(invocations(activities))).toEqual(new Set(["CreateThumbnail"]));
    const batches = activities.filter(({ action }) => action === "StreamBatch");
    expect(batches.reduce((sum, { detail }) => sum + Number(detail?.records), 0)).toBe(20);
    expect(activities.filter(({ service }) => service === "tinify" || service === "s3")).toEqual([]);
  });
});

describe("a photo that cannot become a thumbnail", () => {
  it.each([
    ["of a profile that does not exist", "original/ghost.jpg", "4711"],
    ["with an id that is no number", "original/odd.jpg", "two"],
  ])("%s ends as a failure record, and makes no profile", async (_what, key, id) => {
    await upload(key, await photoOf("#000000"), { "user-profile-id": id });
    await pipeline.aws.idle();
    expect((await failures()).filter((record) => record.includes(key))).toHaveLength(1);
    expect(await thumbnails(key.replace("original/", ""))).toEqual([]);
    if (id === "4711") expect(await profile(id)).toBeUndefined();
  });

  it("because it says in no way whose it is does so too, and its redrive succeeds when a copy onto itself says it", async () => {
    const { aws, s3, names } = pipeline;
    const Key = "original/nobody.jpg";
    await upload(Key, await photoOf("#654321"), { userProfileId: "30" });
    await aws.idle();
    const recordsOfIt = async () =>
      (await failures()).filter((each) => each.includes(Key)).map((each) => JSON.parse(each));
    expect(await recordsOfIt()).toMatchObject([
      {
        function: "SetProfileImage",
        reason: { code: "NoProfileId", message: expect.stringContaining("userprofileid") },
      },
    ]);
    const redriveIt = async () =>
      onDeployment({ endpointUrl: aws.account.endpoint }, async (deployment) => {
        for await (const each of readFailureRecords(s3, names.failuresBucket)) {
          if (each.events.some(({ key }) => key === Key)) return redriveRecord(deployment, each);
        }
        return undefined;
      });
    expect(await redriveIt()).toMatchObject({ state: "failed", why: expect.stringContaining("NoProfileId") });

    const onItself = { Bucket: names.bucket, Key, CopySource: `${names.bucket}/${Key}` };
    const Metadata = { "user-profile-id": "30" };
    await s3.send(new CopyObjectCommand({ ...onItself, Metadata, MetadataDirective: "REPLACE" }));
    await aws.idle();
    expect((await profile("30"))?.image).toEqual({ S: Key });
    expect(await thumbnails("nobody.jpg")).toHaveLength(1);
    expect(await redriveIt()).toMatchObject({ state: "succeeded" });
    expect(await recordsOfIt()).toEqual([]);
  });

  it("because TinyPNG does not take its format does so too, and its profile keeps the photo that it has", async () => {
    await upload(
      "original/79/first.avif",
      await sharp(await photoOf("#123456", 60, 90))
        .avif()
        .toBuffer(),
      {
        "user-profile-id": "79",
      },
    );
    await pipeline.aws.idle();
    await upload(
      "original/79/second.GIF",
      await sharp(await photoOf("#654321", 60, 90))
        .gif()
        .toBuffer(),
      {
        "user-profile-id": "79",
      },
    );
    await pipeline.aws.idle();
    const records = (await failures()).filter((each) => each.includes("original/79/")).map((each) => JSON.parse(each));
    expect(records).toMatchObject([
      { profileId: "79", reason: { code: "UnsupportedFormat", message: expect.stringContaining("is GIF") } },
    ]);
    expect((await profile("79"))?.image).toEqual({ S: "original/79/first.avif" });
    expect(await thumbnails("79/")).toMatchObject([{ Key: "thumbnails/79/first.avif" }]);
  });

  it("because it is no image ends as a failure record, and does not hold up the others", async () => {
    await upload("original/broken.jpg", Buffer.from("this is no photo"), { "user-profile-id": "31" });
    await upload("original/sound.jpg", await photoOf("#abcdef"), { "user-profile-id": "32" });
    await pipeline.aws.idle();
    expect((await failures()).filter((record) => record.includes("original/broken.jpg"))).toHaveLength(1);
    expect(await thumbnails("sound.jpg")).toHaveLength(1);
  });
});

it("twenty photos sent at once all get their thumbnails, each of its own picture", async () => {
  const ids = Array.from({ length: 20 }, (_, index) => index + 1);
  const shade = (id: number) => id * 12;
  await Promise.all(
    ids.map(async (id) => {
      const photo = await photoOf(`rgb(${shade(id)},${shade(id)},${shade(id)})`, 300, 300);
      await upload(`original/many/${id}.jpg`, photo, { "user-profile-id": String(id) });
    }),
  );
  await pipeline.aws.idle();
  for (const id of ids) {
    const { Metadata } = await pipeline.s3.send(
      new HeadObjectCommand({ Bucket: pipeline.names.bucket, Key: `thumbnails/many/${id}.jpg` }),
    );
    expect(Metadata?.["user-profile-id"]).toBe(String(id));
    const [mean = 0] = await meanColour(`thumbnails/many/${id}.jpg`);
    expect(Math.abs(mean - shade(id))).toBeLessThan(4);
  }
});
