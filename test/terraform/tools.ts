// The programs that these tests need and that npm does not bring.

import { join } from "node:path";
import { must, run } from "./run";

/** Another binary of the same command line, such as OpenTofu's `tofu`. */
export const TERRAFORM = process.env.TERRAFORM_BINARY_NAME ?? "terraform";

/** Outside of the checkout's tracked files, and kept: to install the emulator takes longer than a test. */
const VIRTUAL_ENVIRONMENT = join(__dirname, "..", "..", "build", "terraform-tests", "python");

export const PYTHON_BIN = join(VIRTUAL_ENVIRONMENT, "bin");

/** What is missing, in a sentence each; nothing when all is there. */
export async function missingTools(): Promise<string[]> {
  const missing: string[] = [];
  if (!(await isThere(TERRAFORM, ["version"]))) {
    missing.push(
      `"${TERRAFORM}" cannot be run: install Terraform 1.11 or newer (https://developer.hashicorp.com/terraform/install), or name another binary in TERRAFORM_BINARY_NAME.`,
    );
  }
  if (!(await isThere("python3", ["-m", "venv", "--help"]))) {
    missing.push('"python3 -m venv" cannot be run: install Python 3.10 or newer with its venv module.');
  }
  return missing;
}

/** Makes the virtual environment with the pinned packages, unless they are there. */
export async function installPackages(): Promise<void> {
  const requirements = join(__dirname, "requirements.txt");
  await must("python3", ["-m", "venv", VIRTUAL_ENVIRONMENT]);
  await must(join(PYTHON_BIN, "pip"), ["install", "--quiet", "--disable-pip-version-check", "-r", requirements]);
}

const isThere = (command: string, args: readonly string[]): Promise<boolean> =>
  run(command, args, { env: { CHECKPOINT_DISABLE: "1" } }).then(
    ({ code }) => code === 0,
    () => false,
  );
