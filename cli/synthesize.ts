// Synthesizes the stack as `npm run synth` does, in a process of its own, as CDKTF's memory is gone when that is done. For a
// run on this machine it goes into a folder of its own, as cdktf.out holds what the user deploys.

import { spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { readContext } from "../stack/context";
import { PROJECT_ROOT } from "../stack/project-root";
import { readSettings, type Settings } from "../stack/settings";
import { stackNameOf } from "../stack/stack-name";
import { UserError } from "../stack/user-error";
import { print } from "./print";

/** A stack that was synthesized to be run here and now. */
export interface LocalStack {
  readonly directory: string;
  /** Removes it; otherwise it goes with this process. */
  remove(): void;
}

/**
 * Runs the app; what the app says of a mistake in the settings is the user's error.
 * @param stop ends the app, and rejects, once it is aborted
 * @param environment variables that the app has besides this process's
 */
export async function synthesize(
  stop?: AbortSignal,
  environment: Readonly<Record<string, string>> = {},
): Promise<LocalStack> {
  const outdir = mkdtempSync(join(tmpdir(), "profile-image-stack-"));
  const remove = () => {
    process.off("exit", remove);
    rmSync(outdir, { recursive: true, force: true });
  };
  process.on("exit", remove);
  try {
    const env = { ...process.env, ...environment, CDKTF_OUTDIR: outdir };
    const { directory } = await synthesizeInto(outdir, env, stop);
    return { directory, remove };
  } catch (error) {
    remove();
    throw error;
  }
}

/** A stack where `npm run synth` puts it, for Terraform. */
export interface StackToDeploy {
  readonly directory: string;
  readonly settings: Settings;
}

/** @param environment variables that the app has besides this process's */
export function synthesizeToDeploy(environment: Readonly<Record<string, string>> = {}): Promise<StackToDeploy> {
  const env: NodeJS.ProcessEnv = { ...process.env, ...environment };
  return synthesizeInto(resolve(PROJECT_ROOT, env.CDKTF_OUTDIR ?? "cdktf.out"), env);
}

async function synthesizeInto(outdir: string, env: NodeJS.ProcessEnv, stop?: AbortSignal): Promise<StackToDeploy> {
  const complaint = await runApp(stop, env);
  if (complaint !== "") print(complaint.trimEnd(), process.stderr);
  // As the app itself reads variables and settings.
  const settings = readSettings(readContext(PROJECT_ROOT, env));
  return { directory: join(outdir, "stacks", stackNameOf(settings)), settings };
}

/** Resolves with what the app says, when it has ended. */
async function runApp(stop: AbortSignal | undefined, env: NodeJS.ProcessEnv): Promise<string> {
  const app = spawn(process.execPath, ["-r", "./cli/typescript.js", "main.ts"], {
    cwd: PROJECT_ROOT,
    env,
    stdio: ["ignore", "ignore", "pipe"],
    signal: stop,
    killSignal: "SIGKILL",
  });
  const said: Buffer[] = [];
  app.stderr.on("data", (chunk: Buffer) => said.push(chunk));
  let failure: Error | undefined;
  app.once("error", (error) => {
    failure = error;
  });
  // Also one that is stopped: it writes nothing any more then.
  const code = await new Promise<number | null>((close) => app.once("close", close));
  const complaint = Buffer.concat(said).toString();
  if (failure !== undefined) throw failure;
  if (code !== 0) throw new UserError(`the stack could not be synthesized: ${complaint.trim()}`);
  return complaint;
}
