// Measures the embedded pipeline: one photo at a time (latency), then bursts of 200 photos, 8 at a time (throughput), with
// the memory and the CPU time of the whole process tree, uploads included. The first burst meets code that has hardly run
// yet, the last ones what V8 has optimized. Seconds depend on what else the machine does; CPU seconds much less so. Run it
// with: node --import tsx bench/pipeline.ts

import { fork } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { synthesize } from "../cli/synthesize";
import { type Pipeline, startPipeline } from "../pipeline";
import { loadSampleProfiles } from "../pipeline/sample-profiles";
import { usageOfTree } from "./process-tree";
import { type Uploads, upload } from "./uploader";

const WARM_RUNS = 100;
const BURSTS = 6;
const PHOTOS = 200;
const AT_A_TIME = 8;

/** @returns milliseconds from the upload's beginning until the thumbnail is stored, sorted */
async function measureLatency(pipeline: Pipeline): Promise<number[]> {
  const { s3, names } = pipeline;
  const times: number[] = [];
  for (let run = 0; run < WARM_RUNS; run += 1) {
    const start = performance.now();
    const stored = thumbnailsStored(pipeline, 1);
    // A folder of its own each time: for the same photo under the same key there would be nothing left to do.
    await upload(s3, names.bucket, 1, `latency-${run}`);
    await stored;
    times.push(performance.now() - start);
    await pipeline.aws.idle();
  }
  return times.sort((a, b) => a - b);
}

const percentile = (sorted: readonly number[], share: number): number =>
  sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN;

/** @param burst from 0; each has profiles of its own, since a new photo for an old profile is more work */
async function measureThroughput(pipeline: Pipeline, burst: number) {
  const { endpoint, region } = pipeline.aws.account;
  const profileIds = Array.from({ length: PHOTOS }, (_, index) => burst * PHOTOS + index + 1);
  const uploads: Uploads = { endpoint, region, bucket: pipeline.names.bucket, profileIds, atATime: AT_A_TIME };
  const uploader = fork(join(__dirname, "uploader.ts"));
  const ended = once(uploader, "exit").then(() => "ended");
  await once(uploader, "message");
  const cpuBefore = usageOfTree(process.pid).cpuSeconds;
  const start = performance.now();
  const stored = thumbnailsStored(pipeline, PHOTOS);
  uploader.send(uploads);
  if ((await Promise.race([stored, ended])) === "ended")
    throw new Error("The uploader ended before its photos were there");
  const seconds = (performance.now() - start) / 1000;
  // Read once, at the end: looking all the time took a seventh of what was measured.
  const { cpuSeconds, peakMegabytes } = usageOfTree(process.pid);
  uploader.disconnect();
  return { seconds, cpuSeconds: cpuSeconds - cpuBefore, peakMegabytes };
}

/** Resolves when so many thumbnails have been stored from now on. */
function thumbnailsStored({ aws }: Pipeline, count: number): Promise<void> {
  return new Promise((resolve) => {
    const keys = new Set<string>();
    const unsubscribe = aws.activity.subscribe(({ action, resource, error }) => {
      if (action !== "PutObject" || error !== undefined || !resource?.includes("/thumbnails/")) return;
      keys.add(resource);
      if (keys.size < count) return;
      unsubscribe();
      resolve();
    });
  });
}

function tableOf(latency: readonly number[], bursts: readonly Awaited<ReturnType<typeof measureThroughput>>[]): string {
  const sortedBy = (of: "seconds" | "cpuSeconds") => bursts.map((burst) => burst[of]).sort((a, b) => a - b);
  const range = (sorted: readonly number[], digits: number) =>
    `${percentile(sorted, 0.5).toFixed(digits)} (${sorted[0]?.toFixed(digits)}–${sorted.at(-1)?.toFixed(digits)})`;
  const rows = [
    ["warm upload → thumbnail, p50", `${percentile(latency, 0.5).toFixed(1)} ms`],
    ["warm upload → thumbnail, p95", `${percentile(latency, 0.95).toFixed(1)} ms`],
    [`${PHOTOS} photos, ${AT_A_TIME} at a time`, `${range(sortedBy("seconds"), 2)} s`],
    [
      "CPU time of a photo",
      `${range(
        sortedBy("cpuSeconds").map((seconds) => (1000 * seconds) / PHOTOS),
        1,
      )} ms`,
    ],
    [`memory after ${PHOTOS} photos`, `${bursts[0]?.peakMegabytes.toFixed(0)} MiB`],
    [`memory after ${BURSTS * PHOTOS} photos`, `${bursts.at(-1)?.peakMegabytes.toFixed(0)} MiB`],
  ];
  return [["measured", "value"], ["---", "---"], ...rows].map((cells) => `| ${cells.join(" | ")} |`).join("\n");
}

process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED = "true";

async function main(): Promise<void> {
  const pipeline = await startPipeline((await synthesize()).directory, 0);
  try {
    await loadSampleProfiles(pipeline, BURSTS * PHOTOS);
    await upload(pipeline.s3, pipeline.names.bucket, 1, "first");
    await pipeline.aws.idle();
    const latency = await measureLatency(pipeline);
    const bursts: Awaited<ReturnType<typeof measureThroughput>>[] = [];
    for (let burst = 0; burst < BURSTS; burst += 1) {
      bursts.push(await measureThroughput(pipeline, burst));
      await pipeline.aws.idle();
    }
    console.log(tableOf(latency, bursts));
  } finally {
    await pipeline.close();
  }
}

void main();
