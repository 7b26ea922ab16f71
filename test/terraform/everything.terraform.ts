// Everything that can be on at once, and off again: nothing is left behind by leaving it out.

import { EVERYTHING } from "./contexts";
import { FAULTS, unseenFaults, withoutFaults } from "./emulator-faults";
import { type Emulator, startMiniStack } from "./ministack";
import { type Change, Workspace } from "./workspace";

let emulator: Emulator;
let workspace: Workspace;
let second: readonly Change[];

beforeAll(async () => {
  emulator = await startMiniStack("http://127.0.0.1:1");
  workspace = new Workspace(emulator);
  await workspace.configure(EVERYTHING);
  await workspace.apply();
  second = await workspace.plan();
});

afterAll(async () => {
  await emulator?.stop();
  workspace?.remove();
});

test("a second plan says that nothing changes, but for the emulator's own faults", () => {
  expect(withoutFaults(second)).toEqual([]);
});

test.each(FAULTS)("the emulator still has its fault: $why", (fault) => {
  expect(unseenFaults(second)).not.toContain(fault);
});

test("turned off again, it is a stack with the defaults", async () => {
  await workspace.configure({});
  await workspace.apply();
  expect(await workspace.plan()).toEqual([]);
});
