// Measures cold starts of CreateThumbnail with each resizer, in turn: the time from an upload until its thumbnail is stored,
// the function's own part of it (init and first invocation), and the CPU time of its process. Seconds depend on what else
// the machine does; CPU seconds much less so. Run it with: node --import tsx bench/cold-start.ts [--rounds 10]

import { LambdaClient, UpdateFunctionConfigurationCommand } from "@aws-sdk/client-lambda";
import { Command } from "commander";
import { synthesize } from "../cli/synthesize";
import { type Pipeline, startPipeline } from "../pipeline";
import { loadSampleProfiles } from "../pipeline/sample-profiles";
import { RESIZERS, type Resizer } from "../stack/settings/types";
import { childrenOf, usageOfTree } from "./process-tree";
import { upload } from "./uploader";

interface ColdStart {
  readonly uploadMs: number;
  readonly functionMs: number;
  readonly cpuMs: number;
}

/** Its instance is another one at the next invocation, as that is how Lambda takes up a new configuration. */
async function endInstances({ client }: Pipeline, round: number): Promise<void> {
  const update = { FunctionName: "CreateThumbnail", Description: `Round ${round}` };
  await new LambdaClient(client).send(new UpdateFunctionConfigurationCommand(update));
}

async function measure(pipeline: Pipeline, round: number): Promise<ColdStart> {
  const { aws, s3, names } = pipeline;
  await endInstances(pipeline, round);
  const before = new Set(childrenOf(process.pid));
  const start = performance.now();
  let uploadMs = Number.NaN;
  let unsubscribe = () => {};
  const invoked = new Promise<number>((resolve) => {
    unsubscribe = aws.activity.subscribe(({ action, resource, detail }) => {
      if (action === "PutObject" && resource?.includes("/thumbnails/")) uploadMs = performance.now() - start;
      if (action !== "Invoke" || resource !== "CreateThumbnail" || detail?.cold !== true) return;
      resolve(Number(detail.initMs) + Number(detail.durationMs));
    });
  });
  await upload(s3, names.bucket, 1, `cold-${round}`);
  const functionMs = await invoked;
  unsubscribe();
  const started = childrenOf(process.pid).filter((pid) => !before.has(pid));
  const cpuMs = started.reduce((sum, pid) => sum + 1000 * usageOfTree(pid).cpuSeconds, 0);
  await aws.idle();
  return { uploadMs, functionMs, cpuMs };
}

function summary(starts: readonly ColdStart[], what: keyof ColdStart): string {
  const sorted = starts.map((each) => each[what]).sort((a, b) => a - b);
  return `${sorted[sorted.length >> 1]?.toFixed(0)} (${sorted[0]?.toFixed(0)}–${sorted.at(-1)?.toFixed(0)})`;
}

process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED = "true";

async function main(): Promise<void> {
  const { rounds } = new Command().option("--rounds <number>", "how many", "10").parse().opts<{ rounds: string }>();
  const pipelines = new Map<Resizer, Pipeline>();
  const measured: Record<Resizer, ColdStart[]> = { tinypng: [], account: [] };
  try {
    for (const resizer of RESIZERS) {
      const { directory } = await synthesize(undefined, { PROFILE_IMAGE_RESIZER: resizer });
      const pipeline = await startPipeline(directory, 0);
      pipelines.set(resizer, pipeline);
      await loadSampleProfiles(pipeline, 1);
      await measure(pipeline, 0);
    }
    for (let round = 1; round <= Number(rounds); round += 1) {
      for (const [resizer, pipeline] of pipelines) measured[resizer].push(await measure(pipeline, round));
    }
  } finally {
    for (const pipeline of pipelines.values()) await pipeline.close();
  }
  console.log("| cold start, ms | upload → thumbnail | init and invocation | CPU time |\n| --- | --- | --- | --- |");
  for (const resizer of RESIZERS) {
    const cells = (["uploadMs", "functionMs", "cpuMs"] as const).map((what) => summary(measured[resizer], what));
    console.log(`| ${[resizer, ...cells].join(" | ")} |`);
  }
}

void main();
