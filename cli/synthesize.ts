// Synthesizes the stack as `npm run synth` does, in a process of its own: CDKTF's memory is gone when it is done.

import { spawn } from "node:child_process";
import { join, resolve } from "node:path";
import { readContext } from "../stack/context";
import { readSettings } from "../stack/settings";
import { stackNameOf } from "../stack/stack-name";
import { UserError } from "../stack/user-error";
import { print } from "./print";

export const PROJECT_ROOT = join(__dirname, "..");

/**
 * Runs the app and returns the stack's directory; what the app says of a mistake in the settings is the user's error.
 * @param stop ends the app, and rejects, once it is aborted
 * @param environment variables that the app has besides this process's
 */
export async function synthesize(
  stop?: AbortSignal,
  environment: Readonly<Record<string, string>> = {},
): Promise<string> {
  const app = spawn(process.execPath, ["-r", "./cli/typescript.js", "main.ts"], {
    cwd: PROJECT_ROOT,
    env: { ...process.env, ...environment },
    stdio: ["ignore", "ignore", "pipe"],
    signal: stop,
  });
  const said: Buffer[] = [];
  app.stderr.on("data", (chunk: Buffer) => said.push(chunk));
  const code = await new Promise<number | null>((close, reject) => {
    app.once("error", reject);
    app.once("close", close);
  });
  const complaint = Buffer.concat(said).toString();
  if (code !== 0) throw new UserError(`the stack could not be synthesized: ${complaint.trim()}`);
  if (complaint !== "") print(complaint.trimEnd(), process.stderr);
  // As the app itself reads variables and settings.
  const name = stackNameOf(readSettings(readContext(PROJECT_ROOT, { ...process.env, ...environment })));
  return resolve(PROJECT_ROOT, process.env.CDKTF_OUTDIR ?? "cdktf.out", "stacks", name);
}
