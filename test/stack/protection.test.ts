import { isDevelopment } from "../../stack/stage";
import { synthesizeStack } from "./synthesized-stack";

const PROTECTED = ["aws_s3_bucket.images_bucket", "aws_s3_bucket.failures_bucket", "aws_dynamodb_table.user_profile"];

test.each([undefined, "test", "development", "dev", "dev-anna"])(
  "buckets and table of the stage %s refuse to be destroyed while planning, unless the stage is one for development",
  (stage) => {
    const { resource } = synthesizeStack(stage === undefined ? {} : { stage });
    for (const address of PROTECTED) {
      const refuses = (resource(address).lifecycle as { prevent_destroy?: boolean } | undefined)?.prevent_destroy;
      expect(refuses).toBe(isDevelopment(stage) ? undefined : true);
    }
  },
);

test("a table whose key becomes of another type is replaced, which the provider would not do by itself", () => {
  for (const [profileId, type] of [
    ["number", "N"],
    ["string", "S"],
  ]) {
    const { resource } = synthesizeStack({ profileId });
    expect(resource("terraform_data.user_profile_key_type").input).toEqual({ id: type });
    expect(resource("aws_dynamodb_table.user_profile")).toMatchObject({
      attribute: [{ name: "id", type }],
      lifecycle: { replace_triggered_by: ["terraform_data.user_profile_key_type"] },
    });
  }
});

test("a stack without existing resources forgets nothing", () => {
  expect(synthesizeStack().json).not.toHaveProperty("removed");
});

test.each<[string, Record<string, unknown>, Record<string, unknown>]>([
  [
    "bucket",
    { existingBucket: "their-photos" },
    { uploadOrigins: ["https://example.com"], originalsRetentionDays: 30 },
  ],
  ["table", { existingTable: "their-people" }, {}],
])(
  "an existing %s has Terraform forget, and not destroy, all that the stack made in its place",
  (_, existing, most) => {
    const before = addressesOf(synthesizeStack(most).json.resource);
    const after = synthesizeStack(existing).json;
    const gone = before.filter((address) => !addressesOf(after.resource).includes(address));
    expect(after.removed).toEqual(
      expect.arrayContaining(gone.map((from) => ({ from, lifecycle: { destroy: false } }))),
    );
    expect(after.removed).toHaveLength(gone.length);
  },
);

const addressesOf = (resources: object): string[] =>
  Object.entries(resources).flatMap(([type, named]) => Object.keys(named).map((name) => `${type}.${name}`));
