// What S3 makes of objects.

import { Readable } from "node:stream";
import {
  DeleteObjectCommand,
  DeleteObjectsCommand,
  GetObjectCommand,
  GetObjectTaggingCommand,
  HeadObjectCommand,
  PutObjectCommand,
  PutObjectTaggingCommand,
} from "@aws-sdk/client-s3";
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
const isBodyOf = async (Key: string, bytes: Buffer) =>
  bytes.equals((await (await get(Key)).Body?.transformToByteArray()) ?? Buffer.alloc(0));
const textOf = async (Key: string, more = {}) => (await get(Key, more)).Body?.transformToString();

describe("an object", () => {
  it("comes back with its bytes, ETag, headers and lower-case metadata", async () => {
    const { ETag } = await put("original/a b+ü.jpg", "hello", {
      ContentType: "image/jpeg",
      CacheControl: "no-store",
      Metadata: { "User-Profile-Id": "42" },
    });
    const object = await get("original/a b+ü.jpg");
    expect(await object.Body?.transformToString()).toBe("hello");
    expect(ETag).toBe('"5d41402abc4b2a76b9719d911017c592"');
    expect(object).toMatchObject({
      ETag,
      ContentLength: 5,
      ContentType: "image/jpeg",
      CacheControl: "no-store",
      Metadata: { "user-profile-id": "42" },
      ServerSideEncryption: "AES256",
      AcceptRanges: "bytes",
    });
  });

  it("larger than memory's share is kept whole, also when it is sent as a stream in chunks", async () => {
    const bytes = Buffer.alloc(3_000_000, "0123456789");
    await put("large", bytes);
    expect(await isBodyOf("large", bytes)).toBe(true);
    const stream = Readable.from([bytes.subarray(0, 1_234_567), bytes.subarray(1_234_567)]);
    await account.s3.send(new PutObjectCommand({ Bucket, Key: "streamed", Body: stream, ContentLength: bytes.length }));
    expect((await get("streamed", { Range: "bytes=0-0" })).ContentEncoding).toBeUndefined();
    expect(await isBodyOf("streamed", bytes)).toBe(true);
  });

  // The example of https://docs.aws.amazon.com/AmazonS3/latest/userguide/UsingMetadata.html: S3 reads bytes as ISO 8859-1.
  it("returns metadata that is not ASCII as RFC 2047 words", async () => {
    const word = "=?UTF-8?B?w4PChE3Dg8KEWsODwpXDg8KRIFMz?=";
    await put("words", "x", { Metadata: { nonascii: "ÄMÄZÕÑ S3" } });
    expect((await get("words")).Metadata).toEqual({ nonascii: word });
    await put("words", "x", { Metadata: { nonascii: word, name: "=?UTF-8?Q?Zo=C3=AB?=" } });
    expect((await get("words")).Metadata).toEqual({ nonascii: word, name: "=?UTF-8?B?Wm/Dqw==?=" });
  });

  it.each([
    ["aws-chunked", undefined],
    ["gzip,aws-chunked", "gzip"],
    ["AWS-Chunked, deflate, gzip", "deflate, gzip"],
    ["deflate, aws-chunked,gzip", "deflate,gzip"],
  ])("sent with the coding %s is stored with %s", async (sent, stored) => {
    await put("coded", "x", { ContentEncoding: sent });
    expect((await get("coded")).ContentEncoding).toBe(stored);
  });

  it("with more than 2 KB of metadata is refused", async () => {
    await expect(put("meta", "x", { Metadata: { a: "x".repeat(2047) } })).resolves.toBeDefined();
    await expect(put("meta", "x", { Metadata: { a: "x".repeat(2048) } })).rejects.toMatchObject({
      name: "MetadataTooLarge",
      message: "Your metadata headers exceed the maximum allowed metadata size",
    });
  });

  it("that is not there returns 404: NoSuchKey to GET, nothing to HEAD, success to DELETE", async () => {
    await expect(get("nothing")).rejects.toMatchObject({ name: "NoSuchKey", Key: "nothing" });
    const head = account.s3.send(new HeadObjectCommand({ Bucket, Key: "nothing" }));
    await expect(head).rejects.toMatchObject({ name: "NotFound" });
    const deleted = await account.s3.send(new DeleteObjectCommand({ Bucket, Key: "nothing" }));
    expect(deleted.$metadata.httpStatusCode).toBe(204);
  });

  it("can be deleted on the condition that it has not changed", async () => {
    await put("d3", "x");
    const remove = (IfMatch: string) => account.s3.send(new DeleteObjectCommand({ Bucket, Key: "d3", IfMatch }));
    await expect(remove('"another"')).rejects.toMatchObject({ name: "PreconditionFailed" });
    await remove((await get("d3")).ETag ?? "");
    await expect(remove("*")).rejects.toMatchObject({ name: "NoSuchKey" });
  });

  it("can be deleted, also many at once", async () => {
    for (const key of ["d1", "d2", " spaces & <tags> "]) await put(key, "x");
    await account.s3.send(new DeleteObjectCommand({ Bucket, Key: "d1" }));
    await expect(get("d1")).rejects.toMatchObject({ name: "NoSuchKey" });
    const Objects = [{ Key: "d2" }, { Key: " spaces & <tags> " }, { Key: "never" }];
    const { Deleted } = await account.s3.send(new DeleteObjectsCommand({ Bucket, Delete: { Objects } }));
    expect(Deleted).toEqual(Objects);
    await expect(get(" spaces & <tags> ")).rejects.toMatchObject({ name: "NoSuchKey" });
  });
});

describe("ranges", () => {
  beforeAll(() => put("range", "0123456789"));

  it.each([
    ["bytes=0-3", "0123", "bytes 0-3/10"],
    ["bytes=7-", "789", "bytes 7-9/10"],
    ["bytes=-2", "89", "bytes 8-9/10"],
    ["bytes=8-100", "89", "bytes 8-9/10"],
  ])("%s gives %s", async (Range, text, ContentRange) => {
    const part = await get("range", { Range });
    expect(part).toMatchObject({ ContentRange, ContentLength: text.length });
    expect(part.$metadata.httpStatusCode).toBe(206);
    expect(await part.Body?.transformToString()).toBe(text);
  });

  it("cross the pieces of a file", async () => {
    await put("big range", Buffer.alloc(2_000_000, "abcdefghij"));
    expect(await textOf("big range", { Range: "bytes=1048570-1048590" })).toBe("abcdefghijabcdefghija");
  });

  it("behind the end are refused, several and unreadable ones ignored", async () => {
    await expect(get("range", { Range: "bytes=10-" })).rejects.toMatchObject({ name: "InvalidRange" });
    expect(await textOf("range", { Range: "bytes=0-1,3-4" })).toBe("0123456789");
    expect(await textOf("range", { Range: "lines=1-2" })).toBe("0123456789");
  });
});

describe("conditions", () => {
  it("on GET return 304 or 412", async () => {
    const { ETag } = await put("conditional", "x");
    await expect(get("conditional", { IfNoneMatch: ETag })).rejects.toMatchObject({
      $metadata: { httpStatusCode: 304 },
    });
    await expect(get("conditional", { IfMatch: '"other"' })).rejects.toMatchObject({ name: "PreconditionFailed" });
    const future = new Date(Date.now() + 60_000);
    await expect(get("conditional", { IfModifiedSince: future })).rejects.toMatchObject({
      $metadata: { httpStatusCode: 304 },
    });
    await expect(get("conditional", { IfUnmodifiedSince: new Date(0) })).rejects.toMatchObject({
      name: "PreconditionFailed",
    });
    expect(await textOf("conditional", { IfMatch: ETag, IfUnmodifiedSince: new Date(0) })).toBe("x");
  });

  it("on PUT protect what is there", async () => {
    const { ETag } = await put("guarded", "1", { IfNoneMatch: "*" });
    await expect(put("guarded", "2", { IfNoneMatch: "*" })).rejects.toMatchObject({ name: "PreconditionFailed" });
    await expect(put("guarded", "2", { IfMatch: '"wrong"' })).rejects.toMatchObject({ name: "PreconditionFailed" });
    await put("guarded", "3", { IfMatch: ETag });
    expect(await textOf("guarded")).toBe("3");
    await expect(put("unguarded", "2", { IfMatch: ETag })).rejects.toMatchObject({ name: "NoSuchKey" });
    await expect(put("guarded", "2", { IfNoneMatch: ETag })).rejects.toMatchObject({ name: "NotImplemented" });
  });

  it("let exactly one of many writers create a key", async () => {
    const writes = Array.from({ length: 8 }, (_, index) => put("race", `${index}`, { IfNoneMatch: "*" }));
    const results = await Promise.allSettled(writes);
    expect(results.filter(({ status }) => status === "fulfilled")).toHaveLength(1);
    for (const result of results) {
      // 409 where AWS cannot tell yet: https://docs.aws.amazon.com/AmazonS3/latest/userguide/conditional-writes.html
      if (result.status === "rejected") expect([409, 412]).toContain(result.reason.$metadata.httpStatusCode);
    }
  });
});

describe("tags", () => {
  it("come with a PUT or alone, and are counted", async () => {
    await put("tagged", "x", { Tagging: "Thumbnail=true&a%20b=c%2Bd" });
    const read = async () => (await account.s3.send(new GetObjectTaggingCommand({ Bucket, Key: "tagged" }))).TagSet;
    expect(await read()).toEqual([
      { Key: "Thumbnail", Value: "true" },
      { Key: "a b", Value: "c+d" },
    ]);
    expect((await get("tagged")).TagCount).toBe(2);
    const Tagging = { TagSet: [{ Key: "0042", Value: "" }] };
    await account.s3.send(new PutObjectTaggingCommand({ Bucket, Key: "tagged", Tagging }));
    expect(await read()).toEqual([{ Key: "0042", Value: "" }]);
  });

  it("are at most ten, unique and of AWS's alphabet", async () => {
    const many = Array.from({ length: 11 }, (_, index) => `k${index}=v`).join("&");
    await expect(put("t", "x", { Tagging: many })).rejects.toMatchObject({ name: "BadRequest" });
    await expect(put("t", "x", { Tagging: "a=1&a=2" })).rejects.toMatchObject({ name: "InvalidArgument" });
    await expect(put("t", "x", { Tagging: "a=%7B" })).rejects.toMatchObject({ name: "InvalidTag" });
  });
});
