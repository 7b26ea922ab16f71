// The event source mapping between a table's stream and a function: it checks its settings and the function's role when
// it is created, then hands the stream's records to the function in batches, in the role's name.
// https://docs.aws.amazon.com/lambda/latest/dg/services-ddb.html

import { type ActivityStream, now } from "../../activity";
import { AwsError } from "../../aws-error";
import type { TableStream } from "../../dynamodb/types";
import type { Arrival } from "../../faults";
import type { Iam } from "../../iam/types";
import type { Caller } from "../../service";
import type { Position } from "../async-invocation/kept-events";
import { compileFilterCriteria } from "../filter/criteria";
import type { EventSourceMappingInput, Invoker } from "../types";
import { createBatchCollector } from "./batch";
import { createDelivery } from "./delivery";
import { type FailedBatch, failureRecord } from "./failure";
import { validateMapping, validateRole } from "./input";
import { type Lane, startLane } from "./lane";
import { createAgeClock } from "./record-age";

export interface StreamMappingOptions {
  readonly input: EventSourceMappingInput;
  readonly uuid: string;
  readonly stream: TableStream;
  /** The {@link StreamMapping.position} of the reader that this one follows. */
  readonly goesOnAfter?: Position;
  /** Called with each new {@link StreamMapping.position}, and with the first. */
  readonly onReached?: (position: Position) => void;
  readonly invoker: Invoker;
  readonly iam: Iam;
  readonly activity: ActivityStream;
  /** Writes an object to a failure destination in a caller's name; throws AwsError when the caller may not. */
  readonly putFailure: (caller: Caller, bucketArn: string, key: string, body: unknown) => Promise<void>;
  /** Whether a batch is delivered twice, one after the other. */
  readonly repeats: (arrival: Arrival) => boolean;
}

export interface StreamMapping {
  /** Stops reading; what an invocation still returns is ignored. */
  close(): Promise<void>;
  /** The record up to which everything is done. */
  position(): Position;
  /** Whether the stream is read to its end and every record is processed or discarded. */
  isIdle(): boolean;
  /** Resolves when it is idle, or when the mapping closes. */
  idle(): Promise<void>;
}

/**
 * Creates an enabled mapping; it starts at once.
 *
 * Activities: `StreamBatch` for each invocation (`detail`: records, attempt, sequenceNumbers, requestId),
 * `StreamBatchDiscarded` for records given up (condition, records, destination), `StreamRead` for a refused read.
 * @throws AwsError as CreateEventSourceMapping refuses: settings out of range, invalid filters, a role that may not read
 */
export function createStreamMapping(options: StreamMappingOptions): StreamMapping {
  const { input, uuid, stream, invoker, iam, activity } = options;
  const role = invoker.roleOf(input.functionName);
  validateMapping(input);
  const passes = compileFilterCriteria(input.filterPatterns);
  validateRole(iam, role, input);

  const start = input.startingPosition === "LATEST" ? stream.latest() : undefined;
  const { sequenceNumber: after } = options.goesOnAfter ?? { sequenceNumber: start };
  let idleListeners: (() => void)[] = [];
  let closed = false;
  const isIdle = () => closed || lanes.every((lane) => lane.isIdle());

  function onIdle(): void {
    if (isIdle()) settle();
  }

  function settle(): void {
    const listeners = idleListeners;
    idleListeners = [];
    for (const listener of listeners) listener();
  }

  async function discard(batch: FailedBatch): Promise<void> {
    if (input.onFailureDestination === undefined) return;
    const { key, body } = failureRecord(batch, { uuid, functionName: input.functionName, stream, at: new Date() });
    await options.putFailure(role, input.onFailureDestination, key, body);
  }

  function mayRead(): boolean {
    try {
      iam.authorize({ caller: role, action: "dynamodb:GetRecords", resource: stream.arn });
      return true;
    } catch (error) {
      if (!(error instanceof AwsError)) throw error;
      const [resource, detail] = [input.functionName, { message: error.message }];
      activity.publish({ at: now(), service: "lambda", action: "StreamRead", resource, error: error.code, detail });
      return false;
    }
  }

  let last: Position | undefined;
  function tellPosition(): void {
    if (closed) return;
    const now = position();
    if (last?.sequenceNumber === now.sequenceNumber) return;
    last = now;
    options.onReached?.(now);
  }

  function startOne(index: number): Lane {
    const ages = createAgeClock(stream);
    const delivery = createDelivery({ input, stream, invoker, activity, ages, discard, repeats: options.repeats });
    const [batchSize, of] = [input.batchSize, input.parallelizationFactor];
    const lane = startLane({
      collector: createBatchCollector({ stream, batchSize, passes, lane: { index, of }, after }),
      mayRead,
      batchingWindow: input.maximumBatchingWindowInSeconds * 1000,
      deliver: delivery.deliver,
      // The first lane reads before the others are there.
      onReached: () => queueMicrotask(tellPosition),
      onIdle() {
        ages.caughtUp();
        queueMicrotask(onIdle);
      },
    });
    return {
      ...lane,
      close() {
        lane.close();
        delivery.close();
      },
    };
  }

  const position = () => ({ sequenceNumber: earliest(lanes.map((lane) => lane.reached())) });
  const lanes: Lane[] = Array.from({ length: input.parallelizationFactor }, (_, index) => startOne(index));
  const unsubscribe = stream.onAppend(() => {
    for (const lane of lanes) lane.wake();
  });

  return {
    async close() {
      closed = true;
      unsubscribe();
      for (const lane of lanes) lane.close();
      settle();
    },
    position,
    isIdle,
    idle: () => (isIdle() ? Promise.resolve() : new Promise((resolve) => idleListeners.push(resolve))),
  };
}

/** Undefined is the oldest record of all. */
function earliest(sequenceNumbers: readonly (string | undefined)[]): string | undefined {
  return sequenceNumbers.reduce((one, other) => {
    if (one === undefined || other === undefined) return undefined;
    return BigInt(one) < BigInt(other) ? one : other;
  });
}
