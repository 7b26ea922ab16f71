// The gate as the workflows call it: of which stage a stack is, where it keeps its state, and what a refusal prints.

import { spawnSync } from "node:child_process";
import { cpSync, rmSync } from "node:fs";
import { join } from "node:path";
import { ROOT } from "../imports";
import { makeStackFolder, STATE, type StackFolder } from "./stack-folder";
import { LAMBDA, planted, stackOf } from "./stacks";

/** A command to a runner, the end of a comment's block, and what turns a line round. */
const EVIL = "\n::error::x\r##[error]\u2028\u202e```evil";

let folder: StackFolder;
beforeEach(() => {
  folder = makeStackFolder();
});
afterEach(() => folder.remove());

/** As the workflows do, in a checkout that has nothing else. */
function gate(stage?: string, { bucket = "", key = "", region = "" }: Partial<typeof STATE> = STATE) {
  const options = ["--state-bucket", bucket, "--state-key", key, "--state-region", region];
  return command([folder.path, ...options], stage);
}

function command(args: readonly string[], stage?: string) {
  const checkout = `${folder.path} checkout`;
  cpSync(join(ROOT, "stack-gate"), join(checkout, "stack-gate"), { recursive: true });
  const env = { PATH: process.env.PATH, ...(stage === undefined ? {} : { PROFILE_IMAGE_STAGE: stage }) };
  const { status, stdout, stderr } = spawnSync("node", [join(checkout, "stack-gate", "index.js"), ...args], {
    env,
    encoding: "utf8",
  });
  rmSync(checkout, { recursive: true });
  return { status, output: stdout + stderr };
}

/** A stack of a context, which has no state itself, with its state in the bucket. */
const remote = (place: object, context = {}) =>
  planted(
    ["terraform", "backend"],
    { s3: { ...STATE, encrypt: true, use_lockfile: true, ...place } },
    stackOf(context),
  );

it("passes as it comes from the synthesis", () => {
  expect(gate()).toEqual({ status: 0, output: "The stack does nothing but what it may.\n" });
  expect(gate("").status).toBe(0);
});

it("is refused for another stage", () => {
  expect(gate("prod")).toMatchObject({
    status: 1,
    output: expect.stringContaining("PROFILE_IMAGE_STAGE says (prod)"),
  });
  folder.put("cdk.tf.json", remote({ key: "photos/one-dev.tfstate" }, { stage: "dev" }));
  expect(gate("dev").status).toBe(0);
  expect(gate()).toMatchObject({ status: 1, output: expect.stringContaining("(it is none)") });
});

it.each([
  [{ key: "photos/one-prod.tfstate" }, 'key must be "photos/one.tfstate" (it is "photos/one-prod.tfstate")'],
  [{ key: "photos/other.tfstate" }, 'key must be "photos/one.tfstate"'],
  [
    { key: "one.tfstate\n::error::x" },
    String.raw`key must be "photos/one.tfstate" (it is "one.tfstate\n\u003a:error\u003a:x")`,
  ],
  [{ bucket: "evil" }, 'bucket must be "our-states" (it is "evil")'],
  [{ region: "eu-west-1" }, 'region must be "us-east-1" (it is "eu-west-1")'],
  [{ encrypt: false }, "encrypt must be true (it is false)"],
  [{ use_lockfile: undefined }, "use_lockfile must be true (it is undefined)"],
])("is refused with a state elsewhere than the environment says: %j", (place, sentence) => {
  folder.put("cdk.tf.json", remote(place));
  expect(gate()).toMatchObject({ status: 1, output: expect.stringContaining(`  the state's ${sentence}`) });
});

it("has the key of its stage and the stack's region, unless the environment says others", () => {
  folder.put("cdk.tf.json", remote({ key: "profile-image-prod.tfstate", region: "eu-west-1" }));
  const output = expect.stringContaining('key must be "profile-image.tfstate" (it is "profile-image-prod.tfstate")');
  expect(gate("", { bucket: "our-states" })).toMatchObject({ status: 1, output });
  folder.put("cdk.tf.json", remote({ key: "profile-image.tfstate", region: "eu-west-1" }));
  expect(gate("", { bucket: "our-states" }).status).toBe(0);
  folder.put("cdk.tf.json", remote({ key: "profile-image-test.tfstate", region: "eu-west-1" }, { stage: "test" }));
  expect(gate("test", { bucket: "our-states" }).status).toBe(0);
});

it("is refused while the environment says no bucket", () => {
  expect(gate("", {})).toMatchObject({ status: 1, output: expect.stringContaining("variable STATE_BUCKET") });
  for (const args of [[folder.path], [folder.path, "--stage", "x"], ["--state-bucket", "x"], [folder.path, "x"]]) {
    expect(command(args)).toMatchObject({ status: 2, output: expect.stringMatching(/^Usage: /) });
  }
});

it.each<[string, () => void]>([
  ["a key", () => folder.put("cdk.tf.json", planted(["resource", EVIL], {}))],
  ["a key in a block", () => folder.put("cdk.tf.json", planted([...LAMBDA, EVIL], "${file(1)}"))],
  ["a name of a resource", () => folder.put("cdk.tf.json", planted(["resource", "aws_s3_bucket", EVIL], {}))],
  [
    "a name of a function",
    () => folder.put("cdk.tf.json", planted([...LAMBDA, "function_name"], EVIL, JSON.parse(remote({})))),
  ],
  ["what is not JSON", () => folder.put("cdk.tf.json", `evil${EVIL}`)],
  ["the name of a file", () => folder.put(EVIL, "")],
  ["the name of an asset", () => folder.put(`assets/${EVIL}`, "")],
])("is refused in words of its own, and cannot make itself heard through %s", (_what, plant) => {
  plant();
  const { status, output } = gate();
  expect(status).toBe(1);
  const lines = output.split("\n");
  expect(lines.shift()).toBe("The stack is refused before Terraform sees it:");
  expect(lines.pop()).toBe("");
  expect(lines).not.toEqual([]);
  for (const line of lines) {
    expect(line).toMatch(/^ {2}(cdk\.tf\.json: |"|the stack is not of the stage )[ -~]+$/);
    expect(line).not.toMatch(/`|::|##\[/);
  }
  expect(output).toContain("evil");
});

it("is refused with a state that ends with the run", () => {
  folder.put("cdk.tf.json", JSON.stringify(stackOf({})));
  expect(gate()).toMatchObject({ status: 1, output: expect.stringContaining("set stateBackend to an S3 bucket") });
});
