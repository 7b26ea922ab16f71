// Each setting is turned on in a stack that is there, and off again while the next is turned on: nothing of it is left, and
// the stack is what a new one with those settings would be. On the embedded AWS, which is judged by this as well.

import { RULES } from "../../stack/settings/rules";
import { DELIVERED, SINGLE } from "./contexts";
import { describeStack } from "./describe-stack";
import { startEmbedded } from "./emulators";
import { servicesOf } from "./services";
import { describeEmbedded, namesOf } from "./twins";
import { Workspace } from "./workspace";

const KEY = "a-key";
const STAGE = { stage: "dev" };
const NAMES = namesOf(STAGE.stage);

/** What makes another stack, or another bucket or table, of it; what the plan says then is judged in default-stage.terraform.ts. */
const ELSEWHERE = [
  "region",
  "stage",
  "bucketName",
  "existingBucket",
  "tableName",
  "existingTable",
  "profileId",
  "stateBackend",
];
/** CloudFront has no API here: delivery.terraform.ts turns these on and off where it has one. */
const ONLY_DELIVERED = ["delivery", "cloudfront"];

const CONTEXTS = SINGLE.filter(
  (context) => !DELIVERED.includes(context) && !Object.keys(context).some((name) => ELSEWHERE.includes(name)),
);

let emulator: Awaited<ReturnType<typeof startEmbedded>>;
let workspace: Workspace;
beforeAll(async () => {
  emulator = await startEmbedded(KEY);
  workspace = new Workspace(emulator, KEY);
});
afterAll(async () => {
  await emulator?.stop();
  workspace?.remove();
});

// With none last, which is also the first: the last of the settings is turned off as well.
test.each([...CONTEXTS, {}])("%j", async (context) => {
  const settings = { ...STAGE, ...context };
  await workspace.configure(settings);
  await workspace.apply();
  expect(await workspace.plan()).toEqual([]);
  const made = await describeStack(servicesOf(emulator.endpoint), NAMES);
  expect(await describeEmbedded(settings, NAMES)).toEqual(made);
});

test("every other setting was among them", () => {
  const names = CONTEXTS.flatMap((context) => Object.keys(context));
  const settings = new Set([...ELSEWHERE, ...ONLY_DELIVERED, ...names]);
  expect([...settings].sort()).toEqual(Object.keys(RULES).sort());
});
