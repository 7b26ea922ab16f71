// Synthesizes the stack once for all tests that run it whole, in a temporary directory that teardown removes.

import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

export default function setup(): () => void {
  const outdir = mkdtempSync(join(tmpdir(), "profile-image-stack-"));
  const remove = () => rmSync(outdir, { recursive: true });
  try {
    execFileSync(process.execPath, ["--import", "tsx", "main.ts"], {
      cwd: join(__dirname, ".."),
      env: { ...process.env, CDKTF_OUTDIR: outdir },
      stdio: ["ignore", "ignore", "inherit"],
    });
  } catch (error) {
    remove();
    throw error;
  }
  process.env.SYNTHESIZED_STACK = join(outdir, "stacks", "profile-image");
  return remove;
}
