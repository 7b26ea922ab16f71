// The scripts in the workflows' steps, run as GitHub's runners do: plan and deployment tell their outcomes apart.

import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { ROOT } from "../imports";
import { stepOf } from "./jobs";

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
    const { status, stdout, stderr } = spawnSync("bash", ["-e", "-c", stepOf(job, step)?.run ?? "exit 99"], {
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
  const ANEW = "Terraform would create everything again";
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
    expect(run("plan.yml plan", "Plan", { FIRST_DEPLOYMENT }).status).toBe(0);
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
    const ran = run("deploy.yml deploy", "Deploy", { FIRST_DEPLOYMENT });
    expect(ran.status).toBe(status);
    expect(ran.output.includes("what apply says: apply -input=false plan")).toBe(isApplied);
  });

  test.each(["plan.yml synthesize", "deploy.yml synthesize"])("of %s hands on the stack's folder", (job) => {
    // The checkout has a folder `stack` of its own.
    for (const name of readdirSync(ROOT)) mkdirSync(join(folder, name), { recursive: true });
    const stack = join(folder, "cdktf.out", "stacks", "profile-image-prod.our-states");
    mkdirSync(stack, { recursive: true });
    writeFileSync(join(stack, "cdk.tf.json"), "{}");
    expect(run(job, "Move the stack").status).toBe(0);
    const artifact = stepOf(job, "Hand on the stack")?.with?.path;
    expect(readdirSync(join(folder, String(artifact)))).toEqual(["cdk.tf.json"]);
  });

  test("of the gate refuses what is not a stack, and says so to the comment", () => {
    const env = { STATE_BUCKET: "our-states" };
    expect(run("plan.yml plan", "Gate", env).status).toBe(0);
    expect(file("output")).toBe("passed=false\n");
    expect(file("plan.txt")).toBe("The stack is refused before Terraform sees it:\n  cdk.tf.json is missing\n");
    expect(run("deploy.yml deploy", "Gate", env).status).toBe(1);
  });

  test.each(["plan.yml plan", "deploy.yml deploy"])("of the gate in %s asks for the environment's state", (job) => {
    const names = ["STATE_BUCKET", "STATE_KEY", "STATE_REGION"];
    expect(stepOf(job, "Gate")?.env).toMatchObject(
      Object.fromEntries(names.map((name) => [name, `\${{ vars.${name} }}`])),
    );
    stub("node", 'printf "%s|" "$@" >> "$RUNNER_TEMP/calls"');
    const env = { STATE_BUCKET: "our states", STATE_KEY: "", STATE_REGION: "us-east-1" };
    run(job, "Gate", env);
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

  test.each([
    ["plan.yml plan", "Plan"],
    ["deploy.yml deploy", "Deploy"],
  ])("of %s takes no commands from what Terraform says", (job, step) => {
    terraform({ actions: [["create"], ["update"]], says: "::error::evil" });
    const { output } = run(job, step, { FIRST_DEPLOYMENT: "" });
    const [, token, said] = /^::stop-commands::([0-9a-f]{32})\n([\s\S]*)\n::\1::$/m.exec(output) ?? [];
    expect(token).toBeDefined();
    expect(said).toContain("\n::error::evil\n");
    expect(output.replace(said ?? "", "")).not.toContain("evil");
  });
});
