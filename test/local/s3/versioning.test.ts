import { once } from "node:events";
import { readdirSync, watch } from "node:fs";
import {
  CompleteMultipartUploadCommand,
  CopyObjectCommand,
  CreateMultipartUploadCommand,
  DeleteObjectCommand,
  DeleteObjectsCommand,
  DeleteObjectTaggingCommand,
  GetBucketVersioningCommand,
  GetObjectCommand,
  GetObjectTaggingCommand,
  HeadObjectCommand,
  ListObjectsV2Command,
  ListObjectVersionsCommand,
  PutObjectCommand,
  PutObjectTaggingCommand,
  UploadPartCommand,
} from "@aws-sdk/client-s3";
import { BUCKET, FUNCTION_ARN, startS3, type TestS3 } from "./harness";

const OTHER = "never-versioned-111122223333";

let aws: TestS3;
beforeAll(async () => {
  aws = await startS3();
  await aws.createBucket(OTHER);
  await aws.setVersioning("Enabled");
});
afterAll(() => aws.close());
afterEach(async () => {
  await aws.setVersioning("Enabled");
  expect(aws.bugs).toEqual([]);
});

const put = async (Key: string, Body: string, more = {}) =>
  (await aws.client.send(new PutObjectCommand({ Bucket: BUCKET, Key, Body, ...more }))).VersionId;
const get = (Key: string, VersionId?: string) =>
  aws.client.send(new GetObjectCommand({ Bucket: BUCKET, Key, VersionId }));
const read = async (Key: string, VersionId?: string) => (await get(Key, VersionId)).Body?.transformToString();
const remove = (Key: string, VersionId?: string, more = {}) =>
  aws.client.send(new DeleteObjectCommand({ Bucket: BUCKET, Key, VersionId, ...more }));
const versions = async (Prefix: string) => {
  const { Versions = [], DeleteMarkers = [] } = await aws.client.send(
    new ListObjectVersionsCommand({ Bucket: BUCKET, Prefix }),
  );
  return {
    versions: Versions.map(({ VersionId }) => VersionId),
    markers: DeleteMarkers.map(({ VersionId }) => VersionId),
  };
};
const ABSENT = "a".repeat(32);

describe("a bucket with versioning", () => {
  it("keeps each write, and gives the newest unless a version is named", async () => {
    const first = await put("kept", "one");
    const second = await put("kept", "two");
    expect(first).toMatch(/^[\w.]{32}$/);
    expect(first).not.toBe(second);
    expect(await read("kept")).toBe("two");
    expect(await read("kept", first)).toBe("one");
    expect(await get("kept")).toMatchObject({ VersionId: second });
    const head = await aws.client.send(new HeadObjectCommand({ Bucket: BUCKET, Key: "kept", VersionId: first }));
    expect(head).toMatchObject({ VersionId: first, ContentLength: 3 });
  });

  it("says that it has", async () => {
    const status = async (Bucket: string) => (await aws.client.send(new GetBucketVersioningCommand({ Bucket }))).Status;
    expect(await status(BUCKET)).toBe("Enabled");
    expect(await status(OTHER)).toBeUndefined();
  });

  it("hides a deleted key behind a marker, and shows it again without the marker", async () => {
    const version = await put("hidden", "x");
    const marker = await remove("hidden");
    expect(marker).toMatchObject({ DeleteMarker: true, VersionId: expect.stringMatching(/^[\w.]{32}$/) });
    const gone = { name: "NoSuchKey", $response: { statusCode: 404, headers: { "x-amz-delete-marker": "true" } } };
    await expect(get("hidden")).rejects.toMatchObject(gone);
    await expect(get("hidden", marker.VersionId)).rejects.toMatchObject({
      name: "MethodNotAllowed",
      $response: {
        statusCode: 405,
        headers: { "x-amz-delete-marker": "true", allow: "DELETE", "last-modified": expect.stringMatching(/GMT$/) },
      },
    });
    expect(await read("hidden", version)).toBe("x");
    const listed = await aws.client.send(new ListObjectsV2Command({ Bucket: BUCKET, Prefix: "hidden" }));
    expect(listed.KeyCount).toBe(0);
    expect(await remove("hidden", marker.VersionId)).toMatchObject({ DeleteMarker: true, VersionId: marker.VersionId });
    expect(await read("hidden")).toBe("x");
  });

  it("makes a marker also for a key that was never there, one for each delete", async () => {
    await remove("never");
    await remove("never");
    expect((await versions("never")).markers).toHaveLength(2);
  });

  it("loses a version for good when the delete names it, and its bytes with it", async () => {
    const big = "x".repeat(2 * 1024 * 1024);
    const old = await put("big", big);
    await put("big", "small");
    expect(readdirSync(aws.directory)).toHaveLength(1);
    const watcher = watch(aws.directory);
    expect(await remove("big", old)).toMatchObject({ VersionId: old });
    await expect(get("big", old)).rejects.toMatchObject({ name: "NoSuchVersion" });
    expect(await read("big")).toBe("small");
    // The answer does not wait for the disk; the test's timeout is the deadline.
    while (readdirSync(aws.directory).length > 0) await once(watcher, "change");
    watcher.close();
    expect(await remove("big", ABSENT)).toMatchObject({ VersionId: ABSENT });
  });

  it("deletes many keys and versions at once, each with its result", async () => {
    const [a, b] = [await put("many/a", "a"), await put("many/b", "b")];
    const { Deleted, Errors } = await aws.client.send(
      new DeleteObjectsCommand({
        Bucket: BUCKET,
        Delete: {
          Objects: [{ Key: "many/a" }, { Key: "many/b", VersionId: b }, { Key: "many/b", VersionId: "no id" }],
        },
      }),
    );
    expect(Deleted).toEqual([
      { Key: "many/a", DeleteMarker: true, DeleteMarkerVersionId: expect.stringMatching(/^[\w.]{32}$/) },
      { Key: "many/b", VersionId: b },
    ]);
    expect(Errors).toEqual([expect.objectContaining({ Key: "many/b", VersionId: "no id", Code: "NoSuchVersion" })]);
    expect(await versions("many/")).toEqual({ versions: [a], markers: [Deleted?.[0]?.DeleteMarkerVersionId] });
  });

  it("copies a named version, also back over the current one", async () => {
    const first = await put("restored", "one");
    await put("restored", "two");
    const CopySource = `${BUCKET}/restored?versionId=${first}`;
    const copied = await aws.client.send(new CopyObjectCommand({ Bucket: BUCKET, Key: "restored", CopySource }));
    expect(copied).toMatchObject({ CopySourceVersionId: first, VersionId: expect.any(String) });
    expect(copied.VersionId).not.toBe(first);
    expect(await read("restored")).toBe("one");
    const { VersionId } = await remove("restored");
    const ofMarker = { Bucket: BUCKET, Key: "copy", CopySource: `${BUCKET}/restored?versionId=${VersionId}` };
    await expect(aws.client.send(new CopyObjectCommand(ofMarker))).rejects.toMatchObject({ name: "InvalidRequest" });
    const ofHidden = { Bucket: BUCKET, Key: "copy", CopySource: `${BUCKET}/restored` };
    await expect(aws.client.send(new CopyObjectCommand(ofHidden))).rejects.toMatchObject({ name: "NoSuchKey" });
  });

  it("gives each completed upload a version, and the same one to who asks again later", async () => {
    const target = { Bucket: BUCKET, Key: "parts" };
    const { UploadId } = await aws.client.send(new CreateMultipartUploadCommand(target));
    const part = { ...target, UploadId, PartNumber: 1, Body: "part" };
    const { ETag } = await aws.client.send(new UploadPartCommand(part));
    const complete = { ...target, UploadId, MultipartUpload: { Parts: [{ ETag, PartNumber: 1 }] } };
    const { VersionId } = await aws.client.send(new CompleteMultipartUploadCommand(complete));
    expect(VersionId).toMatch(/^[\w.]{32}$/);
    await put("parts", "newer");
    expect(await aws.client.send(new CompleteMultipartUploadCommand(complete))).toMatchObject({ VersionId });
  });

  it("tags one version and leaves the others", async () => {
    const first = await put("tagged", "one", { Tagging: "n=1" });
    const second = await put("tagged", "two", { Tagging: "n=2" });
    const target = { Bucket: BUCKET, Key: "tagged", VersionId: first };
    const tagsOf = async (VersionId?: string) =>
      (await aws.client.send(new GetObjectTaggingCommand({ ...target, VersionId }))).TagSet;
    const Tagging = { TagSet: [{ Key: "n", Value: "3" }] };
    expect(await aws.client.send(new PutObjectTaggingCommand({ ...target, Tagging }))).toMatchObject({
      VersionId: first,
    });
    expect([await tagsOf(first), await tagsOf()]).toEqual([Tagging.TagSet, [{ Key: "n", Value: "2" }]]);
    await aws.client.send(new DeleteObjectTaggingCommand(target));
    expect([await tagsOf(first), await tagsOf(second)]).toEqual([[], [{ Key: "n", Value: "2" }]]);
    const { VersionId } = await remove("tagged");
    const ofMarker = new PutObjectTaggingCommand({ ...target, VersionId, Tagging });
    await expect(aws.client.send(ofMarker)).rejects.toMatchObject({ name: "MethodNotAllowed" });
  });

  it("holds conditions against the current version; behind a marker there is none", async () => {
    const free = { IfNoneMatch: "*" };
    await put("conditional", "one", free);
    await expect(put("conditional", "two", free)).rejects.toMatchObject({ name: "PreconditionFailed" });
    const wrong = { IfMatch: '"00000000000000000000000000000000"' };
    await expect(put("conditional", "two", wrong)).rejects.toMatchObject({ name: "PreconditionFailed" });
    await expect(remove("conditional", undefined, wrong)).rejects.toMatchObject({ name: "PreconditionFailed" });
    await remove("conditional", undefined, { IfMatch: (await get("conditional")).ETag });
    await expect(put("conditional", "two", { IfMatch: "*" })).rejects.toMatchObject({ name: "NoSuchKey" });
    expect(await put("conditional", "two", free)).toMatch(/^[\w.]{32}$/);
  });

  it.each([
    ["no version's id", "1", "InvalidArgument"],
    ["an id that is not there", ABSENT, "NoSuchVersion"],
  ])("refuses to read %s", async (_what, versionId, name) => {
    await put("there", "x");
    await expect(get("there", versionId)).rejects.toMatchObject({ name });
  });

  it("tells the version in its events, and says whether a delete made a marker", async () => {
    await aws.notify({
      Id: "All",
      LambdaFunctionArn: FUNCTION_ARN,
      Events: ["s3:ObjectCreated:*", "s3:ObjectRemoved:*"],
      Filter: { Key: { FilterRules: [{ Name: "prefix", Value: "event" }] } },
    });
    const version = await put("event", "x");
    const { VersionId: marker } = await remove("event");
    await remove("event", version);
    const seen = aws.records.map(({ eventName, s3 }) => [eventName, s3.object.versionId]);
    expect(seen).toEqual([
      ["ObjectCreated:Put", version],
      ["ObjectRemoved:DeleteMarkerCreated", marker],
      ["ObjectRemoved:Delete", version],
    ]);
    const sequencers = aws.records.map(({ s3 }) => s3.object.sequencer);
    expect([...sequencers].sort()).toEqual(sequencers);
  });
});

describe("a bucket whose versioning is suspended", () => {
  it("keeps what it had and one version more, called null, that each write replaces", async () => {
    const kept = await put("suspended", "kept");
    await aws.setVersioning("Suspended");
    // As AWS answers: only a bucket that makes ids tells of one, though readers see the id `null`.
    expect([await put("suspended", "one"), await put("suspended", "two")]).toEqual([undefined, undefined]);
    expect(await versions("suspended")).toEqual({ versions: ["null", kept], markers: [] });
    expect([await read("suspended", "null"), await read("suspended", kept)]).toEqual(["two", "kept"]);
    expect(await remove("suspended")).toMatchObject({ DeleteMarker: true, VersionId: "null" });
    expect(await versions("suspended")).toEqual({ versions: [kept], markers: ["null"] });
    await remove("suspended", "null");
    expect(await read("suspended")).toBe("kept");
  });
});

describe("a bucket that never had versioning", () => {
  it("replaces and deletes, and speaks of no versions", async () => {
    const target = { Bucket: OTHER, Key: "plain" };
    expect(await aws.client.send(new PutObjectCommand({ ...target, Body: "x" }))).not.toHaveProperty("VersionId");
    expect(await aws.client.send(new GetObjectCommand({ ...target, VersionId: "null" }))).not.toHaveProperty(
      "VersionId",
    );
    await expect(aws.client.send(new GetObjectCommand({ ...target, VersionId: ABSENT }))).rejects.toMatchObject({
      name: "InvalidArgument",
    });
    const deleted = await aws.client.send(new DeleteObjectCommand(target));
    expect(deleted).not.toHaveProperty("DeleteMarker");
    const listed = await aws.client.send(new ListObjectVersionsCommand({ Bucket: OTHER }));
    expect(listed).not.toHaveProperty("Versions");
  });

  it("calls what it has the version null once it gets versioning", async () => {
    const bucket = "late-versioned-111122223333";
    await aws.createBucket(bucket);
    const target = { Bucket: bucket, Key: "early" };
    await aws.client.send(new PutObjectCommand({ ...target, Body: "early" }));
    await aws.setVersioning("Enabled", bucket);
    expect(await aws.client.send(new HeadObjectCommand(target))).toMatchObject({ VersionId: "null" });
    await aws.client.send(new PutObjectCommand({ ...target, Body: "late" }));
    const { Body } = await aws.client.send(new GetObjectCommand({ ...target, VersionId: "null" }));
    expect(await Body?.transformToString()).toBe("early");
  });
});

describe("a role that names a version", () => {
  const onObjects = (...Action: string[]) => ({ Effect: "Allow", Action, Resource: `arn:aws:s3:::${BUCKET}/*` });

  it.each([
    ["s3:GetObject", "GetObjectVersion", (t: Target) => new GetObjectCommand(t)],
    ["s3:GetObjectTagging", "GetObjectVersionTagging", (t: Target) => new GetObjectTaggingCommand(t)],
    ["s3:DeleteObject", "DeleteObjectVersion", (t: Target) => new DeleteObjectCommand(t)],
    [
      "s3:PutObjectTagging",
      "PutObjectVersionTagging",
      (t: Target) => new PutObjectTaggingCommand({ ...t, Tagging: { TagSet: [] } }),
    ],
  ])("may not with %s, and may with s3:%s", async (plain, needed, command) => {
    const VersionId = await put("allowed", "x");
    const target = { Bucket: BUCKET, Key: "allowed", VersionId };
    const refused = aws.asRole(onObjects(plain)).send(command(target) as GetObjectCommand);
    await expect(refused).rejects.toMatchObject({ name: "AccessDenied", message: expect.stringContaining(needed) });
    await aws.asRole(onObjects(`s3:${needed}`)).send(command(target) as GetObjectCommand);
  });

  it("may be confined to it by s3:VersionId", async () => {
    const [first, second] = [await put("one-version", "1"), await put("one-version", "2")];
    const Condition = { StringEquals: { "s3:VersionId": first } };
    const role = aws.asRole({ ...onObjects("s3:GetObjectVersion"), Condition });
    const target = { Bucket: BUCKET, Key: "one-version" };
    await role.send(new GetObjectCommand({ ...target, VersionId: first }));
    await expect(role.send(new GetObjectCommand({ ...target, VersionId: second }))).rejects.toMatchObject({
      name: "AccessDenied",
    });
  });
});

interface Target {
  readonly Bucket: string;
  readonly Key: string;
  readonly VersionId: string | undefined;
}
