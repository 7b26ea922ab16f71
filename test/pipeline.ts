// The whole pipeline for a test: the synthesized stack with the built zips on an embedded AWS of its own.

import { type Pipeline, startPipeline } from "../cli/pipeline";
import { loadSampleProfiles } from "../cli/sample-profiles";
import type { Activity } from "../local/activity";

/** Where global-setup.ts left the synthesized stack. */
export function synthesizedStack(): string {
  const directory = process.env.SYNTHESIZED_STACK;
  if (directory === undefined) throw new Error("Run these tests through jest, which synthesizes the stack first");
  return directory;
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
