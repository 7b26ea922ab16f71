// Profiles that are keyed by strings, such as the user ids of an identity provider: the same pipeline and commands.

import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DeleteItemCommand, GetItemCommand, PutItemCommand } from "@aws-sdk/client-dynamodb";
import { GetObjectCommand, PutObjectCommand } from "@aws-sdk/client-s3";
import { backfillCommand } from "../../cli/backfill";
import { failuresCommand } from "../../cli/failures";
import { presignCommand } from "../../cli/presign";
import { profilesCommand } from "../../cli/profiles";
import { redriveCommand } from "../../cli/redrive";
import { thumbnailCommand } from "../../cli/thumbnail";
import { uploadCommand } from "../../cli/upload";
import { type Pipeline, startPipeline } from "../../pipeline";
import { run } from "../cli/run";
import { picture } from "../local/tinify/pictures";
import { synthesizedBundles } from "../pipeline";
import { synthesizeWith } from "../synthesize-with";

// The functions are the same, so they need not be bundled again; main.ts loads this module when it synthesizes.
jest.mock("../../stack/bundle", () => ({ bundleFunctions: synthesizedBundles }));

const COGNITO = "3f2a9c1e-70b1-7091-5f3c-0a1b2c3d4e5f";
const AUTH0 = "auth0|5f7c8ec7c33c6c004bbafe82";
const CLERK = "user_2NNEqL2nrIRdJ194ndJqAHwEfxC";
const ADDRESS = "pete.mitchell+test@example.com";
const PATH = "org/team 7/../x%2F?#&";
const LONG = "/".repeat(255);
const DOTS = "..";
const ALL = [COGNITO, AUTH0, CLERK, ADDRESS, PATH, LONG, DOTS, ".", "7", "007", "-1", `O'Neill "<b>" \\`];

const folder = mkdtempSync(join(tmpdir(), "string ids "));
let pipeline: Pipeline;

beforeAll(async () => {
  const stack = await synthesizeWith(join(folder, "out"), { PROFILE_IMAGE_PROFILE_ID: "string" });
  pipeline = await startPipeline(stack, 0);
  for (const id of ALL) {
    const Item = { id: { S: id }, name: { S: `Name of ${id.slice(0, 20)}` } };
    await pipeline.dynamodb.send(new PutItemCommand({ TableName: pipeline.names.table, Item }));
  }
});
afterAll(async () => {
  await pipeline.close();
  rmSync(folder, { recursive: true });
});

const photo = picture(300, 200).jpeg().toBuffer();

async function file(name: string): Promise<string> {
  const path = join(folder, name);
  writeFileSync(path, await photo);
  return path;
}

const json = async (...given: Parameters<typeof run>) => {
  const { lines, error } = await run(...given);
  return { ...JSON.parse(lines.at(-1) ?? "{}"), error };
};

async function profile(id: string) {
  const input = { TableName: pipeline.names.table, Key: { id: { S: id } } };
  return (await pipeline.dynamodb.send(new GetItemCommand(input))).Item;
}

test.each(ALL)("a photo for %s gets its thumbnail, under a key of its own", async (id) => {
  const { photos, error } = await json(uploadCommand(), pipeline, "--json", "--user", id, await file("me.jpg"));
  expect({ photos, error }).toMatchObject({ photos: [{ profileId: id, thumbnail: expect.any(String) }] });
  const { image, thumbnail } = (await profile(id)) ?? {};
  // One part of the key is the profile's, whatever its id.
  expect(image?.S).toMatch(/^original\/[^/]+\/[0-9a-f-]{36}\.jpg$/);
  expect(decodeURIComponent(image?.S?.split("/")[1] ?? "")).toBe(id);
  const { Metadata } = await pipeline.s3.send(
    new GetObjectCommand({ Bucket: pipeline.names.bucket, Key: thumbnail?.M?.key?.S }),
  );
  expect(Metadata).toMatchObject({ "user-profile-id": id });
});

test("an emoji is the id of a profile that is listed and backfilled, though no metadata carries it", async () => {
  const { dynamodb, names } = pipeline;
  const Key = { id: { S: "🛩️ Pete/.." } };
  await dynamodb.send(new PutItemCommand({ TableName: names.table, Item: { ...Key, name: { S: "Pete" } } }));
  const { profiles } = await json(profilesCommand(), pipeline, "--json");
  expect(profiles.map(({ id }: { id: string }) => id)).toContain(Key.id.S);
  expect(await json(backfillCommand(), pipeline, "--json", Key.id.S)).toMatchObject({ failed: 0, error: undefined });
  const { error } = await run(thumbnailCommand(), pipeline, "--user", Key.id.S);
  expect(error).toBe("profile 🛩️ Pete/.. has no thumbnail: it has no photo");
  await dynamodb.send(new DeleteItemCommand({ TableName: names.table, Key }));
});

test.each(ALL)("the presigned URL of the thumbnail of %s shows it", async (id) => {
  const { url, key } = await json(thumbnailCommand(), pipeline, "--json", "--user", id);
  expect(key).toBe((await profile(id))?.thumbnail?.M?.key?.S);
  const response = await fetch(url);
  expect([response.status, response.headers.get("content-type")]).toEqual([200, "image/jpeg"]);
});

test("files and lines are named after their profiles", async () => {
  mkdirSync(join(folder, "team"));
  await file(`team/${AUTH0}.jpg`);
  await file("photo.jpg");
  writeFileSync(join(folder, "list.csv"), `profile,file\n"${ADDRESS}",photo.jpg\n${CLERK},photo.jpg\n`);
  const paths = [join(folder, "team"), join(folder, "list.csv")];
  const { photos, error } = await json(uploadCommand(), pipeline, "--json", ...paths);
  expect(error).toBeUndefined();
  expect(photos.map(({ profileId }: { profileId: string }) => profileId)).toEqual([AUTH0, ADDRESS, CLERK]);
});

test("a signed upload is for that profile alone", async () => {
  const signed = await json(presignCommand(), pipeline, "--json", "--user", AUTH0, await file("me.jpg"));
  expect(signed.headers["x-amz-meta-user-profile-id"]).toBe(AUTH0);
  const put = (headers: Record<string, string>) =>
    photo.then((body) => fetch(signed.url, { method: "PUT", headers, body: new Uint8Array(body) }));
  expect((await put({ ...signed.headers, "x-amz-meta-user-profile-id": CLERK })).status).toBe(403);
  expect((await put(signed.headers)).status).toBe(200);
  await pipeline.aws.idle();
  expect((await profile(AUTH0))?.image?.S).toBe(signed.key);
});

test("they are listed in order, page by page", async () => {
  const first = await json(profilesCommand(), pipeline, "--json", "--max-items", "3");
  const second = await json(profilesCommand(), pipeline, "--json", "--starting-token", first.nextToken);
  const listed = [...first.profiles, ...second.profiles] as { id: string; thumbnail: string }[];
  expect(listed.map(({ id }) => id).sort()).toEqual([...ALL].sort());
  expect(listed.map(({ thumbnail }) => thumbnail)).toEqual(ALL.map(() => "there"));
});

test("a malformed id, and a profile that is not there, end as records; the latter is redriven once it is, by its name", async () => {
  const { s3, names, aws, dynamodb } = pipeline;
  const put = async (key: string, id: string) =>
    s3.send(
      new PutObjectCommand({ Bucket: names.bucket, Key: key, Body: await photo, Metadata: { "user-profile-id": id } }),
    );
  await put("original/long.jpg", "x".repeat(256));
  await put("original/late.jpg", "late|1");
  await aws.idle();
  const { failures } = await json(failuresCommand(), pipeline, "--json");
  const codes = failures.map(({ reason }: { reason: { code: string } }) => reason?.code).sort();
  expect(codes).toEqual(["MalformedProfileId", "UnknownProfile"]);
  await dynamodb.send(new PutItemCommand({ TableName: names.table, Item: { id: { S: "late|1" } } }));
  const unknown = failures.find(({ reason }: { reason: { code: string } }) => reason.code === "UnknownProfile");
  const { succeeded } = await json(redriveCommand(), pipeline, "--json", unknown.record);
  expect(succeeded).toBe(1);
  await aws.idle();
  expect((await profile("late|1"))?.thumbnail?.M?.key?.S).toBe("thumbnails/late.jpg");
});

test("backfill makes the thumbnail of one of them again", async () => {
  const { s3, names } = pipeline;
  const { thumbnail } = (await profile(PATH)) ?? {};
  const broken = { Bucket: names.bucket, Key: thumbnail?.M?.key?.S, Body: "broken" };
  await s3.send(new PutObjectCommand({ ...broken, Metadata: { "user-profile-id": PATH } }));
  const result = await json(backfillCommand(), pipeline, "--json", PATH);
  expect(result).toMatchObject({ made: 1, failed: 0, error: undefined });
});

test("what cannot be an id is named before anything is done", async () => {
  const { error } = await run(uploadCommand(), pipeline, "--user", "José", await file("me.jpg"));
  expect(error).toBe(
    '--user must be 1 to 255 printable ASCII characters, without a space at either end (given "José")',
  );
});
