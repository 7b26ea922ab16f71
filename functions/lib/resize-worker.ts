// The worker that resizes: libvips, compiled to WebAssembly, in a thread and a memory of its own.

import { setFlagsFromString } from "node:v8";
import { parentPort, workerData } from "node:worker_threads";
import Vips from "wasm-vips";
import type { Task, WorkerConfiguration, WorkerResponse } from "./account-resize";
import { UnusablePhoto } from "./resize";
import { createVipsResize, reasonOf, type VipsResize } from "./vips-resize";

const { heapMegabytes, withAvif, threadFile, started } = workerData as WorkerConfiguration;
const PAGES_PER_MEGABYTE = 16;

limitMemory(heapMegabytes * PAGES_PER_MEGABYTE);
// V8 compiles again, and better, what has run for so long (https://v8.dev/blog/wasm-dynamic-tiering). By itself it begins
// during the first photo, with which that competes for one CPU; the second is soon enough.
setFlagsFromString("--wasm-tiering-budget=20000000");
const starting = Vips({
  // The other, JPEG XL, is not in the zip.
  dynamicLibraries: withAvif ? ["vips-heif.wasm"] : [],
  mainScriptUrlOrBlob: threadFile,
  // No warnings of what is inside a photo: what matters is thrown.
  preRun: (module) => Object.assign(module.ENV, { VIPS_WARNING: "no" }),
}).then((vips) => {
  const resize = createVipsResize(vips, heapMegabytes * 1_000_000);
  warmUp(vips, resize);
  Atomics.store(started, 0, 1);
  Atomics.notify(started, 0);
  return resize;
});

parentPort?.on("message", async (task: Task) => {
  const resize = await starting;
  parentPort?.postMessage("started");
  const response = respondTo(resize, task);
  parentPort?.postMessage(response, givenAwayWith(response));
});

/** With the first picture threads start, and V8 compiles: while Lambda initializes the function, and not with a photo. */
function warmUp(vips: typeof Vips, resize: VipsResize): void {
  const picture = vips.Image.black(300, 200, { bands: 3 });
  resize(picture.jpegsaveBuffer(), [{ method: "fit", width: 150, height: 150, format: "original" }]);
  picture.delete();
}

/** What is given away, not copied. */
function givenAwayWith(response: WorkerResponse): ArrayBuffer[] {
  if (response.kind === "unusable") return [];
  const given = response.kind === "resized" ? response.resized.map(({ bytes }) => bytes) : [response.photo];
  return given.map(({ buffer }) => buffer as ArrayBuffer);
}

function respondTo(resize: VipsResize, { photo, sizes }: Task): WorkerResponse {
  try {
    return { kind: "resized", resized: resize(photo, sizes) };
  } catch (error) {
    if (error instanceof UnusablePhoto) return { kind: "unusable", reason: error.message };
    return { kind: "failed", reason: `Image could not be decoded: ${reasonOf(error)}`, photo };
  }
}

/** wasm-vips asks for up to two gigabytes, of which Lambda would kill the function. Beyond these, libvips has an error. */
function limitMemory(maximum: number): void {
  const Memory = WebAssembly.Memory;
  WebAssembly.Memory = class extends Memory {
    constructor(descriptor: WebAssembly.MemoryDescriptor) {
      super({ ...descriptor, maximum: Math.min(maximum, descriptor.maximum ?? maximum) });
    }
  };
}
