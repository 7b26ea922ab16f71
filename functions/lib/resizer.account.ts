// The resizer of the zip with the setting `resizer: account`: libvips inside the function. No photo leaves the account.

import { join } from "node:path";
import { createAccountResize } from "./account-resize";
import { requiredEnvironment, requiredPositiveInteger } from "./environment";
import { MAX_PHOTO_BYTES } from "./photo-bytes";
import type * as resizer from "./resizer";

/** One of the largest, as one photo is decoded at a time. */
export const PHOTO_MEMORY_BYTES: typeof resizer.PHOTO_MEMORY_BYTES = MAX_PHOTO_BYTES;

/** What Node takes with the function and its worker, and one photo of usual size. */
const OTHER_MEGABYTES = 192;

/** wasm-vips can use no more, however much memory the function has. */
const MOST_MEGABYTES = 2048;

/** Far more than it takes; nothing is lost when it takes longer still. */
const START_MS = 3_000;

/**
 * Makes what resizes photos, and waits for its worker: Lambda initializes a function with whole CPUs, and gives one of 512 MB
 * a third of a CPU afterwards. https://docs.aws.amazon.com/lambda/latest/dg/configuration-memory.html
 */
export const createResizer: typeof resizer.createResizer = () =>
  createAccountResize({
    workerFile: join(requiredEnvironment("LAMBDA_TASK_ROOT"), "resize-worker.mjs"),
    heapMegabytes: Math.min(
      requiredPositiveInteger("AWS_LAMBDA_FUNCTION_MEMORY_SIZE") - OTHER_MEGABYTES,
      MOST_MEGABYTES,
    ),
    startMs: START_MS,
  });
