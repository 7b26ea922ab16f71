import { once } from "node:events";
import { readdirSync, statSync, watch } from "node:fs";
import { join } from "node:path";
import { DeleteObjectCommand, GetObjectCommand, PutObjectCommand } from "@aws-sdk/client-s3";
import { BUCKET, startS3, type TestS3 } from "./harness";

const MEGABYTE = 1024 * 1024;
const COUNT = 40;

let aws: TestS3;
beforeAll(async () => {
  aws = await startS3();
});
afterAll(() => aws.close());
afterEach(() => expect(aws.bugs).toEqual([]));

const bodyOf = (index: number) => Buffer.alloc(MEGABYTE, index);
const indices = Array.from({ length: COUNT }, (_, index) => index);
const bytesInFiles = () =>
  readdirSync(aws.directory).reduce((sum, name) => {
    return sum + (statSync(join(aws.directory, name), { throwIfNoEntry: false })?.size ?? 0);
  }, 0);

async function until(condition: () => boolean): Promise<void> {
  const watcher = watch(aws.directory);
  while (!condition()) await once(watcher, "change", { signal: AbortSignal.timeout(10_000) });
  watcher.close();
}

describe("objects that together are more than memory may hold", () => {
  it("move to files, the oldest first, until 16 MB are left, and are read as they were put", async () => {
    for (const index of indices) {
      await aws.client.send(new PutObjectCommand({ Bucket: BUCKET, Key: `many/${index}`, Body: bodyOf(index) }));
    }
    await until(() => bytesInFiles() === (COUNT - 16) * MEGABYTE);
    for (const index of indices) {
      const { Body } = await aws.client.send(new GetObjectCommand({ Bucket: BUCKET, Key: `many/${index}` }));
      expect(bodyOf(index).equals((await Body?.transformToByteArray()) ?? Buffer.alloc(0))).toBe(true);
    }
    const part = new GetObjectCommand({ Bucket: BUCKET, Key: "many/3", Range: "bytes=1048570-" });
    expect(await (await aws.client.send(part)).Body?.transformToString("hex")).toBe("030303030303");
  });

  it("leave no file when they are deleted", async () => {
    for (const index of indices)
      await aws.client.send(new DeleteObjectCommand({ Bucket: BUCKET, Key: `many/${index}` }));
    await until(() => readdirSync(aws.directory).length === 0);
  });

  it("leave no file when they are deleted while they move", async () => {
    const puts = indices.map(async (index) => {
      await aws.client.send(new PutObjectCommand({ Bucket: BUCKET, Key: `short/${index}`, Body: bodyOf(index) }));
      await aws.client.send(new DeleteObjectCommand({ Bucket: BUCKET, Key: `short/${index}` }));
    });
    await Promise.all(puts);
    await until(() => readdirSync(aws.directory).length === 0);
  });
});
