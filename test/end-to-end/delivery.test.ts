// Thumbnails by way of CloudFront, as the stack makes it: what a viewer gets, and that nothing else of the bucket is reached.

import { mkdtempSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { CopyObjectCommand, PutObjectCommand } from "@aws-sdk/client-s3";
import { type Pipeline, startPipeline } from "../../pipeline";
import { samplePhoto } from "../../pipeline/sample-photos";
import { synthesizedBundles } from "../pipeline";
import { type DeliveredPipeline, startDeliveredPipeline } from "./delivered-pipeline";

// The functions are the same, so they need not be bundled again; main.ts loads this module when it synthesizes.
jest.mock("../../stack/bundle", () => ({ bundleFunctions: synthesizedBundles }));

const PHOTO = readFileSync(samplePhoto("viper.jpg"));
let delivered: DeliveredPipeline;
let pipeline: Pipeline;

beforeAll(async () => {
  delivered = await startDeliveredPipeline();
  pipeline = delivered.pipeline;
});
afterAll(() => delivered.close());

const ask: DeliveredPipeline["ask"] = (...args) => delivered.ask(...args);
const face = (profileId: string) => delivered.face(profileId, PHOTO);

test("a thumbnail is at the address that the profile's key makes, for ever, without a word of whose it is", async () => {
  const { thumbnail, address } = await face("1");
  expect(address).toBe(`${delivered.baseUrl}/${thumbnail.key}`);
  const first = await ask(new URL(address).pathname);
  expect(first.status).toBe(200);
  expect(first.body).toHaveLength(thumbnail.bytes);
  expect(first.headers).toMatchObject({
    "content-type": "image/jpeg",
    "cache-control": "public, max-age=31536000, immutable",
    "content-security-policy": "default-src 'none'; sandbox",
    "cross-origin-resource-policy": "cross-origin",
    "referrer-policy": "no-referrer",
    "strict-transport-security": "max-age=31536000",
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
    "x-cache": "Miss from cloudfront",
  });
  expect(Object.keys(first.headers).filter((name) => /^x-amz-(?!cf-)/.test(name))).toEqual([]);
  const second = await ask(new URL(address).pathname);
  expect([second.status, second.headers["x-cache"], second.body.equals(first.body)]).toEqual([
    200,
    "Hit from cloudfront",
    true,
  ]);
  const { etag = "" } = first.headers;
  expect((await ask(new URL(address).pathname, { "if-none-match": etag })).status).toBe(304);
  expect(await ask(new URL(address).pathname, {}, "HEAD")).toMatchObject({ status: 200, body: Buffer.alloc(0) });
});

test("a part of it can be asked for", async () => {
  const { address } = await face("2");
  const part = await fetch(address, { headers: { range: "bytes=0-9" } });
  expect([part.status, (await part.arrayBuffer()).byteLength]).toEqual([206, 10]);
});

test("a thumbnail under a key that may show another photo is asked for each time", async () => {
  const put = async (photo: Buffer) => {
    const { s3, names, aws } = pipeline;
    const Metadata = { "user-profile-id": "3" };
    await s3.send(new PutObjectCommand({ Bucket: names.bucket, Key: "original/3.jpg", Body: photo, Metadata }));
    await aws.idle();
    return ask("/thumbnails/3.jpg");
  };
  const first = await put(PHOTO);
  expect(first.headers["cache-control"]).toBe("public, no-cache");
  expect((await ask("/thumbnails/3.jpg", { "if-none-match": String(first.headers.etag) })).status).toBe(304);
  const second = await put(readFileSync(samplePhoto("merlin.jpg")));
  expect(second.headers["x-cache"]).toBe("Miss from cloudfront");
  expect(second.body.equals(first.body)).toBe(false);
});

test.each([
  "/",
  "/?list-type=2&prefix=original/",
  "/thumbnails",
  "/original/3.jpg",
  "//original/3.jpg",
  "/thumbnails/../original/3.jpg",
  "/thumbnails/%2e%2e/original/3.jpg",
  "/thumbnails%2f../original/3.jpg",
  "/thumbnails/..%2foriginal/3.jpg",
  "/thumbnails/../thumbnails/3.jpg",
  "/nothing/../original/3.jpg",
  "/x/../thumbnails/../original/3.jpg",
  "/Thumbnails/3.jpg",
  "/thumbnails/",
  "/thumbnails/?versions",
  "/thumbnails/not-there.jpg",
])("%s leads to nothing", async (path) => {
  const { status, body } = await ask(path);
  expect(status).toBe(403);
  expect(body.toString()).toContain("AccessDenied");
  // Whoever is outside learns nothing of the account.
  expect(body.toString()).toContain("<Message>Access Denied</Message>");
});

test("what a query says changes nothing: neither S3's operation nor its headers", async () => {
  const { status, headers } = await ask("/thumbnails/3.jpg?tagging&response-content-type=text/html&versionId=null");
  expect([status, headers["content-type"]]).toEqual([200, "image/jpeg"]);
});

test.each(["PUT", "POST", "DELETE", "OPTIONS", "PATCH"])("%s is not a method of the distribution", async (method) => {
  const { status, body } = await ask("/thumbnails/3.jpg", {}, method);
  expect(status).toBe(403);
  expect(body.toString()).toContain("not configured to allow the HTTP request method");
  expect((await ask("/thumbnails/3.jpg")).status).toBe(200);
});

type Policy = {
  Statement: { Effect: string; Resource: unknown; Condition: { StringEquals: Record<string, string> } }[];
};

test.each<[string, (policy: Policy) => void]>([
  ["without the distribution's statement", (policy) => policy.Statement.pop()],
  [
    "for another distribution",
    ({ Statement: [, allow] }) => {
      if (allow !== undefined) allow.Condition.StringEquals["aws:SourceArn"] += "X";
    },
  ],
  [
    "for another path",
    ({ Statement: [, allow] }) => {
      if (allow !== undefined) allow.Resource = String(allow.Resource).replace("/thumbnails/", "/pictures/");
    },
  ],
])("a bucket policy %s lets it in nowhere", async (_what, change) => {
  const directory = mkdtempSync(join(delivered.folder, "changed-"));
  symlinkSync(join(delivered.stackDirectory, "assets"), join(directory, "assets"));
  const stack = JSON.parse(readFileSync(join(delivered.stackDirectory, "cdk.tf.json"), "utf8"));
  const { images_policy: block } = stack.resource.aws_s3_bucket_policy;
  const policy = JSON.parse(block.policy);
  change(policy);
  block.policy = JSON.stringify(policy);
  writeFileSync(join(directory, "cdk.tf.json"), JSON.stringify(stack));
  const changed = await startPipeline(directory, 0);
  const Key = "thumbnails/there.jpg";
  await changed.s3.send(new PutObjectCommand({ Bucket: changed.names.bucket, Key, Body: PHOTO }));
  const refused = await fetch(`${changed.thumbnailBaseUrl}/${Key}`);
  await changed.close();
  expect([refused.status, refused.headers.get("x-cache")]).toEqual([403, "Error from cloudfront"]);
});

test("who asks too early is refused for ten more seconds, as on AWS", async () => {
  const Key = "thumbnails/5/late.jpg";
  expect((await ask(`/${Key}`)).headers["x-cache"]).toBe("Error from cloudfront");
  await pipeline.s3.send(new PutObjectCommand({ Bucket: pipeline.names.bucket, Key, Body: PHOTO }));
  expect(await ask(`/${Key}`)).toMatchObject({ status: 403, headers: { "x-cache": "Hit from cloudfront" } });
});

test("a thumbnail with KMS encryption by AWS's key is refused until it is copied onto itself with S3's own keys", async () => {
  const { bucket: Bucket } = pipeline.names;
  const [asked, other] = ["thumbnails/5/earlier.jpg", "thumbnails/5/other.jpg"];
  for (const Key of [asked, other]) {
    await pipeline.s3.send(new PutObjectCommand({ Bucket, Key, Body: PHOTO, ServerSideEncryption: "aws:kms" }));
  }
  expect((await ask(`/${asked}`)).status).toBe(403);
  // As docs/changing-settings.md says; the other key, since a refusal is kept for ten seconds.
  const onto = { Bucket, Key: other, CopySource: `${Bucket}/${other}` };
  await pipeline.s3.send(new CopyObjectCommand({ ...onto, ServerSideEncryption: "AES256", MetadataDirective: "COPY" }));
  expect((await ask(`/${other}`)).status).toBe(200);
});

test("nothing listens when it is closed", async () => {
  const other = await startPipeline(delivered.stackDirectory, 0);
  const url = other.thumbnailBaseUrl ?? "";
  expect((await fetch(`${url}/thumbnails/1.jpg`)).status).toBe(403);
  await other.close();
  await expect(fetch(`${url}/thumbnails/1.jpg`)).rejects.toThrow("fetch failed");
});
