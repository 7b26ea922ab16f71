import type { DynamoDBRecord } from "aws-lambda";
import { lambdaContext } from "./factories";
import { s3Error } from "./fake-s3";
import { createThumbnailHarness, sequenceNumberOf, sequenceNumbers } from "./thumbnail-harness";

const { s3, table, resize, handler, handlerWith, photo, streamed, run, follow, text } = createThumbnailHarness();

describe("the thumbnail that its profile no longer names", () => {
  let record: DynamoDBRecord;

  beforeEach(async () => {
    photo("3", { key: "original/old.jpg", eTag: "old" });
    table.takeChanges();
    await again();
    await follow();
    photo("3", { key: "original/new.jpg", eTag: "new" });
    await again();
    // That of the function's own write: the profile names the new one instead of the old.
    [record] = streamed() as [DynamoDBRecord];
    expect(text("images/thumbnails/old.jpg")).toBeDefined();
    s3.calls.length = 0;
  });

  /** Hands over the change that brought the profile its image. */
  async function again(): Promise<void> {
    const { image, imageETag, imageVersion } = table.profile("3") ?? {};
    table.drop("3", "image", "imageETag", "imageVersion");
    streamed();
    table.put("3", { image, imageETag, imageVersion });
    expect(await run(...streamed())).toEqual({ batchItemFailures: [] });
  }

  it("is removed, however often that is told", async () => {
    for (let time = 0; time < 2; time += 1) expect(await run(record)).toEqual({ batchItemFailures: [] });
    expect(text("images/thumbnails/old.jpg")).toBeUndefined();
    expect(text("images/thumbnails/new.jpg")).toBeDefined();
  });

  it("stays when it is another profile's by now", async () => {
    await run(photo("4", { key: "original/old.jpg", eTag: "old" }));
    await run(record);
    expect(s3.object("images/thumbnails/old.jpg")?.metadata).toMatchObject({ "user-profile-id": "4" });
  });

  it("stays when it changes hands just before it would be removed", async () => {
    const metadata = { "user-profile-id": "4" };
    s3.before("DeleteObject images", () => s3.put("images/thumbnails/old.jpg", { eTag: "another", metadata }));
    expect(await run(record)).toEqual({ batchItemFailures: [] });
    expect(s3.object("images/thumbnails/old.jpg")?.metadata).toEqual(metadata);
  });

  it("stays when the profile names it again by now", async () => {
    photo("3", { key: "original/old.jpg", eTag: "old" });
    await again();
    expect(await run(record)).toEqual({ batchItemFailures: [] });
    expect(text("images/thumbnails/old.jpg")).toBeDefined();
  });

  it("stays when the settings say so, without a call", async () => {
    const keep = handlerWith({ keepPreviousThumbnails: true });
    await keep({ Records: [record] }, lambdaContext());
    expect(s3.calls).toEqual([]);
    expect(text("images/thumbnails/old.jpg")).toBeDefined();
  });

  it.each(["HeadObject images/thumbnails/old.jpg", "DeleteObject images"])(
    "is tried again when %s fails",
    async (call) => {
      s3.fail(call, s3Error("SlowDown", 503));
      expect(sequenceNumbers(await run(record))).toEqual([sequenceNumberOf(record)]);
      s3.mend();
      expect(await run(record)).toEqual({ batchItemFailures: [] });
      expect(text("images/thumbnails/old.jpg")).toBeUndefined();
    },
  );
});

describe("a profile that an earlier release left, which names no thumbnail,", () => {
  const before = { key: "original/old.jpg", eTag: "old" };
  beforeEach(async () => {
    await run(photo("3", before));
    table.drop("3", "thumbnail");
    streamed();
  });

  it("loses the thumbnail of its photo when it gets another one, after that one's is there", async () => {
    s3.before("PutObject images", () => expect(text("images/thumbnails/old.jpg")).toBeDefined());
    await run(photo("3", { key: "original/new.jpg", eTag: "new" }));
    expect(text("images/thumbnails/old.jpg")).toBeUndefined();
    expect(text("images/thumbnails/new.jpg")).toBeDefined();
  });

  it.each([
    ["it is removed", () => table.remove("3")],
    ["its image is taken away", () => table.drop("3", "image", "imageETag", "imageVersion")],
  ])("loses it when %s", async (_what, change) => {
    change();
    await follow();
    expect(text("images/thumbnails/old.jpg")).toBeUndefined();
  });
});

describe("a record that comes for the first time", () => {
  const justNow = (record: DynamoDBRecord): DynamoDBRecord => ({
    ...record,
    eventSourceARN: "arn:aws:dynamodb:eu-west-1:111122223333:table/user-profile/stream/2026-11-26T00:00:00.000",
    dynamodb: { ...record.dynamodb, ApproximateCreationDateTime: Math.floor(Date.now() / 1000) },
  });
  const PHOTO = { key: "original/3.jpg", eTag: "e3", body: "photo 3" };

  it("costs no look for a thumbnail that cannot be there", async () => {
    await run(justNow(photo("3", PHOTO)));
    expect(s3.calls).toEqual(["GetObject images/original/3.jpg", "PutObject images/thumbnails/3.jpg"]);
  });

  it("is none that comes from no stream: it was sent by hand, for a thumbnail that may be there", async () => {
    await run({ ...justNow(photo("3", PHOTO)), eventSourceARN: undefined });
    expect(s3.calls[0]).toBe("HeadObject images/thumbnails/3.jpg");
  });

  it("and comes again is paid for once", async () => {
    const record = justNow(photo("3", PHOTO));
    table.fail(new Error("Throughput exceeds the current capacity of your table"));
    expect(sequenceNumbers(await run(record))).toEqual([sequenceNumberOf(record)]);
    table.mend();
    expect(await run(record)).toEqual({ batchItemFailures: [] });
    expect(resize).toHaveBeenCalledTimes(1);
  });

  it("and is not the first after all finds what another instance has stored, and names it", async () => {
    const record = justNow(photo("3", PHOTO));
    await handlerWith()({ Records: [record] }, lambdaContext());
    table.drop("3", "thumbnail");
    expect(await run(record)).toEqual({ batchItemFailures: [] });
    expect(table.profile("3")?.thumbnail).toBeDefined();
    expect(s3.calls.filter((call) => call.startsWith("PutObject"))).toHaveLength(2);
  });

  it("replaces what an older photo under its key has left", async () => {
    await run(photo("3", { ...PHOTO, eTag: "older", body: "older" }));
    await run(justNow(photo("3", PHOTO)));
    expect(text("images/thumbnails/3.jpg")).toBe("small photo 3");
  });

  it("never replaces the thumbnail of a newer photo under its key", async () => {
    const record = justNow(photo("3", PHOTO));
    resize.mockImplementationOnce(async (bytes) => {
      await run(photo("3", { ...PHOTO, eTag: "newer", body: "newer" }));
      resize.mockClear();
      return { bytes, type: "image/jpeg", width: 1, height: 1 };
    });
    expect(sequenceNumbers(await run(record))).toEqual([sequenceNumberOf(record)]);
    expect(text("images/thumbnails/3.jpg")).toBe("small newer");
    expect(await handler({ Records: [record] }, lambdaContext())).toEqual({ batchItemFailures: [] });
    expect(text("images/thumbnails/3.jpg")).toBe("small newer");
  });
});
