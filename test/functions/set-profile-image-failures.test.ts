// What SetProfileImage keeps as a failure record, and what it throws for Lambda to try again.

import { ProvisionedThroughputExceededException } from "@aws-sdk/client-dynamodb";
import { replayableUpload } from "../../functions/lib/replayable";
import { uploadRecord } from "./factories";
import { s3Error } from "./fake-s3";
import { createSetProfileImageHarness } from "./set-profile-image-harness";

const { s3, table, log, upload, run, handlerWith } = createSetProfileImageHarness();

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

  it("but for a photo that went because its profile has another one, whose event comes again", async () => {
    await handlerWith({ removesPreviousOriginals: true })({ Records: [uploadRecord()] });
    expect(s3.failures()).toEqual([]);
    expect(log.info).toMatchObject([{ key: "original/photo.jpg", outcome: "skipped" }]);
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
  ])("when it is %s, which the pipeline does not take: the profile keeps what it has", async (format, key, body) => {
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

  it("that can be replayed: it holds what a replay needs of the record", async () => {
    const record = upload({ id: "4711", key: "original/my photo.jpg" });
    await run(record);
    const [failure] = s3.failures();
    expect(failure).toMatchObject({ version: "1.0", function: "SetProfileImage", key: "original/my photo.jpg" });
    expect(failure?.event).toEqual({ Records: [replayableUpload(record)] });
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
