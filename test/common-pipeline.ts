// One pipeline for all modules of tests that a test file requires: a function's first photo takes longer than most of them.
// Each module leaves the pipeline as it found it, or uses profiles and keys of its own.

import type { Pipeline } from "../pipeline";
import { startTestPipeline } from "./pipeline";

/** There from beforeAll on. */
export let pipeline: Pipeline;

/** Starts the pipeline of a test file with profiles from 1 on. */
export function sharePipeline(profiles: number): void {
  beforeAll(async () => {
    pipeline = await startTestPipeline(profiles);
  });
  afterAll(() => pipeline.close());
}
