import type { DynamoDBRecord } from "aws-lambda";
import { replayableChange } from "../../functions/lib/replayable";
import { type Resized, UnusablePhoto } from "../../functions/lib/resize";
import { KeyRefused } from "../../functions/lib/tinypng";
import { KeyUnreadable } from "../../functions/lib/tinypng-key";
import { lambdaContext, photoRecord, pictureOf } from "./factories";
import { s3Error } from "./fake-s3";
import { createThumbnailHarness, sequenceNumberOf, sequenceNumbers } from "./thumbnail-harness";

const { s3, resize, handler, log, photo, run, text } = createThumbnailHarness();

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
    [
      "an iPhone's photo, whatever its name",
      "UnsupportedFormat",
      () => {
        resize.mockRejectedValueOnce(new UnusablePhoto("File type is not supported"));
        return photo("1", { body: "\0\0\0\x18ftypheic\0\0\0\0mif1heic" });
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
    expect(failure?.event).toEqual({ Records: [replayableChange(record)] });
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
    "when S3 does not respond to %s in time, and no call is left behind",
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
    finish(pictureOf("late"));
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

it.each([
  ["a key that TinyPNG refuses", new KeyRefused("TinyPNG refuses the key in the parameter /tinypng-key")],
  ["a key that cannot be read", new KeyUnreadable("TinyPNG's key cannot be read from the parameter /tinypng-key")],
])("%s fails the whole invocation: no photo is at fault, and none is given up", async (_what, error) => {
  resize.mockRejectedValue(error);
  await expect(run(photo("1"))).rejects.toThrow("/tinypng-key");
  expect(s3.failures()).toEqual([]);
});
