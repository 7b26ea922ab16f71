// One run of Terraform, on the user's terminal. Ctrl-C is Terraform's business: it ends what it has begun, writes the state and
// gives back the lock, and this process waits for that however long it takes. Told twice, Terraform would drop everything.

import { spawn } from "node:child_process";
import { onEndOfNpm, SIGNALS } from "./stop";

export interface RunEnd {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  /** How the user has stopped it meanwhile, by a signal or with npm; it may have come to its end all the same. */
  readonly stoppedBy?: NodeJS.Signals | "the end of npm";
}

/** @param environment variables that it has besides this process's; undefined ones it has not */
export function runTerraform(
  binary: string,
  args: readonly string[],
  cwd: string,
  environment: Readonly<Record<string, string | undefined>> = {},
): Promise<RunEnd> {
  // A terminal sends Ctrl-C to all processes at once. Without one Terraform gets a group of its own, so that a signal for
  // the group that this process is in does not reach it as well.
  const streams = [process.stdin, process.stdout, process.stderr];
  // Windows has no such signal: what is sent there would end Terraform at once.
  const hasTerminal = process.platform === "win32" || streams.some(({ isTTY }) => isTTY);
  const child = spawn(binary, args, {
    cwd,
    stdio: "inherit",
    detached: !hasTerminal,
    env: { ...process.env, CHECKPOINT_DISABLE: "1", ...environment },
  });
  let stoppedBy: RunEnd["stoppedBy"];
  function stop(reason: NonNullable<RunEnd["stoppedBy"]>, signal: NodeJS.Signals): void {
    stoppedBy ??= reason;
    if (signal !== "SIGINT" || !hasTerminal) child.kill(signal === "SIGHUP" ? "SIGTERM" : signal);
  }
  const ends: (() => void)[] = SIGNALS.map((signal) => {
    const handler = () => stop(signal, signal);
    process.on(signal, handler);
    return () => void process.off(signal, handler);
  });
  ends.push(onEndOfNpm(() => stop("the end of npm", "SIGTERM")));
  return new Promise<RunEnd>((resolve, reject) => {
    child.once("error", reject);
    child.once("close", (code, signal) => resolve({ code, signal, stoppedBy }));
  }).finally(() => {
    for (const end of ends) end();
  });
}
