import type { DynamoDBRecord } from "aws-lambda";
import { thumbnailIn } from "../../functions/lib/profile-thumbnail";
import { UnusablePhoto } from "../../functions/lib/resize";
import { thumbnailOf } from "./factories";
import { createThumbnailHarness, sequenceNumberOf, sequenceNumbers } from "./thumbnail-harness";

const { s3, table, resize, photo, streamed, run, follow, text } = createThumbnailHarness();

const named = (id = "3") => thumbnailIn(table.profile(id));
const OLD = { key: "original/old.jpg", eTag: "old", body: "old" };
const NEW = { key: "original/new.jpg", eTag: "new", body: "new" };

/** A profile whose photo has its thumbnail. */
async function profileWithThumbnail(): Promise<void> {
  photo("3", OLD);
  table.takeChanges();
  table.put("3", { nick: { S: "Goose" } });
  await run(changeOfImage());
  await follow();
  resize.mockClear();
}

/** The record that brought the profile its image, seen again. */
function changeOfImage(): DynamoDBRecord {
  const { image, imageETag, imageVersion } = table.profile("3") ?? {};
  table.drop("3", "image", "imageETag", "imageVersion");
  streamed();
  table.put("3", { image, imageETag, imageVersion });
  return streamed()[0] as DynamoDBRecord;
}

describe("a profile names its thumbnail", () => {
  it("once it is stored, with what an app needs to show it", async () => {
    await run(photo("3"));
    expect(named()).toEqual({
      key: "thumbnails/3.jpg",
      width: 1,
      height: 1,
      bytes: thumbnailOf("small photo 3").length,
      type: "image/jpeg",
      imageETag: "e3",
      imageVersion: "v-e3",
    });
  });

  it("and the change that this is costs nothing more", async () => {
    await run(photo("3"));
    await follow();
    expect(resize).toHaveBeenCalledTimes(1);
  });

  it("also when it was there before, such as one of an earlier release", async () => {
    await profileWithThumbnail();
    table.drop("3", "thumbnail");
    await run(changeOfImage());
    expect(named()).toMatchObject({ key: "thumbnails/old.jpg", imageVersion: "v-old" });
    expect(resize).not.toHaveBeenCalled();
  });

  it("of the photo's newest version when it was sent again under the same key", async () => {
    await profileWithThumbnail();
    photo("3", { ...OLD, eTag: "again", body: "again" });
    await run(changeOfImage());
    await follow();
    expect(named()).toMatchObject({ key: "thumbnails/old.jpg", imageETag: "again", imageVersion: "v-again" });
    expect(text("images/thumbnails/old.jpg")).toBe("small again");
  });

  it("and no other attribute changes", async () => {
    const record = photo("3");
    const { thumbnail: _none, ...before } = table.profile("3") ?? {};
    await run(record);
    const { thumbnail: _thumbnail, ...after } = table.profile("3") ?? {};
    expect(after).toEqual(before);
  });
});

describe("the last good thumbnail stays, and stays named", () => {
  beforeEach(profileWithThumbnail);

  const expectOld = () => {
    expect(named()).toMatchObject({ key: "thumbnails/old.jpg", imageVersion: "v-old" });
    expect(text("images/thumbnails/old.jpg")).toBe("small old");
  };

  it("until the new one is there, and goes after it is named", async () => {
    const record = photo("3", NEW);
    resize.mockRejectedValueOnce(new Error("Too many requests (HTTP 429/TooManyRequests)"));
    expect(sequenceNumbers(await run(record))).toEqual([sequenceNumberOf(record)]);
    expectOld();
    expect(await run(record)).toEqual({ batchItemFailures: [] });
    expect(named()?.key).toBe("thumbnails/new.jpg");
    expect(text("images/thumbnails/old.jpg")).toBe("small old");
    await follow();
    expect(text("images/thumbnails/old.jpg")).toBeUndefined();
    expect(text("images/thumbnails/new.jpg")).toBe("small new");
  });

  it("when the new photo is not an image", async () => {
    resize.mockRejectedValueOnce(new UnusablePhoto("File type is not supported"));
    await run(photo("3", NEW));
    await follow();
    expect(s3.failures()).toHaveLength(1);
    expectOld();
  });

  it("when its own record comes again after that", async () => {
    const record = changeOfImage();
    resize.mockRejectedValueOnce(new UnusablePhoto("File type is not supported"));
    await run(photo("3", NEW));
    await run(record);
    await follow();
    expectOld();
    expect(resize).toHaveBeenCalledTimes(1);
  });

  it("when the profile gets yet another photo before the new one can be named, and the new one goes", async () => {
    const record = photo("3", NEW);
    table.before(() => {
      photo("3", { key: "original/newest.jpg", eTag: "newest" });
    });
    expect(await run(record)).toEqual({ batchItemFailures: [] });
    expect(text("images/thumbnails/new.jpg")).toBeUndefined();
    expectOld();
  });

  it("when the table cannot be written, and the new photo is paid for once", async () => {
    const record = photo("3", NEW);
    table.fail(new Error("Throughput exceeds the current capacity of your table"));
    expect(sequenceNumbers(await run(record))).toEqual([sequenceNumberOf(record)]);
    expectOld();
    table.mend();
    expect(await run(record)).toEqual({ batchItemFailures: [] });
    expect(named()?.key).toBe("thumbnails/new.jpg");
    expect(resize).toHaveBeenCalledTimes(1);
  });
});

describe("a profile names no thumbnail any more, and the thumbnail goes,", () => {
  beforeEach(profileWithThumbnail);

  it.each([
    ["its image was taken away", () => table.drop("3", "image", "imageETag", "imageVersion")],
    ["its image now is nothing under original/", () => table.put("3", { image: { S: "elsewhere/new.jpg" } })],
    ["it was removed", () => table.remove("3")],
  ])("when %s", async (_what, change) => {
    change();
    await follow();
    expect(named()).toBeUndefined();
    expect(text("images/thumbnails/old.jpg")).toBeUndefined();
    expect(resize).not.toHaveBeenCalled();
  });

  it("except when it has an image again by then", async () => {
    table.drop("3", "image", "imageETag", "imageVersion");
    const [record] = streamed();
    photo("3", NEW);
    await run(record as DynamoDBRecord);
    expect(named()?.key).toBe("thumbnails/old.jpg");
  });

  it("when another profile's photo takes its key: nobody ever shows another one's face", async () => {
    const record = photo("4", { ...OLD, eTag: "other", body: "other" });
    s3.before("PutObject images", () => expect(named("3")).toBeUndefined());
    await run(record);
    await follow();
    expect(named("3")).toBeUndefined();
    expect(named("4")?.key).toBe("thumbnails/old.jpg");
    expect(text("images/thumbnails/old.jpg")).toBe("small other");
  });
});

describe("a photo that fails under the key of an earlier thumbnail", () => {
  const fails = () => resize.mockRejectedValueOnce(new UnusablePhoto("File type is not supported"));
  /** The profile names the thumbnail of its second photo, and has the first one's key again. */
  async function backToOld(): Promise<DynamoDBRecord> {
    await profileWithThumbnail();
    await run(photo("3", NEW));
    const left = streamed();
    const record = photo("3", { ...OLD, eTag: "broken", body: "broken" });
    // It is left where it is, since the profile is about to name it.
    await run(...left);
    expect(text("images/thumbnails/old.jpg")).toBe("small old");
    return record;
  }

  it("takes that thumbnail along, which nobody else would remove", async () => {
    const record = await backToOld();
    fails();
    expect(await run(record)).toEqual({ batchItemFailures: [] });
    expect(text("images/thumbnails/old.jpg")).toBeUndefined();
    expect(named()?.key).toBe("thumbnails/new.jpg");
    expect(text("images/thumbnails/new.jpg")).toBe("small new");
  });

  it("leaves it to a newer photo under the key", async () => {
    const record = await backToOld();
    photo("3", { ...OLD, eTag: "newer", body: "newer" });
    fails();
    await run(record);
    expect(text("images/thumbnails/old.jpg")).toBe("small old");
  });

  it("leaves it to a profile of an earlier release, which names none", async () => {
    const record = await backToOld();
    table.drop("3", "thumbnail");
    fails();
    await run(record);
    expect(text("images/thumbnails/old.jpg")).toBe("small old");
  });
});
