// Resizes photos in the function itself, in a worker: a decoder that takes too long is ended with it, one that crashes
// takes nothing else along, and meanwhile the function goes on reading and storing.

import { dirname, join } from "node:path";
import { Worker } from "node:worker_threads";
import { createByteBudget } from "./byte-budget";
import { hasAvif } from "./picture";
import { type Resize, type Resized, UnusablePhoto } from "./resize";
import type { FormattedSize } from "./size";
import { RESIZE_DEADLINE_MS } from "./time-limits";

export interface AccountResizeOptions {
  /** The bundle of resize-worker.ts, with that of resize-thread.ts and the files of libvips beside it. */
  readonly workerFile: string;
  /** What libvips may take of the function's memory. */
  readonly heapMegabytes: number;
  readonly deadlineMs?: number;
  /** How long to block until the worker has started; not at all by default. */
  readonly startMs?: number;
}

/** What the worker is started with. */
export interface WorkerConfiguration {
  readonly heapMegabytes: number;
  /** Whether it can read and write AVIF, whose libraries take a fifth of its start. */
  readonly withAvif: boolean;
  /** The bundle of resize-thread.ts. */
  readonly threadFile: string;
  /** 0, and 1 when it has started; shared. */
  readonly started: Int32Array;
}

/** What the worker is asked for. */
export interface Task {
  readonly photo: Uint8Array;
  readonly sizes: readonly FormattedSize[];
}

/** What the worker responds; it sends "ready" before the first. */
export type WorkerResponse =
  | { readonly kind: "resized"; readonly resized: readonly Resized[] }
  /** The photo's head is enough to tell that nothing comes of it. */
  | { readonly kind: "unusable"; readonly reason: string }
  /** libvips has failed or crashed; the photo comes back. */
  | { readonly kind: "failed"; readonly reason: string; readonly photo: Uint8Array };

/** After a photo of more bytes its worker ends. */
const LARGE_BYTES = 8_000_000;

/** Makes the resizing function: one photo at a time, first come, first served. */
export function createAccountResize({
  workerFile,
  heapMegabytes,
  deadlineMs = RESIZE_DEADLINE_MS,
  startMs = 0,
}: AccountResizeOptions): Resize {
  const turn = createByteBudget(1);

  const threadFile = join(dirname(workerFile), "resize-thread.mjs");

  const start = (withAvif: boolean): WorkerOfMany => {
    const started = new Int32Array(new SharedArrayBuffer(Int32Array.BYTES_PER_ELEMENT));
    const workerData: WorkerConfiguration = { heapMegabytes, withAvif, threadFile, started };
    // Without Node's options of the function, which are for its own thread.
    const worker = Object.assign(new Worker(workerFile, { workerData, execArgv: [] }), {
      photos: 0,
      withAvif,
      started,
    });
    // Whoever waits for its response hears of it as well; nobody may be waiting.
    worker.on("error", () => {});
    worker.on("exit", () => void discard(worker));
    worker.unref();
    return worker;
  };

  /** The next photo gets another one; all memory of this one is free then. */
  async function discard(worker: WorkerOfMany): Promise<void> {
    if (current === worker) current = undefined;
    await worker.terminate();
  }

  let current: WorkerOfMany | undefined = start(false);
  Atomics.wait(current.started, 0, 0, startMs);

  async function resize(photo: Buffer, sizes: readonly FormattedSize[], signal: AbortSignal): ReturnType<Resize> {
    const needsAvif = hasAvif(photo) || sizes.some(({ format }) => format === "avif");
    if (needsAvif && current?.withAvif === false) await discard(current);
    current ??= start(needsAvif);
    const worker = current;
    worker.photos += 1;
    // Until its next garbage collection it would hold this photo, and the next with it.
    let isSpent = photo.length > LARGE_BYTES;
    try {
      const response = await ask(worker, { photo, sizes }, signal, deadlineMs);
      if (response.kind === "resized") return response.resized;
      if (response.kind === "unusable") throw new UnusablePhoto(response.reason);
      isSpent = true;
      if (worker.photos === 1) throw new UnusablePhoto(response.reason);
      photo = Buffer.from(response.photo.buffer);
    } catch (error) {
      // Otherwise it has not responded, and may be at the photo still.
      isSpent ||= !(error instanceof UnusablePhoto) || error instanceof TooSlow;
      throw error;
    } finally {
      if (isSpent) await discard(worker);
    }
    // Memory that earlier photos have left in pieces, or damaged, is no fault of this one: a fresh worker decides.
    return resize(photo, sizes, signal);
  }

  return (photo, sizes, signal) => turn.hold(1, signal, () => resize(photo, sizes, signal));
}

class TooSlow extends UnusablePhoto {}

interface WorkerOfMany extends Worker {
  /** That it was given. */
  photos: number;
  readonly withAvif: boolean;
  readonly started: Int32Array;
}

/** Resolves with the worker's response; rejects when it ends before, is too slow, or the signal is aborted. */
function ask(worker: Worker, { photo, sizes }: Task, signal: AbortSignal, deadlineMs: number): Promise<WorkerResponse> {
  return new Promise((resolve, reject) => {
    const onMessage = (message: "started" | WorkerResponse) => {
      if (message === "started") {
        // Not before: that the worker itself starts slowly is no photo's fault.
        timer = setTimeout(() => {
          finish(() => reject(new TooSlow(`it could not be resized within ${deadlineMs / 1000} seconds`)));
        }, deadlineMs);
        return;
      }
      finish(() => resolve(message));
    };
    const onError = (error: Error) => finish(() => reject(error));
    const onExit = (code: number) => finish(() => reject(new Error(`The worker that resizes ended with code ${code}`)));
    const onAbort = () => finish(() => reject(signal.reason));
    let timer: NodeJS.Timeout | undefined;

    function finish(settle: () => void): void {
      clearTimeout(timer);
      worker.off("message", onMessage).off("error", onError).off("exit", onExit);
      worker.unref();
      signal.removeEventListener("abort", onAbort);
      settle();
    }

    worker.on("message", onMessage).on("error", onError).on("exit", onExit);
    worker.ref();
    signal.addEventListener("abort", onAbort, { once: true });
    // Given away where it has memory of its own, not copied.
    const isAlone = photo.byteLength === photo.buffer.byteLength;
    const bytes = isAlone ? photo : new Uint8Array(photo);
    const task: Task = { photo: bytes, sizes };
    worker.postMessage(task, [bytes.buffer as ArrayBuffer]);
  });
}
