// Where Terraform keeps its state: a file beside the project, or a bucket that a team shares. Each stage has its own.

import { relative, sep } from "node:path";
import { LocalBackend, S3Backend, type TerraformStack } from "cdktf";
import type { Settings } from "./settings";
import { nameSuffixOf } from "./stage";

const KEY = "profile-image.tfstate";

/** Gives the stack its backend. */
export function keepState(stack: TerraformStack, settings: Settings, stateDirectory: string): void {
  const { stateBackend, stage, region } = settings;
  const nameSuffix = nameSuffixOf(stage);
  if (stateBackend === "local") {
    new LocalBackend(stack, { path: `${stateDirectory}/terraform.profile-image${nameSuffix}.tfstate` });
    return;
  }
  new S3Backend(stack, {
    bucket: stateBackend.bucket,
    key: (stateBackend.key ?? KEY).replace(/\.tfstate$/, `${nameSuffix}.tfstate`),
    region: stateBackend.region ?? region,
    encrypt: true,
  });
  // A lock file beside the state, which needs no table; CDKTF has no API for it.
  stack.addOverride("terraform.backend.s3.use_lockfile", true);
}

/**
 * Where a stack directory finds the folder for its state, so that deleting the output loses no state: the project's root
 * if the output is inside the project, else beside the output. Never absolute: the JSON is the same on every machine.
 */
export function stateDirectoryFor(outdir: string, projectRoot: string): string {
  const inside = relative(projectRoot, outdir);
  const depth = inside.startsWith("..") || inside === "" || inside.includes(":") ? 1 : inside.split(sep).length;
  return Array.from({ length: depth + 2 }, () => "..").join("/");
}
