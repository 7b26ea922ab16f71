// The user's Terraform, or OpenTofu, and whether it is new enough.

import { spawnSync } from "node:child_process";
import { basename, resolve } from "node:path";
import { UserError } from "../stack/user-error";

/** Write-only arguments, which keep TinyPNG's key out of the state, came with these. */
const OLDEST = { Terraform: [1, 11], OpenTofu: [1, 11] } as const;

const INSTALL = "https://developer.hashicorp.com/terraform/install";

export interface Terraform {
  /** As it is started. */
  readonly binary: string;
  readonly product: keyof typeof OLDEST;
}

/** Throws a UserError when there is none, or one that is too old. */
export function findTerraform(): Terraform {
  const name = process.env.TERRAFORM_BINARY_NAME || "terraform";
  // It is started in the stack's folder, which a path of the user's does not mean.
  const binary = basename(name) === name ? name : resolve(name);
  const { error, stdout } = spawnSync(binary, ["version"], {
    encoding: "utf8",
    stdio: ["ignore", "pipe", "inherit"],
    env: { ...process.env, CHECKPOINT_DISABLE: "1" }, // No call home for a newer version.
  });
  if (error !== undefined) {
    throw new UserError(
      `"${binary}" cannot be run (${(error as NodeJS.ErrnoException).code}); install Terraform 1.11 or newer (${INSTALL}), or name another binary in TERRAFORM_BINARY_NAME`,
    );
  }
  const [, product, major, minor] = /^(Terraform|OpenTofu) v(\d+)\.(\d+)\./m.exec(stdout) ?? [];
  if (product !== "Terraform" && product !== "OpenTofu") {
    throw new UserError(
      `"${binary} version" does not print that it is Terraform or OpenTofu (it prints ${JSON.stringify(stdout.trim())})`,
    );
  }
  const [oldestMajor, oldestMinor] = OLDEST[product];
  if (Number(major) < oldestMajor || (Number(major) === oldestMajor && Number(minor) < oldestMinor)) {
    throw new UserError(
      `"${binary}" is ${product} ${major}.${minor}; the stack needs ${oldestMajor}.${oldestMinor} or newer, which keeps TinyPNG's key out of the state`,
    );
  }
  return { binary, product };
}
