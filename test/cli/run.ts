// Runs a command of the command line within the test, on a running pipeline, as `npm run … -- --endpoint-url …` does.

import type { Command } from "commander";
import type { Pipeline } from "../../cli/pipeline";

export interface Run {
  /** Whole lines of stdout. */
  readonly lines: string[];
  /** What the command line would print to stderr before it exits with 1. */
  readonly error: string | undefined;
}

/** Runs a command; its progress with --json, which goes to stderr, is dropped. */
export async function run(command: Command, pipeline: Pipeline, ...args: string[]): Promise<Run> {
  const output: string[] = [];
  const spies = [
    jest.spyOn(console, "log").mockImplementation((line) => void output.push(`${line}\n`)),
    jest.spyOn(process.stdout, "write").mockImplementation((text) => output.push(String(text)) > 0),
    jest.spyOn(process.stderr, "write").mockImplementation(() => true),
  ];
  let error: string | undefined;
  try {
    const endpoint = ["--endpoint-url", pipeline.aws.account.endpoint];
    await command.exitOverride().parseAsync([...endpoint, ...args], { from: "user" });
  } catch (reason) {
    error = (reason as Error).message;
  } finally {
    for (const spy of spies) spy.mockRestore();
  }
  return { lines: output.join("").split("\n").slice(0, -1), error };
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

/** The stop of a command that its user lets run until it is done. */
export const untilDone = (): AbortSignal => new AbortController().signal;
