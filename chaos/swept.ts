// After all else: sweeps as `npm run sweep` does, and looks, without its eyes, at what is there and what should not be.

import { paginateScan } from "@aws-sdk/client-dynamodb";
import { LambdaClient } from "@aws-sdk/client-lambda";
import { paginateListObjectsV2 } from "@aws-sdk/client-s3";
import { ORIGINAL_PREFIX, originalKeyOf } from "../functions/lib/keys";
import { PROFILE_ID } from "../functions/lib/metadata";
import { idIn } from "../functions/lib/profile-id";
import { thumbnailIn } from "../functions/lib/profile-thumbnail";
import { readFailureRecords } from "../operations/failure-records";
import { findUnreferenced, sweep } from "../operations/sweep";
import { head } from "../operations/thumbnail-state";
import type { Pipeline } from "../pipeline";
import { pipelineDeployment } from "../pipeline/deployment";

export interface SweptPhotos {
  /** Objects that went. */
  readonly count: number;
  /** Photos that stay and that nobody can need, each in words. */
  readonly left: readonly string[];
}

/** S3 dates objects by the second. */
const SECOND_MS = 1000;

/** @param now of the calendar, in milliseconds: all that was stored before is old enough */
export async function sweepAll(pipeline: Pipeline, now = Date.now()): Promise<SweptPhotos> {
  const lambda = new LambdaClient(pipeline.client);
  try {
    const deployment = await pipelineDeployment(pipeline, lambda);
    const { signal: stop } = new AbortController();
    const found = await findUnreferenced(deployment, new Date(now + SECOND_MS), { stop, onProgress: () => {} });
    let count = 0;
    const onDone = ({ state }: { readonly state: string }) => {
      if (state === "swept") count += 1;
    };
    await sweep(deployment, found, onDone, stop);
    await pipeline.aws.idle();
    return { count, left: await unneededPhotos(pipeline, deployment.keepsOriginals) };
  } finally {
    lambda.destroy();
  }
}

async function unneededPhotos({ s3, dynamodb, names }: Pipeline, keepsOriginals: boolean): Promise<string[]> {
  const needed = new Set<string>();
  const ids = new Set<string>();
  for await (const { Items = [] } of paginateScan({ client: dynamodb }, { TableName: names.table })) {
    for (const item of Items) {
      ids.add(idIn(item) ?? "");
      needed.add(item.image?.S ?? "").add(originalKeyOf(thumbnailIn(item)?.key ?? ""));
    }
  }
  for await (const { events } of readFailureRecords(s3, names.failuresBucket)) {
    for (const { key = "" } of events) needed.add(key);
  }
  const left: string[] = [];
  const input = { Bucket: names.bucket, Prefix: ORIGINAL_PREFIX };
  for await (const { Contents = [] } of paginateListObjectsV2({ client: s3 }, input)) {
    for (const { Key = "" } of Contents) {
      if (needed.has(Key)) continue;
      const id = (await head({ s3, bucket: names.bucket }, Key))?.Metadata?.[PROFILE_ID] ?? "";
      if (!(keepsOriginals && ids.has(id))) left.push(`${Key} of profile ${id}`);
    }
  }
  return left;
}
