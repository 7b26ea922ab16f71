// Each setting is turned on in a stack that is there, and off again while the next are turned on: nothing of it is left, and
// the stack is what a new one with those settings would be. Those that can be on together are, four at a time. On the embedded AWS, which is judged by this as well.

import { ListEventSourceMappingsCommand } from "@aws-sdk/client-lambda";
import { RULES } from "../../stack/settings/rules";
import { DELIVERED, EVERYTHING, LASTING, SINGLE } from "./contexts";
import { describeStack } from "./describe-stack";
import { startEmbedded } from "./emulators";
import { servicesOf } from "./services";
import type { Context } from "./stacks";
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
  (context) =>
    ![...DELIVERED, ...LASTING].includes(context) && !Object.keys(context).some((name) => ELSEWHERE.includes(name)),
);

/** How many settings that do not hinder one another are turned on at once: an apply takes most of a minute. */
const AT_ONCE = 4;

function inGroups(contexts: readonly Context[]): Context[] {
  const isInEverything = (context: Context) => Object.keys(context).some((name) => Object.hasOwn(EVERYTHING, name));
  const alone = contexts.filter((context) => !isInEverything(context));
  const together = contexts.filter(isInEverything);
  const groups = Array.from(
    { length: Math.ceil(together.length / AT_ONCE) },
    (_, index): Context => Object.assign({}, ...together.slice(index * AT_ONCE, (index + 1) * AT_ONCE)),
  );
  return [...groups, ...alone];
}

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
test.each([...inGroups(CONTEXTS), {}])("%j", async (context) => {
  const settings = { ...STAGE, ...context };
  await workspace.configure(settings);
  await workspace.apply();
  expect(await workspace.plan()).toEqual([]);
  const made = await describeStack(servicesOf(emulator.endpoint), NAMES);
  expect(await describeEmbedded(settings, NAMES)).toEqual(made);
});

test("a parallelization factor stays when it is no longer written, and is taken back by 1", async () => {
  const { lambda } = servicesOf(emulator.endpoint);
  const factorAfter = async (createThumbnail: Context) => {
    await workspace.configure({ ...STAGE, createThumbnail });
    await workspace.apply();
    const { EventSourceMappings } = await lambda.send(new ListEventSourceMappingsCommand({}));
    return EventSourceMappings?.map(({ ParallelizationFactor }) => ParallelizationFactor);
  };
  expect(await factorAfter({ parallelizationFactor: 4 })).toEqual([4]);
  expect(await factorAfter({})).toEqual([4]);
  expect(await factorAfter({ parallelizationFactor: 1 })).toEqual([1]);
});

test("every other setting was among them", () => {
  const names = CONTEXTS.flatMap((context) => Object.keys(context));
  const settings = new Set([...ELSEWHERE, ...ONLY_DELIVERED, ...names]);
  expect([...settings].sort()).toEqual(Object.keys(RULES).sort());
});
