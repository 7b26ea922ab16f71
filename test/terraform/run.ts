// Runs programs and keeps what they print.

import { spawn } from "node:child_process";

export interface Ran {
  readonly code: number | null;
  readonly stdout: string;
  /** Both streams, as they came. */
  readonly output: string;
}

export interface RunOptions {
  readonly cwd?: string;
  /** Besides this process's own. */
  readonly env?: Readonly<Record<string, string | undefined>>;
}

/** Resolves when the program has ended, however; rejects when it cannot be started. */
export function run(
  command: string,
  args: readonly string[],
  { cwd = process.cwd(), env = {} }: RunOptions = {},
): Promise<Ran> {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { cwd, env: { ...process.env, ...env }, stdio: ["ignore", "pipe", "pipe"] });
    let stdout = "";
    let output = "";
    child.stdout.on("data", (chunk) => {
      stdout += chunk;
      output += chunk;
    });
    child.stderr.on("data", (chunk) => {
      output += chunk;
    });
    child.once("error", reject);
    child.once("close", (code) => resolve({ code, stdout, output }));
  });
}

/** The same for a program that must succeed. */
export async function must(command: string, args: readonly string[], options?: RunOptions): Promise<Ran> {
  const ran = await run(command, args, options);
  if (ran.code !== 0) throw new Error(`${command} ${args.join(" ")} ended with ${ran.code}:\n${ran.output}`);
  return ran;
}
