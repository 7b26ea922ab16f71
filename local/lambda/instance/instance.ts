// One instance (execution environment) of a function: a Node process that loads the code once and then handles one
// invocation at a time through the Runtime API. It ends by its own exit, a timeout, its memory limit, or when freed.
// https://docs.aws.amazon.com/lambda/latest/dg/lambda-runtime-environment.html

import { type ChildProcess, spawn } from "node:child_process";
import { mkdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import type { Readable } from "node:stream";
import type { OnLogLine } from "../logging/frames";
import { readLogFrames, readPlainLines } from "../logging/frames";
import { peakResidentBytes } from "./memory";
import { type Outcome, outcomes } from "./outcome";
import { type Invocation, openRuntimeApi, type RuntimeApi, type RuntimeResult } from "./runtime-api";

export const RUNTIME_DIRECTORY = join(__dirname, "..", "runtime");

const BOOTSTRAP = join(RUNTIME_DIRECTORY, "bootstrap.mjs");
const MEMORY_WATCH_MS = 100;
const BYTES_PER_MB = 1024 * 1024;

/** The share of the function's memory that V8's old generation may have; the rest is for buffers and Node itself. */
const HEAP_SHARE = 0.9;

/** Lambda's runtimes switch these guesses of Node's off: a zip's ES modules must say what they are. */
export const STRICT_MODULES = ["--experimental-require-module", "--experimental-detect-module"]
  .filter((flag) => process.allowedNodeEnvironmentFlags.has(flag))
  .map((flag) => flag.replace("--", "--no-"));

export interface InstanceOptions {
  /** Megabytes. */
  readonly memorySize: number;
  readonly initTimeoutMs: number;
  readonly taskRoot: string;
  readonly temporaryDirectory: string;
  /** What the bootstrap's network layer needs to know. */
  readonly network: { readonly endpoint: string; readonly carriedHosts: readonly string[] };
  environment(runtimeApi: string): Record<string, string>;
  readonly onLog: OnLogLine;
  /** The runtime asks for its next invocation. */
  onReady(instance: Instance): void;
  /** The process is gone, for whatever reason, and all it wrote has been read. */
  onEnd(instance: Instance): void;
  /** Called with the process id, so that the process can be ended even when this one is killed. */
  onSpawn(pid: number): void;
}

export type InitFailure = (requestId: string) => Outcome;

export interface Instance {
  /** How long the start took, in milliseconds. */
  readonly initMs: number;
  /** Resolves with undefined once the code is loaded, or with how a failed start ends the waiting invocation. */
  readonly initialized: Promise<InitFailure | undefined>;
  /** Runs one invocation on an instance that is ready; ends the instance when it takes longer than the timeout. */
  invoke(invocation: Invocation, timeoutMs: number): Promise<Outcome>;
  /** As of the last look, which each invocation ends with. */
  peakMemoryBytes(): number;
  /** Kills the process and all that it started. */
  end(): Promise<void>;
}

/** Starts an instance; its code loads while this returns. */
export async function startInstance(options: InstanceOptions): Promise<Instance> {
  const startedAt = performance.now();
  const limitBytes = options.memorySize * BYTES_PER_MB;
  let initMs = 0;
  let peakBytes = 0;
  let killedFor: "timeout" | "memory" | undefined;
  let current: { readonly requestId: string; readonly timeoutMs: number; end(outcome: Outcome): void } | undefined;
  let endInit: (failure: InitFailure | undefined) => void = () => {};
  const initialized = new Promise<InitFailure | undefined>((resolve) => {
    endInit = (failure) => {
      if (initMs === 0) initMs = performance.now() - startedAt;
      clearTimeout(initTimer);
      resolve(failure);
    };
  });

  const api: RuntimeApi = await openRuntimeApi({
    onNext() {
      endInit(undefined);
      options.onReady(instance);
    },
    onInitError: (result) => void settle(result, (outcome) => endInit(() => outcome)),
    onResult(result) {
      const invocation = current;
      current = undefined;
      if (invocation !== undefined) void settle(result, invocation.end);
    },
  });
  mkdirSync(options.temporaryDirectory, { recursive: true });
  const child = spawnRuntime(options, api.address);
  const logFrames = readLogFrames(child.stdio[3] as Readable, options.onLog);
  for (const stream of [child.stdout, child.stderr]) if (stream !== null) readPlainLines(stream, options.onLog);
  const initTimer = setTimeout(() => kill("timeout"), options.initTimeoutMs);
  const ended = new Promise<void>((resolve) => {
    child.on("error", (error) => options.onLog(`The function's process could not start: ${error.message}`, Date.now()));
    child.on("close", (code, signal) => {
      api.close();
      rmSync(options.temporaryDirectory, { recursive: true, force: true });
      const limitMs = current?.timeoutMs ?? options.initTimeoutMs;
      const toOutcome: InitFailure = (requestId) => {
        if (killedFor === "timeout") return outcomes.timedOut(requestId, limitMs);
        if (killedFor === "memory") return outcomes.outOfMemory(requestId);
        return outcomes.exited(requestId, code, signal);
      };
      current?.end(toOutcome(current.requestId));
      current = undefined;
      endInit(toOutcome);
      options.onEnd(instance);
      resolve();
    });
  });
  if (child.pid !== undefined) options.onSpawn(child.pid);

  /** Hands a result on when every line that was logged before it has been read. */
  async function settle(result: RuntimeResult, end: (outcome: Outcome) => void): Promise<void> {
    peakBytes = Math.max(peakBytes, result.residentBytes);
    await logFrames.reached(result.logBytes);
    end(outcomes.of(result));
  }

  function kill(reason?: "timeout" | "memory"): void {
    killedFor ??= reason;
    if (child.pid === undefined) return;
    try {
      // The whole group, so that nothing that the function started lives on.
      process.kill(-child.pid, "SIGKILL");
    } catch {
      // Gone already.
      child.kill("SIGKILL");
    }
  }

  function isOverLimit(): boolean {
    const peak = child.pid === undefined ? undefined : peakResidentBytes(child.pid);
    if (peak !== undefined) peakBytes = peak;
    return peakBytes > limitBytes;
  }

  const instance: Instance = {
    get initMs() {
      return initMs;
    },
    initialized,
    peakMemoryBytes: () => peakBytes,
    async invoke(invocation, timeoutMs) {
      const timeout = setTimeout(() => kill("timeout"), timeoutMs);
      const watch = setInterval(() => {
        if (isOverLimit()) kill("memory");
      }, MEMORY_WATCH_MS);
      try {
        const outcome = await new Promise<Outcome>((end) => {
          current = { requestId: invocation.requestId, timeoutMs, end };
          api.deliver(invocation);
        });
        // Between two looks of the watch the limit can be crossed too; on Lambda the kernel misses nothing.
        if (killedFor !== undefined || !isOverLimit()) return outcome;
        kill("memory");
        return outcomes.outOfMemory(invocation.requestId);
      } finally {
        clearTimeout(timeout);
        clearInterval(watch);
      }
    },
    async end() {
      kill();
      await ended;
    },
  };
  return instance;
}

function spawnRuntime(options: InstanceOptions, runtimeApi: string): ChildProcess {
  const heapMb = Math.floor(options.memorySize * HEAP_SHARE);
  const flags = [`--max-old-space-size=${heapMb}`, ...STRICT_MODULES];
  return spawn(process.execPath, [...flags, BOOTSTRAP, JSON.stringify(options.network)], {
    cwd: options.taskRoot,
    env: options.environment(runtimeApi),
    // Standard output and error, then the log frames, then the lifeline whose end tells the process to end.
    stdio: ["ignore", "pipe", "pipe", "pipe", "pipe"],
    // A group of its own: Ctrl-C in a terminal is for us, and one signal reaches all that a function starts.
    detached: true,
  });
}
