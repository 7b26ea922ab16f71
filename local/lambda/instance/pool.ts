// The instances of one function. An invocation takes the warm instance that was used last, waits a little for one to
// come free, and starts another when none does.

import { AwsError } from "../../aws-error";
import type { InitFailure } from "./instance";

/** What a pool needs to know of an instance. */
export interface PooledInstance {
  readonly initMs: number;
  readonly initialized: Promise<InitFailure | undefined>;
  end(): Promise<void>;
}

/** Where in the life of an instance its init runs; each phase has a timeout of its own. */
export type InitPhase = "init" | "invoke";

export interface Lease<T> {
  readonly instance: T;
  /** The first invocation of its instance. */
  readonly cold: boolean;
}

export interface Pool<T extends PooledInstance> {
  /** Resolves with an instance that is ready, or with why none could start. */
  acquire(): Promise<Lease<T> | InitFailure>;
  /** An instance asks for its next invocation. */
  ready(instance: T): void;
  /** An instance is gone. */
  ended(instance: T): void;
  close(): Promise<void>;
}

/** Until the first start has been measured. */
const ASSUMED_INIT_MS = 150;

/**
 * Creates a pool without an instance.
 *
 * AWS starts an instance at once whenever none is idle. On one machine that would have many processes fight for two
 * cores, so here another one starts only when none has come free for a while: one start's time for each instance there
 * is. Short invocations are handled by a warm instance sooner than by new ones, which cost more than they do; while
 * long ones still get one instance more after another. They start one at a time.
 */
export function createPool<T extends PooledInstance>(start: (phase: InitPhase) => Promise<T>): Pool<T> {
  const all = new Set<T>();
  const used = new WeakSet<T>();
  const idle: T[] = [];
  const waiting: { readonly since: number; resolve(lease: Lease<T> | InitFailure): void; reject(e: unknown): void }[] =
    [];
  let starting: Promise<void> | undefined;
  let timer: NodeJS.Timeout | undefined;
  let lastInitMs = ASSUMED_INIT_MS;
  let lastFreeAt = 0;
  let closed = false;

  function lease(instance: T): Lease<T> {
    const cold = !used.has(instance);
    used.add(instance);
    return { instance, cold };
  }

  function consider(): void {
    clearTimeout(timer);
    timer = undefined;
    const [first] = waiting;
    if (first === undefined || starting !== undefined || closed) return;
    const wait = all.size * lastInitMs - (performance.now() - Math.max(first.since, lastFreeAt));
    if (wait > 0) {
      timer = setTimeout(consider, wait);
      return;
    }
    starting = startOne().finally(() => {
      starting = undefined;
      consider();
    });
  }

  /**
   * Lambda tries a failed init once more, as a part of the invocation that waits:
   * https://docs.aws.amazon.com/lambda/latest/dg/lambda-runtime-environment.html#runtimes-lifecycle-ib
   */
  async function startOne(): Promise<void> {
    try {
      const failure = (await initialize("init")) && (await initialize("invoke"));
      if (failure !== undefined) waiting.shift()?.resolve(failure);
    } catch (error) {
      waiting.shift()?.reject(error);
    }
  }

  async function initialize(phase: InitPhase): Promise<InitFailure | undefined> {
    const instance = await start(phase);
    all.add(instance);
    if (closed) await instance.end();
    const failure = await instance.initialized;
    if (failure === undefined) lastInitMs = instance.initMs;
    return failure;
  }

  return {
    acquire() {
      const instance = idle.pop();
      if (instance !== undefined) return Promise.resolve(lease(instance));
      return new Promise((resolve, reject) => {
        waiting.push({ since: performance.now(), resolve, reject });
        consider();
      });
    },
    ready(instance) {
      lastFreeAt = performance.now();
      const next = waiting.shift();
      if (next === undefined) idle.push(instance);
      else next.resolve(lease(instance));
      consider();
    },
    ended(instance) {
      all.delete(instance);
      const index = idle.indexOf(instance);
      if (index !== -1) idle.splice(index, 1);
      consider();
    },
    async close() {
      closed = true;
      clearTimeout(timer);
      const stopped = new AwsError("ServiceException", "The embedded AWS is stopping", 500);
      for (const { reject } of waiting.splice(0)) reject(stopped);
      await Promise.all([...all].map((instance) => instance.end()));
      await starting;
    },
  };
}
