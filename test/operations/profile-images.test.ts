// The module for apps, as an app uses it: with the role of policies/app.json and no other rights, and fetch for a browser.

import { readFileSync } from "node:fs";
import { join } from "node:path";
import { GetItemCommand } from "@aws-sdk/client-dynamodb";
import { MAX_KEY_BYTES, ORIGINAL_PREFIX, thumbnailKeyOf } from "../../functions/lib/keys";
import { PROFILE_ID } from "../../functions/lib/metadata";
import { MAX_PHOTO_BYTES as LARGEST } from "../../functions/lib/photo-bytes";
import { thumbnailValue } from "../../functions/lib/profile-thumbnail";
import {
  createProfileImages,
  MAX_PHOTO_BYTES,
  newPhotoKey,
  PHOTO_SUFFIXES,
  type ProfileImages,
  profileImageIn,
  refusalOf,
} from "../../operations/profile-images";
import type { Pipeline } from "../../pipeline";
import { policyDocument } from "../../stack/policy-document";
import { readSettings } from "../../stack/settings";
import { startTestPipeline } from "../pipeline";

const PHOTO = readFileSync(join(__dirname, "..", "..", "samples", "viper.jpg"));
const FILE = { contentType: "image/jpeg", size: PHOTO.length };

let pipeline: Pipeline;
beforeAll(async () => {
  pipeline = await startTestPipeline();
  await pipeline.aws.idle();
});
afterAll(() => pipeline.close());

/** Of an app whose role has all of policies/app.json but some actions. */
function imagesWithout(actions: readonly string[], profileIdType?: "string"): ProfileImages {
  const { aws, names, client } = pipeline;
  const { accountId, region } = aws.account;
  const policy = JSON.parse(
    policyDocument("app", {
      imagesBucketArn: `arn:aws:s3:::${names.bucket}`,
      tableArn: `arn:aws:dynamodb:${region}:${accountId}:table/${names.table}`,
      accountId,
    }),
  );
  for (const statement of policy.Statement) {
    statement.Action = [statement.Action].flat().filter((action) => !actions.includes(action));
  }
  policy.Statement = policy.Statement.filter(({ Action }: { Action: string[] }) => Action.length > 0);
  const service = "ecs-tasks.amazonaws.com";
  const roleName = `App-without-${actions.join("-").replaceAll(":", ".") || "nothing"}-${Math.random()}`;
  const trust = { Statement: { Effect: "Allow", Principal: { Service: service }, Action: "sts:AssumeRole" } };
  const assumeRolePolicyDocument = JSON.stringify({ Version: "2012-10-17", ...trust });
  const { arn } = aws.iam.createRole({ roleName, assumeRolePolicyDocument });
  aws.iam.putRolePolicy({ roleName, policyName: "App", policyDocument: JSON.stringify(policy) });
  const credentials = aws.iam.assumeRole({ roleArn: arn, service, sessionName: "app" });
  const { bucket, table } = names;
  return createProfileImages({ bucket, table, profileIdType, client: { ...client, credentials } });
}

const upload = async (images: ProfileImages, profileId: string) => {
  const { url, method, headers, key } = await images.signUpload(profileId, FILE);
  const put = () => fetch(url, { method, headers, body: new Uint8Array(PHOTO) });
  return { key, put };
};

/** What an app does; each with what it comes to. */
const STEPS: Readonly<Record<string, (images: ProfileImages) => Promise<unknown>>> = {
  "s3:PutObject": async (images) => (await (await upload(images, "1")).put()).status === 200,
  "s3:GetObject": async (images) => {
    const { thumbnail } = profileImageIn((await profile("1")) ?? {});
    return (await fetch(await images.urlOf(thumbnail ?? { key: "" }))).status === 200;
  },
  "dynamodb:GetItem": async (images) => (await images.read("1"))?.thumbnail !== undefined,
  "dynamodb:UpdateItem": (images) => images.removePhoto("1"),
};

async function profile(id: string) {
  const input = { TableName: pipeline.names.table, Key: { id: { N: id } } };
  return (await pipeline.dynamodb.send(new GetItemCommand(input))).Item;
}

test("a photo goes from a browser to a face that anybody with its address can see, and away again", async () => {
  const images = imagesWithout([]);
  expect(await images.read("2")).toEqual({ photo: undefined, thumbnail: undefined, isCurrent: false });
  const { key, put } = await upload(images, "2");
  // Once, and never as somebody else's.
  expect([(await put()).status, (await put()).status]).toEqual([200, 412]);
  await pipeline.aws.idle();
  const face = await images.read("2");
  expect(face).toEqual({
    photo: key,
    thumbnail: { key: thumbnailKeyOf(key), width: 100, height: 150, bytes: expect.any(Number), type: "image/jpeg" },
    isCurrent: true,
  });
  const { thumbnail } = face ?? {};
  if (thumbnail === undefined) throw new Error("there is no thumbnail");
  const address = await images.urlOf(thumbnail);
  // The same each time, so that browsers keep the picture.
  expect(await images.urlOf(thumbnail)).toBe(address);
  const shown = await fetch(address);
  expect({ type: shown.headers.get("content-type"), size: (await shown.arrayBuffer()).byteLength }).toEqual({
    type: thumbnail.type,
    size: thumbnail.bytes,
  });
  expect(await images.removePhoto("2")).toBe(true);
  await pipeline.aws.idle();
  expect(await images.read("2")).toEqual({ photo: undefined, thumbnail: undefined, isCurrent: false });
  expect((await fetch(address)).status).not.toBe(200);
  images.close();
});

test("the old face stays while no thumbnail can be made of the new photo", async () => {
  const images = imagesWithout([]);
  const first = await upload(images, "3");
  await first.put();
  await pipeline.aws.idle();
  const before = await images.read("3");
  const { url, headers, key } = await images.signUpload("3", { contentType: "image/jpeg", size: 5 });
  expect((await fetch(url, { method: "PUT", headers, body: "notes" })).status).toBe(200);
  await pipeline.aws.idle();
  expect(await images.read("3")).toEqual({ ...before, photo: key, isCurrent: false });
  images.close();
});

test("an id without a profile has no face, and nothing to remove", async () => {
  const images = imagesWithout([]);
  expect([await images.read("404"), await images.removePhoto("404")]).toEqual([undefined, false]);
  expect(await profile("404")).toBeUndefined();
  images.close();
});

describe("policies/app.json", () => {
  beforeAll(async () => {
    const images = imagesWithout([]);
    await (await upload(images, "1")).put();
    await pipeline.aws.idle();
  });

  it("has what an app needs, and no more than that", () => {
    const { Statement } = JSON.parse(readFileSync(join(__dirname, "..", "..", "policies", "app.json"), "utf8"));
    const actions = Statement.flatMap(({ Action }: { Action: string | string[] }) => Action);
    expect(actions.sort()).toEqual(Object.keys(STEPS).sort());
  });

  it.each(Object.keys(STEPS))("%s is missed where it is taken away, and nowhere else", async (action) => {
    const images = imagesWithout([action]);
    for (const [needed, step] of Object.entries(STEPS)) {
      const succeeded = await step(images).catch(({ name }: Error) => name);
      const refusal = needed.startsWith("s3:") ? false : "AccessDeniedException";
      expect({ needed, succeeded }).toEqual({ needed, succeeded: needed === action ? refusal : true });
      if (needed !== "dynamodb:GetItem") await pipeline.aws.idle();
      // A photo for the step after the one that removes it.
      if (needed === "dynamodb:UpdateItem") await (await upload(imagesWithout([]), "1")).put();
      await pipeline.aws.idle();
    }
    images.close();
  });
});

test("a table of string ids is read and written by them", async () => {
  // The table of the default stack has numbers: what is sent tells.
  const images = imagesWithout([], "string");
  await expect(images.read("auth0|1")).rejects.toMatchObject({ name: "ValidationException" });
  images.close();
});

test("what it says is what the functions go by", async () => {
  expect(MAX_PHOTO_BYTES).toBe(LARGEST);
  const key = newPhotoKey("/".repeat(255), ".jpeg");
  expect(key.startsWith(ORIGINAL_PREFIX)).toBe(true);
  expect(Buffer.byteLength(thumbnailKeyOf(key))).toBeLessThanOrEqual(MAX_KEY_BYTES);
  const images = imagesWithout([]);
  expect((await images.signUpload("4", FILE)).headers).toMatchObject({ [`x-amz-meta-${PROFILE_ID}`]: "4" });
  images.close();
  const { uploadSuffixes } = readSettings([]);
  expect(uploadSuffixes).toEqual(expect.arrayContaining(Object.values(PHOTO_SUFFIXES)));
  const thumbnail = { key: "thumbnails/1.png", width: 1, height: 2, bytes: 3, type: "image/png" };
  const item = {
    image: { S: "original/1.png" },
    imageETag: { S: "e" },
    thumbnail: thumbnailValue({ ...thumbnail, imageETag: "e" }),
  };
  expect(profileImageIn(item)).toEqual({ photo: "original/1.png", thumbnail, isCurrent: true });
  expect(profileImageIn({ ...item, imageVersion: { S: "2" } })).toMatchObject({ isCurrent: false });
  expect(profileImageIn({ ...item, imageETag: { S: "f" } })).toMatchObject({ isCurrent: false });
});

test.each([
  [{ contentType: "image/heic", size: 5 }, "A photo must be a JPEG, PNG, WebP or AVIF (this one is image/heic)."],
  [{ contentType: "", size: 5 }, "A photo must be a JPEG, PNG, WebP or AVIF (this one is of an unknown type)."],
  [{ contentType: "constructor", size: 5 }, "A photo must be a JPEG, PNG, WebP or AVIF (this one is constructor)."],
  [{ contentType: "image/png", size: 0 }, "A photo must have 1 to 64000000 bytes (this one has 0)."],
  [{ contentType: "image/png", size: 64_000_001 }, "A photo must have 1 to 64000000 bytes (this one has 64000001)."],
  [{ contentType: "image/png", size: Number.NaN }, "A photo must have 1 to 64000000 bytes (this one has NaN)."],
  [{ contentType: "image/png", size: 64_000_000 }, undefined],
])("%j: %s", async (file, sentence) => {
  expect(refusalOf(file)).toBe(sentence);
  const images = createProfileImages({ bucket: "b", table: "t", client: { region: "eu-west-1" } });
  if (sentence !== undefined) await expect(images.signUpload("1", file)).rejects.toThrow(sentence);
  images.close();
});

test("with a distribution, addresses are its own, and are not signed", async () => {
  const thumbnailBaseUrl = "https://faces.example.com";
  const images = createProfileImages({ bucket: "b", table: "t", thumbnailBaseUrl, client: { region: "eu-west-1" } });
  expect(await images.urlOf({ key: "thumbnails/auth0%7C1/a b.jpg" })).toBe(
    "https://faces.example.com/thumbnails/auth0%257C1/a%20b.jpg",
  );
  images.close();
});
