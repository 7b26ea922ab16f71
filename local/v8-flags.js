// How V8 spends its time in the processes that live for seconds: commands, and functions' instances. Each measured with
// bench/pipeline.ts on its first 200 photos.

const { setFlagsFromString } = require("node:v8");

/** V8's own: what a function may run, in bytes of its code, before V8 thinks of optimizing it. */
const INTERRUPT_BUDGET = 67_584;

/** Node 20's V8 alone has that budget, and a V8 complains on stderr of a flag that it lacks. */
const HAS_INTERRUPT_BUDGET = process.versions.v8.startsWith("11.3.");

// Most are over before code has run often enough to pay for being optimized: it shall run five times as long before. That
// saves 3 % of the functions' CPU time. What lives longer is optimized as ever: `npm start` would be an eighth slower
// after some hundred photos otherwise.
if (HAS_INTERRUPT_BUDGET) {
  setFlagsFromString(`--interrupt-budget=${5 * INTERRUPT_BUDGET}`);
  setTimeout(() => setFlagsFromString(`--interrupt-budget=${INTERRUPT_BUDGET}`), 10_000).unref();
}

// Heaps are small, but the photos that pass through count with them: the embedded AWS's was marked as a whole 14 times for
// 200 photos, CreateThumbnail's nine times. They may grow fourfold in between. That saves a tenth of CreateThumbnail's
// CPU time and costs it 10 to 25 MB.
setFlagsFromString("--heap-growing-percent=300");
