// After the faults: replays every failure record as `npm run redrive -- --all` does, and looks at what remains.

import { LambdaClient } from "@aws-sdk/client-lambda";
import type { FailureCode } from "../functions/lib/failure-code";
import type { Deployment } from "../operations/deployment";
import type { Redriven } from "../operations/redrive-record";
import { redriveRecords } from "../operations/redrive-records";
import { selectRecords } from "../operations/select-records";
import type { Pipeline } from "../pipeline";
import { pipelineDeployment } from "../pipeline/deployment";
import { eTagOf } from "./kept";
import type { Kind, PlannedUpload } from "./plan";

export interface Redrive {
  /** Records that were replayed, by what became of them. */
  readonly states: Readonly<Record<Redriven["state"], number>>;
  /** Records that are there afterwards because their photo can never succeed, by their reason's code. */
  readonly remaining: Readonly<Record<string, number>>;
  /** Records that should have been emptied, each in words. */
  readonly stuck: readonly string[];
}

/** Why the photos of a kind can never have a thumbnail; those of other kinds must. */
const HOPELESS: Partial<Record<Kind, FailureCode>> = {
  corrupt: "UnusablePhoto",
  oversized: "PhotoTooLarge",
  "no id": "NoProfileId",
  "malformed id": "MalformedProfileId",
  "unknown id": "UnknownProfile",
};

/** @param uploadOf finds an upload by the ETag of its photo */
export async function redriveAll(
  pipeline: Pipeline,
  uploadOf: (eTag: string | undefined) => PlannedUpload | undefined,
): Promise<Redrive> {
  const lambda = new LambdaClient(pipeline.client);
  try {
    return await redriveAllOf(await pipelineDeployment(pipeline, lambda), pipeline, uploadOf);
  } finally {
    lambda.destroy();
  }
}

async function redriveAllOf(
  deployment: Deployment,
  pipeline: Pipeline,
  uploadOf: (eTag: string | undefined) => PlannedUpload | undefined,
): Promise<Redrive> {
  const states = { succeeded: 0, superseded: 0, failed: 0 };
  await redriveRecords(deployment, await selectRecords(deployment, []), (_record, { state }) => {
    states[state] += 1;
  });
  await pipeline.aws.idle();
  const remaining: Record<string, number> = {};
  const stuck: string[] = [];
  for (const { failureKey, reason, events } of await selectRecords(deployment, [])) {
    const { code, message } = reason;
    const kinds = events.map(({ record }) => uploadOf(eTagOf(record))?.kind);
    const isHopeless = kinds.length > 0 && kinds.every((kind) => kind !== undefined && HOPELESS[kind] === code);
    if (isHopeless) remaining[code] = (remaining[code] ?? 0) + 1;
    else stuck.push(`${failureKey} (${kinds.join(", ")}): ${code}: ${message}`);
  }
  return { states, remaining, stuck };
}
