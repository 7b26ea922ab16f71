// Works off a backlog of photos whose changes all lie in the stream, and measures how fast that goes.

import type { Activity } from "../local/activity";
import { inParallel } from "../operations/in-parallel";
import type { Pipeline } from "../pipeline";

const UPLOADS_AT_A_TIME = 4;

export interface BacklogOptions {
  readonly photos: number;
  /** Uploads the photo of a profile, under this prefix; the first profile is 2. */
  readonly upload: (profileId: number, folder: string) => Promise<void>;
  /** What TinyPNG is made to take for each. */
  readonly tinypngMs: number;
}

export interface Backlog {
  readonly photosPerSecond: number;
  /** One invocation, with so many photos. */
  readonly batch: { readonly seconds: number; readonly photos: number };
}

/** The time runs from when the last of all changes lies in the stream. */
export async function measureBacklog({ aws }: Pipeline, options: BacklogOptions): Promise<Backlog> {
  const { photos, upload, tinypngMs } = options;
  const batches: Activity[] = [];
  let written = 0;
  let begin = Number.NaN;
  let release = () => {};
  const until = new Promise<void>((resolve) => {
    release = resolve;
  });
  const stopWatching = aws.activity.subscribe((activity) => {
    const { action, resource, detail, error } = activity;
    if (action === "StreamBatch" && error === undefined) batches.push(activity);
    if (action !== "Invoke" || resource !== "SetProfileImage" || detail === undefined || ++written < photos) return;
    begin = activity.at + (activity.ms ?? 0);
    release();
  });
  const stopFaults = aws.faults.inject({
    request({ service, method, path }) {
      if (service === "tinify" && path === "/shrink") return { delayMs: tinypngMs };
      // The first batches begin too early, and read their photos when all are there.
      return method === "GET" && path.includes("/original/backlog/") ? { until } : undefined;
    },
  });
  const ids = Array.from({ length: photos }, (_, index) => index + 2);
  await inParallel(ids, UPLOADS_AT_A_TIME, (profileId) => upload(profileId, "backlog"));
  await aws.idle();
  stopFaults();
  stopWatching();
  const end = Math.max(...batches.map(({ at, ms = 0 }) => at + ms));
  const later = batches.filter(({ at }) => at > begin);
  return {
    photosPerSecond: (1000 * photos) / (end - begin),
    batch: {
      seconds: later.reduce((sum, { ms = 0 }) => sum + ms, 0) / later.length / 1000,
      photos: later.reduce((sum, { detail }) => sum + Number(detail?.records), 0) / later.length,
    },
  };
}
