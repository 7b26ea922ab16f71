// Delivery by CloudFront is turned on in a stack that is there, changed, and off again, on an emulator that nobody here
// wrote and that has CloudFront's API.

import { DELIVERED } from "./contexts";
import { describeStack } from "./describe-stack";
import { FAULTS, isFault } from "./emulator-faults";
import { namesOf, startTwins, type Twins } from "./twins";

const STAGE = { stage: "dev" };
const NAMES = namesOf(STAGE.stage);

let twins: Twins;
beforeAll(async () => {
  twins = await startTwins();
});
afterAll(() => twins?.close());

test.each([...DELIVERED, {}])("%j", async (context) => {
  const settings = { ...STAGE, ...context };
  await twins.workspace.configure(settings);
  await twins.workspace.apply();
  const changes = await twins.workspace.plan();
  expect(changes.filter((change) => !FAULTS.some((fault) => isFault(fault, change)))).toEqual([]);
  expect(await twins.describeHere(settings, NAMES)).toEqual(await describeStack(twins.services, NAMES));
});
