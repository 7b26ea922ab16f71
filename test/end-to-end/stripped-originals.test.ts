// The setting `stripOriginals` on a running stack: photos lose the place where they were taken, in the bucket too, and
// nothing else of them. A reader that nobody here wrote looks for it.

import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { GetItemCommand } from "@aws-sdk/client-dynamodb";
import {
  GetObjectCommand,
  GetObjectTaggingCommand,
  HeadObjectCommand,
  ListObjectVersionsCommand,
  PutObjectCommand,
  type PutObjectCommandInput,
} from "@aws-sdk/client-s3";
import { load } from "exifreader";
import { synthesize } from "../../main";
import type { Pipeline } from "../../pipeline";
import { upload } from "../cli/operations";
import { record, startTestPipeline, synthesizedBundles } from "../pipeline";
import { grantsOf, without } from "./grants";

// No setting changes the functions' bytes, so they need not be bundled again; main.ts loads this module when it synthesizes.
jest.mock("../../stack/bundle", () => ({ bundleFunctions: synthesizedBundles }));

// On a busy machine everything that waits for a retry waits longer.
jest.setTimeout(60_000);

const PLACES = join(__dirname, "..", "functions", "lib", "places");
const taken = (name = "place.jpg") => readFileSync(join(PLACES, name));

const outdir = mkdtempSync(join(tmpdir(), "stripped-"));
let stack: string;
let pipeline: Pipeline;

beforeAll(async () => {
  Object.assign(process.env, { PROFILE_IMAGE_STRIP_ORIGINALS: "true", CDKTF_OUTDIR: outdir });
  try {
    stack = await synthesize();
    pipeline = await startTestPipeline(9, stack);
  } finally {
    delete process.env.PROFILE_IMAGE_STRIP_ORIGINALS;
    delete process.env.CDKTF_OUTDIR;
  }
});
afterAll(async () => {
  await pipeline.close();
  rmSync(outdir, { recursive: true });
});

async function put(id: string, Key: string, more: Partial<PutObjectCommandInput> = {}): Promise<string> {
  const input = { Bucket: pipeline.names.bucket, Key, Body: taken(), Metadata: { "user-profile-id": id }, ...more };
  return (await pipeline.s3.send(new PutObjectCommand(input))).ETag ?? "";
}

/** All versions of a photo that S3 keeps, the current one first. */
async function versionsOf(Prefix: string): Promise<{ eTag: string; bytes: Buffer }[]> {
  const Bucket = pipeline.names.bucket;
  const { Versions = [] } = await pipeline.s3.send(new ListObjectVersionsCommand({ Bucket, Prefix }));
  return Promise.all(
    Versions.map(async ({ Key, VersionId, ETag = "" }) => {
      const { Body } = await pipeline.s3.send(new GetObjectCommand({ Bucket, Key, VersionId }));
      return { eTag: ETag, bytes: Buffer.from((await Body?.transformToByteArray()) ?? []) };
    }),
  );
}

function hasPlace(photo: Buffer): boolean {
  const { gps, xmp = {}, exif = {} } = load(photo, { expanded: true });
  return (
    gps !== undefined || [...Object.keys(xmp), ...Object.keys(exif)].some((name) => /GPS|City|Location/.test(name))
  );
}

async function profile(id: string) {
  const { Item } = await pipeline.dynamodb.send(
    new GetItemCommand({ TableName: pipeline.names.table, Key: { id: { N: id } } }),
  );
  return { image: Item?.image?.S, eTag: Item?.imageETag?.S, ofThumbnail: Item?.thumbnail?.M?.imageETag?.S };
}

/** One version, without a place, which the profile has and shows. */
async function expectStripped(id: string, key: string): Promise<void> {
  const versions = await versionsOf(key);
  expect(versions.map(({ bytes }) => hasPlace(bytes))).toEqual([false]);
  const eTag = versions[0]?.eTag.replaceAll('"', "");
  expect(await profile(id)).toEqual({ image: key, eTag, ofThumbnail: eTag });
}

it("knows the place in the photos that are used here", () => {
  expect(hasPlace(taken())).toBe(true);
});

it("a photo loses its place, keeps all that S3 has with it, and costs one credit", async () => {
  const { activities, stop } = record(pipeline);
  const more = { ContentType: "image/jpeg", CacheControl: "max-age=60", Tagging: "From=a%20phone&Kept=yes" };
  await put("1", "original/one.jpg", { ...more, Metadata: { "user-profile-id": "1", camera: "mine" } });
  await pipeline.aws.idle();
  stop();
  await expectStripped("1", "original/one.jpg");
  const of = { Bucket: pipeline.names.bucket, Key: "original/one.jpg" };
  expect(await pipeline.s3.send(new HeadObjectCommand(of))).toMatchObject({
    ContentType: "image/jpeg",
    CacheControl: "max-age=60",
    Metadata: { "user-profile-id": "1", camera: "mine" },
  });
  expect((await pipeline.s3.send(new GetObjectTaggingCommand(of))).TagSet).toEqual(
    expect.arrayContaining([
      { Key: "From", Value: "a phone" },
      { Key: "Kept", Value: "yes" },
    ]),
  );
  expect(activities.filter(({ action }) => action === "Shrink")).toHaveLength(1);
});

it("a photo without a place stays as it was uploaded", async () => {
  await upload(pipeline, "2", "original/two.jpg");
  const before = await versionsOf("original/two.jpg");
  expect(before).toHaveLength(1);
  expect((await profile("2")).eTag).toBe(before[0]?.eTag.replaceAll('"', ""));
});

it.each(["place.png", "place.webp", "place.avif"])("so does a %s", async (name) => {
  await put("3", `original/${name}`, { Body: taken(name) });
  await pipeline.aws.idle();
  await expectStripped("3", `original/${name}`);
});

it("of photos that replace one another at once no version with a place is left", async () => {
  await Promise.all(
    ["place.jpg", "place.jpg", "place.png", "place.webp"].map((name) =>
      put("4", "original/four.jpg", { Body: taken(name) }),
    ),
  );
  await pipeline.aws.idle();
  const versions = await versionsOf("original/four.jpg");
  expect(versions.map(({ bytes }) => hasPlace(bytes))).not.toContain(true);
  expect((await profile("4")).eTag).toBe(versions[0]?.eTag.replaceAll('"', ""));
});

it("what failed in between is done by the next try", async () => {
  const grant = grantsOf(stack).find(({ label }) => label === "s3:DeleteObjectVersion on images_bucket/original/*");
  if (grant === undefined) throw new Error("There is no such grant");
  const { iam, activity } = pipeline.aws;
  const { policyDocument } = iam.getRolePolicy(grant);
  iam.putRolePolicy({ ...grant, policyDocument: without(policyDocument, [grant.index]) });
  const refused = new Promise<void>((resolve) => {
    const unsubscribe = activity.subscribe(({ service, detail }) => {
      if (service !== "iam" || detail?.decision !== "Deny" || detail?.action !== "s3:DeleteObjectVersion") return;
      unsubscribe();
      resolve();
    });
  });
  await put("5", "original/five.jpg");
  await refused;
  iam.putRolePolicy({ ...grant, policyDocument });
  await pipeline.aws.idle();
  await expectStripped("5", "original/five.jpg");
});

it("a photo of nobody's loses its place too", async () => {
  await put("404", "original/nobody.jpg");
  await pipeline.aws.idle();
  expect((await versionsOf("original/nobody.jpg")).map(({ bytes }) => hasPlace(bytes))).toEqual([false]);
});
