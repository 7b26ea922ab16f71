// Measures what CreateThumbnail's process holds at most with ten photos of 64 MB at once, over TLS, in front of a TinyPNG
// that is quick, slow, or hangs while one invocation after the other runs out of time. Run it with:
// node --import tsx bench/thumbnail-memory.ts [a zip of CreateThumbnail]

import { join } from "node:path";
import sharp from "sharp";
import { MAX_PHOTO_BYTES } from "../functions/lib/photo-bytes";
import { bundleFunctions } from "../stack/bundle";
import { startFunctionOverTls } from "../test/end-to-end/over-tls";

const TEN = Array.from({ length: 10 }, (_, index) => index + 1);

/** What is left to each invocation for its work, in milliseconds, and how many of them come. */
const KINDS = [
  { name: "quick", pace: Number.POSITIVE_INFINITY, ms: 90_000, invocations: 3 },
  { name: "slow, 12 MB a second", pace: 12_000_000, ms: 90_000, invocations: 1 },
  { name: "hung", pace: 0, ms: 4_000, invocations: 3 },
] as const;

/** What the function keeps of its time (functions/lib/time-limits.ts). */
const RESERVE_MS = 15_000;

async function main(): Promise<void> {
  const zipFile = join(process.argv[2] ?? (await bundleFunctions()).CreateThumbnail.zipFile);
  const thumbnail = await sharp({ create: { width: 150, height: 100, channels: 3, background: "#888" } })
    .jpeg()
    .toBuffer();
  for (const { name, pace, ms, invocations } of KINDS) {
    const running = await startFunctionOverTls({ zipFile, photoBytes: MAX_PHOTO_BYTES, pace, thumbnail });
    try {
      for (let invocation = 1; invocation <= invocations; invocation += 1) {
        const { result, peakMegabytes } = await running.invoke(TEN, RESERVE_MS + ms);
        const failed = typeof result === "string" ? result : `${result.batchItemFailures.length} to be tried again`;
        const peak = `${peakMegabytes.toFixed(0)} MB at most`;
        console.log(`${name}, invocation ${invocation}: ${peak}, ${running.stored.length} stored, ${failed}`);
      }
    } finally {
      await running.close();
    }
  }
}

void main();
