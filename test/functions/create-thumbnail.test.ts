import "./configuration"; // First: the function asks for it when it is imported.
import type { DynamoDBRecord } from "aws-lambda";
import { createHandler } from "../../functions/create-thumbnail";
import { KeyRefused, type Resized, UnusablePhoto } from "../../functions/lib/tinypng";
import { changeRecord, lambdaContext, photoRecord } from "./factories";
import { createFakeS3, s3Error } from "./fake-s3";

let s3: ReturnType<typeof createFakeS3>;
let resize: jest.Mock<Promise<Resized>, [Buffer]>;
let handler: ReturnType<typeof createHandler>;
const log: Record<"info" | "error", Record<string, unknown>[]> = { info: [], error: [] };

beforeEach(() => {
  s3 = createFakeS3();
  resize = jest.fn(async (photo) => ({ bytes: Buffer.from(`small ${photo}`), contentType: "image/jpeg" }));
  handler = createHandler({ s3: s3.client, resize, bucket: "images", failuresBucket: "failures" });
  for (const level of ["info", "error"] as const) {
    log[level] = [];
    jest.spyOn(console, level).mockImplementation((...entry) => void log[level].push(...entry));
  }
});
afterEach(() => jest.restoreAllMocks());

/** Stores a photo and returns the record of the profile that got it. */
function photo(id: string, { key = `original/${id}.jpg`, eTag = `e${id}`, body = `photo ${id}` } = {}) {
  s3.put(`images/${key}`, { body: Buffer.from(body), eTag });
  return photoRecord(id, key, eTag);
}

const run = (...Records: DynamoDBRecord[]) => handler({ Records }, lambdaContext());
const text = (path: string) => s3.object(path)?.body.toString();
const sequenceNumbers = ({ batchItemFailures }: Awaited<ReturnType<typeof run>>) =>
  batchItemFailures.map(({ itemIdentifier }) => itemIdentifier);
const sequenceNumberOf = (record: DynamoDBRecord) => record.dynamodb?.SequenceNumber;

describe("a profile with a new photo", () => {
  it("gets a tagged thumbnail that says whose it is and of which photo", async () => {
    expect(await run(photo("3", { key: "original/a/goose.jpg" }))).toEqual({ batchItemFailures: [] });
    expect(s3.object("images/thumbnails/a/goose.jpg")).toMatchObject({
      body: Buffer.from("small photo 3"),
      contentType: "image/jpeg",
      tagging: "Thumbnail=true",
      metadata: { "user-profile-id": "3", "original-etag": "e3" },
    });
  });

  it("gets it with the type that TinyPNG found, whatever the upload was called", async () => {
    resize.mockResolvedValue({ bytes: Buffer.from("png"), contentType: "image/png" });
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
    expect(log.info).toEqual([{ message: "created", profileId: "3", key: "original/3.jpg" }]);
  });

  it("gets it once: a record that comes again costs no TinyPNG credit", async () => {
    const record = photo("3");
    await run(record);
    expect(await run(record)).toEqual({ batchItemFailures: [] });
    expect(resize).toHaveBeenCalledTimes(1);
  });

  it("gets its own when the same picture under the same key was another profile's before", async () => {
    await run(photo("3", { key: "original/x.jpg", eTag: "same" }));
    await run(photo("4", { key: "original/x.jpg", eTag: "same" }));
    expect(s3.object("images/thumbnails/x.jpg")?.metadata).toMatchObject({ "user-profile-id": "4" });
  });
});

describe("a change that brings no photo is skipped without a single call", () => {
  const image = { key: "original/1.jpg", eTag: "e1", version: "v1" };
  it.each([
    ["a removed profile", changeRecord({ before: image })],
    ["a profile without an image", changeRecord({ after: {} })],
    ["an edit of the name", changeRecord({ before: image, after: { ...image, nick: "Mav" } })],
    ["an edit of the name of a profile without an image", changeRecord({ before: {}, after: { nick: "Mav" } })],
    ["a removed image", changeRecord({ before: image, after: {} })],
    ["an image that is a thumbnail", changeRecord({ before: {}, after: { ...image, key: "thumbnails/1.jpg" } })],
    ["an image outside both folders", changeRecord({ before: {}, after: { ...image, key: "1.jpg" } })],
    ["a prefix in other letters", changeRecord({ before: {}, after: { ...image, key: "Original/1.jpg" } })],
  ])("such as %s", async (_what, record) => {
    expect(await run(record)).toEqual({ batchItemFailures: [] });
    expect(s3.calls).toEqual([]);
    expect(log.info).toEqual([expect.objectContaining({ message: expect.stringContaining("skipped: ") })]);
  });

  it("such as a photo that has been replaced since: the newer record follows", async () => {
    const record = photo("3", { eTag: "old" });
    photo("3", { eTag: "new" });
    expect(await run(record)).toEqual({ batchItemFailures: [] });
    expect(resize).not.toHaveBeenCalled();
    expect(s3.failures()).toEqual([]);
  });
});

describe("an image that somebody else than SetProfileImage wrote", () => {
  it("gets a thumbnail too, although there is no ETag to hold it to", async () => {
    photo("3");
    await run(changeRecord({ id: "3", before: {}, after: { key: "original/3.jpg" } }));
    expect(s3.object("images/thumbnails/3.jpg")?.metadata["original-etag"]).toBe("e3");
  });

  it("gets one even where somebody else put a thumbnail that tells of no photo", async () => {
    photo("3");
    s3.put("images/thumbnails/3.jpg", { metadata: { "user-profile-id": "3" } });
    await run(changeRecord({ id: "3", before: {}, after: { key: "original/3.jpg" } }));
    expect(text("images/thumbnails/3.jpg")).toBe("small photo 3");
  });

  it("comes after the one before it, and waits behind it when that one failed", async () => {
    const keys = ["original/a.jpg", "original/b.jpg"];
    for (const key of keys) photo("3", { key, body: key });
    const [a, b] = keys.map((key, index) => changeRecord({ before: {}, after: { key }, sequenceNumber: `${index}` }));
    resize.mockRejectedValueOnce(new Error("TinyPNG: not done within 45000 ms"));
    expect(sequenceNumbers(await run(a as DynamoDBRecord, b as DynamoDBRecord))).toEqual(["0"]);
    expect(resize.mock.calls).toEqual([[Buffer.from("original/a.jpg")]]);
    expect(await run(a as DynamoDBRecord, b as DynamoDBRecord)).toEqual({ batchItemFailures: [] });
    expect(text("images/thumbnails/b.jpg")).toBe("small original/b.jpg");
  });

  it("is not held to the ETag of the image before it", async () => {
    const before = { key: "original/old.jpg", eTag: "old", version: "v1" };
    photo("3");
    await run(changeRecord({ id: "3", before, after: { ...before, key: "original/3.jpg" } }));
    expect(text("images/thumbnails/3.jpg")).toBe("small photo 3");
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
    expect(resize.mock.calls).toEqual([[Buffer.from("photo 3")]]);
    expect(text("images/thumbnails/a.jpg")).toBeUndefined();
    expect(text("images/thumbnails/b.jpg")).toBe("small photo 3");
    expect(log.info).toContainEqual({ message: "skipped: a newer photo is in the same batch", profileId: "3" });
  });

  it("is worked on five profiles at a time", async () => {
    let running = 0;
    let most = 0;
    resize.mockImplementation(async (bytes) => {
      running += 1;
      most = Math.max(most, running);
      await new Promise(setImmediate);
      running -= 1;
      return { bytes, contentType: "image/jpeg" };
    });
    await run(...Array.from({ length: 10 }, (_, index) => photo(String(index + 1))));
    expect(most).toBe(5);
    expect(resize).toHaveBeenCalledTimes(10);
  });

  it("reports only what failed, and makes the other thumbnails", async () => {
    const records = ["1", "2", "3"].map((id) => photo(id));
    resize.mockImplementation(async (bytes) => {
      if (bytes.toString() === "photo 2") throw new Error("TinyPNG: not done within 45000 ms");
      return { bytes, contentType: "image/jpeg" };
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
    const newer = photoRecord("2", "original/x.jpg", "newer");
    // While the older photo is being resized, another profile's photo takes the key and gets its thumbnail.
    resize.mockImplementationOnce(async (bytes) => {
      s3.put("images/original/x.jpg", { body: Buffer.from("newer"), eTag: "newer" });
      await run(newer);
      return { bytes, contentType: "image/jpeg" };
    });
    expect(sequenceNumbers(await run(older))).toEqual([sequenceNumberOf(older)]);
    expect(text("images/thumbnails/x.jpg")).toBe("small newer");
    expect(await run(older)).toEqual({ batchItemFailures: [] });
    expect(text("images/thumbnails/x.jpg")).toBe("small newer");
  });
});

describe("what can never succeed ends as a failure record at once, and holds up nobody", () => {
  it.each<[string, string, () => DynamoDBRecord]>([
    [
      "no image",
      "UnusablePhoto",
      () => {
        resize.mockRejectedValueOnce(new UnusablePhoto("File type is not supported"));
        return photo("1");
      },
    ],
    ["a photo that was deleted", "PhotoGone", () => photoRecord("1", "original/1.jpg", "e1")],
    [
      "a photo of more bytes than the function can hold",
      "PhotoTooLarge",
      () => {
        s3.put("images/original/1.jpg", { eTag: "e1", contentLength: 64_000_001 });
        return photoRecord("1", "original/1.jpg", "e1");
      },
    ],
    ["a key too long for a thumbnail", "KeyTooLong", () => photo("1", { key: `original/${"x".repeat(1011)}.jpg` })],
  ])("%s", async (_what, code, arrange) => {
    const record = arrange();
    expect(await run(record, photo("2"))).toEqual({ batchItemFailures: [] });
    const [failure] = s3.failures();
    expect(failure).toMatchObject({ function: "CreateThumbnail", reason: { code }, profileId: "1" });
    expect(failure?.event).toEqual({ Records: [record] });
    expect(failure?.path).toMatch(
      /^failures\/CreateThumbnail\/2026\/11\/24\/2026-11-24T12\.00\.01-[0-9a-f]{16}\.json$/,
    );
    expect(text("images/thumbnails/2.jpg")).toBe("small photo 2");
  });

  it("except a photo of just the size that the function can hold, which is read", async () => {
    s3.put("images/original/1.jpg", { eTag: "e1", contentLength: 64_000_000 });
    await run(photoRecord("1", "original/1.jpg", "e1"));
    expect(String(log.error[0]?.error)).toContain("S3 sent 5 of the 64000000 bytes");
  });

  it("and the rest of a photo that is too large is not sent for nothing", async () => {
    s3.put("images/original/1.jpg", { eTag: "e1", contentLength: 64_000_001 });
    await run(photoRecord("1", "original/1.jpg", "e1"));
    expect(s3.bodies).toEqual([expect.objectContaining({ destroyed: true })]);
  });

  it("once for each record, however often it comes, and apart from another record's of the same second", async () => {
    const records = ["1", "2"].map((id) => photoRecord(id, "original/gone.jpg", "e"));
    await run(...records);
    await run(...records);
    expect(s3.failures()).toHaveLength(2);
  });

  it("and is tried again when that record cannot be written", async () => {
    const record = photoRecord("1", "original/1.jpg", "e1");
    s3.fail("PutObject failures", s3Error("SlowDown", 503));
    expect(sequenceNumbers(await run(record))).toEqual([sequenceNumberOf(record)]);
  });
});

describe("what may succeed later is reported, and succeeds when it comes again", () => {
  it.each([
    ["S3 cannot tell of the thumbnail", "HeadObject images", s3Error("InternalError", 500)],
    ["S3 cannot give the photo", "GetObject images", s3Error("SlowDown", 503)],
    ["S3 forbids reading the photo", "GetObject images", s3Error("AccessDenied", 403)],
    ["S3 cannot store the thumbnail", "PutObject images", s3Error("InternalError", 500)],
  ])("when %s", async (_what, call, error) => {
    const record = photo("1");
    s3.fail(call, error);
    expect(sequenceNumbers(await run(record))).toEqual([sequenceNumberOf(record)]);
    expect(log.error).toEqual([{ message: "will be tried again", profileId: "1", error }]);
    expect(s3.failures()).toEqual([]);
    s3.mend();
    expect(await run(record)).toEqual({ batchItemFailures: [] });
    expect(text("images/thumbnails/1.jpg")).toBe("small photo 1");
  });

  it("when the photo's connection was cut", async () => {
    s3.put("images/original/1.jpg", { eTag: "e1", contentLength: 100 });
    const record = photoRecord("1", "original/1.jpg", "e1");
    expect(sequenceNumbers(await run(record))).toEqual([sequenceNumberOf(record)]);
    expect(String(log.error[0]?.error)).toContain("S3 sent 5 of the 100 bytes of original/1.jpg");
  });

  it("when too little of the function's time is left, without beginning", async () => {
    const record = photo("1");
    const response = await handler({ Records: [record] }, lambdaContext(14_000));
    expect(sequenceNumbers(response)).toEqual([sequenceNumberOf(record)]);
    expect(s3.calls).toEqual([]);
  });

  it.each(["HeadObject images", "GetObject images", "PutObject images"])(
    "when S3 does not answer %s in time, and no call is left behind",
    async (call) => {
      const record = photo("1");
      s3.hang(call);
      const response = await handler({ Records: [record] }, lambdaContext(15_020));
      expect(sequenceNumbers(response)).toEqual([sequenceNumberOf(record)]);
      expect(s3.aborted).toEqual([expect.stringContaining(call)]);
    },
  );

  it("when the thumbnail comes too late, and it is not stored any more", async () => {
    const record = photo("1");
    let finish = (_thumbnail: Resized) => {};
    resize.mockReturnValue(new Promise((resolve) => (finish = resolve)));
    const response = await handler({ Records: [record] }, lambdaContext(15_020));
    finish({ bytes: Buffer.from("late"), contentType: "image/jpeg" });
    await new Promise(setImmediate);
    expect(sequenceNumbers(response)).toEqual([sequenceNumberOf(record)]);
    expect(text("images/thumbnails/1.jpg")).toBeUndefined();
  });

  it("when the work does not end before the function's time does", async () => {
    const record = photo("1");
    resize.mockReturnValue(new Promise(() => {}));
    const response = await handler({ Records: [record] }, lambdaContext(15_020));
    expect(sequenceNumbers(response)).toEqual([sequenceNumberOf(record)]);
    expect(String(log.error[0]?.error)).toContain("original/1.jpg: not done within 20 ms");
  });
});

it("a key that TinyPNG refuses fails the whole invocation: no photo is at fault, and none is given up", async () => {
  resize.mockRejectedValue(new KeyRefused("TinyPNG refuses the key in TINYPNG_KEY: Credentials are invalid"));
  await expect(run(photo("1"))).rejects.toThrow("TINYPNG_KEY");
  expect(s3.failures()).toEqual([]);
});

describe("the configuration", () => {
  it.each([
    ["BUCKET_NAME", undefined, "The environment variable BUCKET_NAME is not set"],
    ["FAILURES_BUCKET", undefined, "The environment variable FAILURES_BUCKET is not set"],
    ["TINYPNG_KEY", "", "The environment variable TINYPNG_KEY is not set"],
    ["THUMBNAIL_WIDTH", "wide", 'THUMBNAIL_WIDTH must be a whole number from 1 (given "wide")'],
    ["THUMBNAIL_HEIGHT", "0", 'THUMBNAIL_HEIGHT must be a whole number from 1 (given "0")'],
    ["THUMBNAIL_METHOD", "squeeze", 'THUMBNAIL_METHOD must be one of fit, cover, thumb (given "squeeze")'],
  ])("stops the start when %s is %j", (name, value, message) => {
    const kept = process.env[name];
    if (value === undefined) delete process.env[name];
    else process.env[name] = value;
    try {
      expect(() => jest.isolateModules(() => require("../../functions/create-thumbnail"))).toThrow(message);
    } finally {
      process.env[name] = kept;
    }
  });
});
