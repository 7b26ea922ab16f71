// The user stops a command: Ctrl-C, a TERM signal, a closed terminal, or an output that nobody reads any more, as in
// `npm start | head`. What is running is closed in order then, and within a second the process has ended; a second signal
// ends it at once.

import { EventEmitter, once } from "node:events";
import { constants } from "node:os";
import { setImmediate, setTimeout } from "node:timers/promises";

/** By which the user stops a process. */
export const SIGNALS = ["SIGINT", "SIGTERM", "SIGHUP"] as const;

/** How often the end of a parent is looked for, in milliseconds: nothing tells a process of it. */
const PARENT_CHECK_MS = 200;

/** How long what is under way elsewhere, such as an invocation, may take to end before it is left alone. */
const GRACE_MS = 500;

interface StopOptions {
  /** Being stopped is how the command is meant to end: exit 0, without a word. */
  readonly isTheEnd?: boolean;
}

/** That the user stops this process. */
export interface Stop {
  /** By what, in words. */
  readonly reason: string;
  readonly isTheEnd: boolean;
}

const stops = new EventEmitter<{ stop: [Stop] }>();

/** Tells a listener of the first stop, whatever command runs. */
export const onStop = (listener: (stop: Stop) => void): void => void stops.once("stop", listener);

/**
 * A signal that is aborted when the user stops this process; its reason says by what, in words. The exit code is the
 * shell's and the AWS CLI's then, 130 for Ctrl-C, unless being stopped is how the command is meant to end.
 */
export function userStop({ isTheEnd = false }: StopOptions = {}): AbortSignal {
  const controller = new AbortController();
  function stop(reason: string, exitCode?: number): void {
    if (controller.signal.aborted) return;
    if (isTheEnd) process.exitCode = 0;
    else if (exitCode !== undefined) process.exitCode = exitCode;
    stops.emit("stop", { reason, isTheEnd });
    controller.abort(reason);
  }
  for (const signal of SIGNALS) process.once(signal, () => stop(signal, 128 + constants.signals[signal]));
  for (const stream of [process.stdout, process.stderr]) {
    stream.on("error", (error: NodeJS.ErrnoException) => {
      if (error.code !== "EPIPE") throw error;
      stop("the end of its output's reader");
    });
  }
  onEndOfNpm(() => stop("the end of npm"));
  return controller.signal;
}

/**
 * Tells a listener that npm, which has started this process, is gone; the function that it returns ends that. A TERM for npm
 * reaches the shell between npm and us, which dies of it and passes nothing on.
 */
export function onEndOfNpm(listener: () => void): () => void {
  if (process.env.npm_lifecycle_event === undefined) return () => {};
  const parent = process.ppid;
  const check = setInterval(() => {
    if (process.ppid === parent) return;
    clearInterval(check);
    listener();
  }, PARENT_CHECK_MS);
  check.unref();
  return () => clearInterval(check);
}

/** Resolves when the user stops the process. */
export async function stopped(stop: AbortSignal): Promise<void> {
  if (!stop.aborted) await once(stop, "abort");
}

/**
 * Whether the user has stopped the process, for who has met an error: a terminal gives its signal to what we have started
 * as well, and that the compiler has ended of it may be met before the signal is heard.
 */
export async function isStopped(stop: AbortSignal): Promise<boolean> {
  await setImmediate();
  return stop.aborted;
}

/** Loads modules one by one: signals, and the end of the output's reader, are heard of only in between. */
export async function loadGradually(stop: AbortSignal, loads: readonly (() => unknown)[]): Promise<void> {
  for (const load of loads) {
    await setImmediate();
    stop.throwIfAborted();
    load();
  }
}

/** What the work comes to, or a rejection with the reason as soon as the user stops it, whatever it waits for then. */
export async function unlessStopped<T>(stop: AbortSignal, work: Promise<T>): Promise<T> {
  return Promise.race([
    work,
    stopped(stop).then(() => {
      throw stop.reason;
    }),
  ]);
}

/** Resolves with the work, and soon after the user has stopped it in any case; the work is left to itself then. */
export async function orSoonAfterStop(stop: AbortSignal, work: Promise<void>): Promise<void> {
  const timer = new AbortController();
  const grace = stopped(stop).then(() => setTimeout(GRACE_MS, undefined, { signal: timer.signal }));
  grace.catch(() => {}); // The work came first.
  await Promise.race([work, grace]).finally(() => timer.abort());
}

/** Tells the user, as soon as he stops the process, what is waited for, and how long. */
export function announceStop(stop: AbortSignal, say: (line: string) => void, underWay: string): void {
  stop.addEventListener("abort", () => say(`Stopping: ${underWay} have half a second to end …`), { once: true });
}

/** Says of how many that were begun the command does not wait for the end. */
export const leftToLambda = (count: number): string =>
  count === 0
    ? ""
    : ` (${count} of the others ${count === 1 ? "is" : "are"} under way, and Lambda ends what was begun)`;
