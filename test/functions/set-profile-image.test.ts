import type { S3Event } from "aws-lambda";
import { uploadRecord } from "./factories";
import { createSetProfileImageHarness } from "./set-profile-image-harness";

const { s3, table, handler, log, upload, run } = createSetProfileImageHarness();

describe("an uploaded photo of a profile", () => {
  it("becomes its image, beside which nothing else of the profile changes", async () => {
    await run(upload({ eTag: "abc" }));
    expect(table.profile("1")).toEqual({
      id: { N: "1" },
      nick: { S: "Nick 1" },
      image: { S: "original/photo.jpg" },
      imageETag: { S: "abc" },
      imageVersion: { S: `2026-11-24T12:00:00.000Z#${"0055AED6DCD90281E5".padEnd(32, "0")}` },
      imageSequencer: { S: "0055AED6DCD90281E5".padEnd(32, "0") },
    });
    expect(s3.failures()).toEqual([]);
  });

  it("is written by a single conditional update that only sets the image's attributes", async () => {
    await run(upload());
    expect(table.inputs).toHaveLength(1);
    expect(table.inputs[0]).toMatchObject({
      TableName: "user-profile",
      UpdateExpression: "SET image = :key, imageETag = :eTag, imageVersion = :version, imageSequencer = :sequencer",
      ReturnValuesOnConditionCheckFailure: "ALL_OLD",
    });
  });

  it.each([
    ["a space, which S3 writes as a plus", "original/red+flower.jpg", "original/red flower.jpg"],
    ["a plus", "original/1%2B1.jpg", "original/1+1.jpg"],
    ["a percent sign", "original/100%25.jpg", "original/100%.jpg"],
    ["an ampersand", "original/a%26b.jpg", "original/a&b.jpg"],
    ["umlauts", "original/%C3%9Cml%C3%A4ut.jpg", "original/Ümläut.jpg"],
    ["an emoji", "original/%F0%9F%9B%A9.jpg", "original/🛩.jpg"],
    ["folders", "original/1/a/b.jpg", "original/1/a/b.jpg"],
  ])("may have a key with %s", async (_what, encodedKey, key) => {
    await run(upload({ key, encodedKey }));
    expect(table.profile("1")?.image).toEqual({ S: key });
  });

  it("is looked for in the bucket that the event names", async () => {
    await run(upload({ bucket: "more-images" }));
    expect(s3.calls).toEqual(["HeadObject more-images/original/photo.jpg"]);
    expect(table.profile("1")?.image).toEqual({ S: "original/photo.jpg" });
  });

  it("is logged as one object, for Lambda's JSON log", async () => {
    await run(upload());
    expect(log.info).toEqual([{ message: "set for profile 1", profileId: "1", key: "original/photo.jpg" }]);
  });
});

it("a malformed number is a failure record at once, and no update", async () => {
  await run(upload({ id: " 2" }));
  expect(table.inputs).toEqual([]);
  expect(s3.failures()).toMatchObject([{ reason: { code: "MalformedProfileId" }, key: "original/photo.jpg" }]);
});

describe("what is not a profile's newest photo is skipped with a log line", () => {
  afterEach(() => {
    expect(log.info).toEqual([
      expect.objectContaining({ message: expect.stringContaining("skipped: "), outcome: "skipped" }),
    ]);
    expect(s3.failures()).toEqual([]);
  });

  it("when it lies outside original/, without a single call", async () => {
    await run(upload({ key: "thumbnails/photo.jpg" }));
    expect(s3.calls).toEqual([]);
    expect(table.inputs).toEqual([]);
  });

  it("when it is a folder, without a single call", async () => {
    await run(uploadRecord({ key: "original/album.jpg/", size: 0 }));
    expect(s3.calls).toEqual([]);
  });

  it("when another photo has taken its key since", async () => {
    const record = upload({ eTag: "old" });
    upload({ eTag: "new", id: "2" });
    await run(record);
    expect(table.inputs).toEqual([]);
  });
});

it("a repeated event changes nothing and is not a failure", async () => {
  const record = upload();
  await run(record);
  await run(record);
  expect(log.info.at(-1)).toMatchObject({ message: "skipped: profile 1 has this photo or a newer one" });
  expect(s3.failures()).toEqual([]);
});

it("S3's test event, which has no records, does nothing", async () => {
  await handler({ Service: "Amazon S3", Event: "s3:TestEvent", Bucket: "images" } as unknown as S3Event);
  expect(s3.calls).toEqual([]);
});
