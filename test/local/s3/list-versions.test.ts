import {
  DeleteObjectCommand,
  ListObjectVersionsCommand,
  type ListObjectVersionsCommandInput,
  PutObjectCommand,
} from "@aws-sdk/client-s3";
import { BUCKET, startS3, type TestS3 } from "./harness";

let aws: TestS3;
/** Ids of the versions of `b/two`, newest first: a marker between two objects. */
const ids: string[] = [];
beforeAll(async () => {
  aws = await startS3();
  await aws.setVersioning("Enabled");
  const put = (Key: string) => aws.client.send(new PutObjectCommand({ Bucket: BUCKET, Key, Body: "x" }));
  await put("a b");
  ids.unshift((await put("b/two")).VersionId ?? "");
  ids.unshift((await aws.client.send(new DeleteObjectCommand({ Bucket: BUCKET, Key: "b/two" }))).VersionId ?? "");
  ids.unshift((await put("b/two")).VersionId ?? "");
  await put("c");
});
afterAll(() => aws.close());

const list = (more: Partial<ListObjectVersionsCommandInput> = {}) =>
  aws.client.send(new ListObjectVersionsCommand({ Bucket: BUCKET, ...more }));

describe("ListObjectVersions", () => {
  it("lists versions and markers of each key, newest first, and says which is the latest", async () => {
    const { Versions, DeleteMarkers, IsTruncated } = await list();
    expect(IsTruncated).toBe(false);
    expect(Versions?.map(({ Key, IsLatest }) => [Key, IsLatest])).toEqual([
      ["a b", true],
      ["b/two", true],
      ["b/two", false],
      ["c", true],
    ]);
    expect(Versions?.[1]).toMatchObject({ VersionId: ids[0], Size: 1, StorageClass: "STANDARD" });
    expect(DeleteMarkers).toEqual([
      expect.objectContaining({ Key: "b/two", VersionId: ids[1], IsLatest: false, LastModified: expect.any(Date) }),
    ]);
  });

  it.each([1, 2, 3])("gives everything once, in pages of %d", async (MaxKeys) => {
    const seen: unknown[] = [];
    let markers: Partial<ListObjectVersionsCommandInput> = {};
    for (let isTruncated = true; isTruncated; ) {
      const page = await list({ ...markers, MaxKeys });
      const items = [...(page.Versions ?? []), ...(page.DeleteMarkers ?? [])];
      expect(items.length).toBeLessThanOrEqual(MaxKeys);
      seen.push(...items.map(({ VersionId }) => VersionId));
      markers = { KeyMarker: page.NextKeyMarker, VersionIdMarker: page.NextVersionIdMarker };
      isTruncated = page.IsTruncated ?? false;
    }
    expect(seen).toHaveLength(5);
    expect(new Set(seen).size).toBe(5);
  });

  it.each<[string, Partial<ListObjectVersionsCommandInput>, (string | undefined)[], (string | undefined)[]]>([
    ["a prefix", { Prefix: "b/" }, ["b/two", "b/two"], []],
    ["a delimiter", { Delimiter: "/" }, ["a b", "c"], ["b/"]],
    ["a key marker", { KeyMarker: "b/two" }, ["c"], []],
    ["an encoding", { EncodingType: "url", Prefix: "a" }, ["a+b"], []],
  ])("takes %s", async (_what, more, keys, prefixes) => {
    const { Versions = [], CommonPrefixes = [] } = await list(more);
    expect(Versions.map(({ Key }) => Key)).toEqual(keys);
    expect(CommonPrefixes.map(({ Prefix }) => Prefix)).toEqual(prefixes);
  });

  it("goes on behind a common prefix with the next key", async () => {
    const first = await list({ Delimiter: "/", MaxKeys: 2 });
    expect(first).toMatchObject({ IsTruncated: true, NextKeyMarker: "b/" });
    expect(first).not.toHaveProperty("NextVersionIdMarker");
    const { Versions } = await list({ Delimiter: "/", KeyMarker: first.NextKeyMarker });
    expect(Versions?.map(({ Key }) => Key)).toEqual(["c"]);
  });

  it.each([
    ["a version marker without a key marker", { VersionIdMarker: "null" }, "without a key marker"],
    ["a version marker that is not an id", { KeyMarker: "a", VersionIdMarker: "1" }, "Invalid version id"],
  ])("refuses %s", async (_what, more, message) => {
    await expect(list(more)).rejects.toMatchObject({
      name: "InvalidArgument",
      message: expect.stringContaining(message),
    });
  });

  it("needs s3:ListBucketVersions on the bucket", async () => {
    const role = (Action: string) => aws.asRole({ Effect: "Allow", Action, Resource: `arn:aws:s3:::${BUCKET}` });
    const command = new ListObjectVersionsCommand({ Bucket: BUCKET });
    await expect(role("s3:ListBucket").send(command)).rejects.toMatchObject({ name: "AccessDenied" });
    await role("s3:ListBucketVersions").send(command);
  });
});
