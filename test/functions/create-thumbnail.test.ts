import "./configuration"; // First: the function asks for it when it is imported.
import type { DynamoDBRecord } from "aws-lambda";
import { createHandler, type Dependencies } from "../../functions/create-thumbnail";
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
  handler = create();
  for (const level of ["info", "error"] as const) {
    log[level] = [];
    jest.spyOn(console, level).mockImplementation((...entry) => void log[level].push(...entry));
  }
});
afterEach(() => jest.restoreAllMocks());

const create = (changed: Partial<Dependencies> = {}) =>
  createHandler({
    s3: s3.client,
    resize,
    size: { method: "fit", width: 150, height: 150 },
    bucket: "images",
    failuresBucket: "failures",
    keepPreviousThumbnails: false,
    ...changed,
  });

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
      metadata: { "user-profile-id": "3", "original-etag": "e3", "thumbnail-size": "fit-150x150" },
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

  it("gets it once: a record that comes again costs no TinyPNG credit", async () => {
    const record = photo("3");
    await run(record);
    expect(await run(record)).toEqual({ batchItemFailures: [] });
    expect(resize).toHaveBeenCalledTimes(1);
  });

  it("gets a new one when the size of thumbnails has changed since", async () => {
    const record = photo("3");
    await run(record);
    handler = create({ size: { method: "fit", width: 64, height: 64 } });
    await run(record);
    await run(record);
    expect(resize).toHaveBeenCalledTimes(2);
    expect(s3.object("images/thumbnails/3.jpg")?.metadata["thumbnail-size"]).toBe("fit-64x64");
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

  it("gets it once as well: the photo itself tells its ETag", async () => {
    photo("3");
    await run(changeRecord({ id: "3", before: {}, after: { key: "original/3.jpg" } }));
    await run(changeRecord({ id: "3", before: {}, after: { key: "original/3.jpg" } }));
    expect(resize).toHaveBeenCalledTimes(1);
  });

  it("is not held to the ETag of the image before it", async () => {
    const before = { key: "original/old.jpg", eTag: "old", version: "v1" };
    photo("3");
    await run(changeRecord({ id: "3", before, after: { ...before, key: "original/3.jpg" } }));
    expect(text("images/thumbnails/3.jpg")).toBe("small photo 3");
  });
});

describe("the thumbnail of a photo that its profile no longer has", () => {
  const old = { key: "original/old.jpg", eTag: "old", version: "v1" };
  const toNew = () => {
    s3.put("images/original/new.jpg", { eTag: "new" });
    return changeRecord({ id: "3", before: old, after: { key: "original/new.jpg", eTag: "new", version: "v2" } });
  };
  beforeEach(async () => {
    await run(photo("3", { key: old.key, eTag: old.eTag }));
    expect(text("images/thumbnails/old.jpg")).toBeDefined();
  });

  it.each<[string, () => DynamoDBRecord]>([
    ["the profile got a photo of another key", toNew],
    ["the profile was removed", () => changeRecord({ id: "3", before: old })],
    ["the image was taken from the profile", () => changeRecord({ id: "3", before: old, after: {} })],
    [
      "the image now points elsewhere",
      () => changeRecord({ id: "3", before: old, after: { ...old, key: "elsewhere/new.jpg" } }),
    ],
  ])("is removed when %s", async (_what, arrange) => {
    const record = arrange();
    expect(await run(record)).toEqual({ batchItemFailures: [] });
    expect(text("images/thumbnails/old.jpg")).toBeUndefined();
    expect(await run(record)).toEqual({ batchItemFailures: [] });
  });

  it("makes room for the new one, which stays", async () => {
    await run(toNew());
    expect(text("images/thumbnails/new.jpg")).toBe("small photo");
  });

  it("is removed although the new photo is no image", async () => {
    resize.mockRejectedValueOnce(new UnusablePhoto("File type is not supported"));
    await run(toNew());
    expect(s3.failures()).toHaveLength(1);
    expect(text("images/thumbnails/old.jpg")).toBeUndefined();
  });

  it("is removed although the new photo is itself replaced in the same batch", async () => {
    s3.put("images/original/newest.jpg", { eTag: "newest" });
    const before = { key: "original/new.jpg", eTag: "new", version: "v2" };
    const after = { key: "original/newest.jpg", eTag: "newest", version: "v3" };
    await run(toNew(), changeRecord({ id: "3", before, after, sequenceNumber: "100000000000000000002" }));
    expect(text("images/thumbnails/old.jpg")).toBeUndefined();
    expect(text("images/thumbnails/newest.jpg")).toBe("small photo");
    expect(resize).toHaveBeenCalledTimes(2);
  });

  it("stays, at no new credit, when the profile gets the photo back in the same batch", async () => {
    const before = { key: "original/new.jpg", eTag: "new", version: "v2" };
    await run(toNew(), changeRecord({ id: "3", before, after: { ...old, version: "v3" } }));
    expect(text("images/thumbnails/old.jpg")).toBe("small photo 3");
    expect(resize).toHaveBeenCalledTimes(1);
  });

  it("stays when it is another profile's by now", async () => {
    await run(photo("4", { key: old.key, eTag: old.eTag }));
    await run(toNew());
    expect(s3.object("images/thumbnails/old.jpg")?.metadata).toMatchObject({ "user-profile-id": "4" });
  });

  it("stays when it changes hands just before it would be removed", async () => {
    const metadata = { "user-profile-id": "4" };
    s3.onNextWrite(() => s3.put("images/thumbnails/old.jpg", { eTag: "another", metadata }));
    expect(await run(changeRecord({ id: "3", before: old }))).toEqual({ batchItemFailures: [] });
    expect(s3.object("images/thumbnails/old.jpg")?.metadata).toEqual(metadata);
  });

  it("stays when the settings say so, without a call", async () => {
    handler = create({ keepPreviousThumbnails: true });
    s3.calls.length = 0;
    await run(changeRecord({ id: "3", before: old }));
    expect(s3.calls).toEqual([]);
    await run(toNew());
    expect(text("images/thumbnails/old.jpg")).toBe("small photo 3");
  });

  it.each(["HeadObject images/thumbnails/old.jpg", "DeleteObject images"])(
    "is tried again when %s fails, and does not hold up the new one",
    async (call) => {
      const record = toNew();
      s3.fail(call, s3Error("SlowDown", 503));
      expect(sequenceNumbers(await run(record))).toEqual([sequenceNumberOf(record)]);
      expect(text("images/thumbnails/new.jpg")).toBe("small photo");
      s3.mend();
      expect(await run(record)).toEqual({ batchItemFailures: [] });
      expect(text("images/thumbnails/old.jpg")).toBeUndefined();
      expect(resize).toHaveBeenCalledTimes(2);
    },
  );
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

  it("never lets the thumbnail of an older photo replace the newer one's under the same key", async () => {
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
    ["KEEP_PREVIOUS_THUMBNAILS", "no", 'KEEP_PREVIOUS_THUMBNAILS must be one of true, false (given "no")'],
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
