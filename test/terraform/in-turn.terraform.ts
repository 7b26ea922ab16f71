// Each setting is turned on in a stack that is there, and off again while the next is turned on: nothing of it is left, and
// the stack is what a new one with those settings would be.

import { RULES } from "../../stack/settings/rules";
import { SINGLE } from "./contexts";
import { describeStack } from "./describe-stack";
import { FAULTS, isFault } from "./emulator-faults";
import { namesOf, startTwins, type Twins } from "./twins";

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

const CONTEXTS = SINGLE.filter((context) => !Object.keys(context).some((name) => ELSEWHERE.includes(name)));

let twins: Twins;
beforeAll(async () => {
  twins = await startTwins();
});
afterAll(() => twins?.close());

// With none last, which is also the first: the last of the settings is turned off as well.
test.each([...CONTEXTS, {}])("%j", async (context) => {
  const settings = { ...STAGE, ...context };
  await twins.workspace.configure(settings);
  await twins.workspace.apply();
  const changes = await twins.workspace.plan();
  expect(changes.filter((change) => !FAULTS.some((fault) => isFault(fault, change)))).toEqual([]);
  expect(await twins.describeHere(settings, NAMES)).toEqual(await describeStack(twins.services, NAMES));
});

test("every other setting was among them", () => {
  const settings = new Set([...ELSEWHERE, ...CONTEXTS.flatMap((context) => Object.keys(context))]);
  expect([...settings].sort()).toEqual(Object.keys(RULES).sort());
});
