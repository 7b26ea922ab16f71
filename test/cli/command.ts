// Runs the commands as a user does, in a process of their own, and looks at what they leave behind.

import { type ChildProcessByStdio, execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync } from "node:fs";
import { tmpdir, userInfo } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import type { Readable } from "node:stream";
import { setTimeout as sleep } from "node:timers/promises";

export const PROJECT_ROOT = join(__dirname, "..", "..");

export interface Ended {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface Running {
  readonly pid: number;
  /** The next line on one of its outputs that matches. */
  line(stream: "stdout" | "stderr", pattern: RegExp): Promise<string>;
  /** What it has written to its standard output so far. */
  output(): string;
  kill(signal: NodeJS.Signals): void;
  /** What it has started gets the signal as well. */
  killGroup(signal: NodeJS.Signals): void;
  /** Reads its standard output no more, as `head` does when it has enough. */
  stopReading(): void;
  readonly ended: Promise<Ended>;
}

/** A folder for one test file's commands: their working directory, their temporary files, their synthesized stack. */
export interface Place {
  readonly folder: string;
  /** @param asGroup so that `killGroup` can do as a terminal does */
  start(args: readonly string[], env?: Readonly<Record<string, string>>, asGroup?: boolean): Running;
  run(args: readonly string[], env?: Readonly<Record<string, string>>): Promise<Ended>;
  /** Temporary files that are there now; tsx's cache of compiled sources is not ours. */
  temporaryFiles(): string[];
  /** Kills what still runs, and removes everything. */
  close(): Promise<void>;
}

/** @param project where the command line is, if not in this project but in a copy that may be changed */
export function createPlace(project = PROJECT_ROOT): Place {
  const folder = mkdtempSync(join(tmpdir(), "cli-test-"));
  const temporary = mkdtempSync(join(tmpdir(), "cli-test-tmp-"));
  // tsx keeps compiled sources there; compiling them again for each folder would take longer than the commands do.
  const compiled = `tsx-${userInfo().uid}`;
  mkdirSync(join(tmpdir(), compiled), { recursive: true });
  symlinkSync(join(tmpdir(), compiled), join(temporary, compiled));
  const running = new Set<{ child: ChildProcessByStdio<null, Readable, Readable>; ended: Promise<Ended> }>();

  function start(args: readonly string[], env: Readonly<Record<string, string>> = {}, asGroup = false): Running {
    const child = spawn(process.execPath, [join(project, "cli", "profile-image.js"), ...args], {
      cwd: folder,
      env: { ...process.env, TMPDIR: temporary, CDKTF_OUTDIR: join(folder, "cdktf.out"), ...env },
      stdio: ["ignore", "pipe", "pipe"],
      detached: asGroup,
    });
    const output = { stdout: "", stderr: "" };
    const readers = { stdout: createInterface(child.stdout), stderr: createInterface(child.stderr) };
    for (const name of ["stdout", "stderr"] as const) {
      child[name].setEncoding("utf8").on("data", (text: string) => {
        output[name] += text;
      });
    }
    const ended = once(child, "close").then(([code]): Ended => ({ code, ...output }));
    const entry = { child, ended };
    running.add(entry);
    void ended.then(() => running.delete(entry));
    return {
      pid: child.pid ?? 0,
      ended,
      output: () => output.stdout,
      kill: (signal) => void child.kill(signal),
      killGroup: (signal) => void process.kill(-(child.pid ?? process.pid), signal),
      stopReading: () => void child.stdout.destroy(),
      line: (stream, pattern) =>
        new Promise((resolve, reject) => {
          readers[stream].on("line", (line) => pattern.test(line) && resolve(line));
          void ended.then(() => reject(new Error(`It ended without ${pattern}: ${JSON.stringify(output)}`)));
        }),
    };
  }

  return {
    folder,
    start,
    run: (args, env) => start(args, env).ended,
    temporaryFiles: () => readdirSync(temporary).filter((name) => !name.startsWith("tsx-")),
    async close() {
      await Promise.all(
        [...running].map(({ child, ended }) => {
          child.kill("SIGKILL");
          return ended;
        }),
      );
      for (const directory of [folder, temporary]) rmSync(directory, { recursive: true, force: true });
    },
  };
}

/** The processes that a process started, and those that they started. */
export function descendantsOf(pid: number): number[] {
  const table = execFileSync("ps", ["-A", "-o", "pid=,ppid="], { encoding: "utf8" })
    .trim()
    .split("\n")
    .map((row) => row.trim().split(/\s+/).map(Number));
  const below = (parent: number): number[] =>
    table.flatMap(([child = 0, itsParent]) => (itsParent === parent ? [child, ...below(child)] : []));
  return below(pid);
}

export function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}

/** Waits until processes that are not ours to wait for are gone; the test's own timeout is the deadline. */
export async function untilGone(pids: readonly number[]): Promise<void> {
  while (pids.some(isAlive)) await sleep(10);
}
