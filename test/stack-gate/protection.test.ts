// Only a development stage may be destroyed with photos and profiles in it.

import { complaintsOfProtection } from "../../stack-gate/protection.js";
import { everyStack, planted } from "./stacks";

const stacks = everyStack();

describe("photos and profiles", () => {
  const BUCKET = ["resource", "aws_s3_bucket", "images_bucket"];
  const TABLE = ["resource", "aws_dynamodb_table", "user_profile"];
  const complaints = (json: unknown, stage: string) => complaintsOfProtection(json as object, stage);

  it.each(stacks)("are kept or may go as the stage says with $context", ({ context, json }) => {
    const { stage = "" } = context as { stage?: string };
    expect(complaints(json, stage)).toEqual([]);
    if (stage === "dev") expect(complaints(json, "")).not.toEqual([]);
  });

  it.each<[string, string[], unknown]>([
    ["a bucket that may be destroyed", [...BUCKET, "lifecycle", "prevent_destroy"], false],
    ["a bucket that almost may not", [...BUCKET, "lifecycle", "prevent_destroy"], "true"],
    ["a bucket without a lifecycle", [...BUCKET, "lifecycle"], undefined],
    ["a bucket that goes with its photos", [...BUCKET, "force_destroy"], true],
    ["one that does by an expression", [...BUCKET, "force_destroy"], "${aws_s3_bucket.x.y}"],
    ["another bucket that may be destroyed", ["resource", "aws_s3_bucket", "other"], {}],
    ["a table that may be destroyed", [...TABLE, "lifecycle", "prevent_destroy"], false],
    ["a table that AWS lets go", [...TABLE, "deletion_protection_enabled"], false],
    ["no bucket any more", BUCKET, undefined],
    ["no table any more", ["resource", "aws_dynamodb_table"], undefined],
  ])("are not let go by %s, but in a development stage", (_what, path, value) => {
    const json = JSON.parse(planted(path, value));
    for (const stage of ["", "prod", "development", "x-dev"]) expect(complaints(json, stage)).not.toEqual([]);
    for (const stage of ["dev", "dev-ann"]) expect(complaints(json, stage)).toEqual([]);
  });
});
