// Lambda: functions in processes of their own, and the three ways to run them: the API, the asynchronous queue, and
// event source mappings. This file only assembles.

import { randomUUID } from "node:crypto";
import type { Account } from "../account";
import { type ActivityStream, now } from "../activity";
import type { Api } from "../api/operation";
import { AwsError } from "../aws-error";
import type { Journal } from "../data/journal";
import type { Dynamodb } from "../dynamodb/types";
import { type Arrival, createFaults, type FaultDecisions } from "../faults";
import type { Guard } from "../guard";
import type { Iam } from "../iam/types";
import type { Logs } from "../logs/types";
import { createRestProtocol } from "../protocols/rest-json";
import type { S3 } from "../s3/types";
import type { Caller } from "../service";
import { createKeptEvents } from "./async-invocation/kept-events";
import { createAsyncQueue } from "./async-invocation/queue";
import { createCodeStore } from "./code";
import { ACCOUNT_CONCURRENCY, createConcurrency } from "./concurrency";
import { createMappings } from "./event-source-mapping/mappings";
import { createFunctionRegistry, type LambdaFunction } from "./functions";
import { createRunner, type Runner } from "./instance/runner";
import { newLogStreamName } from "./logging/log-stream";
import { OPERATIONS } from "./operations";
import { BINDINGS } from "./operations/bindings";
import type { LambdaState } from "./operations/state";
import { createPackageLocations } from "./package-location";
import { authorizeInvoke, type Source } from "./permissions";
import type { Invoker, Lambda } from "./types";

/** https://docs.aws.amazon.com/lambda/latest/dg/lambda-runtime-environment.html#runtimes-lifecycle-ib */
const INIT_TIMEOUT_MS = 10_000;

export interface LambdaOptions {
  readonly account: Readonly<Account>;
  readonly activity: ActivityStream;
  readonly iam: Iam;
  readonly logs: Logs;
  readonly dynamodb: Pick<Dynamodb, "stream">;
  /** Ends processes and removes files, should this process be killed. */
  readonly guard: Guard;
  /** Where the records of failed events go. */
  readonly failureStore: Pick<S3, "putObject">;
  /** Where deployment packages come from that are not in the request. */
  readonly packages: Pick<S3, "readObject">;
  /** How many executions functions without a reserved number may have together; default 10, a new account's. */
  readonly accountConcurrency?: number;
  /** AWS promises to deliver "at least once": this delivers each event and batch twice, and events out of order. */
  readonly deliverTwiceAndOutOfOrder?: boolean;
  /** What goes wrong on purpose; default: nothing. */
  readonly faults?: Pick<FaultDecisions, "ofInvocation" | "repeats" | "kills">;
  /** Hosts that functions reach through the embedded AWS; default api.tinify.com. */
  readonly carriedHosts?: readonly string[];
  readonly initTimeoutMs?: number;
  /** Where events are kept over a restart, until they are done. */
  readonly journal?: Journal;
}

/**
 * Creates a Lambda without functions.
 *
 * Activities: `Invoke` at the end of each invocation (`detail`: trigger, cold, initMs, durationMs, billedMs,
 * maxMemoryMb), `AsyncRetry`, `AsyncDiscard` and `DestinationDeliveryFailures` of the asynchronous queue, `Deliver` when
 * a service may not invoke a function, and those of the stream mapping.
 */
export function createLambda(options: LambdaOptions): Lambda {
  const { account, activity, iam, logs, dynamodb, failureStore, packages, guard } = options;
  const code = createCodeStore(guard.addDirectory);
  const concurrency = createConcurrency(options.accountConcurrency);
  const functions = createFunctionRegistry(account, iam, code);
  const { locationOf, downloads } = createPackageLocations(account, iam, functions);
  const runners = new Map<LambdaFunction, Runner>();
  /** Of configurations that have been replaced, until their last invocation is over. */
  const retiring = new Set<Runner>();
  const faults = options.faults ?? createFaults();
  const repeats = (arrival: Arrival) => (options.deliverTwiceAndOutOfOrder ?? false) || faults.repeats(arrival);

  function runnerOf(target: LambdaFunction): Runner {
    const known = runners.get(target);
    if (known !== undefined) return known;
    const runner = createRunner(target, {
      account,
      activity,
      iam,
      logs,
      code,
      concurrency,
      guard,
      faults,
      initTimeoutMs: options.initTimeoutMs ?? INIT_TIMEOUT_MS,
      carriedHosts: options.carriedHosts ?? ["api.tinify.com"],
    });
    runners.set(target, runner);
    return runner;
  }

  /** The next invocation gets an instance of the new configuration; those that run end with the old one. */
  function replaceRunner(target: LambdaFunction): void {
    const runner = runners.get(target);
    if (runner === undefined) return;
    runners.delete(target);
    retiring.add(runner);
    void runner.retire().finally(() => {
      retiring.delete(runner);
      checkIdle();
    });
  }

  /** Writes a record in the name of a function's role, which has to be allowed to, each time. */
  async function putFailure(caller: Caller, bucketArn: string, key: string, body: unknown): Promise<void> {
    const bucket = bucketArn.slice(bucketArn.lastIndexOf(":") + 1);
    iam.authorize({ caller, action: "s3:ListBucket", resource: bucketArn });
    const content = Buffer.from(JSON.stringify(body));
    await failureStore.putObject(caller, { bucket, key, body: content, contentType: "application/json" });
  }

  /** Why a service may not invoke a function for one of its resources; undefined when it may. */
  function refusalOf(target: LambdaFunction, principal: string, source: Source): AwsError | undefined {
    try {
      authorizeInvoke(iam, target, principal, source);
      return undefined;
    } catch (error) {
      if (!(error instanceof AwsError)) throw error;
      return error;
    }
  }

  const invoker: Invoker = {
    invoke: async ({ functionName, payload, trigger }) =>
      runnerOf(functions.get(functionName)).run({ payload, trigger }),
    roleOf: (functionName) => functions.get(functionName).caller,
    onFree: concurrency.onFree,
  };
  const kept = options.journal && createKeptEvents(options.journal);
  const queue = createAsyncQueue({
    kept,
    activity,
    concurrency,
    isScrambled: ({ target, trigger }) => repeats({ functionName: target.configuration.functionName, trigger }),
    run: (event) => runnerOf(event.target).run(event),
    putRecord: ({ target: { caller, eventInvokeConfig } }, key, body) =>
      putFailure(caller, eventInvokeConfig?.onFailureDestination ?? "", key, body),
    log: ({ target: { caller, configuration } }, message) =>
      logs.write(caller, configuration.logGroup, newLogStreamName(), [{ timestamp: Date.now(), message }]),
  });
  const mappings = createMappings(account, dynamodb, { invoker, iam, activity, putFailure, repeats }, kept);
  const idleListeners: (() => void)[] = [];
  let closed = false;
  const allRunners = () => [...runners.values(), ...retiring];
  const isBusy = () => queue.unfinished() > 0 || allRunners().some((runner) => runner.running() > 0);
  const checkIdle = () => {
    if (!isBusy()) for (const listener of idleListeners.splice(0)) listener();
  };
  /** Running invocations end now, and waiting events are dropped. */
  function removeFunction(target: LambdaFunction): void {
    functions.remove(target);
    mappings.disableOf(target);
    queue.drop(target);
    const runner = runners.get(target);
    if (runner === undefined) return;
    runners.delete(target);
    retiring.add(runner);
    void runner.close().finally(() => {
      retiring.delete(runner);
      checkIdle();
    });
  }

  const { accountConcurrency = ACCOUNT_CONCURRENCY } = options;
  const api: Api<LambdaState> = {
    name: "lambda",
    actionPrefix: "lambda",
    inputError: "InvalidParameterValueException",
    state: {
      account,
      iam,
      accountConcurrency,
      functions,
      mappings,
      queue,
      packages,
      locationOf,
      runnerOf,
      replaceRunner,
      removeFunction,
    },
    operations: OPERATIONS,
  };
  queue.onDone(() => setImmediate(checkIdle));
  concurrency.onFree(() => setImmediate(checkIdle));

  return {
    ...createRestProtocol({ api, iam, bindings: BINDINGS }),
    api,
    downloads,

    mayInvoke: (functionArn, principal, source) =>
      refusalOf(functions.get(functionArn), principal, source) === undefined,
    invokeAsService(functionArn, payload, principal, source) {
      const target = functions.get(functionArn);
      const requestId = randomUUID();
      const refusal = refusalOf(target, principal, source);
      if (refusal === undefined) {
        queue.accept({ target, requestId, payload: JSON.stringify(payload), trigger: principal });
        return;
      }
      // No client waits for the result: AWS drops such an event silently. Here it can at least be seen.
      const { code: error, message } = refusal;
      const detail = { message, ...source };
      activity.publish({
        at: now(),
        service: "lambda",
        action: "Deliver",
        resource: functionArn,
        requestId,
        caller: principal,
        error,
        detail,
      });
    },

    resume() {
      const there = new Set(functions.list().map(({ configuration }) => configuration.functionName));
      for (const functionName of kept?.functionNames() ?? []) {
        if (!there.has(functionName)) kept?.drop(functionName);
        for (const event of kept?.take(functionName) ?? []) {
          queue.accept({ target: functions.get(functionName), ...event });
        }
      }
    },

    async idle() {
      do {
        if (isBusy() && !closed) await new Promise<void>((resolve) => idleListeners.push(resolve));
        // What has not been processed by now never will be.
        if (closed) throw new Error("the embedded AWS was closed before it was idle");
        await Promise.all(mappings.list().map(({ reader }) => reader?.idle()));
        // A mapping that was changed meanwhile has another reader now.
      } while (closed || isBusy() || mappings.list().some(({ reader }) => reader?.isIdle() === false));
    },

    async close() {
      closed = true;
      queue.close();
      // Now, since an instance may take its time to end.
      for (const listener of idleListeners.splice(0)) listener();
      await mappings.close();
      await Promise.all(allRunners().map((runner) => runner.close()));
      code.close();
    },
  };
}
