// From upload to thumbnail on the built zips: whose picture becomes what, and for how long.

import { DeleteItemCommand } from "@aws-sdk/client-dynamodb";
import { CopyObjectCommand, GetObjectCommand, GetObjectTaggingCommand, HeadObjectCommand } from "@aws-sdk/client-s3";
import sharp from "sharp";
import { pipeline } from "../../common-pipeline";
import { meanColour, photoOf, profile, thumbnails, upload } from "./common";

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
