// The asynchronous queue: events wait for a free place, run, are tried again when the function fails, and end in the
// failure destination when it keeps failing or they grow too old.
// https://docs.aws.amazon.com/lambda/latest/dg/invocation-async-error-handling.html

import { type ActivityStream, now } from "../../activity";
import { AwsError } from "../../aws-error";
import { shortenedMs } from "../../time-scale";
import type { Concurrency } from "../concurrency";
import type { LambdaFunction } from "../functions";
import { createScrambler } from "../scrambler";
import type { InvokeResult } from "../types";
import { type AsyncEvent, type DiscardCondition, invocationRecord } from "./event";
import type { KeptEvents } from "./kept-events";

const MAX_RETRIES = 2;
const MAX_AGE_SECONDS = 6 * 60 * 60;
/** The wait before the first and the second retry. */
const RETRY_WAIT_SECONDS = [60, 120];
/** After refusals Lambda waits for a second, then ever longer, up to five minutes. */
const MAX_REFUSED_WAIT_SECONDS = 300;

export interface AsyncQueueOptions {
  readonly activity: ActivityStream;
  readonly concurrency: Concurrency;
  run(event: AsyncEvent): Promise<InvokeResult>;
  /** Writes a record to the function's failure destination; rejects when it cannot. */
  putRecord(event: AsyncEvent, key: string, body: unknown): Promise<void>;
  /** Writes to the function's log. */
  log(event: AsyncEvent, message: string): void;
  /** Whether an event is delivered twice, and later events before earlier ones. */
  isScrambled(event: Pick<AsyncEvent, "target" | "trigger">): boolean;
  /** Keeps events from when they are accepted until they are done, over a restart. */
  readonly kept?: KeptEvents;
}

export interface AsyncQueue {
  accept(event: Omit<AsyncEvent, "acceptedAt" | "failures" | "refusals">): void;
  /** Discards all events of a deleted function; running invocations may end. */
  drop(target: LambdaFunction): void;
  /** How many accepted events have not been processed. */
  unfinished(): number;
  /** Calls the listener whenever an event has been processed. */
  onDone(listener: () => void): void;
  close(): void;
}

/**
 * Creates an empty queue.
 *
 * AWS asks a throttled function again after 1 s, then ever later, up to 5 min. Here an event that finds no free place
 * waits until one is given back; as on AWS this is not an attempt and no failure.
 */
export function createAsyncQueue(options: AsyncQueueOptions): AsyncQueue {
  const { activity, concurrency } = options;
  const waiting: AsyncEvent[] = [];
  const timers = new Map<NodeJS.Timeout, AsyncEvent>();
  /** Deleted functions. */
  const dropped = new WeakSet<LambdaFunction>();
  const doneListeners: (() => void)[] = [];
  const scrambler = createScrambler<AsyncEvent>(deliver);
  let unfinished = 0;
  let closed = false;

  function deliver(event: AsyncEvent): void {
    if (dropped.has(event.target)) {
      done(event);
      return;
    }
    waiting.push(event);
    // Not within the call that brought the event: whoever sends one, such as S3, has its own response to send first.
    setImmediate(pump);
  }

  function pump(): void {
    for (let index = 0; index < waiting.length && !closed; ) {
      const event = waiting[index];
      if (event === undefined || !canRun(event)) {
        index++;
        continue;
      }
      waiting.splice(index, 1);
      void attempt(event);
    }
  }

  /** With a reserved concurrency of zero the function never runs, and no event waits for that to change. */
  const isStopped = ({ target }: AsyncEvent) => target.configuration.reservedConcurrentExecutions === 0;
  const canRun = (event: AsyncEvent) => isStopped(event) || concurrency.isFree(event.target.configuration);

  async function attempt(event: AsyncEvent): Promise<void> {
    const { maximumEventAgeInSeconds = MAX_AGE_SECONDS, maximumRetryAttempts = MAX_RETRIES } =
      event.target.eventInvokeConfig ?? {};
    if (isStopped(event)) return discard(event, "RetriesExhausted");
    if (performance.now() - event.acceptedAt > maximumEventAgeInSeconds * 1000) {
      return discard(event, "EventAgeExceeded");
    }
    try {
      const result = await options.run(event);
      if (result.functionError === undefined || dropped.has(event.target)) return done(event);
      if (closed) return leave();
      event.lastResult = result;
    } catch (error) {
      if (closed) return leave();
      if (!(error instanceof AwsError)) throw error;
      if (dropped.has(event.target)) return done(event);
      // The place was taken meanwhile, or no instance could be made: the function has not seen the event.
      const seconds = Math.min(MAX_REFUSED_WAIT_SECONDS, 2 ** event.refusals);
      event.refusals++;
      publish(event, "AsyncRetry", error.code, { failures: event.failures, waitSeconds: seconds });
      return retryAfter(event, seconds);
    }
    event.refusals = 0;
    event.failures++;
    if (event.failures > maximumRetryAttempts) return discard(event, "RetriesExhausted");
    const seconds = RETRY_WAIT_SECONDS[event.failures - 1] ?? 0;
    publish(event, "AsyncRetry", "FunctionError", { failures: event.failures, waitSeconds: seconds });
    retryAfter(event, seconds);
  }

  function retryAfter(event: AsyncEvent, seconds: number): void {
    if (closed) {
      leave();
      return;
    }
    const waitMs = shortenedMs(seconds);
    // The event grows older by all of AWS's wait, though only a part of it is waited.
    event.acceptedAt -= seconds * 1000 - waitMs;
    const timer = setTimeout(() => {
      timers.delete(timer);
      deliver(event);
    }, waitMs);
    timers.set(timer, event);
  }

  async function discard(event: AsyncEvent, condition: DiscardCondition): Promise<void> {
    const destination = event.target.eventInvokeConfig?.onFailureDestination;
    const detail = { condition, failures: event.failures, destination };
    if (destination === undefined) {
      publish(event, "AsyncDiscard", condition, detail);
      return done(event);
    }
    const { key, body } = invocationRecord(event, condition);
    try {
      await options.putRecord(event, key, body);
      publish(event, "AsyncDiscard", condition, { ...detail, key });
    } catch (error) {
      const code = error instanceof AwsError ? error.code : String(error);
      publish(event, "AsyncDiscard", condition, detail);
      publish(event, "DestinationDeliveryFailures", code, { ...detail, key, message: String(error) });
      // AWS has only a metric of this name; whoever looks for the record looks into the log.
      options.log(event, `RequestId: ${event.requestId} Could not write ${key} to ${destination}: ${error}`);
    }
    done(event);
  }

  function publish(event: AsyncEvent, action: string, error: string, detail: Record<string, unknown>): void {
    const { requestId, target } = event;
    const resource = target.configuration.functionName;
    activity.publish({ at: now(), service: "lambda", action, resource, requestId, error, detail });
  }

  function done({ target, requestId }: AsyncEvent): void {
    options.kept?.remove(target.configuration.functionName, requestId);
    leave();
  }

  /** The event is not processed further; it may come again after a restart. */
  function leave(): void {
    unfinished--;
    for (const listener of doneListeners) listener();
  }

  const stopListening = concurrency.onFree(() => {
    if (waiting.length > 0) setImmediate(pump);
  });

  return {
    accept(accepted) {
      options.kept?.put(accepted.target.configuration.functionName, accepted);
      const create = (): AsyncEvent => ({ ...accepted, acceptedAt: performance.now(), failures: 0, refusals: 0 });
      const isScrambled = options.isScrambled(accepted);
      unfinished += isScrambled ? 2 : 1;
      if (isScrambled) scrambler.add(create);
      else deliver(create());
    },
    drop(target) {
      dropped.add(target);
      const isOf = (event: AsyncEvent) => event.target === target;
      const gone = waiting.filter(isOf);
      waiting.splice(0, waiting.length, ...waiting.filter((event) => !isOf(event)));
      for (const [timer, event] of timers) {
        if (!isOf(event)) continue;
        clearTimeout(timer);
        timers.delete(timer);
        gone.push(event);
      }
      for (const event of gone) done(event);
    },
    unfinished: () => unfinished,
    onDone: (listener) => void doneListeners.push(listener),
    close() {
      closed = true;
      scrambler.close();
      stopListening();
      for (const timer of timers.keys()) clearTimeout(timer);
      waiting.length = 0;
    },
  };
}
