// The user stops a command: Ctrl-C, a TERM signal, or a closed terminal. What is running is closed in order then; a second signal ends the
// process at once.

import { once } from "node:events";

const SIGNALS = ["SIGINT", "SIGTERM", "SIGHUP"] as const;

/** A signal that is aborted when the user stops this process, with the name of the process signal as its reason. */
export function userStop(): AbortSignal {
  const controller = new AbortController();
  for (const signal of SIGNALS) process.once(signal, () => controller.abort(signal));
  return controller.signal;
}

/** Resolves when the user stops the process. */
export async function stopped(stop: AbortSignal): Promise<void> {
  if (!stop.aborted) await once(stop, "abort");
}
