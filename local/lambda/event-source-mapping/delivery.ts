// Delivers one batch: invokes the function, and again as the outcome asks for, until each record is processed or discarded.

import { type ActivityStream, now } from "../../activity";
import { AwsError } from "../../aws-error";
import type { StreamRecord, TableStream } from "../../dynamodb/types";
import type { Arrival } from "../../faults";
import { shortenedMs } from "../../time-scale";
import type { EventSourceMappingInput, InvokeResult, Invoker } from "../types";
import { toEventRecord } from "./batch";
import type { FailedBatch } from "./failure";
import { type AgeClock, RETENTION_SECONDS } from "./record-age";
import { decide, readVerdict, type Work } from "./retry";
import { createWait } from "./wait";

/** Waits between attempts double, in seconds. AWS documents an exponential back-off without its numbers. */
const FIRST_BACKOFF = 1;
const LONGEST_BACKOFF = 60;
/** What an invocation says of where it comes from. */
const TRIGGER = "dynamodb";

export interface DeliveryOptions {
  readonly input: EventSourceMappingInput;
  readonly stream: TableStream;
  readonly invoker: Invoker;
  readonly activity: ActivityStream;
  readonly ages: AgeClock;
  /** Sends discarded records to the failure destination; throws AwsError when that is refused. */
  readonly discard: (batch: FailedBatch) => Promise<void>;
  readonly repeats: (arrival: Arrival) => boolean;
}

export interface Delivery {
  deliver(records: readonly StreamRecord[]): Promise<void>;
  /** Ends the delivery under way; its records stay undone. */
  close(): void;
}

export function createDelivery(options: DeliveryOptions): Delivery {
  const { input, stream, invoker, activity, ages } = options;
  const maxAge = input.maximumRecordAgeInSeconds < 0 ? RETENTION_SECONDS : input.maximumRecordAgeInSeconds;
  const wait = createWait();
  const waitForPlace = createWait();
  let isClosed = false;
  // At once: asynchronous events, of which there may be many, look for the place a moment later.
  const stopListening = invoker.onFree(waitForPlace.end);

  async function deliver(records: readonly StreamRecord[]): Promise<void> {
    const work = { records, retries: 0, invocations: 0 };
    const isRepeated = options.repeats({ functionName: input.functionName, trigger: TRIGGER });
    const queue: Work[] = isRepeated ? [work, work] : [work];
    let last: InvokeResult | undefined;
    let refusals = 0;
    for (let next = queue.shift(); next !== undefined && !isClosed; next = queue.shift()) {
      const fresh = await withoutAged(next, last);
      if (fresh.records.length === 0) continue;
      const result = await invoke(fresh);
      if (result === undefined || result instanceof AwsError) {
        queue.unshift(fresh); // The function was not reached: that is not an attempt.
        await backOff(refusals++, isCrowded(result));
        continue;
      }
      last = result;
      refusals = 0;
      const decision = decide(fresh, readVerdict(result, fresh.records, input.reportBatchItemFailures), input);
      queue.unshift(...decision.again);
      if (decision.discarded !== undefined) await discard("RetryAttemptsExhausted", decision.discarded, result);
      if (decision.isRetry) await backOff(fresh.retries);
    }
  }

  /** Invokes the function; returns why it was not reached, such as when it is throttled, or undefined at the end of all. */
  async function invoke(work: Work): Promise<InvokeResult | AwsError | undefined> {
    const at = now();
    const sequenceNumbers = work.records.map(({ dynamodb }) => dynamodb.SequenceNumber);
    const detail = { records: work.records.length, attempt: work.invocations + 1, sequenceNumbers };
    try {
      const payload = payloadOf(work.records);
      const result = await invoker.invoke({ functionName: input.functionName, payload, trigger: TRIGGER });
      if (isClosed) return undefined;
      const verdict = readVerdict(result, work.records, input.reportBatchItemFailures);
      const error = verdict.kind === "succeeded" ? undefined : (result.functionError ?? "BatchItemFailures");
      publish("StreamBatch", at, error, { ...detail, requestId: result.requestId });
      return result;
    } catch (error) {
      if (isClosed) return undefined; // Its instance was stopped with everything else.
      if (!(error instanceof AwsError)) throw error;
      publish("StreamBatch", at, error.code, { ...detail, message: error.message });
      return error;
    }
  }

  /** Discards the records that are too old by now: the oldest come first. */
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
      refusal = error; // As on AWS the records are lost then; the activity says so.
    }
    const sequenceNumbers = records.map(({ dynamodb }) => dynamodb.SequenceNumber);
    const detail = { condition, records: records.length, sequenceNumbers, destination: input.onFailureDestination };
    publish("StreamBatchDiscarded", at, refusal?.code ?? condition, { ...detail, message: refusal?.message });
  }

  /**
   * Waits before another attempt. What the embedded AWS does not wait makes the records older nevertheless, unless they
   * wait for other functions to end: those work in real time, and the wait is over with the first that does.
   */
  async function backOff(attempt: number, isForPlace = false): Promise<void> {
    if (isClosed) return;
    const seconds = Math.min(FIRST_BACKOFF * 2 ** attempt, LONGEST_BACKOFF);
    // With a limit even for a place: one may have come free just before the wait began.
    await (isForPlace ? waitForPlace : wait).begin(shortenedMs(seconds));
    if (!isForPlace) ages.skip(seconds - shortenedMs(seconds) / 1000);
  }

  function publish(action: string, at: number, error: string | undefined, detail: Record<string, unknown>): void {
    const resource = input.functionName;
    activity.publish({ at, ms: now() - at, service: "lambda", action, resource, error, detail });
  }

  const payloadOf = (records: readonly StreamRecord[]) =>
    JSON.stringify({ Records: records.map((record) => toEventRecord(stream, record)) });

  return {
    deliver,
    close() {
      stopListening();
      isClosed = true;
      wait.end();
      waitForPlace.end();
    },
  };
}

/** Whether the account's places are all taken: https://docs.aws.amazon.com/lambda/latest/api/API_Invoke.html#API_Invoke_Errors */
const isCrowded = (refusal: AwsError | undefined): boolean =>
  refusal?.fields.Reason === "ConcurrentInvocationLimitExceeded";
