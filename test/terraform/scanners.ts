// Checkov, Trivy and parliament, in a Python environment of their own. None of them sends anything or asks for newer rules.

import { basename, join } from "node:path";
import { must } from "./run";

const FOLDER = join(__dirname, "..", "..", "build", "terraform-tests", "scanners");
const BIN = join(FOLDER, "bin");

/** What a scanner finds wrong. */
export interface Finding {
  /** The plan's file, without its ending. */
  readonly plan: string;
  readonly rule: string;
  /** Terraform's address of the resource. */
  readonly address: string;
}

/** Makes the environment with the pinned scanners, unless they are there. */
export async function installScanners(): Promise<void> {
  await must("python3", ["-m", "venv", FOLDER]);
  const requirements = join(__dirname, "scanners-requirements.txt");
  await must(join(BIN, "pip"), ["install", "--quiet", "--disable-pip-version-check", "-r", requirements]);
}

const nameOf = (file: string): string => basename(file, ".json");

/** @param plans files of `terraform show -json` */
export async function checkov(plans: readonly string[]): Promise<Finding[]> {
  const files = plans.flatMap((plan) => ["--file", plan]);
  const options = ["--framework", "terraform_plan", "--output", "json", "--quiet", "--compact"];
  // By Python, since a script cannot name an interpreter in a folder with a space.
  const script = [join(BIN, "checkov"), ...files, ...options, "--skip-download", "--soft-fail"];
  const { stdout } = await must(join(BIN, "python3"), script);
  const { results, summary } = JSON.parse(stdout);
  if (summary.parsing_errors > 0) throw new Error(`Checkov cannot read a plan:\n${stdout}`);
  return results.failed_checks.map((check: { file_path: string; check_id: string; resource: string }) => ({
    plan: nameOf(check.file_path),
    rule: check.check_id,
    address: check.resource,
  }));
}

interface TrivyResult {
  readonly Target: string;
  readonly Misconfigurations?: readonly {
    readonly ID: string;
    readonly CauseMetadata: { readonly Resource: string };
  }[];
}

/**
 * Trivy with the rules that are in its binary.
 * @param plan a file of `terraform show -json`
 */
export async function trivy(plan: string): Promise<Finding[]> {
  const options = ["--skip-check-update", "--skip-version-check", "--disable-telemetry", "--quiet", "--format", "json"];
  const { stdout } = await must(join(BIN, "trivy"), ["config", ...options, plan]);
  const { Results: results = [] }: { Results?: readonly TrivyResult[] } = JSON.parse(stdout);
  return results.flatMap(({ Misconfigurations: misconfigurations = [] }) =>
    misconfigurations.map(({ ID, CauseMetadata }) => ({
      plan: nameOf(plan),
      rule: ID,
      address: CauseMetadata.Resource,
    })),
  );
}

export interface JudgedPolicies {
  /** The addresses of everything that has a policy. */
  readonly judged: readonly string[];
  readonly findings: readonly (Omit<Finding, "plan"> & { readonly detail: unknown })[];
}

/** @param plan a file of `terraform show -json` in which every policy is known */
export async function parliament(plan: string): Promise<JudgedPolicies> {
  const { stdout } = await must(join(BIN, "python3"), [join(__dirname, "judge-policies.py"), plan]);
  return JSON.parse(stdout);
}
