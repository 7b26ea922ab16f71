import { CopyObjectCommand, DeleteObjectCommand, GetObjectCommand, PutObjectCommand } from "@aws-sdk/client-s3";
import { BUCKET, startS3, type TestS3 } from "./harness";

let aws: TestS3;
beforeAll(async () => {
  aws = await startS3();
});
afterAll(() => aws.close());
afterEach(() => expect(aws.bugs).toEqual([]));

const put = (Key: string, Body: string | Buffer, more = {}) =>
  aws.client.send(new PutObjectCommand({ Bucket: BUCKET, Key, Body, ...more }));
const get = (Key: string, more = {}) => aws.client.send(new GetObjectCommand({ Bucket: BUCKET, Key, ...more }));
const textOf = async (Key: string, more = {}) => (await get(Key, more)).Body?.transformToString();

describe("a copy", () => {
  const copy = (more = {}) =>
    aws.client.send(
      new CopyObjectCommand({ Bucket: BUCKET, Key: "copy", CopySource: `${BUCKET}/source%20%2B.txt`, ...more }),
    );
  beforeAll(() => put("source +.txt", "text", { ContentType: "text/plain", Metadata: { a: "1" }, Tagging: "t=1" }));

  it("takes bytes, headers, metadata and tags along", async () => {
    const { CopyObjectResult } = await copy();
    const object = await get("copy");
    expect(object).toMatchObject({ ContentType: "text/plain", Metadata: { a: "1" }, TagCount: 1 });
    expect(CopyObjectResult?.ETag).toBe(object.ETag);
    expect(await object.Body?.transformToString()).toBe("text");
  });

  it.each([
    ["a plus as a space", "source+%2B.txt", "text"],
    ["a whole name that is encoded", undefined, "text"],
    ["two slashes", "/deep//twice.jpg", "/deep//twice.jpg"],
    ["a step back", "a/../b.jpg", "a/../b.jpg"],
    ["a plus that is encoded", "a%2Bb.jpg", "a+b.jpg"],
  ])("reads %s in the name of its source", async (_what, name, text) => {
    for (const key of ["/deep//twice.jpg", "a/../b.jpg", "a+b.jpg"]) await put(key, key);
    const CopySource = name === undefined ? encodeURIComponent(`/${BUCKET}/source +.txt`) : `${BUCKET}/${name}`;
    await copy({ CopySource });
    expect(await textOf("copy")).toBe(text);
  });

  it("takes new metadata and tags with REPLACE", async () => {
    await copy({ MetadataDirective: "REPLACE", Metadata: { b: "2" }, TaggingDirective: "REPLACE", Tagging: "" });
    const object = await get("copy");
    expect(object.Metadata).toEqual({ b: "2" });
    expect(object.TagCount).toBeUndefined();
  });

  it("onto itself must change something, and outlives its source", async () => {
    await put("self", "same");
    const self = { Bucket: BUCKET, Key: "self", CopySource: `${BUCKET}/self` };
    await expect(aws.client.send(new CopyObjectCommand(self))).rejects.toMatchObject({ name: "InvalidRequest" });
    await aws.client.send(new CopyObjectCommand({ ...self, MetadataDirective: "REPLACE" }));
    await aws.client.send(new CopyObjectCommand({ ...self, Key: "kept" }));
    await aws.client.send(new DeleteObjectCommand({ Bucket: BUCKET, Key: "self" }));
    expect(await textOf("kept")).toBe("same");
  });

  it("obeys conditions on its source", async () => {
    await expect(copy({ CopySourceIfMatch: '"x"' })).rejects.toMatchObject({ name: "PreconditionFailed" });
    await expect(copy({ CopySourceIfModifiedSince: new Date(Date.now() + 60_000) })).rejects.toMatchObject({
      name: "PreconditionFailed",
    });
    await expect(copy({ CopySource: `${BUCKET}/none` })).rejects.toMatchObject({ name: "NoSuchKey" });
  });
});
