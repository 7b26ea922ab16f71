import { once } from "node:events";
import { readdirSync, watch } from "node:fs";
import { type IncomingMessage, request } from "node:http";
import {
  CompleteMultipartUploadCommand,
  CopyObjectCommand,
  CreateMultipartUploadCommand,
  GetObjectCommand,
  HeadObjectCommand,
  PutObjectCommand,
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
const textOf = async (Key: string, more = {}) => (await get(Key, more)).Body?.transformToString();

describe("an object", () => {
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

  it("keeps its old bytes for a reader that began before it was overwritten", async () => {
    const before = Buffer.alloc(8_000_000, "a");
    await put("overwritten", before);
    const reading = await get("overwritten");
    await put("overwritten", "after");
    expect(Buffer.from((await reading.Body?.transformToByteArray()) ?? []).equals(before)).toBe(true);
    expect(await textOf("overwritten")).toBe("after");
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

  const encrypt = (SSEAlgorithm: string) =>
    aws.call("PutBucketEncryption", {
      ServerSideEncryptionConfiguration: { Rules: [{ ApplyServerSideEncryptionByDefault: { SSEAlgorithm } }] },
    });

  it.each(["AES256", "aws:kms"] as const)("is encrypted with %s when its writer asks for it", async (asked) => {
    const other = asked === "AES256" ? "aws:kms" : "AES256";
    await encrypt(other);
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
    await encrypt("AES256");
  });
});

describe("conditions", () => {
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
});
