// The whole pipeline for a test: the synthesized stack with the built zips on an embedded AWS of its own.

import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { Activity } from "../local/activity";
import { type Pipeline, startPipeline } from "../pipeline";
import { loadSampleProfiles } from "../pipeline/sample-profiles";
import type { Bundles } from "../stack/bundle";

/** Where global-setup.ts left the synthesized stack. */
export function synthesizedStack(): string {
  const directory = process.env.SYNTHESIZED_STACK;
  if (directory === undefined) throw new Error("Run these tests through jest, which synthesizes the stack first");
  return directory;
}

/** The functions' zips in it. */
export function synthesizedBundles(): Bundles {
  const stackDirectory = synthesizedStack();
  const { resource } = JSON.parse(readFileSync(join(stackDirectory, "cdk.tf.json"), "utf8"));
  const functions: Record<"function_name" | "filename" | "source_code_hash", string>[] = Object.values(
    resource.aws_lambda_function,
  );
  const bundles = functions.map(({ function_name, filename, source_code_hash: codeSha256 }) => [
    function_name,
    { zipFile: join(stackDirectory, filename), codeSha256 },
  ]);
  return Object.fromEntries(bundles);
}

/** Starts the pipeline on a free port, with profiles 1 to 5 or more; close it in afterAll. */
export async function startTestPipeline(profiles = 5, stackDirectory = synthesizedStack()): Promise<Pipeline> {
  const pipeline = await startPipeline(stackDirectory, 0);
  await loadSampleProfiles(pipeline, profiles);
  return pipeline;
}

/** Collects activities from now on. */
export function record(pipeline: Pipeline): { readonly activities: Activity[]; stop(): void } {
  const activities: Activity[] = [];
  return { activities, stop: pipeline.aws.activity.subscribe((activity) => activities.push(activity)) };
}
