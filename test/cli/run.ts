// Runs a command of the command line within the test: tens of times faster than a process of its own (command.ts), whose
// tests prove what only a process has: its exit code, its signals, and what it leaves behind.

import type { EventEmitter } from "node:events";
import { type Command, CommanderError } from "commander";
import type { Pipeline } from "../../pipeline";
import { UserError } from "../../stack/user-error";

export interface Run {
  /** Whole lines of stdout. */
  readonly lines: string[];
  /** What went to stderr meanwhile: with --json, how far it is. */
  readonly progress: string;
  /** What the command line would print to stderr before it exits with 1. */
  readonly error: string | undefined;
}

/** By what a command notices that the user stops it; in a process of its own these listeners go with it. */
const LISTENED_TO: readonly (readonly [EventEmitter, string])[] = [
  [process, "SIGINT"],
  [process, "SIGTERM"],
  [process, "SIGHUP"],
  [process.stdout, "error"],
  [process.stderr, "error"],
];

/** Runs a command. An error that is not a user's mistake is thrown. */
export async function runCommand(command: Command, ...args: string[]): Promise<Run> {
  const output: string[] = [];
  const progress: string[] = [];
  const spies = [
    jest.spyOn(console, "log").mockImplementation((line) => void output.push(`${line}\n`)),
    jest.spyOn(process.stdout, "write").mockImplementation((text) => output.push(String(text)) > 0),
    jest.spyOn(process.stderr, "write").mockImplementation((text) => progress.push(String(text)) > 0),
  ];
  const listeners = LISTENED_TO.map(([emitter, event]) => emitter.listeners(event));
  let error: string | undefined;
  try {
    await command.exitOverride().parseAsync(args, { from: "user" });
  } catch (reason) {
    if (!(reason instanceof UserError || reason instanceof CommanderError)) throw reason;
    error = reason.message;
  } finally {
    for (const spy of spies) spy.mockRestore();
    for (const [index, [emitter, event]] of LISTENED_TO.entries()) {
      for (const listener of emitter.listeners(event)) {
        if (!listeners[index]?.includes(listener)) emitter.off(event, listener as () => void);
      }
    }
  }
  return { lines: output.join("").split("\n").slice(0, -1), progress: progress.join(""), error };
}

/** Runs a command on a running pipeline. */
export const run = (command: Command, pipeline: Pipeline, ...args: string[]): Promise<Run> =>
  runCommand(command, "--endpoint-url", pipeline.aws.account.endpoint, ...args);

/** A user's mistake ends in one sentence, which says this, and before anything is on stdout. */
export async function expectMistake(command: Command, args: readonly string[], message: string): Promise<void> {
  const { lines, error } = await runCommand(command, ...args);
  expect(error).toContain(message);
  expect(error).not.toContain("\n");
  expect(lines).toEqual([]);
}

/** Runs a command with --json and returns what its last line says. */
export async function runJson<T>(
  command: Command,
  pipeline: Pipeline,
  ...args: string[]
): Promise<T & Pick<Run, "error">> {
  const { lines, error } = await run(command, pipeline, "--json", ...args);
  return { ...JSON.parse(lines.at(-1) ?? "{}"), error };
}
