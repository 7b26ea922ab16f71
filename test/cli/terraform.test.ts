// plan, deploy and destroy: what they ask of Terraform, in which order, and what they say when it cannot be asked. A script
// stands in for Terraform here; the real one judges the stack in test/terraform.

import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, relative } from "node:path";
import { terraformCommand } from "../../cli/terraform";
import { createPlace, PROJECT_ROOT } from "./command";
import { runCommand } from "./run";

const place = createPlace();
const folder = mkdtempSync(join(tmpdir(), "terraform commands "));
afterAll(async () => {
  await place.close();
  rmSync(folder, { recursive: true });
});

/** Writes a stand-in that says what it is and keeps its arguments, and returns what names it and what it was called with. */
function standIn(name: string, { version = "Terraform v1.11.4", body = "" } = {}) {
  const binary = join(folder, name);
  const log = `${binary}.log`;
  const script = `#!/bin/sh
if [ "$1" = version ]; then echo "${version}"; exit; fi
echo "$PWD: $*" >> "${log}"
echo "says $1"
${body}
`;
  writeFileSync(binary, script, { mode: 0o755 });
  writeFileSync(log, "");
  const env = { TERRAFORM_BINARY_NAME: binary, TF_VAR_tinypng_key: "a-key" };
  return { env, calls: () => readFileSync(log, "utf8").split("\n").slice(0, -1) };
}

const STACK = join(place.folder, "cdktf.out", "stacks", "profile-image");
const STATES = join(place.folder, "cdktf.out", "stacks", "profile-image-dev.our-states");

describe("what is missing is said first:", () => {
  const { env } = process;
  afterEach(() => {
    process.env = env;
  });

  it.each<[string, "plan" | "deploy" | "destroy", Record<string, string | undefined>, string]>([
    ["no key", "deploy", { TF_VAR_tinypng_key: undefined }, "set it to your API key of TinyPNG (https://tinypng.com"],
    [
      "an empty key",
      "deploy",
      { TF_VAR_tinypng_key: "" },
      "TF_VAR_tinypng_key is not set or empty; set it to your API",
    ],
    ["a blank key", "deploy", { TF_VAR_tinypng_key: " \n" }, "TF_VAR_tinypng_key is not set or empty"],
    ["no key to plan", "plan", { TF_VAR_tinypng_key: "" }, "any value: Terraform wants one, and to plan it uses none"],
    ["no key to destroy", "destroy", { TF_VAR_tinypng_key: "" }, "any value: Terraform wants one, and to destroy it"],
    [
      "no key, which a stack without TinyPNG does not need",
      "deploy",
      { TF_VAR_tinypng_key: "", PROFILE_IMAGE_RESIZER: "account", TERRAFORM_BINARY_NAME: "/nowhere/tf" },
      '"/nowhere/tf" cannot be run (ENOENT); install',
    ],
    ["a workspace", "plan", { TF_WORKSPACE: "foo" }, 'TF_WORKSPACE is set (given "foo")'],
    ["no Terraform", "plan", { TERRAFORM_BINARY_NAME: "/nowhere/tf" }, '"/nowhere/tf" cannot be run (ENOENT); install'],
  ])("%s", async (_what, action, variables, sentence) => {
    process.env = { ...env, TF_VAR_tinypng_key: "a-key", CDKTF_OUTDIR: join(folder, "nothing"), ...variables };
    expect((await runCommand(terraformCommand(action))).error).toContain(sentence);
  });

  it.each([
    ["Terraform v1.10.5", "is Terraform 1.10; the stack needs 1.11 or newer"],
    ["OpenTofu v1.9.1", "is OpenTofu 1.9; the stack needs 1.11 or newer"],
    ["Terraform v0.12.31", "is Terraform 0.12; the stack needs 1.11"],
    ["Ansible 12", 'does not print that it is Terraform or OpenTofu (it prints "Ansible 12")'],
  ])("%s", async (version, sentence) => {
    const { env: variables, calls } = standIn("old", { version });
    process.env = { ...env, ...variables };
    expect((await runCommand(terraformCommand("deploy"))).error).toContain(sentence);
    expect(calls()).toEqual([]);
  });
});

// Each synthesizes the stack of another stage in a process of its own.
jest.setTimeout(60_000);

it.concurrent("deploy has Terraform initialize with the project's hashes and apply, with the user's options", async () => {
  const terraform = standIn("terraform");
  const env = { ...terraform.env, TERRAFORM_BINARY_NAME: relative(place.folder, terraform.env.TERRAFORM_BINARY_NAME) };
  const ended = await place.run(["deploy", "-auto-approve", "-target", "aws_s3_bucket.images_bucket"], env);
  expect(ended).toEqual({ code: 0, stdout: "says init\nsays apply\n", stderr: "AWS, eu-west-1, stage none\n" });
  expect(terraform.calls()).toEqual([
    `${STACK}: init -input=false -lockfile=readonly`,
    `${STACK}: apply -auto-approve -target aws_s3_bucket.images_bucket`,
  ]);
  const lock = (directory: string) => readFileSync(join(directory, ".terraform.lock.hcl"), "utf8");
  expect(lock(STACK)).toBe(lock(PROJECT_ROOT));
});

it.concurrent("deploy --endpoint-url has Terraform work on an embedded AWS, with a state and credentials of its own", async () => {
  const body = 'echo "$AWS_ENDPOINT_URL $AWS_ACCESS_KEY_ID ${AWS_PROFILE-no profile} $TF_VAR_tinypng_key"';
  const terraform = standIn("local", { body });
  const env = { ...terraform.env, AWS_PROFILE: "mine", PROFILE_IMAGE_STATE_BACKEND: '{"bucket":"our-states"}' };
  const { code, stdout, stderr } = await place.run(
    ["deploy", "--endpoint-url", "http://127.0.0.1:1", "-auto-approve"],
    env,
  );
  expect({ code, stderr }).toEqual({
    code: 0,
    stderr: "the embedded AWS at http://127.0.0.1:1, eu-west-1, stage none\n",
  });
  const told = "http://127.0.0.1:1 test no profile test";
  expect(stdout).toBe(`says init\n${told}\nsays apply\n${told}\n`);
  const outdir = join(place.folder, "cdktf.out", "embedded");
  const stack = join(outdir, "stacks", "profile-image");
  expect(terraform.calls()).toEqual([
    `${stack}: init -input=false -lockfile=readonly -backend-config=path=${join(outdir, "terraform.tfstate")}`,
    `${stack}: apply -auto-approve`,
  ]);
});

it.concurrent("plan passes on that there are changes, and OpenTofu keeps hashes of its own", async () => {
  const version = "OpenTofu v1.11.0";
  const tofu = standIn("tofu", { version, body: '[ "$1" = init ] || exit 2' });
  const env = { ...tofu.env, PROFILE_IMAGE_STAGE: "dev", PROFILE_IMAGE_STATE_BACKEND: '{"bucket":"our-states"}' };
  expect(await place.run(["plan", "-detailed-exitcode"], env)).toMatchObject({
    code: 2,
    stderr: "AWS, eu-west-1, stage dev\n",
  });
  expect(tofu.calls()).toEqual([`${STATES}: init -input=false`, `${STATES}: plan -input=false -detailed-exitcode`]);
});

it.concurrent("destroy ends with 1 when Terraform fails, and says how a protected stack goes", async () => {
  const terraform = standIn("failing", { body: '[ "$1" = init ] || exit 1' });
  const { code, stderr } = await place.run(["destroy", "--stage", "prod"], terraform.env);
  expect(code).toBe(1);
  expect(stderr).toMatch(
    /^AWS, eu-west-1, stage prod\nprofile-image: .*failing destroy ended with 1; see above for why \(if it is "Instance cannot be destroyed": docs\/changing-settings\.md says why and what to do, under that name\)\n$/,
  );
});

const evil = join(place.folder, "cdktf.out", "stacks", "profile-image-evil");
const REFUSED = "so Terraform is not run on it (stack-gate/known.json is the list):\n  ";

it.concurrent("Terraform works on no stack that the gate refuses, first or after init", async () => {
  const lock = `echo 'provider "registry.opentofu.org/evil/aws" {' > .terraform.lock.hcl`;
  const terraform = standIn("gated", { version: "OpenTofu v1.11.0", body: lock });
  const env = { ...terraform.env, PROFILE_IMAGE_STAGE: "evil" };
  const afterInit = await place.run(["deploy"], env);
  expect(afterInit.stderr).toContain(
    `${REFUSED}.terraform.lock.hcl: has the provider "registry.opentofu.org/evil/aws"`,
  );
  expect(terraform.calls()).toEqual([`${evil}: init -input=false`]);
  writeFileSync(join(evil, "evil.tf"), 'resource "null_resource" "x" {}');
  const atOnce = await place.run(["deploy"], env);
  expect(atOnce.stderr).toContain('"evil.tf": nothing of that name comes from the synthesis; remove it');
  expect(terraform.calls()).toHaveLength(1);
  expect([afterInit.code, atOnce.code]).toEqual([1, 1]);
});

it.concurrent.each([
  { step: "init", end: 0, steps: 1 },
  { step: "apply", end: 1, steps: 2 },
])("Ctrl-C at $step reaches Terraform once, is waited for, and is the end", async ({ step, end, steps }) => {
  const work = `let interrupts = 0;
    process.on("SIGINT", () => console.log("interrupted", ++interrupts));
    process.on("SIGUSR2", () => { console.log("ended in order"); process.exit(${end}); });
    setInterval(() => {}, 1000);
    console.log("ready", process.pid);`;
  const name = `slow-${step}`;
  const terraform = standIn(name, { body: `[ "$1" = ${step} ] && exec "${process.execPath}" -e '${work}'\nexit 0` });
  const command = place.start(["deploy"], { ...terraform.env, PROFILE_IMAGE_STAGE: name });
  const [, pid] = (await command.line("stdout", /^ready/)).split(" ");
  const interrupted = command.line("stdout", /^interrupted/);
  command.kill("SIGINT");
  await interrupted;
  process.kill(Number(pid), "SIGUSR2");
  const { code, stdout, stderr } = await command.ended;
  expect(stdout).toMatch(/\ninterrupted 1\nended in order\n$/);
  expect(stderr.endsWith(`${name} ${step} ended with ${end} after SIGINT; see above for why\n`)).toBe(true);
  expect(code).toBe(130);
  expect(terraform.calls()).toHaveLength(steps);
});
