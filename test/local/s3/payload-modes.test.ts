// Every checksum in every way that a body can be signed and wrapped, and how much of a large body is in memory at once.

import { createHash } from "node:crypto";
import { Readable } from "node:stream";
import { type ChecksumAlgorithm, HeadObjectCommand, PutObjectCommand } from "@aws-sdk/client-s3";
import { createDigester } from "../../../local/s3/body/checksums";
import { BUCKET, startS3, type TestS3 } from "./harness";
import { signChunks, signHead } from "./signing";

const BYTES = Buffer.alloc(150_001, "photo ");
const SHA256 = createHash("sha256").update(BYTES).digest("hex");

let aws: TestS3;
beforeAll(async () => {
  aws = await startS3();
});
afterAll(() => aws.close());
afterEach(() => expect(aws.bugs).toEqual([]));

interface Mode {
  readonly payloadHash: string;
  readonly wrapping: "none" | "chunks" | "signed chunks";
  readonly hasTrailer: boolean;
}

const MODES: readonly Mode[] = [
  { payloadHash: SHA256, wrapping: "none", hasTrailer: false },
  { payloadHash: "UNSIGNED-PAYLOAD", wrapping: "none", hasTrailer: false },
  { payloadHash: "STREAMING-UNSIGNED-PAYLOAD-TRAILER", wrapping: "chunks", hasTrailer: true },
  { payloadHash: "STREAMING-AWS4-HMAC-SHA256-PAYLOAD", wrapping: "signed chunks", hasTrailer: false },
  { payloadHash: "STREAMING-AWS4-HMAC-SHA256-PAYLOAD-TRAILER", wrapping: "signed chunks", hasTrailer: true },
];
const ALGORITHMS = ["CRC32", "CRC32C", "CRC64NVME", "SHA1", "SHA256"] as const;

/** Sends a PUT in a mode, with a checksum where the mode has room for one: in its trailer or in its head. */
function put(key: string, { payloadHash, wrapping, hasTrailer }: Mode, algorithm: ChecksumAlgorithm, value: string) {
  const name = `x-amz-checksum-${algorithm.toLowerCase()}`;
  const path = `/${BUCKET}/${key}`;
  const head = signHead(aws.port, "PUT", path, payloadHash, {
    ...(wrapping === "none" ? {} : { "content-encoding": "aws-chunked" }),
    ...(wrapping === "none" ? {} : { "x-amz-decoded-content-length": String(BYTES.length) }),
    ...(hasTrailer ? { "x-amz-trailer": name } : { [name]: value }),
  });
  const trailer = hasTrailer ? `${name}:${value}` : undefined;
  const bodies = {
    none: () => BYTES,
    chunks: () =>
      Buffer.concat([
        Buffer.from(`${BYTES.length.toString(16)}\r\n`),
        BYTES,
        Buffer.from(`\r\n0\r\n${trailer}\r\n\r\n`),
      ]),
    "signed chunks": () => signChunks(head, BYTES, 65_536, trailer),
  };
  const body = bodies[wrapping]();
  return aws.send("PUT", path, { headers: { ...head.headers, "content-length": body.length }, body });
}

async function checksumOf(bytes: Buffer, algorithm: (typeof ALGORITHMS)[number]): Promise<string> {
  const digester = createDigester(algorithm);
  digester.update(bytes);
  return (await digester.digest()).toString("base64");
}

const head = (Key: string) =>
  aws.client.send(new HeadObjectCommand({ Bucket: BUCKET, Key, ChecksumMode: "ENABLED" })).catch(() => undefined);

describe.each(MODES.map((mode) => [mode.payloadHash === SHA256 ? "a signed hash" : mode.payloadHash, mode] as const))(
  "a body with %s",
  (_name, mode) => {
    it.each(ALGORITHMS)(
      "is stored with its %s when that is right, and not at all when it is wrong",
      async (algorithm) => {
        const right = await checksumOf(BYTES, algorithm);
        const wrong = await checksumOf(Buffer.from("another photo"), algorithm);

        const refused = await put("refused", mode, algorithm, wrong);
        const stored = await put("stored", mode, algorithm, right);

        expect(refused).toMatchObject({ status: 400, body: expect.stringContaining("<Code>BadDigest</Code>") });
        expect(await head("refused")).toBeUndefined();
        expect(stored).toMatchObject({ status: 200, body: "" });
        expect(await head("stored")).toMatchObject({
          ContentLength: BYTES.length,
          [`Checksum${algorithm}`]: right,
        });
      },
    );
  },
);

it("a body of 100 MB streams through: what is in memory at once is a fraction of it", async () => {
  const megabyte = Buffer.alloc(1024 * 1024, 7);
  const before = process.memoryUsage().arrayBuffers;
  let most = 0;
  function* pieces() {
    for (let index = 0; index < 100; index += 1) {
      most = Math.max(most, process.memoryUsage().arrayBuffers - before);
      yield megabyte;
    }
  }

  await aws.client.send(
    new PutObjectCommand({
      Bucket: BUCKET,
      Key: "large",
      Body: Readable.from(pieces()),
      ContentLength: 100 * megabyte.length,
    }),
  );

  expect(await head("large")).toMatchObject({ ContentLength: 104_857_600 });
  // What lies in sockets and in the write under way; a body that is gathered first would come to nearly all of it.
  expect(most).toBeLessThan(64 * megabyte.length);
}, 30_000);
