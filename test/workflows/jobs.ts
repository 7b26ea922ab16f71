// The jobs of .github/workflows, as the tests read them.

import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "yaml";
import { ROOT } from "../imports";

export interface Step {
  readonly name?: string;
  readonly uses?: string;
  readonly with?: Readonly<Record<string, unknown>>;
  readonly env?: Readonly<Record<string, string>>;
  readonly run?: string;
}

export interface Job {
  readonly permissions?: Readonly<Record<string, string>>;
  readonly environment?: string;
  readonly steps: readonly Step[];
}

interface Workflow {
  readonly permissions?: Readonly<Record<string, string>>;
  readonly jobs: Readonly<Record<string, Job>>;
}

const FOLDER = join(ROOT, ".github", "workflows");

const workflows = readdirSync(FOLDER).map((file) => {
  const text = readFileSync(join(FOLDER, file), "utf8");
  const workflow: Workflow = parse(text);
  return { file, text, workflow };
});

/** The files as they are written, comments and all. */
export const texts: readonly string[] = workflows.map(({ text }) => text);

/** Every job, named `plan.yml synthesize`, with what it may do, by itself or by its workflow. */
export const jobs = workflows.flatMap(({ file, workflow }) =>
  Object.entries(workflow.jobs).map(([name, job]) => ({
    name: `${file} ${name}`,
    job,
    permissions: job.permissions ?? workflow.permissions,
  })),
);

export const stepOf = (job: string, step: string): Step | undefined =>
  jobs.find(({ name }) => name === job)?.job.steps.find(({ name }) => name === step);
