// AWS's own command line as a judge: the program that AWS_CLI names. It takes half a minute, and so nobody is made to wait
// for it who does not ask.

import { execFile } from "node:child_process";

const PROGRAM = process.env.AWS_CLI ?? "";

/** Whether there is one to ask. */
export const HAS_AWS_CLI = PROGRAM !== "";

/** Who asks, and where. */
export interface CliOptions {
  readonly endpoint: string;
  readonly region: string;
  /** Where relative file names are looked for. */
  readonly cwd: string;
}

/**
 * Runs one command as the account's administrator.
 * @returns what it printed; JSON where the command gives some
 * @throws Error with what the CLI said
 */
export function awsCli(args: readonly string[], { endpoint, region, cwd }: CliOptions): Promise<string> {
  const env = {
    PATH: process.env.PATH,
    HOME: cwd,
    AWS_ENDPOINT_URL: endpoint,
    AWS_REGION: region,
    AWS_DEFAULT_REGION: region,
    AWS_ACCESS_KEY_ID: "test",
    AWS_SECRET_ACCESS_KEY: "test",
    AWS_PAGER: "",
  };
  return new Promise((resolve, reject) => {
    execFile(PROGRAM, [...args], { cwd, env }, (error, stdout, stderr) => {
      if (error === null) resolve(stdout);
      else reject(new Error(`aws ${args.join(" ")}\n${stderr.trim()}`));
    });
  });
}
