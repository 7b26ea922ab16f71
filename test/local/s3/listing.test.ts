import {
  GetBucketLocationCommand,
  HeadBucketCommand,
  ListBucketsCommand,
  type ListBucketsCommandInput,
  ListObjectsCommand,
  ListObjectsV2Command,
  type ListObjectsV2CommandInput,
  PutObjectCommand,
} from "@aws-sdk/client-s3";
import { BUCKET, startS3, type TestS3 } from "./harness";

const KEYS = ["a", "b/1", "b/2", "b/c/3", "d e+f&<.jpg", "z", "ﬀ", "😀"];

let aws: TestS3;
beforeAll(async () => {
  aws = await startS3();
  for (const Key of [...KEYS].reverse()) {
    await aws.client.send(new PutObjectCommand({ Bucket: BUCKET, Key, Body: "x" }));
  }
});
afterAll(() => aws.close());

const list = (more: Partial<ListObjectsV2CommandInput> = {}) =>
  aws.client.send(new ListObjectsV2Command({ Bucket: BUCKET, ...more }));
const keysOf = ({ Contents = [] }: { Contents?: { Key?: string }[] }) => Contents.map(({ Key }) => Key);

describe("ListObjectsV2", () => {
  it("lists keys in the order of their UTF-8 bytes", async () => {
    const page = await list();
    expect(keysOf(page)).toEqual(KEYS);
    expect(page).toMatchObject({ KeyCount: KEYS.length, IsTruncated: false, MaxKeys: 1000, Name: BUCKET });
    expect(page.Contents?.[0]).toMatchObject({ Size: 1, StorageClass: "STANDARD", ChecksumType: "FULL_OBJECT" });
  });

  it("folds keys at the delimiter", async () => {
    const page = await list({ Delimiter: "/" });
    expect(page.CommonPrefixes).toEqual([{ Prefix: "b/" }]);
    expect(keysOf(page)).toEqual(KEYS.filter((key) => !key.startsWith("b/")));
    const below = await list({ Delimiter: "/", Prefix: "b/" });
    expect(below.CommonPrefixes).toEqual([{ Prefix: "b/c/" }]);
    expect(keysOf(below)).toEqual(["b/1", "b/2"]);
  });

  it.each([undefined, "/"])("gives every key once, page by page, with delimiter %s", async (Delimiter) => {
    const seen: (string | undefined)[] = [];
    let ContinuationToken: string | undefined;
    do {
      const page = await list({ MaxKeys: 1, Delimiter, ContinuationToken });
      seen.push(...keysOf(page), ...(page.CommonPrefixes ?? []).map(({ Prefix }) => Prefix));
      ContinuationToken = page.NextContinuationToken;
    } while (ContinuationToken !== undefined);
    expect(seen).toEqual(Delimiter ? ["a", "b/", ...KEYS.slice(4)] : KEYS);
  });

  it("starts after a key, and encodes keys when asked", async () => {
    expect(keysOf(await list({ StartAfter: "b/2" }))).toEqual(KEYS.slice(3));
    const page = await list({ Prefix: "d ", EncodingType: "url" });
    expect(page).toMatchObject({ EncodingType: "url", Prefix: "d+" });
    expect(keysOf(page)).toEqual(["d+e%2Bf%26%3C.jpg"]);
  });

  it("refuses tokens and numbers that it never gave", async () => {
    await expect(list({ ContinuationToken: "!" })).rejects.toMatchObject({ name: "InvalidArgument" });
    await expect(list({ MaxKeys: -1 })).rejects.toMatchObject({ name: "InvalidArgument" });
    expect(await list({ MaxKeys: 0 })).toMatchObject({ KeyCount: 0, IsTruncated: false });
  });
});

it("ListObjects goes on from a marker", async () => {
  const page = await aws.client.send(new ListObjectsCommand({ Bucket: BUCKET, MaxKeys: 2, Delimiter: "/" }));
  expect(page).toMatchObject({ IsTruncated: true, NextMarker: "b/" });
  const next = await aws.client.send(
    new ListObjectsCommand({ Bucket: BUCKET, Marker: page.NextMarker, Delimiter: "/" }),
  );
  expect(keysOf(next)).toEqual(KEYS.slice(4));
});

it("ListBuckets goes page by page, and finds by prefix and region", async () => {
  const names = ["aaa-first", "zzz-last"];
  const other = await startS3();
  for (const bucket of names) other.s3.createBucket({ bucket });
  const ask = async (input: ListBucketsCommandInput) => {
    const { Buckets = [], ContinuationToken } = await other.client.send(new ListBucketsCommand(input));
    return { names: Buckets.map(({ Name }) => Name), ContinuationToken };
  };
  const first = await ask({ MaxBuckets: 2 });
  expect(first.names).toEqual(["aaa-first", BUCKET]);
  const { ContinuationToken } = first;
  expect(await ask({ MaxBuckets: 2, ContinuationToken })).toEqual({ names: ["zzz-last"] });
  expect(await ask({ Prefix: "user-", BucketRegion: "eu-west-1" })).toEqual({ names: [BUCKET] });
  expect(await ask({ BucketRegion: "eu-west-2" })).toEqual({ names: [] });
  for (const refused of [{ MaxBuckets: 0 }, { MaxBuckets: 10_001 }, { ContinuationToken: "x" }]) {
    await expect(ask(refused)).rejects.toMatchObject({ name: "InvalidArgument" });
  }
  await other.close();
});

it("buckets are listed, found and located", async () => {
  const { Buckets } = await aws.client.send(new ListBucketsCommand({}));
  expect(Buckets).toMatchObject([{ Name: BUCKET }]);
  expect((await aws.client.send(new HeadBucketCommand({ Bucket: BUCKET }))).BucketRegion).toBe("eu-west-1");
  const { LocationConstraint } = await aws.client.send(new GetBucketLocationCommand({ Bucket: BUCKET }));
  expect(LocationConstraint).toBe("eu-west-1");
  await expect(aws.client.send(new HeadBucketCommand({ Bucket: "none" }))).rejects.toMatchObject({ name: "NotFound" });
  await expect(list({ Bucket: "none" })).rejects.toMatchObject({ name: "NoSuchBucket", BucketName: "none" });
});
