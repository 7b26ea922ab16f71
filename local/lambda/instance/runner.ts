// Runs one function: takes a place within its concurrency, an instance from its pool, writes the log lines around the
// invocation, and publishes its outcome.

import { randomBytes, randomUUID } from "node:crypto";
import { join } from "node:path";
import type { Account } from "../../account";
import { type ActivityStream, now } from "../../activity";
import type { FaultDecisions } from "../../faults";
import type { Guard } from "../../guard";
import type { Iam } from "../../iam/types";
import type { Logs } from "../../logs/types";
import type { CodeStore } from "../code";
import type { Concurrency } from "../concurrency";
import { LAMBDA_PRINCIPAL, type LambdaFunction } from "../functions";
import { createLogStream, type LogStream, newLogStreamName } from "../logging/log-stream";
import { billedMs, createPlatformLog } from "../logging/platform-log";
import type { InvokeResult } from "../types";
import { instanceEnvironment } from "./environment";
import { type Instance, RUNTIME_DIRECTORY, startInstance } from "./instance";
import { toMegabytes } from "./memory";
import { EXIT_ERROR, type Outcome } from "./outcome";
import { createPool, type InitPhase, type Lease } from "./pool";

export interface RunnerOptions {
  readonly account: Readonly<Account>;
  readonly activity: ActivityStream;
  readonly iam: Iam;
  readonly logs: Logs;
  readonly code: CodeStore;
  readonly concurrency: Concurrency;
  readonly guard: Guard;
  readonly faults: Pick<FaultDecisions, "ofInvocation" | "kills">;
  readonly initTimeoutMs: number;
  /** Hosts of the outside world that the embedded AWS emulates, such as api.tinify.com. */
  readonly carriedHosts: readonly string[];
}

export interface RunInput {
  readonly payload: string;
  /** What made the function run, such as `Invoke` or `s3.amazonaws.com`. */
  readonly trigger: string;
  readonly requestId?: string;
  readonly clientContext?: string;
  readonly traceId?: string;
}

/** An invocation that has begun, at a moment of {@link now}. */
type Begun = RunInput & { readonly requestId: string; readonly traceId: string; readonly at: number };

export interface Runner {
  /** Runs the function once; throws TooManyRequestsException at once when it may not run now. */
  run(input: RunInput): Promise<InvokeResult>;
  /** How many invocations run or wait for an instance. */
  running(): number;
  /** Ends the instances once nothing runs on them any more; nothing may be run after this. */
  retire(): Promise<void>;
  close(): Promise<void>;
}

/** An X-Ray header of our own, not sampled: nothing collects segments here. */
const newTraceId = (): string =>
  `Root=1-${Math.floor(Date.now() / 1000).toString(16)}-${randomBytes(12).toString("hex")};Parent=${randomBytes(8).toString("hex")};Sampled=0`;

/** Creates the runner of one function; its first instance starts with the first invocation. */
export function createRunner(target: LambdaFunction, options: RunnerOptions): Runner {
  const { account, activity, iam, logs, code, concurrency, guard, faults } = options;
  // As they are now: a later configuration has another runner.
  const { configuration } = target;
  const held = code.hold(target.code);
  const { directory: taskRoot } = held;
  const { functionName, memorySize } = configuration;
  const timeoutMs = configuration.timeout * 1000;
  const platformLog = createPlatformLog(configuration);
  const logStreams = new WeakMap<Instance, LogStream>();
  const pool = createPool(start);
  let running = 0;
  let onRest: (() => void) | undefined;
  let closing: Promise<void> | undefined;

  function close(): Promise<void> {
    closing ??= pool.close().finally(() => code.release(held));
    return closing;
  }

  async function start(phase: InitPhase): Promise<Instance> {
    const credentials = iam.assumeRole({
      roleArn: configuration.roleArn,
      service: LAMBDA_PRINCIPAL,
      sessionName: functionName,
      sourceArn: target.arn,
    });
    const logStreamName = newLogStreamName();
    const log = openLog(logStreamName);
    const temporaryDirectory = join(code.rootDirectory(), "tmp", logStreamName.slice(-32));
    let group: number | undefined;
    const instance = await startInstance({
      memorySize,
      initTimeoutMs: phase === "init" ? options.initTimeoutMs : timeoutMs,
      taskRoot,
      temporaryDirectory,
      network: { endpoint: account.endpoint, carriedHosts: options.carriedHosts },
      environment: (runtimeApi) =>
        instanceEnvironment({
          account,
          configuration,
          credentials,
          logStreamName,
          runtimeApi,
          taskRoot,
          runtimeDirectory: RUNTIME_DIRECTORY,
          temporaryDirectory,
        }),
      onLog: log.write,
      onReady: pool.ready,
      onSpawn(pid) {
        group = pid;
        guard.add(pid);
      },
      onEnd(ended) {
        if (group !== undefined) guard.remove(group);
        iam.revoke(credentials.accessKeyId);
        log.flush();
        pool.ended(ended);
      },
    });
    logStreams.set(instance, log);
    return instance;
  }

  const openLog = (name: string) => createLogStream(logs, target.caller, configuration.logGroup, name);

  function begin({ requestId = randomUUID(), traceId = newTraceId(), ...input }: RunInput, at: number): Begun {
    const { trigger, payload } = input;
    const detail = { trigger, payload };
    const resource = functionName;
    activity.publish({ at, service: "lambda", action: "Start", resource, requestId, traceId, detail });
    return { ...input, requestId, traceId, at };
  }

  async function runOn(lease: Lease<Instance>, input: Begun) {
    const { instance, cold } = lease;
    const log = logStreams.get(instance) ?? openLog(newLogStreamName());
    for (const line of platformLog.start(input.requestId, target.arn)) log.write(line);
    const armed = armKill(instance, input);
    const startedAt = performance.now();
    const outcome = await instance.invoke(
      {
        requestId: input.requestId,
        payload: input.payload,
        deadlineMs: Date.now() + timeoutMs,
        functionArn: target.arn,
        traceId: input.traceId,
        clientContext: input.clientContext,
      },
      timeoutMs,
    );
    armed?.disarm(outcome);
    const durationMs = Math.min(performance.now() - startedAt, outcome.status === "timeout" ? timeoutMs : Infinity);
    const initMs = cold ? instance.initMs : undefined;
    return finish(log, input, outcome, { durationMs, initMs, maxMemoryBytes: instance.peakMemoryBytes() });
  }

  /** Has the instance killed in the middle of the invocation, if a fault says so. */
  function armKill(instance: Instance, { trigger, payload, traceId }: Begun) {
    const fault = faults.ofInvocation({ functionName, trigger, payload });
    if (fault === undefined) return undefined;
    let isKilled = false;
    const remove = faults.kills.enter(traceId, fault.killAtCall, () => {
      isKilled = true;
      return instance.end();
    });
    return {
      /** An invocation that had ended before the kill did not fail because of it. */
      disarm({ errorType }: Outcome): void {
        remove();
        if (isKilled && errorType === EXIT_ERROR) fault.onDeath?.();
      },
    };
  }

  function finish(
    log: LogStream,
    { requestId, traceId, trigger, at }: Begun,
    outcome: Outcome,
    measured: { durationMs: number; initMs?: number; maxMemoryBytes: number },
  ): InvokeResult {
    for (const line of platformLog.end({ requestId, outcome, memorySize, ...measured })) log.write(line);
    log.flush();
    activity.publish({
      at,
      ms: now() - at,
      service: "lambda",
      action: "Invoke",
      resource: functionName,
      requestId,
      traceId,
      error: outcome.status === "success" ? undefined : outcome.errorType,
      detail: {
        trigger,
        cold: measured.initMs !== undefined,
        initMs: measured.initMs,
        durationMs: measured.durationMs,
        billedMs: billedMs(measured),
        maxMemoryMb: toMegabytes(measured.maxMemoryBytes),
      },
    });
    return {
      requestId,
      payload: outcome.payload,
      logTail: log.takeTail(),
      ...(outcome.status !== "success" && { functionError: "Unhandled" as const }),
    };
  }

  return {
    async run(input) {
      const giveBack = concurrency.take(configuration);
      const at = now();
      running++;
      try {
        const named = begin(input, at);
        const lease = await pool.acquire();
        if (typeof lease !== "function") return await runOn(lease, named);
        // No instance could start: the invocation ends as the start did.
        const log = openLog(newLogStreamName());
        for (const line of platformLog.start(named.requestId, target.arn)) log.write(line);
        const initMs = now() - at;
        return finish(log, named, lease(named.requestId), { durationMs: 0, initMs, maxMemoryBytes: 0 });
      } finally {
        running--;
        giveBack();
        if (running === 0) onRest?.();
      }
    },
    running: () => running,
    async retire() {
      if (running > 0) {
        await new Promise<void>((resolve) => {
          onRest = resolve;
        });
      }
      await close();
    },
    close,
  };
}
