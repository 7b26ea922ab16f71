// One lane of an event source mapping: it wakes when the stream grows, gathers a batch and has it delivered before it
// reads on. Lanes work side by side; within a lane everything keeps its order.

import { now } from "../../activity";
import type { StreamRecord } from "../../dynamodb/types";
import type { BatchCollector } from "./batch";
import { createWait } from "./wait";

export interface LaneOptions {
  readonly collector: BatchCollector;
  /** Returns whether the function's role may read the stream now. */
  readonly mayRead: () => boolean;
  /** How long a batch may wait for more records, in milliseconds. */
  readonly batchingWindow: number;
  readonly deliver: (records: readonly StreamRecord[]) => Promise<void>;
  /** Called each time that the lane has read to the end and delivered it all. */
  readonly onIdle: () => void;
  /** Called each time that {@link Lane.reached} may have changed. */
  readonly onReached: () => void;
}

export interface Lane {
  /** Tells the lane that the stream has grown. */
  wake(): void;
  isIdle(): boolean;
  /** The record up to which everything is done or passed over. */
  reached(): string | undefined;
  /** Reads nothing more. */
  close(): void;
}

/** Starts a lane; it reads at once what the stream has. */
export function startLane({ collector, mayRead, batchingWindow, deliver, onIdle, onReached }: LaneOptions): Lane {
  const growth = createWait();
  let isClosed = false;
  let isIdle = false;
  let reached = collector.position();

  /** Reads on; a role that lost its permission reads nothing until the stream grows again. */
  const fill = () => (mayRead() ? collector.fill() : 0);

  async function run(): Promise<void> {
    while (!isClosed) {
      if (fill() === 0) {
        isIdle = true;
        reached = collector.position();
        onReached();
        onIdle();
        await growth.begin();
        continue;
      }
      await batchingWindowEnd();
      if (isClosed) break;
      const end = collector.position();
      await deliver(collector.take());
      if (isClosed) break;
      reached = end;
      onReached();
    }
  }

  /** Lets a batch grow until it is full or its batching window is over. */
  async function batchingWindowEnd(): Promise<void> {
    const end = now() + batchingWindow;
    while (!isClosed && !collector.isFull() && now() < end) {
      await growth.begin(end - now());
      fill();
    }
  }

  void run();

  return {
    wake() {
      isIdle = false;
      growth.end();
    },
    isIdle: () => isIdle,
    reached: () => reached,
    close() {
      isClosed = true;
      growth.end();
    },
  };
}
