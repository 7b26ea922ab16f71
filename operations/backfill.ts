// Thumbnails made again where they are missing or of another size than today's, at a bounded rate. What a thumbnail was
// made of is written on it: whatever an interrupted run has done, the next one skips.

import { setTimeout } from "node:timers/promises";
import { paginateScan } from "@aws-sdk/client-dynamodb";
import { idIn } from "../functions/lib/profile-id";
import type { Deployment } from "./deployment";
import { inParallel } from "./in-parallel";
import { type Refreshed, refreshThumbnail } from "./refresh-thumbnail";
import { refusalOf } from "./refusal";

/** Profiles worked on at a time: TinyPNG takes seconds for a photo, and the rate would not be reached one by one. */
const CONCURRENCY = 8;

export interface BackfillOptions {
  /** Thumbnails made in a second, at most. */
  readonly rate: number;
  /** Once it is aborted no further profile is begun, and none that waits for its turn. */
  readonly stop: AbortSignal;
  /** Told of each profile whose thumbnail is to be made now. */
  onBegin(profileId: string): void;
  onDone(profileId: string, result: Refreshed): void;
}

/** The ids of all profiles with a photo; rejects when it is stopped. */
export async function profilesWithPhoto(deployment: Deployment, stop: AbortSignal): Promise<string[]> {
  const { dynamodb: client, table, profileIds: ids } = deployment;
  const profileIds: string[] = [];
  const input = { TableName: table, ProjectionExpression: "id", FilterExpression: "attribute_exists(image)" };
  for await (const { Items = [] } of paginateScan({ client }, input)) {
    stop.throwIfAborted();
    profileIds.push(...Items.map((item) => idIn(item) ?? ""));
  }
  return profileIds.sort(ids.compare);
}

/** Resolves when each profile is done with, or what was begun when it was stopped. */
export async function backfill(
  deployment: Deployment,
  profileIds: readonly string[],
  { rate, stop, onBegin, onDone }: BackfillOptions,
): Promise<void> {
  const pass = createPacer(rate, stop);

  async function refresh(profileId: string): Promise<void> {
    const turn = async () => {
      await pass();
      onBegin(profileId);
    };
    onDone(profileId, await refreshThumbnail(deployment, profileId, turn).catch(asFailed));
  }
  await inParallel(profileIds, CONCURRENCY, async (profileId) => {
    if (!stop.aborted) await refresh(profileId).catch(unlessStopped);
  });
}

/** Makes the function that lets its callers pass one by one, at most so many in a second; rejects once they are to stop. */
function createPacer(perSecond: number, signal: AbortSignal): () => Promise<void> {
  let next = 0;
  return async () => {
    const now = performance.now();
    const turn = Math.max(now, next);
    next = turn + 1000 / perSecond;
    await setTimeout(Math.max(0, turn - now), undefined, { signal });
  };
}

/** What is refused about one profile ends none of the others. */
function asFailed(error: unknown): Refreshed {
  const why = refusalOf(error);
  if (why === undefined) throw error;
  return { state: "failed", why };
}

/** A profile that still waited for its turn is not begun. */
function unlessStopped(error: Error): void {
  if (error.name !== "AbortError") throw error;
}
