import {
  GetBucketLocationCommand,
  HeadBucketCommand,
  ListBucketsCommand,
  type ListBucketsCommandInput,
  ListObjectsV2Command,
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

it("ListBuckets goes page by page, and finds by prefix and region", async () => {
  const names = ["aaa-first", "zzz-last"];
  const other = await startS3();
  for (const bucket of names) await other.createBucket(bucket);
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
  await expect(aws.client.send(new ListObjectsV2Command({ Bucket: "none" }))).rejects.toMatchObject({
    name: "NoSuchBucket",
    BucketName: "none",
  });
});
