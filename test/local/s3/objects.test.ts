import { once } from "node:events";
import { readdirSync, watch } from "node:fs";
import { type IncomingMessage, request } from "node:http";
import { Readable } from "node:stream";
import {
  CompleteMultipartUploadCommand,
  CopyObjectCommand,
  CreateMultipartUploadCommand,
  DeleteObjectCommand,
  DeleteObjectsCommand,
  GetObjectCommand,
  GetObjectTaggingCommand,
  HeadObjectCommand,
  PutObjectCommand,
  PutObjectTaggingCommand,
  UploadPartCommand,
} from "@aws-sdk/client-s3";
import { ADMINISTRATOR } from "../iam/account";
import { BUCKET, startS3, type TestS3 } from "./harness";
import { signHead } from "./signing";

let aws: TestS3;
beforeAll(async () => {
  aws = await startS3();
});
afterAll(() => aws.close());
afterEach(() => expect(aws.bugs).toEqual([]));

const put = (Key: string, Body: string | Buffer, more = {}) =>
  aws.client.send(new PutObjectCommand({ Bucket: BUCKET, Key, Body, ...more }));
const get = (Key: string, more = {}) => aws.client.send(new GetObjectCommand({ Bucket: BUCKET, Key, ...more }));
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

  it("is binary/octet-stream and empty when nothing else is said", async () => {
    await aws.client.send(new PutObjectCommand({ Bucket: BUCKET, Key: "empty", Body: Buffer.alloc(0) }));
    const head = await aws.client.send(new HeadObjectCommand({ Bucket: BUCKET, Key: "empty" }));
    expect(head).toMatchObject({ ContentLength: 0, ETag: '"d41d8cd98f00b204e9800998ecf8427e"' });
    await aws.s3.putObject(ADMINISTRATOR, {
      bucket: BUCKET,
      key: "report",
      body: Buffer.from("{}"),
      contentType: "a/b",
    });
    expect(await get("report")).toMatchObject({ ContentType: "a/b", ContentLength: 2 });
  });

  it("larger than memory's share is kept whole, also when it is sent as a stream in chunks", async () => {
    const bytes = Buffer.alloc(3_000_000, "0123456789");
    await put("large", bytes);
    expect(await isBodyOf("large", bytes)).toBe(true);
    const stream = Readable.from([bytes.subarray(0, 1_234_567), bytes.subarray(1_234_567)]);
    await aws.client.send(
      new PutObjectCommand({ Bucket: BUCKET, Key: "streamed", Body: stream, ContentLength: bytes.length }),
    );
    expect((await get("streamed", { Range: "bytes=0-0" })).ContentEncoding).toBeUndefined();
    expect(await isBodyOf("streamed", bytes)).toBe(true);
  });

  it("keeps its old bytes for a reader that began before it was overwritten", async () => {
    const before = Buffer.alloc(8_000_000, "a");
    await put("overwritten", before);
    const reading = await get("overwritten");
    await put("overwritten", "after");
    expect(Buffer.from((await reading.Body?.transformToByteArray()) ?? []).equals(before)).toBe(true);
    expect(await textOf("overwritten")).toBe("after");
  });

  // The example of https://docs.aws.amazon.com/AmazonS3/latest/userguide/UsingMetadata.html: S3 reads bytes as ISO 8859-1.
  it("returns metadata that is not ASCII as RFC 2047 words", async () => {
    const word = "=?UTF-8?B?w4PChE3Dg8KEWsODwpXDg8KRIFMz?=";
    await put("words", "x", { Metadata: { nonascii: "ÄMÄZÕÑ S3" } });
    expect((await get("words")).Metadata).toEqual({ nonascii: word });
    await put("words", "x", { Metadata: { nonascii: word, name: "=?UTF-8?Q?Zo=C3=AB?=" } });
    expect((await get("words")).Metadata).toEqual({ nonascii: word, name: "=?UTF-8?B?Wm/Dqw==?=" });
  });

  it("keeps metadata whose name means something to JavaScript, and each content coding as it was sent", async () => {
    const path = `/${BUCKET}/as-sent`;
    const headers = { "x-amz-meta-__proto__": "1", "x-amz-meta-constructor": "2", "content-encoding": "deflate, gzip" };
    const { headers: signed } = signHead(aws.port, "PUT", path, "UNSIGNED-PAYLOAD", headers);
    expect((await aws.send("PUT", path, { headers: { ...signed, "content-length": 1 }, body: "x" })).status).toBe(200);
    const copied = `/${BUCKET}/as-sent-copy`;
    const copying = signHead(aws.port, "PUT", copied, "UNSIGNED-PAYLOAD", { "x-amz-copy-source": path });
    expect((await aws.send("PUT", copied, { headers: copying.headers })).status).toBe(200);
    for (const each of [path, copied]) {
      const answer = await aws.send("GET", each, signHead(aws.port, "GET", each, "UNSIGNED-PAYLOAD", {}));
      expect(answer.headers).toMatchObject({ "content-encoding": "deflate, gzip", "x-amz-meta-constructor": "2" });
      expect(Object.entries(answer.headers)).toContainEqual(["x-amz-meta-__proto__", "1"]);
    }
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

  it.each(["AES256", "aws:kms"] as const)("is encrypted with %s when its writer asks for it", async (asked) => {
    const other = asked === "AES256" ? "aws:kms" : "AES256";
    aws.s3.putBucketEncryption(BUCKET, other);
    const ServerSideEncryption = asked;
    const target = { Bucket: BUCKET, Key: "encrypted" };
    expect(await put("encrypted", "x", { ServerSideEncryption })).toMatchObject({ ServerSideEncryption });
    expect(await get("encrypted")).toMatchObject({ ServerSideEncryption });
    const { UploadId } = await aws.client.send(new CreateMultipartUploadCommand({ ...target, ServerSideEncryption }));
    const part = { ...target, UploadId, PartNumber: 1 };
    const { ETag, ...uploaded } = await aws.client.send(new UploadPartCommand({ ...part, Body: "x" }));
    const MultipartUpload = { Parts: [{ PartNumber: 1, ETag }] };
    const completed = await aws.client.send(
      new CompleteMultipartUploadCommand({ ...target, UploadId, MultipartUpload }),
    );
    expect([uploaded, completed, await get("encrypted")]).toMatchObject(Array(3).fill({ ServerSideEncryption }));
    // A copy is a new object: it takes nothing from its source's encryption.
    const copy = { Bucket: BUCKET, Key: "encrypted-copy", CopySource: `${BUCKET}/encrypted` };
    expect(await aws.client.send(new CopyObjectCommand(copy))).toMatchObject({ ServerSideEncryption: other });
    aws.s3.putBucketEncryption(BUCKET, "AES256");
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
    const head = aws.client.send(new HeadObjectCommand({ Bucket: BUCKET, Key: "nothing" }));
    await expect(head).rejects.toMatchObject({ name: "NotFound" });
    const deleted = await aws.client.send(new DeleteObjectCommand({ Bucket: BUCKET, Key: "nothing" }));
    expect(deleted.$metadata.httpStatusCode).toBe(204);
  });

  it("can be deleted on the condition that it has not changed", async () => {
    await put("d3", "x");
    const remove = (IfMatch: string) =>
      aws.client.send(new DeleteObjectCommand({ Bucket: BUCKET, Key: "d3", IfMatch }));
    await expect(remove('"another"')).rejects.toMatchObject({ name: "PreconditionFailed" });
    await remove((await get("d3")).ETag ?? "");
    await expect(remove("*")).rejects.toMatchObject({ name: "NoSuchKey" });
  });

  it("can be deleted, also many at once", async () => {
    for (const key of ["d1", "d2", " spaces & <tags> "]) await put(key, "x");
    await aws.client.send(new DeleteObjectCommand({ Bucket: BUCKET, Key: "d1" }));
    await expect(get("d1")).rejects.toMatchObject({ name: "NoSuchKey" });
    const Objects = [{ Key: "d2" }, { Key: " spaces & <tags> " }, { Key: "never" }];
    const { Deleted } = await aws.client.send(new DeleteObjectsCommand({ Bucket: BUCKET, Delete: { Objects } }));
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

  it("keep nothing of a body whose key was taken while it came", async () => {
    const path = `/${BUCKET}/taken`;
    const bytes = Buffer.alloc(3_000_000, "x");
    const { headers } = signHead(aws.port, "PUT", path, "UNSIGNED-PAYLOAD", { "if-none-match": "*" });
    const target = { host: "127.0.0.1", port: aws.port, method: "PUT", path, agent: false };
    const outgoing = request({ ...target, headers: { ...headers, "content-length": bytes.length } });
    const watcher = watch(aws.directory);
    const before = readdirSync(aws.directory);
    const added = () => readdirSync(aws.directory).filter((name) => !before.includes(name));
    outgoing.write(bytes.subarray(0, 2_000_000));
    // Its file is there: half of it has come, and the condition has held for the head.
    while (added().length === 0) await once(watcher, "change");
    await put("taken", "first");
    outgoing.end(bytes.subarray(2_000_000));
    const [response] = (await once(outgoing, "response")) as [IncomingMessage];
    expect(response.statusCode).toBe(412);
    await once(response.resume(), "end");
    while (added().length > 0) await once(watcher, "change");
    watcher.close();
    expect(await textOf("taken")).toBe("first");
  });

  it("let exactly one of many writers create a key", async () => {
    const writes = Array.from({ length: 8 }, (_, index) => put("race", `${index}`, { IfNoneMatch: "*" }));
    const results = await Promise.allSettled(writes);
    expect(results.filter(({ status }) => status === "fulfilled")).toHaveLength(1);
    for (const result of results) {
      if (result.status === "rejected") expect(result.reason).toMatchObject({ $metadata: { httpStatusCode: 412 } });
    }
  });
});

describe("tags", () => {
  it("come with a PUT or alone, and are counted", async () => {
    await put("tagged", "x", { Tagging: "Thumbnail=true&a%20b=c%2Bd" });
    const read = async () =>
      (await aws.client.send(new GetObjectTaggingCommand({ Bucket: BUCKET, Key: "tagged" }))).TagSet;
    expect(await read()).toEqual([
      { Key: "Thumbnail", Value: "true" },
      { Key: "a b", Value: "c+d" },
    ]);
    expect((await get("tagged")).TagCount).toBe(2);
    const Tagging = { TagSet: [{ Key: "0042", Value: "" }] };
    await aws.client.send(new PutObjectTaggingCommand({ Bucket: BUCKET, Key: "tagged", Tagging }));
    expect(await read()).toEqual([{ Key: "0042", Value: "" }]);
  });

  it("are at most ten, unique and of AWS's alphabet", async () => {
    const many = Array.from({ length: 11 }, (_, index) => `k${index}=v`).join("&");
    await expect(put("t", "x", { Tagging: many })).rejects.toMatchObject({ name: "BadRequest" });
    await expect(put("t", "x", { Tagging: "a=1&a=2" })).rejects.toMatchObject({ name: "InvalidArgument" });
    await expect(put("t", "x", { Tagging: "a=%7B" })).rejects.toMatchObject({ name: "InvalidTag" });
  });
});
