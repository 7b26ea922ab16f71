// The stage that counts, through its life: every setting is changed, and the plan says what docs/changing-settings.md says.
// Nothing destroys photos or profiles; what somebody has already may take over.

import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describeStack } from "./describe-stack";
import { getProfile, hasObject, makeExisting, putPhoto, putProfile, type Services } from "./services";
import type { Context } from "./stacks";
import { CARRIED, carryPhoto, namesOf, startTwins, type Twins } from "./twins";
import type { Workspace } from "./workspace";

const NAMES = namesOf();
const { bucket: BUCKET, table: TABLE } = NAMES;
const PHOTO = "not-for-the-pipeline/photo.jpg";

interface Row {
  readonly context: Context;
  readonly plan: string;
}

/** The rows of the documented table: `| change | plan | what happens |`. */
const DOCUMENTED: readonly Row[] = readFileSync(join(__dirname, "..", "..", "docs", "changing-settings.md"), "utf8")
  .split("\n")
  .flatMap((line) => {
    const [, json, plan] = /^\| `(\{.*?\})` \| ([^|]+) \|/.exec(line) ?? [];
    return json === undefined || plan === undefined ? [] : [{ context: JSON.parse(json), plan: plan.trim() }];
  });

let twins: Twins;
let services: Services;
let workspace: Workspace;

beforeAll(async () => {
  twins = await startTwins();
  ({ services, workspace } = twins);
  await makeExisting(services, "their-photos", "their-people");
  await workspace.configure({});
  await workspace.apply();
  await putProfile(services, TABLE, "1");
  await putPhoto(services, BUCKET, PHOTO, Buffer.from("a photo"), "1");
});

afterAll(() => twins?.close());

test("Terraform and the embedded AWS make the same of the same JSON", async () => {
  expect(await twins.describeHere({}, NAMES)).toEqual(await describeStack(services, NAMES));
});

test("the zips carry a photo to its thumbnail", async () => {
  const { profile, ...thumbnail } = await carryPhoto(twins, NAMES);
  expect(thumbnail).toEqual({ width: 113, height: 150, format: "jpeg" });
  expect(profile).toMatchObject(CARRIED);
});

test("the documented table is read", () => {
  expect(DOCUMENTED.length).toBeGreaterThan(15);
});

test.each(DOCUMENTED)("$context: $plan", async ({ context, plan }) => {
  await workspace.configure(context);
  const { code, output } = await workspace.tryPlan();
  const said = /^(?:Plan: (.*)\.|(No changes)\..*)$/m.exec(output);
  if (plan !== "Refused")
    return expect({ code, plan: said?.[1] ?? said?.[2], output }).toMatchObject({ code: 0, plan });
  expect({ code, output }).toEqual({ code: 1, output: expect.stringContaining("Instance cannot be destroyed") });
});

test("it refuses to be destroyed, and is whole afterwards", async () => {
  await workspace.configure({});
  const { code, output } = await workspace.destroy();
  expect({ code, output }).toEqual({ code: 1, output: expect.stringContaining("Instance cannot be destroyed") });
  expect(output).not.toContain("Destroying...");
  expect(await workspace.plan()).toEqual([]);
});

test("an existing bucket and table take over, and nothing of the stack's own is lost", async () => {
  await workspace.configure({ existingBucket: "their-photos", existingTable: "their-people" });
  await workspace.apply();
  expect(await workspace.plan()).toEqual([]);
  expect(await hasObject(services, BUCKET, PHOTO)).toBe(true);
  expect(await getProfile(services, TABLE, "1")).toMatchObject({ name: { S: "Pete Mitchell" } });
  const forgotten = (await workspace.resources()).filter((address) => /images_|user_profile$/.test(address));
  expect(forgotten).toEqual(["data.aws_dynamodb_table.user_profile"]);
});

test("it is removed as documented, and the photos and profiles are still there", async () => {
  const holders = ["aws_s3_bucket.images_bucket", "aws_s3_bucket.failures_bucket", "aws_dynamodb_table.user_profile"];
  const listed = await workspace.resources();
  await workspace.forget(holders.filter((address) => listed.includes(address)));
  const { code, output } = await workspace.destroy();
  expect({ code, output }).toEqual({ code: 0, output: expect.stringContaining("Destroy complete!") });
  expect(await hasObject(services, BUCKET, PHOTO)).toBe(true);
  expect(await getProfile(services, TABLE, "1")).toMatchObject({ name: { S: "Pete Mitchell" } });
});
