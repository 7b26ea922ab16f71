// How V8 spends its time in a command's process. Measured with bench/pipeline.ts: a twentieth less CPU time for the first
// 200 photos.

const { setFlagsFromString } = require("node:v8");

/** V8's own: what a function may run, in bytes of its code, before V8 thinks of optimizing it. */
const INTERRUPT_BUDGET = 67_584;

// Most commands, and the first burst of photos, are over before code has run often enough to pay for being optimized.
// What lives longer is optimized as ever: `npm start` would be an eighth slower after some hundred photos otherwise.
setFlagsFromString(`--interrupt-budget=${5 * INTERRUPT_BUDGET}`);
setTimeout(() => setFlagsFromString(`--interrupt-budget=${INTERRUPT_BUDGET}`), 10_000).unref();

// The heap is small, but what photos pass through counts with it: the whole of it was marked 14 times for 200 photos.
// It may grow fourfold in between.
setFlagsFromString("--heap-growing-percent=300");
