// The workflows of .github: what they call exists and is pinned, credentials reach only the jobs that run no code of others,
// and the scripts of plan and deployment tell their outcomes apart.

import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parse } from "yaml";
import { compilePolicy, readPolicyDocument } from "../local/iam/policy";
import { scripts } from "../package.json";

interface Step {
  readonly id?: string;
  readonly name?: string;
  readonly uses?: string;
  readonly with?: Readonly<Record<string, unknown>>;
  readonly env?: Readonly<Record<string, string>>;
  readonly run?: string;
}

interface Job {
  readonly permissions?: Readonly<Record<string, string>>;
  readonly environment?: string;
  readonly steps: readonly Step[];
}

interface Workflow {
  readonly permissions?: Readonly<Record<string, string>>;
  readonly jobs: Readonly<Record<string, Job>>;
}

const ROOT = join(__dirname, "..");
const FOLDER = join(ROOT, ".github", "workflows");
const workflows = readdirSync(FOLDER).map((file) => {
  const text = readFileSync(join(FOLDER, file), "utf8");
  const workflow: Workflow = parse(text);
  return { file, text, workflow };
});
const jobs = workflows.flatMap(({ file, workflow }) =>
  Object.entries(workflow.jobs).map(([name, job]) => ({ name: `${file} ${name}`, workflow, job })),
);
const commands = ({ steps }: Job) => steps.map(({ run }) => run ?? "").join("\n");
const permissions = ({ workflow, job }: { workflow: Workflow; job: Job }) => job.permissions ?? workflow.permissions;
const trusted = jobs.filter((job) => permissions(job)?.["id-token"] === "write");

test.each(jobs)("$name calls commands that there are", ({ job }) => {
  const called = [...commands(job).matchAll(/npm (?:run )?([\w:]+)/g)].map(([, name = ""]) => name);
  expect(called.filter((name) => name !== "ci" && !Object.hasOwn(scripts, name))).toEqual([]);
});

test.each(jobs)("$name says what it may do", (job) => {
  expect(permissions(job)).toBeDefined();
});

test("every action is pinned to a commit, one for each action, and says its version", () => {
  const uses = workflows.flatMap(({ text }) => text.match(/^.*\buses:.*$/gm) ?? []);
  const pins = new Map<string, Set<string>>();
  for (const line of uses) {
    const [, action = line, pin = ""] = /uses: ([\w-]+\/[\w-]+)(@[0-9a-f]{40} # v\d+\.\d+\.\d+)$/.exec(line) ?? [];
    pins.set(action, (pins.get(action) ?? new Set()).add(pin));
  }
  expect(pins.size).toBeGreaterThan(5);
  for (const [action, each] of pins)
    expect({ action, pins: [...each] }).toEqual({ action, pins: [expect.stringMatching(/./)] });
});

test("no checkout leaves its token where other code finds it", () => {
  const checkouts = jobs.flatMap(({ job }) => job.steps.filter(({ uses }) => uses?.startsWith("actions/checkout@")));
  for (const checkout of checkouts) expect(checkout.with).toMatchObject({ "persist-credentials": false });
});

test("the jobs that may ask for AWS credentials are the plan and the deployment", () => {
  expect(trusted.map(({ name }) => name).sort()).toEqual(["deploy.yml deploy", "plan.yml plan"]);
});

test("they run nothing of npm's, and of the project the gate alone, from a branch of reviewed code", () => {
  for (const { name, job } of trusted) {
    const [checkout, ...others] = job.steps.filter(({ uses }) => uses?.startsWith("actions/checkout@"));
    expect(others).toEqual([]);
    // A deployment's own branch is one that its environment lets through.
    const ref = name.startsWith("plan") ? { ref: "${{ github.event.repository.default_branch }}" } : {};
    expect(checkout?.with).toEqual({
      ...ref,
      path: "trusted",
      "sparse-checkout": "stack-gate",
      "persist-credentials": false,
    });
    expect(commands(job)).not.toMatch(/\b(npm|npx|tsx)\b/);
    for (const [, script] of commands(job).matchAll(/\bnode (\S+)/g))
      expect(script).toMatch(/^trusted\/stack-gate\/\w/);
  }
});

test("the gate comes before the credentials and before Terraform", () => {
  for (const { job } of trusted) {
    const index = (isMeant: (step: Step) => boolean) => job.steps.findIndex(isMeant);
    const gate = index(({ run }) => run?.includes("trusted/stack-gate/index.js stack") === true);
    const credentials = index(({ uses }) => uses?.startsWith("aws-actions/configure-aws-credentials@") === true);
    const terraform = index(({ run }) => run?.includes("terraform -chdir=stack init") === true);
    expect(gate).toBeGreaterThan(0);
    expect(credentials).toBeGreaterThan(gate);
    expect(terraform).toBeGreaterThan(credentials);
  }
});

test("plan and deployment have their stage from the environment, the same for the synthesis and the gate", () => {
  const staged = jobs.filter(({ name }) => !name.startsWith("ci.yml"));
  const environments = staged.map(({ name, job }) => [name, job.environment]);
  expect(Object.fromEntries(environments)).toEqual({
    "plan.yml synthesize": "${{ matrix.environment }}-plan",
    "plan.yml plan": "${{ matrix.environment }}-plan",
    "deploy.yml synthesize": "${{ inputs.environment }}-plan",
    "deploy.yml deploy": "${{ inputs.environment }}",
  });
  for (const { job } of staged) {
    const stages = job.steps.flatMap(({ env }) => env?.PROFILE_IMAGE_STAGE ?? []);
    expect(stages).toEqual(["${{ vars.PROFILE_IMAGE_STAGE }}"]);
  }
});

describe("A step's script", () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "workflow step "));
    symlinkSync(ROOT, join(folder, "trusted"));
    mkdirSync(join(folder, "stack"));
    mkdirSync(join(folder, "bin"));
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  const stub = (name: string, script: string) =>
    writeFileSync(join(folder, "bin", name), `#!/bin/sh\n${script}\n`, { mode: 0o755 });
  const file = (name: string) => readFileSync(join(folder, name), "utf8");

  /** As GitHub's runners call it. */
  function run(job: string, step: string, env: Readonly<Record<string, string>> = {}) {
    const script = jobs.find(({ name }) => name === job)?.job.steps.find(({ id, name }) => step === (id ?? name))?.run;
    const { status, stdout, stderr } = spawnSync("bash", ["-e", "-c", script ?? "exit 99"], {
      cwd: folder,
      env: {
        PATH: `${join(folder, "bin")}:${process.env.PATH}`,
        RUNNER_TEMP: folder,
        GITHUB_OUTPUT: join(folder, "output"),
        ...env,
      },
      encoding: "utf8",
    });
    return { status, output: stdout + stderr };
  }

  /** A Terraform whose commands end so; what a plan has in it is what `show` prints. */
  function terraform({ init = 0, plan = 0, actions = [["no-op"]], says = "" }: Outcome) {
    const changes = actions.map((each) => ({ mode: "managed", change: { actions: each } }));
    const data = { mode: "data", change: { actions: ["read"] } };
    stub(
      "terraform",
      `shift
[ -e stack/.terraform.lock.hcl ] || exit 9
case $1 in
  show) echo '${JSON.stringify({ resource_changes: [...changes, data] })}' ;;
  *) printf '%s\\n' "what $1 says: $*" '${says}' ;;
esac
case $1 in init) exit ${init} ;; plan) exit ${plan} ;; esac`,
    );
  }
  interface Outcome {
    readonly init?: number;
    readonly plan?: number;
    readonly actions?: readonly (readonly string[])[];
    readonly isFirst?: boolean;
    readonly says?: string;
  }
  const ANEW = "Terraform would create everything anew";
  const LOST = `${ANEW}, as if nothing were deployed: the state is empty or another one`;

  test.each<[string, Outcome, string, string]>([
    ["nothing to change", {}, "Terraform would change nothing", "false"],
    ["changes", { plan: 2, actions: [["create"], ["no-op"]] }, "Terraform would change this", "false"],
    ["a replacement", { plan: 2, actions: [["create"], ["delete", "create"]] }, "Terraform would change this", "false"],
    ["outputs alone", { plan: 2, actions: [] }, "Terraform would change this", "false"],
    ["no plan", { plan: 1 }, "Terraform cannot plan this", "true"],
    ["no init", { init: 1, plan: 9 }, "Terraform cannot plan this", "true"],
    ["a lost state", { plan: 2, actions: [["create"], ["create"]] }, LOST, "true"],
    ["an expected first deployment", { plan: 2, actions: [["create"]], isFirst: true }, ANEW, "false"],
  ])("of the plan says: %s", (_what, outcome, title, failed) => {
    terraform(outcome);
    const FIRST_DEPLOYMENT = outcome.isFirst === true ? "true" : "";
    expect(run("plan.yml plan", "plan", { FIRST_DEPLOYMENT }).status).toBe(0);
    expect(file("output")).toBe(`title=${title}\nfailed=${failed}\n`);
    expect(file("plan.txt")).toMatch(/^what init says: init .*-lockfile=readonly\n/);
    expect(file("plan.txt").includes("what plan says")).toBe(outcome.init === undefined);
  });

  test.each<[string, Outcome, string, number, boolean]>([
    ["changes", { actions: [["create"], ["update"]] }, "false", 0, true],
    ["a first deployment", { actions: [["create"]] }, "true", 0, true],
    ["a lost state", { actions: [["create"]] }, "false", 1, false],
    ["no plan", { plan: 1 }, "true", 1, false],
    ["no init", { init: 1 }, "true", 1, false],
  ])("of the deployment applies or not: %s", (_what, outcome, FIRST_DEPLOYMENT, status, isApplied) => {
    terraform(outcome);
    const ran = run("deploy.yml deploy", "deploy", { FIRST_DEPLOYMENT });
    expect(ran.status).toBe(status);
    expect(ran.output.includes("what apply says: apply -input=false plan")).toBe(isApplied);
  });

  test("of the gate refuses what is no stack, and says so to the comment", () => {
    const env = { STATE_BUCKET: "our-states" };
    expect(run("plan.yml plan", "gate", env).status).toBe(0);
    expect(file("output")).toBe("passed=false\n");
    expect(file("plan.txt")).toBe("The stack is refused before Terraform sees it:\n  cdk.tf.json is missing\n");
    expect(run("deploy.yml deploy", "Gate", env).status).toBe(1);
  });

  test.each(["plan.yml plan", "deploy.yml deploy"])("of the gate in %s asks for the environment's state", (job) => {
    const names = ["STATE_BUCKET", "STATE_KEY", "STATE_REGION"];
    const step = jobs.find(({ name }) => name === job)?.job.steps.find(({ name }) => name === "Gate");
    expect(step?.env).toMatchObject(Object.fromEntries(names.map((name) => [name, `\${{ vars.${name} }}`])));
    stub("node", 'printf "%s|" "$@" >> "$RUNNER_TEMP/calls"');
    const env = { STATE_BUCKET: "our states", STATE_KEY: "", STATE_REGION: "us-east-1" };
    run(job, job.startsWith("plan") ? "gate" : "Gate", env);
    expect(file("calls")).toBe(
      "trusted/stack-gate/index.js|stack|--state-bucket|our states|--state-key||--state-region|us-east-1|",
    );
  });

  test.each([
    ["writes a comment for each environment", "", "pr comment 7 --body-file"],
    ["writes over the one that is there", "41\n42\n", "api --silent --method PATCH repos/o/r/issues/comments/42 -F"],
  ])("of the comment %s", (_what, ids, call) => {
    stub("gh", `[ "$2" = --paginate ] && printf '${ids}' && exit\necho "$*" >> "$RUNNER_TEMP/calls"`);
    writeFileSync(join(folder, "plan.txt"), "what the plan says\n");
    const env = { GH_REPO: "o/r", NUMBER: "7", ENVIRONMENT: "production", TITLE: "A title", RUN: "https://run" };
    expect(run("plan.yml plan", "Comment", env).status).toBe(0);
    expect(file("calls")).toContain(call);
    expect(file("comment.md")).toMatch(/^<!-- terraform plan of production -->\n### production: A title\n\n/);
    expect(file("comment.md")).toContain("\nwhat the plan says\n");
    expect(file("comment.md")).toMatch(/\(https:\/\/run\)\n$/);
  });

  test.each([
    ["no backticks", "a plan\n", 3],
    ["some", "+ a = `b` and ``c``\n", 3],
    ["its own fence", "```\n````\n</details>\n", 5],
    ["many, within a line", "x ``````` y ` z", 8],
  ])("of the comment keeps a plan in its block that has %s", (_what, plan, length) => {
    stub("gh", "exit 0");
    writeFileSync(join(folder, "plan.txt"), plan);
    const env = { GH_REPO: "o/r", NUMBER: "7", ENVIRONMENT: "production", TITLE: "A title", RUN: "https://run" };
    expect(run("plan.yml plan", "Comment", env).status).toBe(0);
    const fence = "`".repeat(length);
    expect(file("comment.md")).toContain(`</summary>\n\n${fence}\n${plan}\n${fence}\n\n</details>\n\n[The whole run]`);
  });

  test.each(["plan.yml plan", "deploy.yml deploy"])("of %s takes no commands from what Terraform says", (job) => {
    terraform({ actions: [["create"], ["update"]], says: "::error::evil" });
    const { output } = run(job, job.startsWith("plan") ? "plan" : "deploy", { FIRST_DEPLOYMENT: "" });
    const [, token, said] = /^::stop-commands::([0-9a-f]{32})\n([\s\S]*)\n::\1::$/m.exec(output) ?? [];
    expect(token).toBeDefined();
    expect(said).toContain("\n::error::evil\n");
    expect(output.replace(said ?? "", "")).not.toContain("evil");
  });
});

describe("The plan role's denials in docs/github-actions.md", () => {
  const doc = readFileSync(join(ROOT, "docs", "github-actions.md"), "utf8");
  const [, denials = ""] = [...doc.matchAll(/```json\n([^`]*)```/g)].map(([, json = ""]) => json);
  const policy = denials.replaceAll("<account id>", "111122223333").replaceAll("<bucket of the states>", "our-states");
  const statements = compilePolicy(readPolicyDocument(policy), "identity");
  const isDenied = (action: string, resource: string) =>
    statements.some((each) => each.action(action.toLowerCase()) && each.resource(resource));
  const LAMBDA = "arn:aws:lambda:eu-west-1:111122223333:function";
  const TABLE = "arn:aws:dynamodb:eu-west-1:111122223333:table/user-profile";
  const PARAMETER = "arn:aws:ssm:eu-west-1:111122223333:parameter";
  const BUCKET = "arn:aws:s3:::user-profile-images-111122223333";
  const each = (resource: string, service: string, actions: readonly string[]) =>
    actions.map((action) => [`${service}:${action}`, resource] as const);
  const PHOTO = `${BUCKET}/original/1.jpg`;

  // What the provider calls to read a stack with everything on, as its log says.
  test.each([
    ...each(BUCKET, "s3", [
      "ListBucket",
      "GetLifecycleConfiguration",
      "GetBucketVersioning",
      "GetEncryptionConfiguration",
      "GetReplicationConfiguration",
      "GetBucketPolicy",
      "GetBucketCORS",
      "GetBucketPublicAccessBlock",
      "GetBucketWebsite",
      "GetBucketAcl",
      "GetAccelerateConfiguration",
      "GetBucketObjectLockConfiguration",
      "GetBucketTagging",
      "ListTagsForResource",
      "GetBucketRequestPayment",
      "GetBucketOwnershipControls",
      "GetBucketLogging",
      "GetBucketNotification",
    ]),
    ...each("arn:aws:s3:::our-states/profile-image-prod.tfstate", "s3", ["GetObject"]),
    ...each("*", "cloudwatch", ["ListTagsForResource", "DescribeAlarms", "GetDashboard"]),
    ...each("arn:aws:iam::111122223333:role/CreateThumbnailRole", "iam", [
      "GetRole",
      "GetRolePolicy",
      "ListRolePolicies",
      "ListAttachedRolePolicies",
    ]),
    ...each("*", "logs", ["DescribeLogGroups", "DescribeMetricFilters", "ListTagsForResource"]),
    ...each(`${LAMBDA}:CreateThumbnail-prod`, "lambda", [
      "GetFunction",
      "GetFunctionCodeSigningConfig",
      "GetFunctionEventInvokeConfig",
      "GetPolicy",
      "ListTags",
      "ListVersionsByFunction",
    ]),
    ...each("arn:aws:lambda:eu-west-1:111122223333:event-source-mapping:x", "lambda", ["GetEventSourceMapping"]),
    ...each(TABLE, "dynamodb", [
      "DescribeTable",
      "DescribeContinuousBackups",
      "DescribeTimeToLive",
      "ListTagsOfResource",
    ]),
    ...each(`${PARAMETER}/profile-image-prod/tinypng-key`, "ssm", ["GetParameter", "ListTagsForResource"]),
    ...each("*", "ssm", ["DescribeParameters"]),
    ...each("arn:aws:kms:eu-west-1:111122223333:key/x", "kms", [
      "DescribeKey",
      "GetKeyPolicy",
      "GetKeyRotationStatus",
      "ListResourceTags",
      "Decrypt",
    ]),
    ...each("arn:aws:sns:eu-west-1:111122223333:profile-image-alarms", "sns", [
      "GetTopicAttributes",
      "GetSubscriptionAttributes",
      "ListTagsForResource",
    ]),
    ...each("*", "sts", ["GetCallerIdentity"]),
  ])("leave a plan %s of %s", (action, resource) => {
    expect(isDenied(action, resource)).toBe(false);
  });

  test.each([
    ["s3:GetObject", PHOTO],
    ["s3:GetObjectVersion", PHOTO],
    ["s3:GetObject", "arn:aws:s3:::our-states/another-project.tfstate"],
    ["dynamodb:GetItem", TABLE],
    ["dynamodb:BatchGetItem", TABLE],
    ["dynamodb:Query", TABLE],
    ["dynamodb:Scan", TABLE],
    ["dynamodb:PartiQLSelect", TABLE],
    ["dynamodb:GetRecords", `${TABLE}/stream/2026-11-25T00:00:00.000`],
    ["ssm:GetParameter", `${PARAMETER}/other/password`],
    ["ssm:GetParametersByPath", `${PARAMETER}/profile-image`],
    ["ssm:GetParameterHistory", `${PARAMETER}/other/password`],
    ["secretsmanager:GetSecretValue", "arn:aws:secretsmanager:eu-west-1:111122223333:secret:x"],
    ["logs:GetLogEvents", "arn:aws:logs:eu-west-1:111122223333:log-group:/aws/lambda/CreateThumbnail:log-stream:x"],
    ["logs:FilterLogEvents", "arn:aws:logs:eu-west-1:111122223333:log-group:/aws/lambda/CreateThumbnail:*"],
    ["logs:StartQuery", "*"],
    ["lambda:GetFunction", `${LAMBDA}:Billing`],
    ["lambda:GetFunctionConfiguration", `${LAMBDA}:Billing`],
    ["lambda:ListFunctions", "*"],
    ["sqs:ReceiveMessage", "arn:aws:sqs:eu-west-1:111122223333:orders"],
    ["ec2:GetConsoleOutput", "*"],
    ["athena:GetQueryResults", "*"],
  ])("keep %s of %s from it", (action, resource) => {
    expect(isDenied(action, resource)).toBe(true);
  });
});
