// Loads the embedded AWS and what works on it, while another process synthesizes the stack: the better part of a second
// even on a quick machine. Part by part, since Ctrl-C is heard of only between two of them.

import { loadGradually } from "./stop";

const PARTS: readonly (() => unknown)[] = [
  () => require("@aws-sdk/client-s3"),
  () => require("@aws-sdk/client-dynamodb"),
  () => require("../local/s3"),
  () => require("../local/dynamodb"),
  () => require("../local/iam"),
  () => require("../local/lambda"),
  () => require("../local/edge"),
  () => require("../local/tinify"),
  () => require("../local/template/apply"),
  () => require("../local"),
];

/** Resolves with the module that starts pipelines; rejects once the user stops the process. */
export async function loadPipeline(stop: AbortSignal): Promise<typeof import("../pipeline")> {
  await loadGradually(stop, PARTS);
  return require("../pipeline");
}
