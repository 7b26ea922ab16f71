// One pipeline for all modules of tests that a test file requires: to start it takes longer than most of them. Each
// module leaves it as it found it, see reset of operations.ts.

import type { Pipeline } from "../../cli/pipeline";
import { startTestPipeline } from "../pipeline";

export let pipeline: Pipeline;
beforeAll(async () => {
  pipeline = await startTestPipeline(7);
});
afterAll(() => pipeline.close());
