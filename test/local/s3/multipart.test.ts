import { existsSync, readdirSync } from "node:fs";
import { crc32 } from "node:zlib";
import {
  AbortMultipartUploadCommand,
  type ChecksumAlgorithm,
  CompleteMultipartUploadCommand,
  CreateMultipartUploadCommand,
  GetObjectCommand,
  ListMultipartUploadsCommand,
  ListPartsCommand,
  PutObjectCommand,
  UploadPartCommand,
  UploadPartCopyCommand,
} from "@aws-sdk/client-s3";
import { combineChecksums, createDigester } from "../../../local/s3/body/checksums";
import { BUCKET, FUNCTION_ARN, startS3, type TestS3 } from "./harness";

const MINIMUM = 5 * 1024 * 1024;
const FIRST = Buffer.alloc(MINIMUM, "first ");
const LAST = Buffer.from("last");

let aws: TestS3;
beforeAll(async () => {
  aws = await startS3();
});
afterAll(() => aws.close());
afterEach(() => expect(aws.bugs).toEqual([]));

async function start(Key: string, more = {}) {
  const { UploadId } = await aws.client.send(new CreateMultipartUploadCommand({ Bucket: BUCKET, Key, ...more }));
  const upload = { Bucket: BUCKET, Key, UploadId };
  return {
    ...upload,
    part: async (PartNumber: number, Body: Buffer, options = {}) => {
      const { ETag, ...sent } = await aws.client.send(
        new UploadPartCommand({ ...upload, PartNumber, Body, ...options }),
      );
      return { PartNumber, ETag, ChecksumCRC32: sent.ChecksumCRC32, ChecksumSHA256: sent.ChecksumSHA256 };
    },
    complete: (Parts: object[], options = {}) =>
      aws.client.send(new CompleteMultipartUploadCommand({ ...upload, MultipartUpload: { Parts }, ...options })),
  };
}

describe("a multipart upload", () => {
  it("joins parts that came out of order, with the metadata of its creation", async () => {
    const upload = await start("big.jpg", { Metadata: { "user-profile-id": "7" }, ContentType: "image/jpeg" });
    const last = await upload.part(9, LAST);
    const first = await upload.part(2, FIRST);
    const done = await upload.complete([first, last]);
    expect(done.ETag).toMatch(/^"[0-9a-f]{32}-2"$/);
    const object = await aws.client.send(new GetObjectCommand({ Bucket: BUCKET, Key: "big.jpg" }));
    const bytes = Buffer.from((await object.Body?.transformToByteArray()) ?? []);
    expect(bytes.equals(Buffer.concat([FIRST, LAST]))).toBe(true);
    expect(object).toMatchObject({ ETag: done.ETag, Metadata: { "user-profile-id": "7" }, ContentType: "image/jpeg" });
    const part = await aws.client.send(new GetObjectCommand({ Bucket: BUCKET, Key: "big.jpg", PartNumber: 2 }));
    expect(part).toMatchObject({ PartsCount: 2, ContentLength: LAST.length });
    expect(await part.Body?.transformToString()).toBe("last");
  });

  it("gives a client that asks again the same response, and raises one event", async () => {
    await aws.notify({ LambdaFunctionArn: FUNCTION_ARN, Events: ["s3:ObjectCreated:*"] });
    const upload = await start("again");
    const parts = [await upload.part(1, LAST)];
    const answers = [await upload.complete(parts), await upload.complete(parts)];
    expect(answers[1]?.ETag).toBe(answers[0]?.ETag);
    expect(aws.records.map(({ eventName }) => eventName)).toEqual(["ObjectCreated:CompleteMultipartUpload"]);
  });

  it("is completed on the condition that the key is free, by one of many", async () => {
    const uploads = await Promise.all([1, 2, 3].map(() => start("free")));
    const parts = await Promise.all(uploads.map((upload) => upload.part(1, LAST)));
    const put = { Bucket: BUCKET, Key: "free", Body: "put", IfNoneMatch: "*" };
    const ends = await Promise.allSettled([
      ...uploads.map((upload, index) => upload.complete([parts[index] ?? {}], { IfNoneMatch: "*" })),
      aws.client.send(new PutObjectCommand(put)),
    ]);
    expect(ends.filter(({ status }) => status === "fulfilled")).toHaveLength(1);
    for (const end of ends) {
      if (end.status === "rejected") {
        expect(end.reason).toMatchObject({ name: "PreconditionFailed", $metadata: { httpStatusCode: 412 } });
      }
    }
  });

  it("is refused with unknown, wrong, unordered or small parts", async () => {
    const upload = await start("refused");
    const [small, other] = [await upload.part(1, LAST), await upload.part(2, LAST)];
    await expect(upload.complete([small, other])).rejects.toMatchObject({ name: "EntityTooSmall" });
    await expect(upload.complete([other, small])).rejects.toMatchObject({ name: "InvalidPartOrder" });
    await expect(upload.complete([{ ...small, ETag: '"x"' }])).rejects.toMatchObject({ name: "InvalidPart" });
    await expect(upload.complete([{ ...small, PartNumber: 3 }])).rejects.toMatchObject({ name: "InvalidPart" });
    await expect(upload.complete([])).rejects.toMatchObject({ name: "MalformedXML" });
    await expect(upload.part(10_001, LAST)).rejects.toMatchObject({ name: "InvalidArgument" });
  });

  it("can be listed and aborted, which leaves nothing", async () => {
    const upload = await start("aborted");
    await upload.part(1, FIRST);
    await upload.part(3, LAST);
    const { Bucket, Key, UploadId } = upload;
    const page = await aws.client.send(new ListPartsCommand({ Bucket, Key, UploadId, MaxParts: 1 }));
    expect(page).toMatchObject({ IsTruncated: true, NextPartNumberMarker: "1", Parts: [{ Size: FIRST.length }] });
    const { Uploads } = await aws.client.send(new ListMultipartUploadsCommand({ Bucket, Prefix: "abor" }));
    expect(Uploads).toMatchObject([{ Key: "aborted", UploadId }]);
    await aws.client.send(new AbortMultipartUploadCommand({ Bucket, Key, UploadId }));
    await expect(upload.part(1, LAST)).rejects.toMatchObject({ name: "NoSuchUpload" });
    await expect(aws.client.send(new ListPartsCommand({ Bucket, Key, UploadId }))).rejects.toMatchObject({
      name: "NoSuchUpload",
    });
  });

  it("takes ranges of other objects as parts", async () => {
    await aws.client.send(new PutObjectCommand({ Bucket: BUCKET, Key: "from", Body: "0123456789" }));
    const upload = await start("copied parts");
    const { Bucket, Key, UploadId } = upload;
    const { CopyPartResult } = await aws.client.send(
      new UploadPartCopyCommand({
        Bucket,
        Key,
        UploadId,
        PartNumber: 1,
        CopySource: `${BUCKET}/from`,
        CopySourceRange: "bytes=2-4",
      }),
    );
    await upload.complete([{ PartNumber: 1, ETag: CopyPartResult?.ETag }]);
    const object = await aws.client.send(new GetObjectCommand({ Bucket, Key }));
    expect(await object.Body?.transformToString()).toBe("234");
  });

  it.each<[ChecksumAlgorithm, string]>([
    ["CRC32", "COMPOSITE"],
    ["SHA256", "COMPOSITE"],
  ])("created with %s has a %s checksum and wants one for each part", async (algorithm, type) => {
    const upload = await start(`sums-${algorithm}`, { ChecksumAlgorithm: algorithm });
    const parts = [
      await upload.part(1, FIRST, { ChecksumAlgorithm: algorithm }),
      await upload.part(2, LAST, { ChecksumAlgorithm: algorithm }),
    ];
    const bare = parts.map(({ PartNumber, ETag }) => ({ PartNumber, ETag }));
    await expect(upload.complete(bare)).rejects.toMatchObject({ name: "InvalidRequest" });
    const other = algorithm === "CRC32" ? "SHA1" : "CRC32";
    await expect(upload.part(3, LAST, { ChecksumAlgorithm: other })).rejects.toMatchObject({ name: "InvalidRequest" });
    const done = await upload.complete(parts);
    expect(done.ChecksumType).toBe(type);
    expect(algorithm === "CRC32" ? done.ChecksumCRC32 : done.ChecksumSHA256).toMatch(/-2$/);
  });

  it("can have the CRC of the whole object", async () => {
    const upload = await start("full", { ChecksumAlgorithm: "CRC32", ChecksumType: "FULL_OBJECT" });
    const parts = [await upload.part(1, FIRST), await upload.part(2, LAST)];
    await expect(upload.complete(parts, { ChecksumCRC32: "AAAAAA==" })).rejects.toMatchObject({ name: "BadDigest" });
    const expected = Buffer.alloc(4);
    expected.writeUInt32BE(crc32(LAST, crc32(FIRST)));
    const done = await upload.complete(parts, { ChecksumCRC32: expected.toString("base64") });
    expect(done).toMatchObject({ ChecksumType: "FULL_OBJECT", ChecksumCRC32: expected.toString("base64") });
  });
});

it.each(["CRC32", "CRC32C", "CRC64NVME"] as const)("%s of parts combines to that of the whole", async (algorithm) => {
  const pieces = [Buffer.from("The quick "), Buffer.alloc(0), Buffer.alloc(70_001, "brown fox"), Buffer.from("!")];
  const digest = async (...buffers: Buffer[]) => {
    const digester = createDigester(algorithm);
    for (const buffer of buffers) digester.update(buffer);
    return (await digester.digest()).toString("base64");
  };
  const parts = await Promise.all(pieces.map(async (piece) => ({ value: await digest(piece), size: piece.length })));
  expect(combineChecksums(algorithm, parts)).toBe(await digest(...pieces));
});

it("closing removes every file", async () => {
  const other = await startS3();
  await other.client.send(new PutObjectCommand({ Bucket: BUCKET, Key: "x", Body: Buffer.alloc(2_000_000) }));
  expect(readdirSync(other.directory)).toHaveLength(1);
  await other.close();
  expect(existsSync(other.directory)).toBe(false);
});
