// What S3 makes of copies.

import { CopyObjectCommand, DeleteObjectCommand, GetObjectCommand, PutObjectCommand } from "@aws-sdk/client-s3";
import { type ContractAccount, openAccount } from "./account";

let account: ContractAccount;
let Bucket: string;
beforeAll(async () => {
  account = await openAccount();
  Bucket = await account.createBucket();
});
afterAll(() => account.close());

const put = (Key: string, Body: string | Buffer, more = {}) =>
  account.s3.send(new PutObjectCommand({ Bucket, Key, Body, ...more }));
const get = (Key: string, more = {}) => account.s3.send(new GetObjectCommand({ Bucket, Key, ...more }));
const textOf = async (Key: string, more = {}) => (await get(Key, more)).Body?.transformToString();

describe("a copy", () => {
  const copy = (more = {}) =>
    account.s3.send(new CopyObjectCommand({ Bucket, Key: "copy", CopySource: `${Bucket}/source%20%2B.txt`, ...more }));
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
    const CopySource = name === undefined ? encodeURIComponent(`/${Bucket}/source +.txt`) : `${Bucket}/${name}`;
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
    const self = { Bucket, Key: "self", CopySource: `${Bucket}/self` };
    await expect(account.s3.send(new CopyObjectCommand(self))).rejects.toMatchObject({ name: "InvalidRequest" });
    await account.s3.send(new CopyObjectCommand({ ...self, MetadataDirective: "REPLACE" }));
    await account.s3.send(new CopyObjectCommand({ ...self, Key: "kept" }));
    await account.s3.send(new DeleteObjectCommand({ Bucket, Key: "self" }));
    expect(await textOf("kept")).toBe("same");
  });

  it("obeys conditions on its source", async () => {
    await expect(copy({ CopySourceIfMatch: '"x"' })).rejects.toMatchObject({ name: "PreconditionFailed" });
    await expect(copy({ CopySourceIfModifiedSince: new Date(Date.now() + 60_000) })).rejects.toMatchObject({
      name: "PreconditionFailed",
    });
    await expect(copy({ CopySource: `${Bucket}/none` })).rejects.toMatchObject({ name: "NoSuchKey" });
  });
});
