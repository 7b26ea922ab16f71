// The user stops a command: Ctrl-C, a TERM signal, a closed terminal, or an output that nobody reads any more, as in
// `npm start | head`. What is running is closed in order then; a second signal ends the process at once.

import { once } from "node:events";
import { constants } from "node:os";

const SIGNALS = ["SIGINT", "SIGTERM", "SIGHUP"] as const;

/** How often the end of a parent is looked for, in milliseconds: nothing tells a process of it. */
const PARENT_CHECK_MS = 200;

/**
 * A signal that is aborted when the user stops this process; its reason says by what, in words. The exit code is the
 * shell's and the AWS CLI's then, 130 for Ctrl-C, unless being stopped is how the command is meant to end.
 */
export function userStop(): AbortSignal {
  const controller = new AbortController();
  for (const signal of SIGNALS) {
    process.once(signal, () => {
      process.exitCode = 128 + constants.signals[signal];
      controller.abort(signal);
    });
  }
  for (const stream of [process.stdout, process.stderr]) {
    stream.on("error", (error: NodeJS.ErrnoException) => {
      if (error.code !== "EPIPE") throw error;
      controller.abort("the end of its output's reader");
    });
  }
  if (process.env.npm_lifecycle_event !== undefined) {
    // A TERM for npm reaches the shell between npm and us, which dies of it and passes nothing on.
    const parent = process.ppid;
    const check = setInterval(() => {
      if (process.ppid !== parent) controller.abort("the end of npm");
    }, PARENT_CHECK_MS);
    check.unref();
  }
  return controller.signal;
}

/** Resolves when the user stops the process. */
export async function stopped(stop: AbortSignal): Promise<void> {
  if (!stop.aborted) await once(stop, "abort");
}

/** Tells the user, as soon as he stops the process, that what is under way is brought to its end first. */
export function announceStop(stop: AbortSignal, say: (line: string) => void, underWay: string): void {
  stop.addEventListener("abort", () => say(`Stopping when ${underWay} …`), { once: true });
}
