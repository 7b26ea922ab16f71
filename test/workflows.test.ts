// The workflows of .github: what they call exists, credentials reach only the jobs that run no code of others, and the
// plan's shell script tells the three outcomes apart.

import { execFileSync } from "node:child_process";
import { chmodSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parse } from "yaml";
import { scripts } from "../package.json";

interface Job {
  readonly permissions?: Readonly<Record<string, string>>;
  readonly steps: readonly { readonly id?: string; readonly uses?: string; readonly run?: string }[];
}

interface Workflow {
  readonly permissions?: Readonly<Record<string, string>>;
  readonly jobs: Readonly<Record<string, Job>>;
}

const FOLDER = join(__dirname, "..", ".github", "workflows");
const workflows = readdirSync(FOLDER).map((file) => {
  const workflow: Workflow = parse(readFileSync(join(FOLDER, file), "utf8"));
  return { file, workflow };
});
const jobs = workflows.flatMap(({ file, workflow }) =>
  Object.entries(workflow.jobs).map(([name, job]) => ({ name: `${file} ${name}`, workflow, job })),
);
const commands = ({ steps }: Job) => steps.map(({ run }) => run ?? "").join("\n");
const actions = ({ steps }: Job) => steps.flatMap(({ uses }) => uses?.replace(/@.*/, "") ?? []);
const permissions = ({ workflow, job }: { workflow: Workflow; job: Job }) => job.permissions ?? workflow.permissions;

test.each(jobs)("$name calls commands that there are", ({ job }) => {
  const called = [...commands(job).matchAll(/npm (?:run )?([\w:]+)/g)].map(([, name = ""]) => name);
  expect(called.filter((name) => name !== "ci" && !Object.hasOwn(scripts, name))).toEqual([]);
});

test.each(jobs)("$name says what it may do", (job) => {
  expect(permissions(job)).toBeDefined();
});

test("the jobs that may ask for AWS credentials are the plan and the deployment", () => {
  const trusted = jobs.filter((job) => permissions(job)?.["id-token"] === "write").map(({ name }) => name);
  expect(trusted.sort()).toEqual(["deploy.yml deploy", "plan.yml plan"]);
});

test("they check out nothing and run nothing of npm's", () => {
  for (const { job } of jobs.filter((each) => permissions(each)?.["id-token"] === "write")) {
    expect(actions(job)).not.toContain("actions/checkout");
    expect(commands(job)).not.toMatch(/\b(npm|npx|node)\b/);
  }
});

describe("The plan's step, with a Terraform that ends with", () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "plan step "));
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  test.each([
    [0, "title=Terraform would change nothing\nfailed=false\n"],
    [2, "title=Terraform would change this\nfailed=false\n"],
    [1, "title=Terraform cannot plan this\nfailed=true\n"],
  ])("%i", (code, expected) => {
    const terraform = join(folder, "terraform");
    writeFileSync(terraform, `#!/bin/sh\n[ "$1" = init ] && exit 0\necho "what $1 says"\nexit ${code}\n`);
    chmodSync(terraform, 0o755);
    const script = jobs.find(({ name }) => name === "plan.yml plan")?.job.steps.find(({ id }) => id === "plan")?.run;
    const output = join(folder, "output");
    // As GitHub's runners call it.
    execFileSync("bash", ["-e", "-c", script ?? "false"], {
      env: { PATH: `${folder}:${process.env.PATH}`, RUNNER_TEMP: folder, GITHUB_OUTPUT: output },
      stdio: "ignore",
    });
    expect(readFileSync(output, "utf8")).toBe(expected);
    expect(readFileSync(join(folder, "plan.txt"), "utf8")).toBe("what plan says\n");
  });
});
