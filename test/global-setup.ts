// Synthesizes the stack once for all tests that run it whole, in a temporary directory that global-teardown.ts removes.

import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** Stands for TinyPNG's key wherever a test starts Terraform's app or a command: nothing may ever show it. */
const CANARY = "canary-7f3a9c51d2e84b06";

export default function setup(): void {
  const outdir = mkdtempSync(join(tmpdir(), "profile-image-stack-"));
  process.env.TF_VAR_tinypng_key = CANARY;
  try {
    execFileSync(process.execPath, ["-r", "./cli/typescript.js", "main.ts"], {
      cwd: join(__dirname, ".."),
      // An unusual time zone, so that main.test.ts can compare the bytes with those made in another.
      env: { ...process.env, CDKTF_OUTDIR: outdir, TZ: "Pacific/Auckland" },
      stdio: ["ignore", "ignore", "inherit"],
    });
  } catch (error) {
    rmSync(outdir, { recursive: true });
    throw error;
  }
  process.env.SYNTHESIZED_STACK = join(outdir, "stacks", "profile-image");
}
