// A bucket and a table that somebody has already: the stack uses them, and leaves them when it goes.

import { describeStack } from "./describe-stack";
import { getProfile, hasObject, makeExisting, putPhoto, putProfile, type Services } from "./services";
import { CARRIED, carryPhoto, namesOf, startTwins, type Twins } from "./twins";
import type { Workspace } from "./workspace";

const CONTEXT = { stage: "dev", existingBucket: "their-photos", existingTable: "their-people" };
const PHOTO = "not-for-the-pipeline/photo.jpg";

const EXISTING = {
  buckets: [CONTEXT.existingBucket],
  tables: [
    {
      tableName: CONTEXT.existingTable,
      attributeDefinitions: [{ attributeName: "id", attributeType: "N" }],
      hashKey: "id",
      billingMode: "PAY_PER_REQUEST" as const,
      streamViewType: "NEW_AND_OLD_IMAGES" as const,
    },
  ],
};
const NAMES = { ...namesOf("dev"), bucket: CONTEXT.existingBucket, table: CONTEXT.existingTable };

let twins: Twins;
let services: Services;
let workspace: Workspace;

beforeAll(async () => {
  twins = await startTwins();
  ({ services, workspace } = twins);
  await makeExisting(services, CONTEXT.existingBucket, CONTEXT.existingTable);
  await putProfile(services, CONTEXT.existingTable, "1");
  await putPhoto(services, CONTEXT.existingBucket, PHOTO, Buffer.from("a photo"), "1");
  await workspace.configure(CONTEXT);
  await workspace.apply();
});

afterAll(() => twins?.close());

test("Terraform and the embedded AWS make the same of the same JSON", async () => {
  const [here, there] = await Promise.all([
    twins.describeHere(CONTEXT, NAMES, EXISTING),
    describeStack(services, NAMES),
  ]);
  // Of the bucket that was there only the notification is the stack's.
  const ofStack = ({ images, ...rest }: Record<string, unknown>) => ({
    ...rest,
    notifications: (images as { notifications?: unknown }).notifications,
  });
  expect(ofStack(here)).toEqual(ofStack(there));
});

test("the zips carry a photo to its thumbnail", async () => {
  const { profile, ...thumbnail } = await carryPhoto(twins, NAMES);
  expect(thumbnail).toEqual({ width: 113, height: 150, format: "jpeg" });
  expect(profile).toMatchObject(CARRIED);
});

test("a second plan says that nothing changes", async () => {
  expect(await workspace.plan()).toEqual([]);
});

test("they stay when the stack is destroyed", async () => {
  const { code, output } = await workspace.destroy();
  expect({ code, output }).toEqual({ code: 0, output: expect.stringContaining("Destroy complete!") });
  expect(await hasObject(services, CONTEXT.existingBucket, PHOTO)).toBe(true);
  expect(await getProfile(services, CONTEXT.existingTable, "1")).toMatchObject({ name: { S: "Pete Mitchell" } });
});
