import type { DynamoDBRecord } from "aws-lambda";
import { thumbnailIn } from "../../functions/lib/profile-thumbnail";
import type { Resized } from "../../functions/lib/resize";
import { changeRecord, lambdaContext, ONE_SIZE, pictureOf, thumbnailOf } from "./factories";
import { createThumbnailHarness, sequenceNumberOf, sequenceNumbers } from "./thumbnail-harness";

const { s3, table, resize, handlerWith, log, photo, streamed, run, text } = createThumbnailHarness();

describe("a profile with a new photo", () => {
  it("gets a tagged thumbnail that says whose it is and of which photo", async () => {
    expect(await run(photo("3", { key: "original/a/goose.jpg" }))).toEqual({ batchItemFailures: [] });
    expect(s3.object("images/thumbnails/a/goose.jpg")).toMatchObject({
      body: thumbnailOf("small photo 3"),
      contentType: "image/jpeg",
      tagging: "Thumbnail=true",
      metadata: { "user-profile-id": "3", "original-etag": "e3", "thumbnail-size": "fit-150x150" },
    });
  });

  it("gets it with the type that TinyPNG found, whatever the upload was called", async () => {
    resize.mockResolvedValue({ ...pictureOf("png"), type: "image/png" });
    await run(photo("3"));
    expect(s3.object("images/thumbnails/3.jpg")?.contentType).toBe("image/png");
  });

  it("gets a new one when the photo was sent again under the same key", async () => {
    await run(photo("3"));
    const again = photo("3", { eTag: "e3b", body: "another" });
    await run(again);
    expect(text("images/thumbnails/3.jpg")).toBe("small another");
  });

  it("is logged as one object, for Lambda's JSON log", async () => {
    await run(photo("3"));
    expect(log.info).toEqual([{ message: "created", outcome: "done", profileId: "3", key: "original/3.jpg" }]);
  });

  it("gets it once: a record that comes again costs no TinyPNG credit", async () => {
    const record = photo("3");
    await run(record);
    expect(await run(record)).toEqual({ batchItemFailures: [] });
    expect(resize).toHaveBeenCalledTimes(1);
  });

  it.each([
    ["empty", Buffer.alloc(0)],
    ["a page", Buffer.from("<html>Please sign in to the Wi-Fi</html>")],
    ["half of a picture", thumbnailOf("small photo 3").subarray(0, 40)],
  ])("gets it again when what was stored before is %s", async (_what, body) => {
    const record = photo("3");
    await run(record);
    const stored = s3.object("images/thumbnails/3.jpg");
    s3.put("images/thumbnails/3.jpg", { ...stored, body });
    for (let time = 0; time < 2; time += 1) expect(await run(record)).toEqual({ batchItemFailures: [] });
    expect(text("images/thumbnails/3.jpg")).toBe("small photo 3");
    expect(resize).toHaveBeenCalledTimes(2);
  });

  it("gets a new one when the size of thumbnails has changed since", async () => {
    const record = photo("3");
    await run(record);
    const smaller = handlerWith({ sizes: [{ ...ONE_SIZE, width: 64, height: 64 }] });
    for (let time = 0; time < 2; time += 1) await smaller({ Records: [record] }, lambdaContext());
    expect(resize).toHaveBeenCalledTimes(2);
    expect(s3.object("images/thumbnails/3.jpg")?.metadata["thumbnail-size"]).toBe("fit-64x64");
  });

  it("gets its own when the same picture under the same key was another profile's before", async () => {
    await run(photo("3", { key: "original/x.jpg", eTag: "same" }));
    await run(photo("4", { key: "original/x.jpg", eTag: "same" }));
    expect(s3.object("images/thumbnails/x.jpg")?.metadata).toMatchObject({ "user-profile-id": "4" });
  });
});

describe("how long a thumbnail may be shown without asking again", () => {
  const unique = "original/3/7b5a2c1e-90f4-4d0a-8a8e-0c1d2e3f4a5b.jpg";
  const cacheControl = (key: string) => s3.object(`images/${key.replace("original", "thumbnails")}`)?.cacheControl;

  it("is for ever when its key is of this one photo", async () => {
    await run(photo("3", { key: unique }));
    expect(cacheControl(unique)).toBe("public, max-age=31536000, immutable");
  });

  it.each(["original/3.jpg", "original/3/me.jpg", "original/7b5a2c1e-90f4-4d0a-8a8e-0c1d2e3f4a5b/me.jpg"])(
    "is not at all when another photo may come under its key, as under %s",
    async (key) => {
      await run(photo("3", { key }));
      expect(cacheControl(key)).toBe("public, no-cache");
    },
  );

  it("is not at all from when another photo has come under its key all the same", async () => {
    await run(photo("3", { key: unique }));
    await run(photo("3", { key: unique, eTag: "another" }));
    expect(cacheControl(unique)).toBe("public, no-cache");
  });

  it("is for ever in another size too", async () => {
    const record = photo("3", { key: unique });
    await run(record);
    await handlerWith({ sizes: [{ ...ONE_SIZE, width: 64, height: 64 }] })({ Records: [record] }, lambdaContext());
    expect(cacheControl(unique)).toBe("public, max-age=31536000, immutable");
  });
});

test("a thumbnail is encrypted as the bucket has it, or with S3's own keys where CloudFront must read it", async () => {
  await run(photo("3"));
  expect(s3.object("images/thumbnails/3.jpg")?.encryption).toBeUndefined();
  await handlerWith({ thumbnailEncryption: "AES256" })({ Records: [photo("4")] }, lambdaContext());
  expect(s3.object("images/thumbnails/4.jpg")?.encryption).toBe("AES256");
});

describe("a change that brings no photo is skipped without a single call", () => {
  const image = { key: "original/1.jpg", eTag: "e1", version: "v1" };
  it.each([
    ["a removed profile that had no image", changeRecord({ before: {} })],
    ["a profile without an image", changeRecord({ after: {} })],
    ["an edit of the name", changeRecord({ before: image, after: { ...image, nick: "Mav" } })],
    ["an edit of the name of a profile without an image", changeRecord({ before: {}, after: { nick: "Mav" } })],
    ["a removed image outside original/", changeRecord({ before: { key: "thumbnails/1.jpg" }, after: {} })],
    ["an image that is a thumbnail", changeRecord({ before: {}, after: { ...image, key: "thumbnails/1.jpg" } })],
    ["an image outside both folders", changeRecord({ before: {}, after: { ...image, key: "1.jpg" } })],
    ["a prefix in other letters", changeRecord({ before: {}, after: { ...image, key: "Original/1.jpg" } })],
  ])("such as %s", async (_what, record) => {
    expect(await run(record)).toEqual({ batchItemFailures: [] });
    expect(s3.calls).toEqual([]);
    // Without an outcome: no photo is counted.
    expect(log.info).toEqual([{ message: expect.stringContaining("skipped: "), profileId: expect.any(String) }]);
  });

  it("such as a photo that another profile's has replaced since: that one's record follows", async () => {
    const record = photo("3", { eTag: "old" });
    photo("3", { eTag: "new" });
    expect(await run(record)).toEqual({ batchItemFailures: [] });
    expect(resize).not.toHaveBeenCalled();
    expect(s3.failures()).toEqual([]);
  });
});

it("a photo that a later one of its profile has replaced since gives way to it at once, and that is paid for once", async () => {
  const [record, later] = [photo("3", { eTag: "old" }), photo("3", { eTag: "new" })];
  s3.put("images/original/3.jpg", { body: Buffer.from("new"), eTag: "new", metadata: { "user-profile-id": "3" } });
  expect(await run(record)).toEqual({ batchItemFailures: [] });
  expect(text("images/thumbnails/3.jpg")).toBe("small new");
  expect(s3.object("images/thumbnails/3.jpg")?.metadata["original-etag"]).toBe("new");
  expect(await run(later)).toEqual({ batchItemFailures: [] });
  expect(resize).toHaveBeenCalledTimes(1);
});

describe("an image that somebody else than SetProfileImage wrote", () => {
  const written = (key: string) => {
    streamed();
    table.put("3", { image: { S: key } });
    return streamed()[0] as DynamoDBRecord;
  };
  const original = (key: string, eTag: string) => s3.put(`images/${key}`, { body: Buffer.from(key), eTag });

  it("gets a thumbnail too, although there is no ETag to hold it to", async () => {
    original("original/3.jpg", "e3");
    await run(written("original/3.jpg"));
    expect(s3.object("images/thumbnails/3.jpg")?.metadata["original-etag"]).toBe("e3");
    expect(thumbnailIn(table.profile("3"))).toMatchObject({ key: "thumbnails/3.jpg", imageETag: "e3" });
    expect(thumbnailIn(table.profile("3"))?.imageVersion).toBeUndefined();
  });

  it("gets it once as well: the photo itself tells its ETag", async () => {
    original("original/3.jpg", "e3");
    const record = written("original/3.jpg");
    for (let time = 0; time < 2; time += 1) await run(record);
    expect(resize).toHaveBeenCalledTimes(1);
  });

  it("gets one even where somebody else put a thumbnail that tells of no photo", async () => {
    original("original/3.jpg", "e3");
    s3.put("images/thumbnails/3.jpg", { metadata: { "user-profile-id": "3" } });
    await run(written("original/3.jpg"));
    expect(text("images/thumbnails/3.jpg")).toBe("small original/3.jpg");
  });

  it("comes after the one before it, and waits behind it when that one failed", async () => {
    const keys = ["original/a.jpg", "original/b.jpg"];
    for (const key of keys) original(key, key);
    const [a, b] = keys.map(written) as [DynamoDBRecord, DynamoDBRecord];
    resize.mockRejectedValueOnce(new Error("TinyPNG: not done within 45000 ms"));
    expect(sequenceNumbers(await run(a, b))).toEqual([sequenceNumberOf(a)]);
    expect(resize.mock.calls.map(([bytes]) => String(bytes))).toEqual(["original/a.jpg"]);
    expect(await run(a, b)).toEqual({ batchItemFailures: [] });
    expect(text("images/thumbnails/b.jpg")).toBe("small original/b.jpg");
  });

  it("is not held to the ETag of the image before it", async () => {
    photo("3", { key: "original/old.jpg", eTag: "old" });
    original("original/3.jpg", "e3");
    await run(written("original/3.jpg"));
    expect(text("images/thumbnails/3.jpg")).toBe("small original/3.jpg");
  });
});

describe("a batch", () => {
  it("of several photos of one profile makes the last one's thumbnail only", async () => {
    const first = photo("3", { key: "original/a.jpg", eTag: "a" });
    const second = photo("3", { key: "original/b.jpg", eTag: "b" });
    const rename = changeRecord({
      id: "3",
      before: { key: "original/b.jpg", eTag: "b", version: "v-b" },
      after: { key: "original/b.jpg", eTag: "b", version: "v-b", nick: "G" },
    });
    await run(first, second, rename);
    expect(resize.mock.calls.map(([bytes]) => String(bytes))).toEqual(["photo 3"]);
    expect(text("images/thumbnails/a.jpg")).toBeUndefined();
    expect(text("images/thumbnails/b.jpg")).toBe("small photo 3");
    expect(log.info).toContainEqual({
      message: "skipped: a newer photo is in the same batch",
      outcome: "skipped",
      profileId: "3",
    });
  });

  it("is worked on five profiles at a time", async () => {
    let running = 0;
    let most = 0;
    resize.mockImplementation(async (bytes) => {
      running += 1;
      most = Math.max(most, running);
      await new Promise(setImmediate);
      running -= 1;
      return pictureOf(String(bytes));
    });
    await run(...Array.from({ length: 10 }, (_, index) => photo(String(index + 1))));
    expect(most).toBe(5);
    expect(resize).toHaveBeenCalledTimes(10);
  });

  it("holds no more bytes of photos than fit, and those of an earlier one until TinyPNG's client has let go of them", async () => {
    const small = handlerWith({ photoMemoryBytes: 20 });
    let letGo = (_thumbnail: Resized) => {};
    resize.mockReturnValueOnce(new Promise((resolve) => (letGo = resolve)));
    const late = await small({ Records: [photo("1", { body: "x".repeat(15) })] }, lambdaContext(15_020));
    expect(late.batchItemFailures).toHaveLength(1);
    const records = [photo("2", { body: "y".repeat(15) }), photo("3", { body: "zzz" })];
    const next = small({ Records: records }, lambdaContext());
    for (let turn = 0; turn < 20; turn += 1) await new Promise(setImmediate);
    expect(s3.calls).toContain("GetObject images/original/2.jpg");
    expect(resize).toHaveBeenCalledTimes(1);
    letGo(pictureOf("late"));
    expect(await next).toEqual({ batchItemFailures: [] });
    expect(resize).toHaveBeenCalledTimes(3);
  });

  it("reports only what failed, and makes the other thumbnails", async () => {
    const records = ["1", "2", "3"].map((id) => photo(id));
    resize.mockImplementation(async (bytes) => {
      if (bytes.toString() === "photo 2") throw new Error("TinyPNG: not done within 45000 ms");
      return pictureOf(String(bytes));
    });
    expect(sequenceNumbers(await run(...records))).toEqual([sequenceNumberOf(records[1] as DynamoDBRecord)]);
    expect(text("images/thumbnails/1.jpg")).toBe("photo 1");
    expect(text("images/thumbnails/3.jpg")).toBe("photo 3");
    expect(s3.failures()).toEqual([]);
  });

  it("reports everything that failed", async () => {
    const records = ["1", "2", "3"].map((id) => photo(id));
    resize.mockRejectedValue(new Error("TinyPNG: not done within 45000 ms"));
    expect(sequenceNumbers(await run(...records)).sort()).toEqual(records.map(sequenceNumberOf).sort());
  });

  it.each([
    ["when it is the first", false],
    ["when there was one before", true],
  ])("never lets an older photo's thumbnail replace a newer one's under the same key, %s", async (_when, isSecond) => {
    if (isSecond) await run(photo("1", { key: "original/x.jpg", eTag: "first", body: "first" }));
    const older = photo("1", { key: "original/x.jpg", eTag: "older", body: "older" });
    // While the older photo is being resized, another profile's photo takes the key and gets its thumbnail.
    resize.mockImplementationOnce(async (bytes) => {
      await run(photo("2", { key: "original/x.jpg", eTag: "newer", body: "newer" }));
      return pictureOf(String(bytes));
    });
    expect(sequenceNumbers(await run(older))).toEqual([sequenceNumberOf(older)]);
    expect(text("images/thumbnails/x.jpg")).toBe("small newer");
    expect(await run(older)).toEqual({ batchItemFailures: [] });
    expect(text("images/thumbnails/x.jpg")).toBe("small newer");
  });
});
