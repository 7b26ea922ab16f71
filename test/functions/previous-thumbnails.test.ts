import type { DynamoDBRecord } from "aws-lambda";
import { UnusablePhoto } from "../../functions/lib/tinypng";
import { changeRecord, lambdaContext } from "./factories";
import { s3Error } from "./fake-s3";
import { createThumbnailHarness, sequenceNumberOf, sequenceNumbers } from "./thumbnail-harness";

const { s3, resize, handlerWith, photo, run, text } = createThumbnailHarness();

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
    s3.before("DeleteObject images", () => s3.put("images/thumbnails/old.jpg", { eTag: "another", metadata }));
    expect(await run(changeRecord({ id: "3", before: old }))).toEqual({ batchItemFailures: [] });
    expect(s3.object("images/thumbnails/old.jpg")?.metadata).toEqual(metadata);
  });

  it("stays when the settings say so, without a call", async () => {
    const keep = handlerWith({ keepPreviousThumbnails: true });
    s3.calls.length = 0;
    await keep({ Records: [changeRecord({ id: "3", before: old })] }, lambdaContext());
    expect(s3.calls).toEqual([]);
    await keep({ Records: [toNew()] }, lambdaContext());
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
