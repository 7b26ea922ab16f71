// A bucket and a table that somebody has already: the stack uses them, and leaves them when it goes.

import { type Emulator, startMiniStack } from "./emulators";
import { getProfile, hasObject, makeExisting, putPhoto, putProfile, type Services, servicesOf } from "./services";
import { Workspace } from "./workspace";

const CONTEXT = { stage: "dev", existingBucket: "their-photos", existingTable: "their-people" };
const PHOTO = "not-for-the-pipeline/photo.jpg";

let emulator: Emulator;
let services: Services;
let workspace: Workspace;

beforeAll(async () => {
  emulator = await startMiniStack();
  services = servicesOf(emulator.endpoint);
  workspace = new Workspace(emulator);
  await makeExisting(services, CONTEXT.existingBucket, CONTEXT.existingTable);
  await putProfile(services, CONTEXT.existingTable, "1");
  await putPhoto(services, CONTEXT.existingBucket, PHOTO, Buffer.from("a photo"), "1");
  await workspace.configure(CONTEXT);
  await workspace.apply();
});

afterAll(async () => {
  await emulator?.stop();
  workspace?.remove();
});

test("a second plan says that nothing changes", async () => {
  expect(await workspace.plan()).toEqual([]);
});

test("they stay when the stack is destroyed", async () => {
  const { code, output } = await workspace.destroy();
  expect({ code, output }).toEqual({ code: 0, output: expect.stringContaining("Destroy complete!") });
  expect(await hasObject(services, CONTEXT.existingBucket, PHOTO)).toBe(true);
  expect(await getProfile(services, CONTEXT.existingTable, "1")).toMatchObject({ name: { S: "Pete Mitchell" } });
});
