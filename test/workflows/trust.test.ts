// The workflows of .github: what they call exists and is pinned, and credentials reach only the jobs that run no code of others.

import { scripts } from "../../package.json";
import { type Job, jobs, type Step, texts } from "./jobs";

const commands = ({ steps }: Job) => steps.map(({ run }) => run ?? "").join("\n");
const trusted = jobs.filter(({ permissions }) => permissions?.["id-token"] === "write");

test.each(jobs)("$name calls commands that there are", ({ job }) => {
  const called = [...commands(job).matchAll(/npm (?:run )?([\w:]+)/g)].map(([, name = ""]) => name);
  expect(called.filter((name) => name !== "ci" && !Object.hasOwn(scripts, name))).toEqual([]);
});

test.each(jobs)("$name says what it may do", ({ permissions }) => {
  expect(permissions).toBeDefined();
});

test("every action is pinned to a commit, one for each action, and says its version", () => {
  const uses = texts.flatMap((text) => text.match(/^.*\buses:.*$/gm) ?? []);
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
