// The setting `stripOriginals` on a running stack: photos lose the place where they were taken, in the bucket too, and
// nothing else of them. A reader that nobody here wrote looks for it.

import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { GetItemCommand } from "@aws-sdk/client-dynamodb";
import { InvokeCommand, LambdaClient } from "@aws-sdk/client-lambda";
import {
  GetObjectCommand,
  GetObjectTaggingCommand,
  HeadObjectCommand,
  ListObjectVersionsCommand,
  PutObjectCommand,
  type PutObjectCommandInput,
} from "@aws-sdk/client-s3";
import { load } from "exifreader";
import { brokenPromises } from "../../chaos/report";
import { runChaos } from "../../chaos/run";
import { eraseCommand } from "../../cli/erase";
import { failuresCommand } from "../../cli/failures";
import { redriveCommand } from "../../cli/redrive";
import { uploadCommand } from "../../cli/upload";
import { MAX_PHOTO_BYTES } from "../../functions/lib/photo-bytes";
import type { Uploaded } from "../../operations/send-photos";
import { type Pipeline, startPipeline } from "../../pipeline";
import { upload, whileForbidden } from "../cli/operations";
import { run, runJson } from "../cli/run";
import { record, startTestPipeline, synthesizedBundles } from "../pipeline";
import { synthesizeWith } from "../synthesize-with";
import { grantsOf, without as withoutGrants } from "./grants";

// No setting changes the functions' bytes, so they need not be bundled again; main.ts loads this module when it synthesizes.
jest.mock("../../stack/bundle", () => ({ bundleFunctions: synthesizedBundles }));

// On a busy machine everything that waits for a retry waits longer.
jest.setTimeout(60_000);

const PLACES = join(__dirname, "..", "functions", "lib", "places");
const taken = (name = "place.jpg") => readFileSync(join(PLACES, name));

const EXPIRES = new Date("2030-01-01T00:00:00Z");

const outdir = mkdtempSync(join(tmpdir(), "stripped-"));
let stack: string;
let pipeline: Pipeline;

beforeAll(async () => {
  stack = await synthesizeWith(outdir, { PROFILE_IMAGE_STRIP_ORIGINALS: "true" });
  pipeline = await startTestPipeline(9, stack);
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
async function versionsOf(Prefix: string, { s3, names } = pipeline): Promise<{ eTag: string; bytes: Buffer }[]> {
  const Bucket = names.bucket;
  const { Versions = [] } = await s3.send(new ListObjectVersionsCommand({ Bucket, Prefix }));
  return Promise.all(
    Versions.map(async ({ Key, VersionId, ETag = "" }) => {
      const { Body } = await s3.send(new GetObjectCommand({ Bucket, Key, VersionId }));
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
  const more = {
    ContentType: "image/jpeg",
    CacheControl: "max-age=60",
    Expires: EXPIRES,
    Tagging: "From=a%20phone&Kept=yes",
  };
  await put("1", "original/one.jpg", { ...more, Metadata: { "user-profile-id": "1", camera: "mine" } });
  await pipeline.aws.idle();
  stop();
  await expectStripped("1", "original/one.jpg");
  const of = { Bucket: pipeline.names.bucket, Key: "original/one.jpg" };
  expect(await pipeline.s3.send(new HeadObjectCommand(of))).toMatchObject({
    ContentType: "image/jpeg",
    CacheControl: "max-age=60",
    ExpiresString: EXPIRES.toUTCString(),
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

const GRANTS = [
  "s3:PutObject on images_bucket/original/*",
  "s3:GetObjectTagging on images_bucket/original/*",
  "s3:PutObjectTagging on images_bucket/original/*",
  "s3:GetObjectVersion on images_bucket/original/*",
  "s3:DeleteObjectVersion on images_bucket/original/*",
];

const strippingGrants = () => grantsOf(stack).filter(({ policyName }) => policyName.includes("Stripping"));

/** Does something while SetProfileImage lacks one grant. */
async function without(label: string, work: () => Promise<void>): Promise<void> {
  const grant = strippingGrants().find((each) => each.label === label);
  if (grant === undefined) throw new Error(`There is no grant ${label}`);
  const { iam } = pipeline.aws;
  const { policyDocument } = iam.getRolePolicy(grant);
  iam.putRolePolicy({ ...grant, policyDocument: withoutGrants(policyDocument, [grant.index]) });
  try {
    await work();
  } finally {
    iam.putRolePolicy({ ...grant, policyDocument });
  }
}

/** Invokes SetProfileImage as S3 does, with an event of now. */
async function sendEvent(object: object, more: object = {}): Promise<void> {
  const s3 = { bucket: { name: pipeline.names.bucket }, object: { ...object, sequencer: "01" } };
  const Payload = JSON.stringify({ Records: [{ eventTime: new Date().toISOString(), s3, ...more }] });
  const lambda = new LambdaClient(pipeline.client);
  await lambda.send(new InvokeCommand({ FunctionName: "SetProfileImage", InvocationType: "Event", Payload }));
  lambda.destroy();
}

/** A photo with a tag, which then loses its place, and the event of a version that was replaced before. */
async function strips(id: string, key: string): Promise<boolean> {
  const overtaken = `${key.replace("original/", "original/overtaken-")}.old`;
  const of = { Bucket: pipeline.names.bucket, Key: key };
  // Nobody is notified of keys with such an end.
  await put(id, overtaken);
  await put(id, overtaken, { Body: "another one" });
  const { Versions = [] } = await pipeline.s3.send(new ListObjectVersionsCommand({ ...of, Prefix: overtaken }));
  const old = Versions.find(({ IsLatest }) => !IsLatest);
  const { Size: size, ETag, VersionId: versionId } = old ?? {};
  await sendEvent({ key: overtaken, size, eTag: ETag?.replaceAll('"', ""), versionId });
  await put(id, key, { Tagging: "Kept=yes" });
  await pipeline.aws.idle();
  const { TagSet } = await pipeline.s3.send(new GetObjectTaggingCommand(of));
  const versions = [...(await versionsOf(overtaken)), ...(await versionsOf(key))];
  return TagSet?.length === 1 && versions.length === 2 && !versions.some(({ bytes }) => isTaken(bytes));
}

/** One of the versions is no picture. */
const isTaken = (bytes: Buffer): boolean => bytes.length > 100 && hasPlace(bytes);

it("its rights are enough", async () => {
  expect(strippingGrants().map(({ label }) => label)).toEqual(GRANTS);
  expect(await strips("5", "original/enough.jpg")).toBe(true);
});

it.each(GRANTS)("and %s is needed", async (label) => {
  await without(label, async () => {
    expect(await strips("5", `original/${GRANTS.indexOf(label)}.jpg`)).toBe(false);
  });
});

it("what failed in between is done by the next try", async () => {
  const { activity } = pipeline.aws;
  await without("s3:DeleteObjectVersion on images_bucket/original/*", async () => {
    const refused = new Promise<void>((resolve) => {
      const unsubscribe = activity.subscribe(({ service, detail }) => {
        if (service !== "iam" || detail?.decision !== "Deny" || detail?.action !== "s3:DeleteObjectVersion") return;
        unsubscribe();
        resolve();
      });
    });
    await put("6", "original/six.jpg");
    await refused;
  });
  await pipeline.aws.idle();
  await expectStripped("6", "original/six.jpg");
});

it("`npm run upload` waits for the thumbnail of what is there in its place", async () => {
  const { photos } = await runJson<{ photos: readonly Uploaded[] }>(
    uploadCommand(),
    pipeline,
    ...["--user", "7", join(PLACES, "place.jpg")],
  );
  expect(photos).toEqual([expect.objectContaining({ thumbnail: expect.stringContaining("thumbnails/7/") })]);
});

it("the largest photo that there may be does too, in the memory that the function has", async () => {
  await put("8", "original/eight.jpg", { Body: Buffer.concat([taken()], MAX_PHOTO_BYTES) });
  await pipeline.aws.idle();
  await expectStripped("8", "original/eight.jpg");
});

it("who shares a key with somebody who is erased keeps the record of a photo that lost its place", async () => {
  await put("1", "original/shared.jpg", { Body: taken("place.webp") });
  await pipeline.aws.idle();
  await whileForbidden(pipeline, "SetProfileImage", "dynamodb:UpdateItem on user_profile", async () => {
    await put("9", "original/shared.jpg");
    await pipeline.aws.idle();
  });
  await runJson(eraseCommand(), pipeline, "1", "--yes");
  await run(redriveCommand(), pipeline, "--all");
  await pipeline.aws.idle();
  expect((await profile("9")).image).toBe("original/shared.jpg");
});

it("says of a photo with too much metadata what is in the way", async () => {
  const Metadata = { "user-profile-id": "2", note: "x".repeat(2_000) };
  await put("2", "original/noted.jpg", { Metadata });
  await pipeline.aws.idle();
  const { lines } = await run(failuresCommand(), pipeline);
  expect(lines.join("\n")).toMatch(/original\/noted\.jpg\n.*MetadataTooLarge: .*2,048/);
});

it("a photo comes through whose sender is called as the function is", async () => {
  // Nobody is notified of keys with such an end.
  const eTag = await put("3", "original/namesake.jpg.old");
  await sendEvent(
    { key: "original/namesake.jpg.old", size: taken().length, eTag: eTag.replaceAll('"', "") },
    { userIdentity: { principalId: "AWS:AROAEXAMPLEID:SetProfileImage" } },
  );
  await pipeline.aws.idle();
  await expectStripped("3", "original/namesake.jpg.old");
});

it("a photo of nobody's loses its place too", async () => {
  await put("404", "original/nobody.jpg");
  await pipeline.aws.idle();
  expect((await versionsOf("original/nobody.jpg")).map(({ bytes }) => hasPlace(bytes))).toEqual([false]);
});

test("while everything fails, no photo is lost and none keeps its place", async () => {
  const storm = await startPipeline(stack, 0, { deliverTwiceAndOutOfOrder: true, datesEventsByArrival: true });
  try {
    const report = await runChaos(storm, { seed: 5, uploads: 24 });
    expect(brokenPromises(report)).toEqual([]);
    const photos = (await versionsOf("original/", storm)).filter(({ bytes }) => isReadable(bytes));
    expect(photos.length).toBeGreaterThan(5);
    expect(photos.map(({ bytes }) => hasPlace(bytes))).not.toContain(true);
  } finally {
    await storm.close();
  }
});

/** Neither spoiled nor too large to be read at all. */
const isReadable = (bytes: Buffer): boolean => bytes[0] === 0xff && bytes.length < 64_000_000;
