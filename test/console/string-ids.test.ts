// The console with profiles that are keyed by strings, such as the user ids of an identity provider.

import { readFileSync } from "node:fs";
import { PutItemCommand } from "@aws-sdk/client-dynamodb";
import { samplePhoto } from "../../pipeline/sample-photos";
import { startConsole, type TestConsole, withStringIds } from "./console-harness";
import { listen, post, send, upload } from "./requests";

const PHOTO = readFileSync(samplePhoto("viper.jpg"));
const AUTH0 = "auth0|5f7c8ec7c33c6c004bbafe82";
const IDS = [AUTH0, "org/team 7/../x%2F?#&+\"'<b>", "..", ".", "007", "-1", "/".repeat(255)];

let console: TestConsole;
beforeAll(async () => {
  console = await startConsole(5, undefined, withStringIds);
  for (const id of IDS) await put(id);
});
afterAll(() => console.close());

const put = (id: string) => {
  const { dynamodb, names } = console.pipeline;
  return dynamodb.send(new PutItemCommand({ TableName: names.table, Item: { id: { S: id }, name: { S: "Name" } } }));
};

const picture = (kind: string, id: string) =>
  send(console.origin, `/pictures/${kind}?profile=${encodeURIComponent(id)}`);

const profileOf = async (id: string) => {
  const { items } = (await send(console.origin, "/api/profiles?limit=100")).json();
  return items.find((each: { id: string }) => each.id === id);
};

const failureOf = async (id: string) => {
  const { items } = (await send(console.origin, "/api/failures")).json();
  return items.find(({ events = [] }: { events?: { profileId: string }[] }) => events[0]?.profileId === id);
};

test.each(IDS)("a photo dropped on %s gets its thumbnail, and both are shown", async (id) => {
  const key = await upload(console.origin, id, "me.jpg", PHOTO);
  expect(key).toMatch(/^original\/[^/]+\/me\.jpg$/);
  await console.pipeline.aws.idle();
  expect(await profileOf(id)).toMatchObject({ image: key, thumbnail: { width: 100, height: 150 } });
  expect((await picture("original", id)).headers["content-type"]).toBe("image/webp");
  expect((await picture("thumbnail", id)).headers["content-type"]).toBe("image/jpeg");
});

test("a photo's disc in the diagram has the end of its id", async () => {
  const page = await listen(console.origin);
  await upload(console.origin, AUTH0, "again.jpg", PHOTO);
  await page.until(({ hops }) => Boolean(hops?.some(({ label }) => label === "…82")));
  page.close();
});

test("a file that is not a photo leaves the thumbnail of the one before, which is still shown", async () => {
  await upload(console.origin, AUTH0, "good.jpg", PHOTO);
  await console.pipeline.aws.idle();
  const before = await picture("thumbnail", AUTH0);
  await upload(console.origin, AUTH0, "notes.jpg", Buffer.from("These are notes."));
  await console.pipeline.aws.idle();
  expect(await profileOf(AUTH0)).toMatchObject({
    image: expect.stringMatching(/notes\.jpg$/),
    thumbnailVersion: expect.any(String),
    thumbnail: { width: 100, height: 150 },
  });
  const after = await picture("thumbnail", AUTH0);
  expect({ status: after.status, text: after.text }).toEqual({ status: 200, text: before.text });
  expect(await failureOf(AUTH0)).toMatchObject({ code: "UnusablePhoto" });
});

test("what Lambda itself gave up on is named after its profile, and redriven", async () => {
  const fault = (isOn: boolean) => post(console.origin, "/api/faults", { name: "tinypng-429", isOn });
  expect((await fault(true)).status).toBe(200);
  const key = await upload(console.origin, "..", "late.jpg", PHOTO);
  await console.pipeline.aws.idle();
  await fault(false);
  expect(await failureOf("..")).toMatchObject({ code: "RetryAttemptsExhausted", events: [{ key, profileId: ".." }] });
  expect((await post(console.origin, "/api/redrives/all", {})).status).toBe(200);
  await console.pipeline.aws.idle();
  expect(await failureOf("..")).toBeUndefined();
  expect((await profileOf("..")).thumbnailKey).toBe(key.replace("original/", "thumbnails/"));
});
