// The name of the stack, which is the folder that Terraform works in: one for each stage and place of the state. Terraform
// ties a folder to one state, and offers to copy that state when the folder is given another, whose plan would then
// destroy the first stage.

import { createHash } from "node:crypto";
import { DEFAULTS, type Settings } from "./settings";
import { nameSuffixOf } from "./stage";

/** Digits that tell apart the folders of two keys or regions in one bucket of states. */
const DIGITS = 8;

/**
 * `profile-image`, `profile-image-dev`, and with the state in a bucket `profile-image-dev.our-states`.
 * With another key, or in another region than the default one, such a state has a folder of its own too.
 */
export function stackNameOf({
  stage,
  stateBackend,
  region: stackRegion,
}: Pick<Settings, "stage" | "stateBackend" | "region">): string {
  const name = `profile-image${nameSuffixOf(stage)}`;
  if (stateBackend === "local") return name;
  const { bucket, key, region = stackRegion } = stateBackend;
  const place = key === undefined && region === DEFAULTS.region ? "" : `.${digest([key, region])}`;
  return `${name}.${bucket}${place}`;
}

const digest = (values: readonly unknown[]): string =>
  createHash("sha256").update(JSON.stringify(values)).digest("hex").slice(0, DIGITS);
