// Several thumbnails of each photo: stored first, and then named all at once.

import { type ProfileThumbnail, thumbnailIn } from "../../functions/lib/profile-thumbnail";
import { sizesIn, type ThumbnailSize, type ThumbnailSizes } from "../../functions/lib/thumbnail-sizes";
import { changeRecord, lambdaContext, ONE_SIZE, thumbnailOf } from "./factories";
import { createThumbnailHarness } from "./thumbnail-harness";

const { s3, table, resize, handlerWith, photo, streamed, log } = createThumbnailHarness();

const never = () => {
  throw new Error("There is a list");
};
const SIZES = sizesIn(
  JSON.stringify([
    { name: "card", method: "fit", width: 150, height: 150, format: "original" },
    { name: "small", method: "cover", width: 64, height: 64, format: "webp" },
  ]),
  never,
);
const [CARD] = SIZES;
const handler = handlerWith({ sizes: SIZES });

/** Hands over the records of all changes, also of those that the function makes itself, until there is none. */
async function follow(sizes: ThumbnailSizes = SIZES): Promise<void> {
  const handle = handlerWith({ sizes });
  for (let Records = streamed(); Records.length > 0; Records = streamed()) {
    expect(await handle({ Records }, lambdaContext())).toEqual({ batchItemFailures: [] });
  }
}
const run = async (...Records: ReturnType<typeof photo>[]) => handler({ Records }, lambdaContext());

const keys = () =>
  s3
    .paths()
    .filter((path) => path.startsWith("images/thumbnails/"))
    .map((path) => path.slice("images/".length))
    .sort();
const named = (id = "1"): ProfileThumbnail | undefined => thumbnailIn(table.profile(id));

it("are named once all are stored, each by the name of its size", async () => {
  await run(photo("1"));
  expect(keys()).toEqual(["thumbnails/1.jpg", "thumbnails/small/1.jpg"]);
  const card = { key: "thumbnails/1.jpg", width: 1, height: 1, bytes: expect.any(Number), type: "image/jpeg" };
  const small = { ...card, key: "thumbnails/small/1.jpg" };
  expect(named()).toEqual({ ...card, imageETag: "e1", imageVersion: "v-e1", sizes: { card, small } });
  expect(s3.object("images/thumbnails/1.jpg")?.metadata["thumbnail-size"]).toBe("fit-150x150");
  expect(s3.object("images/thumbnails/small/1.jpg")).toMatchObject({
    metadata: { "user-profile-id": "1", "original-etag": "e1", "thumbnail-size": "cover-64x64-webp" },
    tagging: "Thumbnail=true",
  });
});

it("are all asked for at once, so that the photo is read once", async () => {
  await run(photo("1"));
  expect(resize.mock.calls.map(([, size]) => size)).toEqual(SIZES);
  expect(s3.calls.filter((call) => call === "GetObject images/original/1.jpg")).toHaveLength(1);
});

it("are not named as long as one of them could not be stored, and the next try makes that one alone", async () => {
  await run(photo("1"));
  s3.put("images/original/1b.jpg", {
    body: Buffer.from("photo 1b"),
    eTag: "e1b",
    metadata: { "user-profile-id": "1" },
  });
  table.put("1", {
    ...table.profile("1"),
    image: { S: "original/1b.jpg" },
    imageETag: { S: "e1b" },
    imageVersion: { S: "v-e1b" },
  });
  const Records = streamed().slice(-1);
  s3.fail("PutObject images/thumbnails/small/1b.jpg", new Error("S3 is ill"));
  resize.mockClear();
  expect((await handler({ Records }, lambdaContext())).batchItemFailures).toHaveLength(1);
  expect(named()?.key).toBe("thumbnails/1.jpg");
  expect(keys()).toContain("thumbnails/1b.jpg");
  s3.mend();
  await handler({ Records }, lambdaContext());
  expect(resize.mock.calls.map(([, size]) => (size as ThumbnailSize).name)).toEqual(["card", "small", "small"]);
  expect(named()).toMatchObject({ key: "thumbnails/1b.jpg", sizes: { small: { key: "thumbnails/small/1b.jpg" } } });
});

it("all go with the photo, and with the profile", async () => {
  await run(photo("1"));
  await follow();
  await run(photo("1", { key: "original/other.jpg", eTag: "other" }));
  await follow();
  expect(keys()).toEqual(["thumbnails/other.jpg", "thumbnails/small/other.jpg"]);
  expect(log.info.filter(({ message }) => message === "removed").map(({ thumbnailKey }) => thumbnailKey)).toEqual([
    "thumbnails/1.jpg",
    "thumbnails/small/1.jpg",
  ]);
  table.remove("1");
  await follow();
  expect(keys()).toEqual([]);
});

it("of a photo that lost its profile while it was worked on, none stays", async () => {
  const record = photo("1");
  resize.mockImplementationOnce(async () => {
    table.drop("1", "image");
    return { bytes: thumbnailOf("late"), type: "image/jpeg", width: 1, height: 1 };
  });
  await run(record);
  expect(keys()).toEqual([]);
});

describe("when the sizes have changed since,", () => {
  const again = (id: string) =>
    changeRecord({ id, after: { key: `original/${id}.jpg`, eTag: `e${id}`, version: `v-e${id}` }, before: {} });

  beforeEach(async () => {
    await run(photo("1"));
    await follow();
    resize.mockClear();
  });

  it("only the new one is made", async () => {
    const large = { ...CARD, name: "large", width: 1000, folder: "large/" };
    await handlerWith({ sizes: [...SIZES, large] })({ Records: [again("1")] }, lambdaContext());
    expect(resize.mock.calls.map(([, size]) => (size as ThumbnailSize).name)).toEqual(["large"]);
    expect(Object.keys(named()?.sizes ?? {})).toEqual(["card", "small", "large"]);
  });

  it("only the changed one is made", async () => {
    const [, small] = SIZES;
    await handlerWith({ sizes: [CARD, { ...CARD, ...small, format: "avif" }] })(
      { Records: [again("1")] },
      lambdaContext(),
    );
    expect(resize.mock.calls.map(([, size]) => (size as ThumbnailSize).name)).toEqual(["small"]);
  });

  it("the one that is no longer wanted goes, once the profile does not name it", async () => {
    await handlerWith({ sizes: [CARD] })({ Records: [again("1")] }, lambdaContext());
    expect(keys()).toEqual(["thumbnails/1.jpg", "thumbnails/small/1.jpg"]);
    expect(Object.keys(named()?.sizes ?? {})).toEqual(["card"]);
    await follow([CARD]);
    expect(keys()).toEqual(["thumbnails/1.jpg"]);
    expect(resize).not.toHaveBeenCalled();
  });

  it("the profile names no sizes with the setting for one", async () => {
    await handlerWith({ sizes: [ONE_SIZE] })({ Records: [again("1")] }, lambdaContext());
    await follow([ONE_SIZE]);
    expect(named()).toMatchObject({ key: "thumbnails/1.jpg" });
    expect(named()).not.toHaveProperty("sizes");
    expect(keys()).toEqual(["thumbnails/1.jpg"]);
  });
});

it("another profile's photo under the same key takes all of them, and the one before shows none of them", async () => {
  await run(photo("1", { key: "original/shared.jpg", eTag: "first" }));
  await follow();
  const record = photo("2", { key: "original/shared.jpg", eTag: "second" });
  await run(record);
  expect(named("1")).toBeUndefined();
  expect(Object.values(named("2")?.sizes ?? {}).map(({ key }) => s3.object(`images/${key}`)?.metadata)).toEqual([
    expect.objectContaining({ "user-profile-id": "2", "original-etag": "second" }),
    expect.objectContaining({ "user-profile-id": "2", "original-etag": "second" }),
  ]);
});

it("a photo in a folder with a size's name has none, and a failure record says why", async () => {
  await run(photo("1", { key: "original/small/1.jpg" }));
  expect(s3.failures()[0].reason).toEqual({
    code: "KeyOfSize",
    message:
      'original/small/1.jpg would have its thumbnail among those of the size "small": give that size another name, or the photo another key',
  });
  expect(keys()).toEqual([]);
});

it("a list that is none stops the function at its start", () => {
  for (const list of ["[]", "small", '[{"width": 1}]']) {
    expect(() => sizesIn(list, never)).toThrow(
      `The environment variable THUMBNAILS must be a list of sizes with names (given "${list}")`,
    );
  }
});
