// The user stops a command: Ctrl-C, a TERM signal, a closed terminal, or an output that nobody reads any more, as in
// `npm start | head`. What is running is closed in order then; a second signal ends the process at once.

import { once } from "node:events";

const SIGNALS = ["SIGINT", "SIGTERM", "SIGHUP"] as const;

/** A signal that is aborted when the user stops this process; its reason says by what, in words. */
export function userStop(): AbortSignal {
  const controller = new AbortController();
  for (const signal of SIGNALS) process.once(signal, () => controller.abort(signal));
  for (const stream of [process.stdout, process.stderr]) {
    stream.on("error", (error: NodeJS.ErrnoException) => {
      if (error.code !== "EPIPE") throw error;
      controller.abort("the end of its output's reader");
    });
  }
  return controller.signal;
}

/** Resolves when the user stops the process. */
export async function stopped(stop: AbortSignal): Promise<void> {
  if (!stop.aborted) await once(stop, "abort");
}
