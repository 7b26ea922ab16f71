// Synthesizes the stack once for all tests that run it whole, and once with the setting `events`, which has functions of its
// own, in temporary directories that global-teardown.ts removes.

import { execFile } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";

/** Stands for TinyPNG's key wherever a test starts Terraform's app or a command: nothing may ever show it. */
const CANARY = "canary-7f3a9c51d2e84b06";

/** @returns the stack's directory */
async function synthesize(settings: Readonly<Record<string, string>>): Promise<string> {
  const outdir = mkdtempSync(join(tmpdir(), "profile-image-stack-"));
  try {
    await promisify(execFile)(process.execPath, ["-r", "./cli/typescript.js", "main.ts"], {
      cwd: join(__dirname, ".."),
      // An unusual time zone, so that main.test.ts can compare the bytes with those made in another.
      env: { ...process.env, ...settings, CDKTF_OUTDIR: outdir, TZ: "Pacific/Auckland" },
    });
  } catch (error) {
    rmSync(outdir, { recursive: true });
    throw error;
  }
  return join(outdir, "stacks", "profile-image");
}

export default async function setup(): Promise<void> {
  process.env.TF_VAR_tinypng_key = CANARY;
  const [plain, withEvents] = await Promise.all([synthesize({}), synthesize({ PROFILE_IMAGE_EVENTS: "true" })]);
  process.env.SYNTHESIZED_STACK = plain;
  process.env.SYNTHESIZED_STACK_WITH_EVENTS = withEvents;
}
