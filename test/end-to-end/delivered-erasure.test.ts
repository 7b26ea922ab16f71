// `npm run erase` where CloudFront delivers: its edges forget the face at once, and nobody else's.

import { readFileSync } from "node:fs";
import { CloudFrontClient, ListInvalidationsCommand } from "@aws-sdk/client-cloudfront";
import { DeleteObjectCommand, ListObjectsV2Command, PutObjectCommand } from "@aws-sdk/client-s3";
import { eraseCommand } from "../../cli/erase";
import type { Receipt } from "../../cli/erasure-words";
import { erase, findErasable } from "../../operations/erasure/erase";
import { whatStays } from "../../operations/erasure/what-stays";
import { samplePhoto } from "../../pipeline/sample-photos";
import { joinPolicies, policyDocument } from "../../stack/policy-document";
import { run, runJson } from "../cli/run";
import { placeholdersOf, withRights } from "../operations/operator";
import { synthesizedBundles } from "../pipeline";
import { type DeliveredPipeline, startDeliveredPipeline } from "./delivered-pipeline";
import { without } from "./grants";

// The functions are the same, so they need not be bundled again; main.ts loads this module when it synthesizes.
jest.mock("../../stack/bundle", () => ({ bundleFunctions: synthesizedBundles }));

const PHOTO = readFileSync(samplePhoto("viper.jpg"));
let delivered: DeliveredPipeline;
beforeAll(async () => {
  delivered = await startDeliveredPipeline();
});
afterAll(() => delivered.close());

const eraseJson = (...args: string[]) => runJson<Receipt>(eraseCommand(), delivered.pipeline, ...args);
const seen = async (address: string) => {
  const { status, headers } = await delivered.ask(new URL(address).pathname);
  return `${status} ${headers["x-cache"]}`;
};

/** A thumbnail that the edge has a copy of. */
async function cachedFace(profileId: string) {
  const made = await delivered.face(profileId, PHOTO);
  await seen(made.address);
  expect(await seen(made.address)).toBe("200 Hit from cloudfront");
  return made;
}

test("nobody sees the face any more from then on, while other people's stay where they are", async () => {
  const [theirs, other] = [await cachedFace("1"), await cachedFace("2")];
  const { lines } = await run(eraseCommand(), delivered.pipeline, "1", "--dry-run");
  expect(lines).toContain("CloudFront's copies of 1 thumbnail are invalidated");
  expect(await seen(theirs.address)).toBe("200 Hit from cloudfront");
  const { invalidated = [], stays } = await eraseJson("1", "--yes");
  expect(await seen(theirs.address)).toBe("403 Error from cloudfront");
  expect(await seen(other.address)).toBe("200 Hit from cloudfront");
  expect(stays.filter(({ what }) => what.includes("CloudFront"))).toEqual([]);
  const client = new CloudFrontClient(delivered.pipeline.client);
  const [{ distributionId: DistributionId, invalidationId } = { distributionId: "", invalidationId: "" }] = invalidated;
  const { InvalidationList } = await client.send(new ListInvalidationsCommand({ DistributionId }));
  client.destroy();
  expect(InvalidationList?.Items).toMatchObject([{ Id: invalidationId, Status: "Completed" }]);
});

test("the receipt names the invalidation", async () => {
  await cachedFace("1");
  const { lines } = await run(eraseCommand(), delivered.pipeline, "1", "--yes");
  expect(lines.join("\n")).toMatch(/CloudFront has no copy of 1 thumbnail any more: invalidation I\w{13} of E\w{13}/);
});

test("a run that ended when the thumbnail was gone, and its copy was not, is made good by its repetition", async () => {
  const { address, thumbnail } = await cachedFace("3");
  const { s3, names } = delivered.pipeline;
  await s3.send(new DeleteObjectCommand({ Bucket: names.bucket, Key: thumbnail.key }));
  expect(await seen(address)).toBe("200 Hit from cloudfront");
  await eraseJson("3", "--yes");
  expect(await seen(address)).toBe("403 Error from cloudfront");
});

test("a run that is interrupted while it waits for CloudFront leaves the photo, and its repetition does all of it", async () => {
  const { address } = await cachedFace("3");
  const { aws, s3, names } = delivered.pipeline;
  const stop = new AbortController();
  const unsubscribe = aws.activity.subscribe(({ action }) => {
    if (action === "CreateInvalidation") stop.abort("SIGINT");
  });
  const { error } = await run(
    eraseCommand(() => stop.signal),
    delivered.pipeline,
    "3",
    "--yes",
  );
  unsubscribe();
  expect(error).toMatch(/^stopped by SIGINT after \d+ were removed; repeat the command/);
  const photos = new ListObjectsV2Command({ Bucket: names.bucket, Prefix: "original/3/" });
  expect((await s3.send(photos)).KeyCount).toBe(1);
  expect((await eraseJson("3", "--yes")).invalidated).toHaveLength(1);
  expect((await s3.send(photos)).KeyCount).toBe(0);
  expect(await seen(address)).toBe("403 Error from cloudfront");
});

test("a key with characters that an address must encode is invalidated too", async () => {
  const { s3, names } = delivered.pipeline;
  const [Key, path] = ["thumbnails/a b+ü/%.jpg", "/thumbnails/a%20b%2B%C3%BC/%25.jpg"];
  const CacheControl = "public, max-age=31536000, immutable";
  const Metadata = { "user-profile-id": "4" };
  const readable = { CacheControl, ServerSideEncryption: "AES256" } as const;
  await s3.send(new PutObjectCommand({ Bucket: names.bucket, Key, Body: PHOTO, Metadata, ...readable }));
  const seenAt = `${delivered.baseUrl}${path}`;
  await seen(seenAt);
  expect(await seen(seenAt)).toBe("200 Hit from cloudfront");
  await eraseJson("4", "--yes");
  expect(await seen(seenAt)).toBe("403 Error from cloudfront");
});

describe("with several thumbnails", () => {
  const sizes = [
    { name: "card", width: 150, height: 150, method: "fit", format: "original" },
    { name: "small", width: 64, height: 64, method: "cover", format: "webp" },
  ];
  let several: DeliveredPipeline;
  beforeAll(async () => {
    jest.spyOn(console, "warn").mockImplementation();
    several = await startDeliveredPipeline({ PROFILE_IMAGE_THUMBNAILS: JSON.stringify(sizes) });
  });
  afterAll(() => several.close());

  test("nobody sees any of them from then on, also one that went before its copy did", async () => {
    const { thumbnail } = await several.face("1", PHOTO);
    const paths = Object.values(thumbnail.sizes ?? {}).map(({ key }) => `/${key}`);
    expect(paths).toHaveLength(2);
    const look = async (path: string) => {
      const { status, headers } = await several.ask(path);
      return `${status} ${headers["x-cache"]}`;
    };
    for (const path of paths) await look(path);
    expect(await Promise.all(paths.map(look))).toEqual(["200 Hit from cloudfront", "200 Hit from cloudfront"]);
    const { s3, names } = several.pipeline;
    await s3.send(new DeleteObjectCommand({ Bucket: names.bucket, Key: thumbnail.sizes?.small?.key }));
    const { invalidated } = await runJson<Receipt>(eraseCommand(), several.pipeline, "1", "--yes");
    expect(invalidated).toMatchObject([{ paths: 2 }]);
    expect(await Promise.all(paths.map(look))).toEqual(["403 Error from cloudfront", "403 Error from cloudfront"]);
  });
});

describe("with policies/erase.json and policies/erase-delivery.json", () => {
  const policy = () => {
    const [{ arn } = { arn: "" }] = delivered.pipeline.aws.distributions;
    return joinPolicies(
      policyDocument("erase", placeholdersOf(delivered.pipeline)),
      policyDocument("erase-delivery", { distributionArn: arn }),
    );
  };
  const erasure = (policyText: string) =>
    withRights(delivered.pipeline, policyText, async (deployment) => {
      const stop = new AbortController().signal;
      const found = await findErasable(deployment, ["5"], { stop });
      await erase(deployment, found, { stop, withProfiles: false, onErased: () => {}, onInvalidated: () => {} });
      await whatStays(deployment, new Date(), true);
    });

  it("an operator can erase", async () => {
    const { address } = await cachedFace("5");
    await erasure(policy());
    expect(await seen(address)).toBe("403 Error from cloudfront");
  });

  it.each(["ListDistributions", "CreateInvalidation", "GetInvalidation"])("cloudfront:%s is missed", async (action) => {
    await delivered.face("5", PHOTO);
    const { Statement }: { Statement: Record<"Action" | "Resource", string | string[]>[] } = JSON.parse(policy());
    const grants = Statement.flatMap(({ Action, Resource }) =>
      [Action].flat().flatMap((each) => [Resource].flat().map(() => each)),
    );
    const lacking = without(policy(), [grants.indexOf(`cloudfront:${action}`)]);
    await expect(erasure(lacking)).rejects.toThrow(`cloudfront:${action}`);
  });
});
