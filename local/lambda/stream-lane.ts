// One lane of an event source mapping: it wakes when the stream grows, gathers a batch, and delivers it until each of
// its records is done or given up. Lanes work side by side; within a lane everything keeps its order.

import { type ActivityStream, now } from "../activity";
import { AwsError } from "../aws-error";
import type { StreamRecord, TableStream } from "../dynamodb/types";
import { patiently } from "../patience";
import { type AgeClock, RETENTION_SECONDS } from "./stream-age";
import { type BatchCollector, toEventRecord } from "./stream-batch";
import type { FailedBatch } from "./stream-failure";
import { decide, readVerdict, type Work } from "./stream-retry";
import type { EventSourceMappingInput, InvokeResult, Invoker } from "./types";

/** Waits between attempts double, in seconds. AWS documents an exponential back-off without its numbers. */
const FIRST_BACKOFF = 1;
const LONGEST_BACKOFF = 60;

export interface LaneOptions {
  readonly input: EventSourceMappingInput;
  readonly stream: TableStream;
  readonly invoker: Invoker;
  readonly activity: ActivityStream;
  readonly collector: BatchCollector;
  readonly ages: AgeClock;
  /** Throws AwsError when the role may not read the stream any more. */
  readonly authorizeRead: () => void;
  readonly discard: (batch: FailedBatch) => Promise<void>;
  /** Called each time that the lane has read to the end and delivered it all. */
  readonly onIdle: () => void;
  readonly deliverTwice: boolean;
}

export interface Lane {
  /** Tells the lane that the stream has grown. */
  wake(): void;
  isIdle(): boolean;
  close(): void;
}

/** Starts a lane; it reads at once what the stream has. */
export function startLane(options: LaneOptions): Lane {
  const { input, stream, invoker, activity, collector, ages } = options;
  const maxAge = input.maximumRecordAgeInSeconds < 0 ? RETENTION_SECONDS : input.maximumRecordAgeInSeconds;
  let isClosed = false;
  let isIdle = false;
  /** Ends the wait that the lane is in. */
  let proceed = () => {};
  let interrupt = () => {};

  /** Waits for the stream to grow, at most so many milliseconds. */
  function growth(milliseconds?: number): Promise<void> {
    return new Promise((resolve) => {
      const timer = milliseconds === undefined ? undefined : setTimeout(resolve, milliseconds);
      proceed = interrupt = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  }

  /** Waits before another attempt; the stream's growth doesn't shorten it. */
  async function backOff(attempt: number): Promise<void> {
    const seconds = Math.min(FIRST_BACKOFF * 2 ** attempt, LONGEST_BACKOFF);
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, patiently(seconds));
      interrupt = () => {
        clearTimeout(timer);
        resolve();
      };
    });
    ages.skip(seconds - patiently(seconds) / 1000);
  }

  function publish(action: string, at: number, error: string | undefined, detail: Record<string, unknown>): void {
    const resource = input.functionName;
    activity.publish({ at, ms: now() - at, service: "lambda", action, resource, error, detail });
  }

  /** Reads on; a role that lost its permission reads nothing until the stream grows again. */
  function fill(): number {
    try {
      options.authorizeRead();
    } catch (error) {
      if (!(error instanceof AwsError)) throw error;
      publish("StreamRead", now(), error.code, { message: error.message });
      return 0;
    }
    return collector.fill();
  }

  async function run(): Promise<void> {
    while (!isClosed) {
      if (fill() === 0) {
        ages.caughtUp();
        isIdle = true;
        const growing = growth();
        options.onIdle();
        await growing;
        continue;
      }
      await window();
      if (!isClosed) await deliver(collector.take());
    }
  }

  /** Lets a batch grow until it is full or its batching window is over. */
  async function window(): Promise<void> {
    const end = now() + input.maximumBatchingWindowInSeconds * 1000;
    while (!isClosed && !collector.isFull() && now() < end) {
      await growth(end - now());
      fill();
    }
  }

  async function deliver(records: readonly StreamRecord[]): Promise<void> {
    const work = { records, retries: 0, invocations: 0 };
    const queue: Work[] = options.deliverTwice ? [work, work] : [work];
    let last: InvokeResult | undefined;
    let throttles = 0;
    for (let next = queue.shift(); next !== undefined && !isClosed; next = queue.shift()) {
      const fresh = await withoutAged(next, last);
      if (fresh.records.length === 0) continue;
      const result = await invoke(fresh);
      if (result === undefined) {
        queue.unshift(fresh);
        await backOff(throttles++);
        continue;
      }
      last = result;
      throttles = 0;
      const verdict = readVerdict(result, fresh.records, input.reportBatchItemFailures);
      const decision = decide(fresh, verdict, input);
      queue.unshift(...decision.again);
      if (decision.discarded !== undefined) await discard("RetryAttemptsExhausted", decision.discarded, result);
      if (decision.isRetry) await backOff(fresh.retries);
    }
  }

  /** Invokes the function; undefined when it was not reached, which uses no retry. */
  async function invoke(work: Work): Promise<InvokeResult | undefined> {
    const at = now();
    const detail = {
      records: work.records.length,
      attempt: work.invocations + 1,
      sequenceNumbers: work.records.map(({ dynamodb }) => dynamodb.SequenceNumber),
    };
    try {
      const payload = payloadOf(work.records);
      const result = await invoker.invoke({ functionName: input.functionName, payload, trigger: "dynamodb" });
      if (isClosed) return undefined;
      const verdict = readVerdict(result, work.records, input.reportBatchItemFailures);
      const error = verdict.kind === "succeeded" ? undefined : (result.functionError ?? "BatchItemFailures");
      publish("StreamBatch", at, error, { ...detail, requestId: result.requestId });
      return result;
    } catch (error) {
      if (isClosed) return undefined; // Its instance was stopped with everything else.
      if (!(error instanceof AwsError)) throw error;
      publish("StreamBatch", at, error.code, { ...detail, message: error.message });
      return undefined;
    }
  }

  /** Gives up the records that are too old by now: the oldest come first. */
  async function withoutAged(work: Work, last: InvokeResult | undefined): Promise<Work> {
    const found = work.records.findIndex((record) => ages.ageOf(record) <= maxAge);
    const aged = found === -1 ? work.records.length : found;
    if (aged === 0) return work;
    const result = work.invocations === 0 ? undefined : last;
    await discard("RecordAgeExceeded", { ...work, records: work.records.slice(0, aged) }, result);
    return { ...work, records: work.records.slice(aged) };
  }

  async function discard(condition: FailedBatch["condition"], work: Work, result: InvokeResult | undefined) {
    const { records, invocations } = work;
    const at = now();
    let refusal: AwsError | undefined;
    try {
      await options.discard({ condition, records, payload: payloadOf(records), invocations, result });
    } catch (error) {
      if (!(error instanceof AwsError)) throw error;
      refusal = error;
    }
    const detail = { condition, records: records.length, destination: input.onFailureDestination };
    publish("StreamBatchDiscarded", at, refusal?.code ?? condition, { ...detail, message: refusal?.message });
  }

  const payloadOf = (records: readonly StreamRecord[]) =>
    JSON.stringify({ Records: records.map((record) => toEventRecord(stream, record)) });

  void run();

  return {
    wake() {
      isIdle = false;
      proceed();
    },
    isIdle: () => isIdle,
    close() {
      isClosed = true;
      interrupt();
    },
  };
}
