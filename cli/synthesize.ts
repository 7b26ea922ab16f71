// Synthesizes the stack as `npm run synth` does, in a process of its own: CDKTF's memory is gone when it is done.

import { spawn } from "node:child_process";
import { join } from "node:path";
import { UserError } from "../stack/user-error";

export const PROJECT_ROOT = join(__dirname, "..");
/** Where `npm run synth` leaves the stack. */
export const STACK_DIRECTORY = join(PROJECT_ROOT, "cdktf.out", "stacks", "profile-image");

/** Runs the app and returns the stack's directory; what the app says of a mistake in the settings is the user's error. */
export async function synthesize(): Promise<string> {
  const app = spawn(process.execPath, ["--import", "tsx", "main.ts"], {
    cwd: PROJECT_ROOT,
    stdio: ["ignore", "ignore", "pipe"],
  });
  const complaint: Buffer[] = [];
  app.stderr.on("data", (chunk: Buffer) => complaint.push(chunk));
  const code = await new Promise<number | null>((resolve, reject) => {
    app.once("error", reject);
    app.once("close", resolve);
  });
  if (code !== 0)
    throw new UserError(`the stack could not be synthesized: ${Buffer.concat(complaint).toString().trim()}`);
  return STACK_DIRECTORY;
}
