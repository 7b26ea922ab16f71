// A development stage on an emulator that nobody here wrote: made by Terraform, it carries a photo with the same zips, is
// what the embedded AWS makes of the same JSON, and goes without a trace.

import { describeStack } from "./describe-stack";
import { CARRIED, carryPhoto, namesOf, startTwins, type Twins } from "./twins";

const CONTEXT = { stage: "dev", uploadOrigins: ["https://www.example.com"] };
const NAMES = namesOf("dev");

let twins: Twins;

beforeAll(async () => {
  twins = await startTwins();
  await twins.workspace.configure(CONTEXT);
  await twins.workspace.apply();
});

afterAll(() => twins?.close());

test("a second plan says that nothing changes", async () => {
  expect(await twins.workspace.plan()).toEqual([]);
});

test("Terraform and the embedded AWS make the same of the same JSON", async () => {
  expect(await twins.describeHere(CONTEXT, NAMES)).toEqual(await describeStack(twins.services, NAMES));
});

test("the zips carry a photo to its thumbnail", async () => {
  const { profile, ...thumbnail } = await carryPhoto(twins, NAMES);
  expect(thumbnail).toEqual({ width: 113, height: 150, format: "jpeg" });
  expect(profile).toMatchObject(CARRIED);
});

test("it is destroyed with all that is in it", async () => {
  const { code, output } = await twins.workspace.destroy();
  expect({ code, output }).toEqual({ code: 0, output: expect.stringContaining("Destroy complete!") });
  expect(await twins.workspace.resources()).toEqual([]);
});
