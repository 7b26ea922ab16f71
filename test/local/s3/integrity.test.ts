import { createHash } from "node:crypto";
import { readdirSync, readlinkSync } from "node:fs";
import { connect } from "node:net";
import { type ChecksumAlgorithm, GetObjectCommand, HeadObjectCommand, PutObjectCommand } from "@aws-sdk/client-s3";
import { BUCKET, startS3, type TestS3 } from "./harness";
import { crc32Of, signChunks, signHead } from "./signing";

const SIGNED = "STREAMING-AWS4-HMAC-SHA256-PAYLOAD";
const BYTES = Buffer.alloc(200_001, "photo ");

let aws: TestS3;
beforeAll(async () => {
  aws = await startS3();
});
afterAll(() => aws.close());
afterEach(() => expect(aws.bugs).toEqual([]));

const path = (key: string) => `/${BUCKET}/${key}`;
const exists = (Key: string) =>
  aws.client.send(new HeadObjectCommand({ Bucket: BUCKET, Key })).then(
    () => true,
    () => false,
  );

/** Sends a PUT signed by hand. */
function put(key: string, payloadHash: string, body: Buffer, headers: Record<string, string> = {}) {
  const head = signHead(aws.port, "PUT", path(key), payloadHash, headers);
  return aws.send("PUT", path(key), { headers: { ...head.headers, "content-length": body.length }, body });
}

/** Sends a PUT whose chunks are signed; `change` may spoil them. */
function putChunks(key: string, trailer: string | undefined, change: (body: Buffer) => Buffer = (body) => body) {
  const head = signHead(aws.port, "PUT", path(key), trailer === undefined ? SIGNED : `${SIGNED}-TRAILER`, {
    "content-encoding": "aws-chunked",
    "x-amz-decoded-content-length": String(BYTES.length),
    ...(trailer === undefined ? {} : { "x-amz-trailer": "x-amz-checksum-crc32" }),
  });
  const body = change(signChunks(head, BYTES, 65_536, trailer));
  return aws.send("PUT", path(key), { headers: { ...head.headers, "content-length": body.length }, body });
}

describe("checksums", () => {
  it.each<ChecksumAlgorithm>(["CRC32", "CRC32C", "SHA1", "SHA256"])(
    "%s is checked, kept and returned",
    async (algorithm) => {
      const sent = await aws.client.send(
        new PutObjectCommand({ Bucket: BUCKET, Key: algorithm, Body: BYTES, ChecksumAlgorithm: algorithm }),
      );
      const head = await aws.client.send(
        new HeadObjectCommand({ Bucket: BUCKET, Key: algorithm, ChecksumMode: "ENABLED" }),
      );
      const name = `Checksum${algorithm}` as "ChecksumCRC32";
      expect(head[name]).toBeDefined();
      expect(head[name]).toBe(sent[name]);
      expect(head.ChecksumType).toBe("FULL_OBJECT");
      // The SDK checks what it receives against the checksum.
      const object = await aws.client.send(new GetObjectCommand({ Bucket: BUCKET, Key: algorithm }));
      expect((await object.Body?.transformToByteArray())?.length).toBe(BYTES.length);
    },
  );

  it("are CRC64NVME when the sender has none", async () => {
    await put("plain", "UNSIGNED-PAYLOAD", Buffer.from("123456789"));
    const head = await aws.client.send(
      new HeadObjectCommand({ Bucket: BUCKET, Key: "plain", ChecksumMode: "ENABLED" }),
    );
    // The check value 0xAE8B14860A799888 of CRC-64/NVME.
    expect(head.ChecksumCRC64NVME).toBe(Buffer.from("ae8b14860a799888", "hex").toString("base64"));
    const silent = await aws.client.send(new HeadObjectCommand({ Bucket: BUCKET, Key: "plain" }));
    expect(silent.ChecksumCRC64NVME).toBeUndefined();
  });

  it.each([
    ["a wrong CRC32", { "x-amz-checksum-crc32": "AAAAAA==" }, "BadDigest"],
    ["a malformed CRC32", { "x-amz-checksum-crc32": "AAAA" }, "InvalidRequest"],
    ["two checksums", { "x-amz-checksum-crc32": "AAAAAA==", "x-amz-checksum-crc32c": "AAAAAA==" }, "InvalidRequest"],
    ["an unknown algorithm", { "x-amz-sdk-checksum-algorithm": "XXHASH3" }, "InvalidRequest"],
    ["an algorithm without checksum", { "x-amz-sdk-checksum-algorithm": "CRC32" }, "InvalidRequest"],
    ["a wrong Content-MD5", { "content-md5": createHash("md5").update("other").digest("base64") }, "BadDigest"],
    ["a malformed Content-MD5", { "content-md5": "x" }, "InvalidDigest"],
  ])("%s stores nothing", async (_what, headers, code) => {
    const answer = await put("bad", "UNSIGNED-PAYLOAD", BYTES, headers as Record<string, string>);
    expect(answer).toMatchObject({ status: 400, body: expect.stringContaining(`<Code>${code}</Code>`) });
    expect(await exists("bad")).toBe(false);
  });
});

describe("payloads", () => {
  it("signed as a whole are checked against the signed hash", async () => {
    expect(await put("whole", createHash("sha256").update(BYTES).digest("hex"), BYTES)).toMatchObject({ status: 200 });
    const answer = await put("changed", createHash("sha256").update("other").digest("hex"), BYTES);
    expect(answer.body).toContain("<Code>XAmzContentSHA256Mismatch</Code>");
    expect(await exists("changed")).toBe(false);
  });

  it("signed chunk by chunk are verified, with and without a trailer", async () => {
    expect(await putChunks("chunks", undefined)).toMatchObject({ status: 200 });
    expect(await putChunks("trailer", `x-amz-checksum-crc32:${crc32Of(BYTES)}`)).toMatchObject({ status: 200 });
    const { Body, ContentEncoding } = await aws.client.send(new GetObjectCommand({ Bucket: BUCKET, Key: "trailer" }));
    expect(BYTES.equals((await Body?.transformToByteArray()) ?? Buffer.alloc(0))).toBe(true);
    expect(ContentEncoding).toBeUndefined();
  });

  const spoil = (at: number) => (body: Buffer) => {
    body[at] = (body[at] ?? 0) ^ 1;
    return body;
  };
  const otherDigit = (at: number) => (body: Buffer) => {
    body[at] = (body.toString("latin1", at, at + 1) === "0" ? "1" : "0").charCodeAt(0);
    return body;
  };
  it.each<[string, string | undefined, (body: Buffer) => Buffer, string]>([
    ["a changed byte", undefined, spoil(1000), "SignatureDoesNotMatch"],
    ["a changed signature", undefined, otherDigit(30), "SignatureDoesNotMatch"],
    ["a wrong trailer", "x-amz-checksum-crc32:AAAAAA==", (body) => body, "BadDigest"],
    ["a missing trailer", undefined, (body) => body.subarray(0, -2), "IncompleteBody"],
    ["a cut chunk", undefined, (body) => body.subarray(0, 150_000), "IncompleteBody"],
    ["a malformed chunk size", undefined, (body) => Buffer.concat([Buffer.from("x"), body]), "InvalidRequest"],
    ["bytes after the end", undefined, (body) => Buffer.concat([body, Buffer.from("more")]), "InvalidRequest"],
    ["one huge line", undefined, () => Buffer.alloc(100_000, "1"), "InvalidRequest"],
  ])("with %s store nothing", async (_what, trailer, change, code) => {
    const answer = await putChunks("spoiled", trailer, change);
    expect(answer.body).toContain(`<Code>${code}</Code>`);
    expect(await exists("spoiled")).toBe(false);
  });

  it("refused halfway leave the connection good for the next request", async () => {
    const head = signHead(aws.port, "PUT", path("halfway"), SIGNED, { "x-amz-decoded-content-length": "9000000" });
    const lines = Object.entries({ ...head.headers, "content-length": "9000000" }).map(
      ([name, value]) => `${name}: ${value}`,
    );
    const socket = connect(aws.port, "127.0.0.1");
    let text = "";
    try {
      await new Promise<void>((resolve, reject) => {
        socket.on("error", reject);
        socket.on("close", () => reject(new Error(`the connection was closed after: ${text}`)));
        socket.on("data", (chunk) => {
          text += chunk;
          if (text.split("HTTP/1.1 ").length === 3) resolve();
        });
        socket.write(`PUT ${path("halfway")} HTTP/1.1\r\n${lines.join("\r\n")}\r\n\r\n`);
        socket.write(Buffer.alloc(9_000_000, "x"));
        socket.write(`GET ${path("halfway")} HTTP/1.1\r\nhost: 127.0.0.1:${aws.port}\r\n\r\n`);
      });
    } finally {
      socket.destroy();
    }
    expect(text).toMatch(/^HTTP\/1\.1 400 [\s\S]*HTTP\/1\.1 403 /);
  });

  it("need a length", async () => {
    const head = signHead(aws.port, "PUT", path("endless"), "UNSIGNED-PAYLOAD", {});
    const answer = await aws.send("PUT", path("endless"), {
      headers: { ...head.headers, "transfer-encoding": "chunked" },
      body: BYTES,
    });
    expect(answer).toMatchObject({ status: 501, body: expect.stringContaining("<Header>Transfer-Encoding</Header>") });
  });

  it("that break off leave no object, no file and no open descriptor", async () => {
    await aws.client.send(new PutObjectCommand({ Bucket: BUCKET, Key: "file", Body: Buffer.alloc(2_000_000) }));
    const { headers } = signHead(aws.port, "PUT", path("broken"), "UNSIGNED-PAYLOAD", {});
    const lines = Object.entries({ ...headers, "content-length": "9000000" }).map(
      ([name, value]) => `${name}: ${value}`,
    );
    const ended = new Promise<void>((resolve) => {
      const count = aws.activities.length;
      const isOver = () => aws.activities.slice(count).some(({ action }) => action === "PutObject");
      const stop = aws.onActivity(() => {
        if (!isOver()) return;
        stop();
        resolve();
      });
    });
    await new Promise<void>((resolve) => {
      const socket = connect(aws.port, "127.0.0.1", () => {
        socket.write(`PUT ${path("broken")} HTTP/1.1\r\n${lines.join("\r\n")}\r\n\r\n`);
        socket.write(Buffer.alloc(3_000_000), () => resolve(void socket.destroy()));
      });
    });
    await ended;
    expect(await exists("broken")).toBe(false);
    expect(readdirSync(aws.directory)).toHaveLength(1);
    expect(openFilesIn(aws.directory)).toEqual([]);
  });
});

/** What this process holds open; only Linux tells. */
function openFilesIn(directory: string): string[] {
  if (process.platform !== "linux") return [];
  return readdirSync("/proc/self/fd").flatMap((fd) => {
    try {
      const target = readlinkSync(`/proc/self/fd/${fd}`);
      return target.startsWith(directory) ? [target] : [];
    } catch {
      return [];
    }
  });
}
