import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { readStack } from "../../../local/template/read-stack";

const directory = mkdtempSync(join(tmpdir(), "stack-"));
afterAll(() => rmSync(directory, { recursive: true }));

const PROVIDER = { provider: { aws: [{ region: "eu-west-1" }] } };
const counted = { resource: { aws_s3_bucket: { images: { count: 2 } } } };

it.each<[string, string, string]>([
  ["is not JSON", "{", "is not valid JSON"],
  ["has an unknown section", JSON.stringify({ ...PROVIDER, module: {} }), 'a section "module"'],
  ["has another provider", JSON.stringify({ provider: { google: [{}] } }), 'The provider "google"'],
  ["has no region", JSON.stringify({ provider: { aws: [{}] } }), "with its region"],
  ["counts resources", JSON.stringify({ ...PROVIDER, ...counted }), 'aws_s3_bucket.images uses "count"'],
])("refuses a stack that %s", (_what, text, message) => {
  writeFileSync(join(directory, "cdk.tf.json"), text);
  expect(() => readStack(directory)).toThrow(message);
});

it("says how to make one where there is none", () => {
  expect(() => readStack(join(directory, "none"))).toThrow('run "npm run synth" first');
});
