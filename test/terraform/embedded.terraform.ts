// The embedded AWS is made by its own API: Terraform applies the stack to an empty one, finds it as it left it, and
// leaves nothing when it destroys it.

import { startEmbedded } from "./emulators";
import { Workspace } from "./workspace";

const KEY = "a-key";
const STAGE = { stage: "dev" };

let emulator: Awaited<ReturnType<typeof startEmbedded>>;
let workspace: Workspace;
beforeAll(async () => {
  emulator = await startEmbedded(KEY);
  workspace = new Workspace(emulator, KEY);
  await workspace.configure(STAGE);
  await workspace.apply();
});
afterAll(async () => {
  await emulator?.stop();
  workspace?.remove();
});

test("a second plan says that nothing changes", async () => {
  expect(await workspace.plan()).toEqual([]);
});

test("it is destroyed with all that is in it", async () => {
  const { code, output } = await workspace.destroy();
  expect({ code, output }).toEqual({ code: 0, output: expect.stringContaining("Destroy complete!") });
  expect(await workspace.resources()).toEqual([]);
});
