// One run of Terraform, on the user's terminal. Ctrl-C is Terraform's business: it ends what it has begun, writes the state and
// gives back the lock, and this process waits for that however long it takes. Told twice, Terraform would drop everything.

import { spawn } from "node:child_process";
import { constants } from "node:os";
import { onEndOfNpm } from "./stop";

const SIGNALS = ["SIGINT", "SIGTERM", "SIGHUP"] as const;

export interface RunEnd {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  /** How the user stopped it, if he did. */
  readonly stoppedBy?: string;
}

export function runTerraform(binary: string, args: readonly string[], cwd: string): Promise<RunEnd> {
  // A terminal sends Ctrl-C to all processes at once. Without one Terraform gets a group of its own, so that a signal for
  // the group that this process is in does not reach it as well.
  const hasTerminal = [process.stdin, process.stdout, process.stderr].some(({ isTTY }) => isTTY);
  const child = spawn(binary, args, {
    cwd,
    stdio: "inherit",
    detached: !hasTerminal,
    env: { ...process.env, CHECKPOINT_DISABLE: "1" },
  });
  let stoppedBy: string | undefined;
  function stop(reason: string, signal: NodeJS.Signals): void {
    stoppedBy ??= reason;
    if (signal !== "SIGINT" || !hasTerminal) child.kill(signal === "SIGHUP" ? "SIGTERM" : signal);
  }
  const ends: (() => void)[] = SIGNALS.map((signal) => {
    const handler = () => {
      process.exitCode ??= 128 + constants.signals[signal];
      stop(signal, signal);
    };
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
