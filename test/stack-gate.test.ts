// What the gate before Terraform lets through is what the stack makes with every setting, and nothing else.

import { spawnSync } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { cdktf } from "@cdktf/provider-aws/package.json";
import { complaintsOf } from "../stack-gate/check.js";
import { complaintsOfFolder } from "../stack-gate/folder.js";
import known from "../stack-gate/known.json";
import { complaintsOfProtection } from "../stack-gate/protection.js";
import { synthesizeStack } from "./stack/synthesized-stack";
import { EVERYTHING, SINGLE, TOGETHER } from "./terraform/contexts";

const GATE = join(__dirname, "..", "stack-gate", "index.js");
const TEMPLATE = /[$%]\{/;
const REFERENCE = /\$\{(?!var\.)(data\.)?[a-z0-9_]+\.[a-z0-9_]+(\.[a-z0-9_]+)?\}/g;

type Json = Record<string, unknown>;
type Types = Record<string, Record<string, Json>>;

const stacks = [...SINGLE, ...TOGETHER, EVERYTHING].map((context) => ({
  context,
  json: synthesizeStack({ ...context }).json as Json,
}));

/** Sets what a path names in a copy of the stack. */
function planted(path: readonly (string | number)[], value: unknown, from = stacks[0]?.json): string {
  const json = structuredClone(from) as Json;
  let target: Json = json;
  for (const key of path.slice(0, -1)) {
    target[key] ??= {};
    target = target[key] as Json;
  }
  target[path.at(-1) ?? ""] = value;
  return JSON.stringify(json, null, 2);
}

describe("what is known", () => {
  it.each(stacks)("lets the stack pass with $context", ({ json }) => {
    expect(complaintsOf(JSON.stringify(json, null, 2))).toEqual([]);
  });

  it.each(["resource", "data"] as const)("is what the stack has of each %s, and no more", (section) => {
    const types: Record<string, Set<string>> = {};
    for (const { json } of stacks) {
      for (const [type, blocks] of Object.entries((json[section] ?? {}) as Types)) {
        types[type] ??= new Set();
        for (const key of Object.values(blocks).flatMap(Object.keys)) types[type].add(key);
      }
    }
    const made = Object.entries(types).map(([type, keys]) => [type, [...keys].sort()]);
    // That it has no arguments, CDKTF does not say.
    if (section === "data") made.push(["aws_caller_identity", []]);
    expect(known[section]).toEqual(Object.fromEntries(made));
  });

  it("is each expression of the stack but references, where it stands", () => {
    const found: Record<string, string> = {};
    const search = (value: unknown, path: readonly string[]): void => {
      if (typeof value === "string" && TEMPLATE.test(value.replaceAll(REFERENCE, ""))) found[value] = path.join(".");
      if (typeof value !== "object" || value === null) return;
      for (const [key, each] of Object.entries(value)) {
        const isAnyName = Array.isArray(value) || (path.length === 2 && path[0] !== "variable");
        search(each, [...path, isAnyName ? "*" : key]);
      }
    };
    for (const { json } of stacks) search(json, []);
    expect(found).toEqual(known.expressions);
  });

  it("is the variable with the key as the stack makes it", () => {
    for (const { json } of stacks) expect(json.variable).toEqual(known.variable);
  });

  it("is the provider that the stack is made for", () => {
    const { version } = cdktf.provider;
    expect(known.provider).toEqual({ source: "aws", version });
    const lock = readFileSync(join(__dirname, "..", ".terraform.lock.hcl"), "utf8");
    expect(lock).toContain(`provider "registry.terraform.io/hashicorp/aws" {\n  version     = "${version}"\n`);
    // A hash of each archive, and one of what is in it, by which Terraform knows it once it is unpacked.
    const hashes = (kind: RegExp) => lock.match(kind)?.length ?? 0;
    expect(hashes(/^ {4}"zh:[0-9a-f]{64}",$/gm)).toBeGreaterThan(10);
    expect(hashes(/^ {4}"h1:[\w+/]{43}=",$/gm)).toBeGreaterThan(10);
  });
});

const LAMBDA = ["resource", "aws_lambda_function", "create_thumbnail_function"];
const ROLE = ["resource", "aws_iam_role", "create_thumbnail_role"];
const KEY = ["variable", "tinypng_key"];
const KEY_VALUE = "${var.tinypng_key}";
const PARAMETER = ["resource", "aws_ssm_parameter", "tinypng_key_parameter"];
const EXEC = [{ "local-exec": { command: "env" } }];

describe("is refused:", () => {
  it.each<[string, (string | number)[], unknown]>([
    ["a provisioner", [...LAMBDA, "provisioner"], EXEC],
    ["a provisioner of another case of the section", ["Resource"], {}],
    ["a connection", [...LAMBDA, "connection"], { host: "evil.example" }],
    ["a resource of another provider", ["resource", "null_resource"], { x: { provisioner: EXEC } }],
    ["a resource of Terraform's own", ["resource", "terraform_data"], { x: { provisioner: EXEC } }],
    ["a resource that an object inherits", ["resource", "constructor"], { x: {} }],
    ["a resource of AWS that the stack does not have", ["resource", "aws_instance"], { x: {} }],
    ["external data", ["data", "external"], { x: { program: ["sh"] } }],
    ["data that lets read secrets", ["data", "aws_ssm_parameter"], { x: { name: "/other" } }],
    ["a module", ["module"], { x: { source: "./x" } }],
    ["locals", ["locals"], { x: '${file("/etc/passwd")}' }],
    ["an ephemeral resource", ["ephemeral"], { aws_ssm_parameter: {} }],
    ["an import", ["import"], [{ to: "aws_s3_bucket.x", id: "x" }]],
    ["a check", ["check"], { x: { data: { http: { x: { url: "https://evil.example" } } } } }],
    ["an action", ["action"], { aws_lambda_invoke: {} }],
    ["another variable", ["variable", "other"], { default: "x" }],
    ["a default of the key", ["variable", "tinypng_key", "default"], "x"],
    ["a key that stays in the state", [...KEY, "ephemeral"], false],
    ["a key that is printed", [...KEY, "sensitive"], false],
    ["a key that may be left out", [...KEY, "nullable"], true],
    ["a key of another type", [...KEY, "type"], "any"],
    ["a key that nothing checks", [...KEY, "validation"], []],
    ["another check of the key", [...KEY, "validation", 0, "error_message"], "${var.tinypng_key}"],
    ["no key", KEY, null],
    ["the key in a name", [...ROLE, "name"], KEY_VALUE],
    ["the key in an environment", [...LAMBDA, "environment", "variables", "X"], KEY_VALUE],
    ["the key in an output", ["output", "bucket", "value"], KEY_VALUE],
    ["the key in a tag", ["provider", "aws", 0, "default_tags"], [{ tags: { x: KEY_VALUE } }]],
    ["the key in the name of its parameter", [...PARAMETER, "name"], KEY_VALUE],
    ["the key's check in an output", ["output", "bucket", "value"], "${length(trimspace(var.tinypng_key)) > 0}"],
    ["the key in a text", [...PARAMETER, "value_wo"], `x${KEY_VALUE}`],
    ["a key in the open", [...PARAMETER, "type"], "String"],
    ["what is in the parameter", ["output", "bucket", "value"], "${aws_ssm_parameter.tinypng_key_parameter.value}"],
    ["all of the parameter", ["output", "bucket", "value"], "${aws_ssm_parameter.tinypng_key_parameter}"],
    ["a condition of a table elsewhere", ["output", "bucket", "value"], '${self.hash_key == "id"}'],
    ["another provider", ["provider", "external"], [{}]],
    ["a second provider", ["provider", "aws", 1], { region: "us-east-1", alias: "x" }],
    ["another place of AWS", ["provider", "aws", 0, "endpoints"], [{ s3: "https://evil.example" }]],
    ["credentials from a process", ["provider", "aws", 0, "shared_config_files"], ["assets/config"]],
    ["another role", ["provider", "aws", 0, "assume_role"], [{ role_arn: "arn:aws:iam::1:role/x" }]],
    ["another version of the provider", ["terraform", "required_providers", "aws", "version"], "6.24.0"],
    ["another source of the provider", ["terraform", "required_providers", "aws", "source"], "evil.example/x/aws"],
    ["a second required provider", ["terraform", "required_providers", "null"], { source: "null" }],
    ["a backend that asks elsewhere", ["terraform", "backend", "http"], { address: "https://evil.example" }],
    ["a state elsewhere on the disk", ["terraform", "backend", "local", "path"], "/home/me/.bashrc"],
    ["a backend's own endpoint", ["terraform", "backend", "s3"], { endpoints: { s3: "https://evil.example" } }],
    ["Terraform Cloud", ["terraform", "cloud"], { organization: "evil" }],
    ["metadata for a provider", ["terraform", "provider_meta"], { aws: {} }],
    ["a list of sections", ["resource"], [{ aws_instance: { x: {} } }]],
    ["a list of resources of a name", LAMBDA, [{ provisioner: EXEC }]],
    ["a function that reads a file", [...ROLE, "name"], '${file("/home/me/.aws/credentials")}'],
    ["one behind a reference", [...ROLE, "name"], '${aws_s3_bucket.images_bucket.arn}${filebase64("x")}'],
    ["one within a text", [...ROLE, "name"], '${"${templatefile("x", {})}"}'],
    ["one in a directive", [...ROLE, "name"], '%{ if fileexists("x") }x%{ endif }'],
    ["one in a key", [...LAMBDA, "environment", '${file("x")}'], "x"],
    ["one in a default tag", ["provider", "aws", 0, "default_tags"], [{ tags: { x: '${file("x")}' } }]],
    ["one of the provider", [...ROLE, "name"], "${provider::aws::arn_parse(1)}"],
    ["the time", [...ROLE, "name"], "${timestamp()}"],
    ["a path of the machine", [...ROLE, "name"], "${path.cwd}"],
    ["a reference to what is not there", [...ROLE, "name"], "${terraform_data.x.output}"],
    ["an output of more than a value", ["output", "bucket", "precondition"], {}],
    ["a zip elsewhere", [...LAMBDA, "filename"], "/home/me/.ssh/id_rsa"],
    ["a zip above the folder", [...LAMBDA, "filename"], "assets/../../x.zip"],
    ["code from elsewhere", [...LAMBDA, "image_uri"], "evil.example/x"],
    ["a layer", [...LAMBDA, "layers"], ["arn:aws:lambda:eu-west-1:1:layer:x:1"]],
    ["a lifecycle that starts an action", [...LAMBDA, "lifecycle"], { action_trigger: {} }],
    ["to forget more than the stack has", ["removed"], [{ from: "aws_instance.x", lifecycle: { destroy: false } }]],
    ["to destroy by forgetting", ["removed"], [{ from: "aws_s3_bucket.x", lifecycle: { destroy: true } }]],
    ["a provisioner in what is forgotten", ["removed"], [{ from: "aws_s3_bucket.x", provisioner: EXEC }]],
  ])("%s", (_what, path, value) => {
    expect(complaintsOf(planted(path, value))).not.toEqual([]);
  });

  it.each([
    ["a section twice", '{"resource":{"null_resource":{}},"resource":{}}'],
    ["a key twice, in other letters", '{"terraform":{},"terr\\u0061form":{}}'],
    ["a comment of JSON5", "{} // x"],
    ["a list of files", '[{"resource":{}}]'],
    ["no JSON", 'resource "null_resource" "x" {}'],
  ])("%s", (_what, text) => {
    expect(complaintsOf(text)).not.toEqual([]);
  });
});

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

/** A command to a runner, the end of a comment's block, and what turns a line round. */
const EVIL = "\n::error::x\r##[error]\u2028\u202e```evil";

describe("the folder", () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "stack gate "));
    const remote = stacks.find(({ context }) => "stateBackend" in context)?.json;
    put("cdk.tf.json", JSON.stringify(remote, null, 2));
    put("assets/create_thumbnail_bundle/0399BE95BF18D7D364F75075AC8BB372/CreateThumbnail.zip", "zip");
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  function put(name: string, content: string): void {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), content);
  }

  const STATE = { bucket: "our-states", key: "photos/one.tfstate", region: "us-east-1" };

  /** As the workflows do, in a checkout that has nothing else. */
  function gate(stage?: string, { bucket = "", key = "", region = "" }: Partial<typeof STATE> = STATE) {
    const options = ["--state-bucket", bucket, "--state-key", key, "--state-region", region];
    return command([folder, ...options], stage);
  }

  function command(args: readonly string[], stage?: string) {
    const checkout = join(folder, "..", `${folder.split("/").at(-1)} checkout`);
    cpSync(dirname(GATE), join(checkout, "stack-gate"), { recursive: true });
    const env = { PATH: process.env.PATH, ...(stage === undefined ? {} : { PROFILE_IMAGE_STAGE: stage }) };
    const { status, stdout, stderr } = spawnSync("node", [join(checkout, "stack-gate", "index.js"), ...args], {
      env,
      encoding: "utf8",
    });
    rmSync(checkout, { recursive: true });
    return { status, output: stdout + stderr };
  }

  it("passes as it comes from the synthesis", () => {
    expect(gate()).toEqual({ status: 0, output: "The stack does nothing but what it may.\n" });
    expect(gate("").status).toBe(0);
  });

  it("is refused for another stage", () => {
    expect(gate("prod")).toMatchObject({
      status: 1,
      output: expect.stringContaining("PROFILE_IMAGE_STAGE says (prod)"),
    });
    put("cdk.tf.json", remote({ key: "photos/one-dev.tfstate" }, 2));
    expect(gate("dev").status).toBe(0);
    expect(gate()).toMatchObject({ status: 1, output: expect.stringContaining("(it is none)") });
  });

  /** The state in a bucket, in the stack of a context, which has none itself. */
  const withState = () => JSON.parse(remote({}));
  const remote = (place: object, context = 0) =>
    planted(
      ["terraform", "backend"],
      { s3: { ...STATE, encrypt: true, use_lockfile: true, ...place } },
      stacks[context]?.json,
    );

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
    put("cdk.tf.json", remote(place));
    expect(gate()).toMatchObject({ status: 1, output: expect.stringContaining(`  the state's ${sentence}`) });
  });

  it("has the key of its stage and the stack's region, unless the environment says others", () => {
    put("cdk.tf.json", remote({ key: "profile-image-prod.tfstate", region: "eu-west-1" }));
    const output = expect.stringContaining('key must be "profile-image.tfstate" (it is "profile-image-prod.tfstate")');
    expect(gate("", { bucket: "our-states" })).toMatchObject({ status: 1, output });
    put("cdk.tf.json", remote({ key: "profile-image.tfstate", region: "eu-west-1" }));
    expect(gate("", { bucket: "our-states" }).status).toBe(0);
    put("cdk.tf.json", remote({ key: "profile-image-test.tfstate", region: "eu-west-1" }, 3));
    expect(gate("test", { bucket: "our-states" }).status).toBe(0);
  });

  it("is refused while the environment says no bucket", () => {
    expect(gate("", {})).toMatchObject({ status: 1, output: expect.stringContaining("variable STATE_BUCKET") });
    for (const args of [[folder], [folder, "--stage", "x"], ["--state-bucket", "x"], [folder, "x"]]) {
      expect(command(args)).toMatchObject({ status: 2, output: expect.stringMatching(/^Usage: /) });
    }
  });

  it.each<[string, () => void]>([
    ["a key", () => put("cdk.tf.json", planted(["resource", EVIL], {}))],
    ["a key in a block", () => put("cdk.tf.json", planted([...LAMBDA, EVIL], "${file(1)}"))],
    ["a name of a resource", () => put("cdk.tf.json", planted(["resource", "aws_s3_bucket", EVIL], {}))],
    ["a name of a function", () => put("cdk.tf.json", planted([...LAMBDA, "function_name"], EVIL, withState()))],
    ["what is no JSON", () => put("cdk.tf.json", `evil${EVIL}`)],
    ["the name of a file", () => put(EVIL, "")],
    ["the name of an asset", () => put(`assets/${EVIL}`, "")],
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

  it("is refused with the state file of another stage", () => {
    put("cdk.tf.json", JSON.stringify(stacks[3]?.json));
    expect(complaintsOfFolder(folder, { isFresh: false, stage: "test" })).toEqual([]);
    for (const stage of ["", "prod"]) {
      expect(complaintsOfFolder(folder, { isFresh: false, stage })).toEqual([
        expect.stringContaining('(it is in "../../../terraform.profile-image-test.tfstate")'),
      ]);
    }
  });

  it("is refused with a state that ends with the run", () => {
    put("cdk.tf.json", JSON.stringify(stacks[0]?.json));
    expect(gate()).toMatchObject({ status: 1, output: expect.stringContaining("set stateBackend to an S3 bucket") });
  });

  it("is refused with what Terraform would read besides, whatever is in it", () => {
    const read = ["evil.tf", "evil.tofu", "evil.tofu.json", "evil.tf.json", "override.tf", "override.tf.json"];
    read.push("unprotect_override.tf.json", "terraform.tfvars", "terraform.tfvars.json", "x.auto.tfvars");
    read.push("x.auto.tfvars.json", "x_override.tf");
    for (const name of read) put(name, "{}");
    put("terraform.d/plugins/x", "");
    put("assets/x/evil.sh", "");
    symlinkSync("/etc/passwd", join(folder, "assets", "passwd.zip"));
    const refused = [...read, "terraform.d"].map(
      (each) => `"${each}": nothing of that name comes from the synthesis; remove it`,
    );
    expect(complaintsOfFolder(folder, { isFresh: false, stage: "" }).sort()).toEqual(
      [...refused, '"assets/passwd.zip": is no zip', '"assets/x/evil.sh": is no zip'].sort(),
    );
  });

  it("is refused once init has found a provider that the state asks for", () => {
    const lock = (...names: string[]) =>
      names.map((name) => `provider "${name}" {\n  version = "1.0.0"\n}\n`).join("\n");
    const aws = ["registry.terraform.io/hashicorp/aws", "registry.opentofu.org/hashicorp/aws"];
    put(".terraform.lock.hcl", lock(...aws));
    expect(complaintsOfFolder(folder, { isFresh: false, stage: "" })).toEqual([]);
    put(".terraform.lock.hcl", lock(...aws, "registry.opentofu.org/evil/aws"));
    expect(complaintsOfFolder(folder, { isFresh: false, stage: "" })).toEqual([
      '.terraform.lock.hcl: has the provider "registry.opentofu.org/evil/aws", which the stack does not: is its state another one?',
    ]);
  });

  it("may hold what Terraform and its user have put there, but not where it has come fresh", () => {
    put(".terraform.lock.hcl", "");
    put(".terraform/providers/x", "");
    put("plan", "");
    put("errored.tfstate", "{}");
    expect(complaintsOfFolder(folder, { isFresh: false, stage: "" })).toEqual([]);
    expect(
      complaintsOfFolder(folder, { isFresh: true, stage: "" })
        .map((each) => each.split(":")[0])
        .sort(),
    ).toEqual(['".terraform"', '".terraform.lock.hcl"', '"errored.tfstate"', '"plan"']);
  });
});
