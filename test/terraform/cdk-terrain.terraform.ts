// The move to CDKTF's successor, by the documented commands in a copy of the project: the stack stays what it is. It needs
// npm's registry.

import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { EVERYTHING } from "./contexts";
import { must } from "./run";
import type { Context } from "./stacks";

const ROOT = join(__dirname, "..", "..");
const copy = mkdtempSync(join(tmpdir(), "cdk terrain "));

beforeAll(async () => {
  const { stdout } = await must("git", ["ls-files", "--cached", "--others", "--exclude-standard", "-z"], { cwd: ROOT });
  for (const file of stdout.split("\0")) if (file !== "") cpSync(join(ROOT, file), join(copy, file));
  const recipe = readFileSync(join(ROOT, "docs", "cdktf-future.md"), "utf8");
  const [, commands] = /```sh\n(.*?)```/s.exec(recipe) ?? [];
  if (commands === undefined) throw new Error("docs/cdktf-future.md has no commands");
  await must("sh", ["-e", "-c", commands], { cwd: copy });
});

afterAll(() => rmSync(copy, { recursive: true }));

/** The folder for Terraform: the JSON without what may differ, and everything else in it as it is. */
async function synthesizeIn(root: string, context: Context) {
  const outdir = join(root, "build", "cdk-terrain");
  rmSync(outdir, { recursive: true, force: true });
  const env = { CDKTF_OUTDIR: outdir, CDKTF_CONTEXT_JSON: JSON.stringify(context) };
  await must(process.execPath, ["-r", "./cli/typescript.js", "main.ts"], { cwd: root, env });
  const [name] = readdirSync(join(outdir, "stacks"));
  const directory = join(outdir, "stacks", String(name));
  const json = JSON.parse(readFileSync(join(directory, "cdk.tf.json"), "utf8"));
  const { version: framework } = json["//"].metadata;
  const { source, version } = json.terraform.required_providers.aws;
  delete json["//"].metadata.version;
  delete json.terraform.required_providers.aws;
  const files = readdirSync(directory, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.name !== "cdk.tf.json")
    .map((entry) => join(entry.parentPath, entry.name));
  const rest = files.map((file) => [file.slice(outdir.length), readFileSync(file).toString("base64")]).sort();
  rmSync(outdir, { recursive: true });
  return { framework, provider: { source, version }, json, rest };
}

test.each([
  {},
  { stage: "dev", existingBucket: "their-photos", existingTable: "their-people" },
  { ...EVERYTHING, stateBackend: { bucket: "our-states" } },
])("only the provider differs: %j", async (context) => {
  const before = await synthesizeIn(ROOT, context);
  const after = await synthesizeIn(copy, context);
  expect(before.json.resource).toHaveProperty("aws_lambda_function");
  expect(before.rest.map(([file]) => file)).toContainEqual(expect.stringMatching(/\.zip$/));
  expect({ json: after.json, rest: after.rest }).toEqual({ json: before.json, rest: before.rest });
  const { dependencies } = JSON.parse(readFileSync(join(copy, "package.json"), "utf8"));
  expect(after.framework).toBe(dependencies.cdktn);
  // Terraform takes the short name for the same address.
  expect([before.provider.source, after.provider.source]).toEqual(["aws", "hashicorp/aws"]);
  expect(after.provider.version.localeCompare(before.provider.version, "en", { numeric: true })).toBe(1);
});
