// Everything that can be on at once, and off again: nothing is left behind by leaving it out.

import { EVERYTHING } from "./contexts";
import { FAULTS, isFault } from "./emulator-faults";
import { type Emulator, startMiniStack, startMoto } from "./emulators";
import { type Change, Workspace } from "./workspace";

let ministack: Emulator;
let moto: Emulator;
let workspace: Workspace;
let onMoto: Workspace;
let second: readonly Change[];

beforeAll(async () => {
  [ministack, moto] = await Promise.all([startMiniStack(), startMoto()]);
  workspace = new Workspace(ministack);
  onMoto = new Workspace(moto);
  await Promise.all([workspace, onMoto].map((each) => each.configure(EVERYTHING)));
  await Promise.all([workspace, onMoto].map((each) => each.apply()));
  second = await workspace.plan();
});

afterAll(async () => {
  await Promise.all([ministack?.stop(), moto?.stop()]);
  for (const each of [workspace, onMoto]) each?.remove();
});

test("a second plan says that nothing changes, but for the emulator's own faults", () => {
  expect(second.filter((change) => !FAULTS.some((fault) => isFault(fault, change)))).toEqual([]);
});

test.each(FAULTS)("the emulator still has its fault: $why", (fault) => {
  expect(second.filter((change) => isFault(fault, change))).not.toEqual([]);
});

test("what one emulator would change, the other would not", async () => {
  const differences = (plan: readonly Change[]) =>
    plan.flatMap(({ address, changed }) => changed.map((name) => `${address}: ${name}`));
  const here = differences(second);
  expect(differences(await onMoto.plan()).filter((difference) => here.includes(difference))).toEqual([]);
});

test("turned off again, it is a stack with the defaults", async () => {
  await workspace.configure({});
  await workspace.apply();
  expect(await workspace.plan()).toEqual([]);
});
