// Everything that can be on at once, and off again: nothing is left behind by leaving it out.

import { EVERYTHING } from "./contexts";
import { describeStack } from "./describe-stack";
import { FAULTS, isFault, losesAbsentAttributes } from "./emulator-faults";
import { type Emulator, startMoto } from "./emulators";
import { CARRIED, carryPhoto, namesOf, startTwins, type Twins } from "./twins";
import { type Change, Workspace } from "./workspace";

const NAMES = namesOf();

let twins: Twins;
let moto: Emulator;
let workspace: Workspace;
let onMoto: Workspace;
let second: readonly Change[];

beforeAll(async () => {
  [twins, moto] = await Promise.all([startTwins(), startMoto()]);
  ({ workspace } = twins);
  onMoto = new Workspace(moto);
  await Promise.all([workspace, onMoto].map((each) => each.configure(EVERYTHING)));
  await Promise.all([workspace, onMoto].map((each) => each.apply()));
  second = await workspace.plan();
});

afterAll(async () => {
  await Promise.all([twins?.close(), moto?.stop()]);
  onMoto?.remove();
});

test("a second plan says that nothing changes, but for the emulator's own faults", () => {
  expect(second.filter((change) => !FAULTS.some((fault) => isFault(fault, change)))).toEqual([]);
});

test.each(FAULTS)("the emulator still has its fault: $why", (fault) => {
  expect(second.filter((change) => isFault(fault, change))).not.toEqual([]);
});

test("the emulator still loses records without an attribute that a filter wants absent", async () => {
  expect(await losesAbsentAttributes()).toBe(true);
});

test("Terraform and the embedded AWS make the same of the same JSON", async () => {
  expect(await twins.describeHere(EVERYTHING, NAMES)).toEqual(await describeStack(twins.services, NAMES));
});

test("the zips carry a photo to its thumbnail", async () => {
  const { profile, ...thumbnail } = await carryPhoto(twins, NAMES);
  expect(thumbnail).toEqual({ width: 320, height: 200, format: "jpeg" });
  expect(profile).toMatchObject(CARRIED);
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
