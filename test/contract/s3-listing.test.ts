// What S3 lists.

import {
  ListObjectsCommand,
  ListObjectsV2Command,
  type ListObjectsV2CommandInput,
  PutObjectCommand,
} from "@aws-sdk/client-s3";
import { type ContractAccount, openAccount } from "./account";

const KEYS = ["a", "b/1", "b/2", "b/c/3", "d e+f&<.jpg", "z", "ﬀ", "😀"];

let account: ContractAccount;
let Bucket: string;
beforeAll(async () => {
  account = await openAccount();
  Bucket = await account.createBucket();
  for (const Key of [...KEYS].reverse()) await account.s3.send(new PutObjectCommand({ Bucket, Key, Body: "x" }));
});
afterAll(() => account.close());

const list = (more: Partial<ListObjectsV2CommandInput> = {}) =>
  account.s3.send(new ListObjectsV2Command({ Bucket, ...more }));
const keysOf = ({ Contents = [] }: { Contents?: { Key?: string }[] }) => Contents.map(({ Key }) => Key);

describe("ListObjectsV2", () => {
  it("lists keys in the order of their UTF-8 bytes", async () => {
    const page = await list();
    expect(keysOf(page)).toEqual(KEYS);
    expect(page).toMatchObject({ KeyCount: KEYS.length, IsTruncated: false, MaxKeys: 1000, Name: Bucket });
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
  const page = await account.s3.send(new ListObjectsCommand({ Bucket, MaxKeys: 2, Delimiter: "/" }));
  expect(page).toMatchObject({ IsTruncated: true, NextMarker: "b/" });
  const next = await account.s3.send(new ListObjectsCommand({ Bucket, Marker: page.NextMarker, Delimiter: "/" }));
  expect(keysOf(next)).toEqual(KEYS.slice(4));
});
