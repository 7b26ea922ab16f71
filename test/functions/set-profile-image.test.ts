import "./configuration"; // First: the function asks for it when it is imported.
import { ProvisionedThroughputExceededException } from "@aws-sdk/client-dynamodb";
import type { S3Event } from "aws-lambda";
import { createHandler } from "../../functions/set-profile-image";
import { uploadRecord } from "./factories";
import { createFakeProfiles } from "./fake-profiles";
import { createFakeS3, s3Error } from "./fake-s3";

let s3: ReturnType<typeof createFakeS3>;
let table: ReturnType<typeof createFakeProfiles>;
let handler: ReturnType<typeof createHandler>;
const log: Record<"info" | "error", unknown[]> = { info: [], error: [] };

beforeEach(() => {
  s3 = createFakeS3();
  table = createFakeProfiles("1", "2");
  handler = createHandler({
    s3: s3.client,
    dynamodb: table.client,
    tableName: "user-profile",
    failuresBucket: "failures",
  });
  for (const level of ["info", "error"] as const) {
    log[level] = [];
    jest.spyOn(console, level).mockImplementation((...entry) => void log[level].push(...entry));
  }
});
afterEach(() => jest.restoreAllMocks());

/** Stores a photo of a profile and returns the record of its event. */
function upload({ id = "1", ...photo }: { id?: string } & Parameters<typeof uploadRecord>[0] = {}) {
  const { bucket = "images", key = "original/photo.jpg" } = photo;
  const record = uploadRecord(photo);
  s3.put(`${bucket}/${key}`, { eTag: record.s3.object.eTag, metadata: { "user-profile-id": id } });
  return record;
}

const run = (...Records: S3Event["Records"]) => handler({ Records });

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

it("a number that is none is a failure record at once, and no update", async () => {
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

it("a repeated event changes nothing and is no failure", async () => {
  const record = upload();
  await run(record);
  await run(record);
  expect(log.info.at(-1)).toMatchObject({ message: "skipped: profile 1 has this photo or a newer one" });
  expect(s3.failures()).toEqual([]);
});

describe("in whatever order events come, and however often, the newest photo wins", () => {
  const key = (name: string) => `original/${name}.jpg`;
  const cases: [string, ReturnType<typeof uploadRecord>[]][] = [
    [
      "with different keys at different times",
      [
        uploadRecord({ key: key("a"), eventTime: "2026-11-24T12:00:00.001Z", sequencer: "FF" }),
        uploadRecord({ key: key("b"), eventTime: "2026-11-24T12:00:00.002Z", sequencer: "0A" }),
        uploadRecord({ key: key("c"), eventTime: "2026-11-24T12:00:00.010Z", sequencer: "01" }),
      ],
    ],
    [
      "within the same millisecond, by sequencers of different lengths",
      [
        uploadRecord({ key: key("a"), sequencer: "0055AED6DCD90281E5" }),
        uploadRecord({ key: key("b"), sequencer: "0055AED6DCD90281E5B" }),
        uploadRecord({ key: key("c"), sequencer: "0055AED6DCD90281E6" }),
      ],
    ],
    [
      "under one key, with times that run backwards",
      [
        uploadRecord({ key: key("a"), eventTime: "2026-11-24T12:00:00.030Z", sequencer: "0A", eTag: "a1" }),
        uploadRecord({ key: key("a"), eventTime: "2026-11-24T12:00:00.020Z", sequencer: "0A0B", eTag: "a2" }),
        uploadRecord({ key: key("a"), eventTime: "2026-11-24T12:00:00.010Z", sequencer: "0b", eTag: "a3" }),
      ],
    ],
    [
      "from one key to another and back",
      [
        uploadRecord({ key: key("a"), eventTime: "2026-11-24T12:00:00.010Z", sequencer: "0A", eTag: "a1" }),
        uploadRecord({ key: key("b"), eventTime: "2026-11-24T12:00:00.020Z", sequencer: "FF", eTag: "b1" }),
        uploadRecord({ key: key("a"), eventTime: "2026-11-24T12:00:00.030Z", sequencer: "0B", eTag: "a2" }),
      ],
    ],
    [
      "to another key after times that ran backwards",
      [
        uploadRecord({ key: key("a"), eventTime: "2026-11-24T12:00:00.030Z", sequencer: "0A", eTag: "a1" }),
        uploadRecord({ key: key("a"), eventTime: "2026-11-24T12:00:00.010Z", sequencer: "0B", eTag: "a2" }),
        uploadRecord({ key: key("b"), eventTime: "2026-11-24T12:00:00.040Z", sequencer: "01", eTag: "b1" }),
      ],
    ],
    [
      "across a day's end",
      [
        uploadRecord({ key: key("a"), eventTime: "2026-12-31T23:59:59.999Z" }),
        uploadRecord({ key: key("b"), eventTime: "2027-01-01T00:00:00.000Z" }),
      ],
    ],
  ];

  const permutations = <T>(items: readonly T[]): T[][] =>
    items.length < 2
      ? [[...items]]
      : items.flatMap((item, index) => permutations(items.toSpliced(index, 1)).map((others) => [item, ...others]));

  it.each(cases)("%s", async (_what, records) => {
    for (const order of permutations(records)) {
      table = createFakeProfiles("1");
      handler = createHandler({
        s3: s3.client,
        dynamodb: table.client,
        tableName: "user-profile",
        failuresBucket: "failures",
      });
      for (const record of [...order, ...order]) {
        // What S3 held when this event was young: none of them is told apart by the object that is there by now.
        const { key: stored, eTag } = record.s3.object;
        s3.put(`images/${stored}`, { eTag, metadata: { "user-profile-id": "1" } });
        await run(record);
      }
      const { key: stored, eTag } = records.at(-1)?.s3.object ?? {};
      expect(table.profile("1")).toMatchObject({ image: { S: stored }, imageETag: { S: eTag } });
    }
  });
});

describe("which photo is the newer one", () => {
  const A = "original/a.jpg";
  const at = (milliseconds: string) => `2026-11-24T12:00:00.${milliseconds}Z`;
  const eTagOf = (id = "1") => table.profile(id)?.imageETag?.S;

  it("is decided by one write where time and sequencer agree, and by two where they do not", async () => {
    await run(upload({ key: A, eventTime: at("030"), sequencer: "0A", eTag: "a1" }));
    await run(upload({ key: A, eventTime: at("040"), sequencer: "0B", eTag: "a2" }));
    expect(table.inputs).toHaveLength(2);
    await run(upload({ key: A, eventTime: at("010"), sequencer: "0C", eTag: "a3" }));
    expect(table.inputs).toHaveLength(4);
    expect(eTagOf()).toBe("a3");
  });

  it("is later than all that its key's photo before it was later than", async () => {
    await run(upload({ key: A, eventTime: at("030"), sequencer: "0A", eTag: "a1" }));
    await run(upload({ key: A, eventTime: at("010"), sequencer: "0B", eTag: "a2" }));
    await run(upload({ key: "original/b.jpg", eventTime: at("020"), sequencer: "FF", eTag: "b1" }));
    expect(eTagOf()).toBe("a2");
  });

  it("of an older event of the same key is not it, though its time is later", async () => {
    await run(upload({ key: A, eventTime: at("010"), sequencer: "0B", eTag: "a2" }));
    await run(upload({ key: A, eventTime: at("030"), sequencer: "0A", eTag: "a1" }));
    expect(eTagOf()).toBe("a2");
  });

  it("is decided once more when another upload comes in between, of which none is lost", async () => {
    const between = (sequencer: string, eTag: string) => () =>
      table.put("1", {
        image: { S: A },
        imageETag: { S: eTag },
        imageVersion: { S: `${at("050")}#${sequencer.padEnd(32, "0")}` },
        imageSequencer: { S: sequencer.padEnd(32, "0") },
      });
    table.before(between("0A", "a1"), between("0B", "a2"));
    await run(upload({ key: A, eventTime: at("010"), sequencer: "0C", eTag: "a3" }));
    expect(eTagOf()).toBe("a3");
    table.before(between("0D", "a4"), between("0F", "a6"));
    await run(upload({ key: A, eventTime: at("010"), sequencer: "0E", eTag: "a5" }));
    expect(eTagOf()).toBe("a6");
  });

  describe("for a profile that an earlier release wrote, without a sequencer of its own,", () => {
    beforeEach(() =>
      table.put("1", {
        image: { S: A },
        imageETag: { S: "a2" },
        imageVersion: { S: `${at("020")}#${"0B".padEnd(32, "0")}` },
      }),
    );

    it.each([
      ["is one of its key with a later sequencer and time", { key: A, eventTime: at("030"), sequencer: "0C" }, true],
      ["is one of its key with a later sequencer alone", { key: A, eventTime: at("010"), sequencer: "0C" }, true],
      ["is none of its key with a later time alone", { key: A, eventTime: at("030"), sequencer: "0A" }, false],
      ["is not the same once more", { key: A, eventTime: at("020"), sequencer: "0B" }, false],
      ["is a later one of another key", { key: "original/b.jpg", eventTime: at("030"), sequencer: "01" }, true],
      ["is no earlier one of another key", { key: "original/b.jpg", eventTime: at("010"), sequencer: "FF" }, false],
    ])("%s", async (_what, photo, isNewer) => {
      await run(upload({ ...photo, eTag: "new" }));
      expect(eTagOf()).toBe(isNewer ? "new" : "a2");
      expect(table.profile("1")?.imageSequencer?.S).toBe(isNewer ? photo.sequencer.padEnd(32, "0") : undefined);
    });
  });
});

describe("what can never succeed ends as a failure record", () => {
  it("when there is no such profile, and none is created", async () => {
    await run(upload({ id: "4711" }));
    expect(s3.failures()).toMatchObject([{ reason: { code: "UnknownProfile" }, profileId: "4711" }]);
    expect(table.profile("4711")).toBeUndefined();
  });

  it("when the photo was deleted before its turn", async () => {
    await run(uploadRecord());
    expect(s3.failures()).toMatchObject([{ reason: { code: "PhotoGone" }, key: "original/photo.jpg" }]);
  });

  it.each([
    ["nothing", {}, "there is no user-profile-id, nor any other; "],
    [
      "a misspelt name",
      { userprofileid: "1", author: "me" },
      'there is no user-profile-id, only "userprofileid", "author"; ',
    ],
  ])("when its metadata says %s instead of whose it is", async (_what, metadata, message) => {
    s3.put("images/original/photo.jpg", { eTag: "e1", metadata });
    await run(uploadRecord());
    expect(table.inputs).toEqual([]);
    expect(s3.failures()).toMatchObject([
      { reason: { code: "NoProfileId", message: expect.stringContaining(message) }, key: "original/photo.jpg" },
    ]);
  });

  it.each([
    ["HEIC", "original/IMG_1.HEIC", "\0\0\0\x18ftypheic\0\0\0\0mif1heic"],
    ["GIF", "original/party.gif", "GIF89a and so on"],
    ["TIFF", "original/scan.tif", "II*\0 and so on"],
    ["BMP", "original/paint.bmp", "BM\x46\0\0\0\0\0\0\0 and so on"],
  ])("when it is %s, which TinyPNG does not take: the profile keeps what it has", async (format, key, body) => {
    const record = upload({ key });
    s3.put(`images/${key}`, { body: Buffer.from(body), eTag: "e1", metadata: { "user-profile-id": "1" } });
    await run(record);
    expect(table.inputs).toEqual([]);
    expect(s3.failures()).toMatchObject([
      { reason: { code: "UnsupportedFormat", message: expect.stringMatching(`^${key} is ${format}, .*JPEG`) } },
    ]);
  });

  it("but not when only its name says so: its content counts", async () => {
    await run(upload({ key: "original/IMG_1.HEIC" }));
    expect(table.profile("1")?.image).toEqual({ S: "original/IMG_1.HEIC" });
    expect(s3.failures()).toEqual([]);
  });

  it("when it is named like a folder, but holds something", async () => {
    s3.put("images/original/album.jpg/", { eTag: "e1" });
    await run(uploadRecord({ key: "original/album.jpg/" }));
    expect(s3.failures()).toMatchObject([{ reason: { code: "NoProfileId" } }]);
  });

  it("when S3 cannot give the metadata back, in which the number may be", async () => {
    s3.put("images/original/photo.jpg", { eTag: "e1", missingMeta: 1 });
    await run(uploadRecord());
    expect(s3.failures()).toMatchObject([{ reason: { code: "UnreadableMetadata" } }]);
  });

  it("that can be replayed: it holds the whole record", async () => {
    const record = upload({ id: "4711", key: "original/my photo.jpg" });
    await run(record);
    const [failure] = s3.failures();
    expect(failure).toMatchObject({ version: "1.0", function: "SetProfileImage", key: "original/my photo.jpg" });
    expect(failure?.event).toEqual({ Records: [record] });
    expect(failure?.path).toMatch(
      /^failures\/SetProfileImage\/2026\/11\/24\/2026-11-24T12\.00\.00-[0-9a-f]{16}\.json$/,
    );
  });

  it("once, when the event comes twice, and apart from those of other events", async () => {
    const records = ["a", "b"].map((name) => upload({ id: "4711", key: `original/${name}.jpg` }));
    await run(...records);
    await run(...records);
    expect(s3.failures()).toHaveLength(2);
  });

  it("for each upload, when two of one moment went to the same key", async () => {
    for (const sequencer of ["0A", "0B"]) await run(upload({ id: "4711", sequencer }));
    expect(s3.failures()).toHaveLength(2);
  });

  it("and is logged as an error, with the place of the failure record", async () => {
    await run(upload({ id: "4711" }));
    const [{ path = "" } = {}] = s3.failures();
    expect(log.error).toEqual([
      {
        message: "kept as a failure",
        outcome: "failed",
        code: "UnknownProfile",
        reason: "There is no profile 4711",
        profileId: "4711",
        key: "original/photo.jpg",
        failureKey: path.replace("failures/", ""),
      },
    ]);
  });
});

describe("what may succeed later is thrown, for Lambda to try again", () => {
  it.each([
    ["S3 cannot answer", () => s3.fail("HeadObject images", s3Error("InternalError", 500)), "InternalError"],
    ["S3 forbids it", () => s3.fail("HeadObject images", s3Error("403", 403)), "403"],
    [
      "DynamoDB throttles",
      () => table.fail(new ProvisionedThroughputExceededException({ message: "", $metadata: {} })),
      "ProvisionedThroughputExceededException",
    ],
  ])("when %s", async (_what, breakIt, name) => {
    const record = upload();
    breakIt();
    await expect(run(record)).rejects.toMatchObject({ name });
    expect(s3.failures()).toEqual([]);
  });

  it("when the failure record itself cannot be written", async () => {
    s3.fail("PutObject failures", s3Error("SlowDown", 503));
    await expect(run(upload({ id: "two" }))).rejects.toMatchObject({ name: "SlowDown" });
  });

  it("after every other record has had its turn", async () => {
    const [bad, good] = [upload({ key: "original/bad.jpg" }), upload({ key: "original/good.jpg", id: "2" })];
    s3.fail("HeadObject images/original/bad.jpg", s3Error("InternalError", 500));
    await expect(run(bad, good)).rejects.toMatchObject({ name: "InternalError" });
    expect(table.profile("2")?.image).toEqual({ S: "original/good.jpg" });
  });

  it("with all reasons, when there are several", async () => {
    const records = [upload({ key: "original/a.jpg" }), upload({ key: "original/b.jpg" })];
    s3.fail("HeadObject images/original/a.jpg", s3Error("InternalError", 500));
    s3.fail("HeadObject images/original/b.jpg", s3Error("SlowDown", 503));
    const error: unknown = await run(...records).catch((reason) => reason);
    expect(error).toBeInstanceOf(AggregateError);
    expect(String(error)).toMatch(/InternalError.*; .*SlowDown/);
  });
});

it("S3's test event, which has no records, does nothing", async () => {
  await handler({ Service: "Amazon S3", Event: "s3:TestEvent", Bucket: "images" } as unknown as S3Event);
  expect(s3.calls).toEqual([]);
});
