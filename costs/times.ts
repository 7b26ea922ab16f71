// How long a photo takes: what was measured, and what follows from it for a function of so much memory.

import type { Resizer } from "../stack/settings/types";

/** Seconds of work for one photo on one whole core, and seconds of waiting for others, in which the core is free. */
export interface PhotoTimes {
  readonly cpuSeconds: number;
  readonly waitSeconds: number;
}

/** Measured with bench/capacity.ts on {@link MEASURED_ON}, with a JPEG of 12 megapixels; waiting for S3 and DynamoDB is AWS's usual. */
export const SET_PROFILE_IMAGE: PhotoTimes = { cpuSeconds: 0.008, waitSeconds: 0.04 };
export const CREATE_THUMBNAIL: Readonly<Record<Resizer, PhotoTimes>> = {
  // Nobody has measured TinyPNG here: two seconds for a photo of 2 MB are what a log would show.
  tinypng: { cpuSeconds: 0.025, waitSeconds: 2 },
  account: { cpuSeconds: 0.1, waitSeconds: 0.1 },
};
export const MEASURED_ON = "2026-11-27";

/** Photos that CreateThumbnail works on at a time; decoding is one by one. */
export const AT_A_TIME = 5;

/** Lambda gives a whole core at so many megabytes: https://docs.aws.amazon.com/lambda/latest/dg/configuration-memory.html */
const CORE_MEGABYTES = 1769;

/** The seconds that one invocation with so many photos takes. */
export function secondsOf(times: PhotoTimes, memorySize: number, photos = 1): number {
  const core = Math.min(1, memorySize / CORE_MEGABYTES);
  const working = (photos * times.cpuSeconds) / core;
  const waiting = Math.ceil(photos / AT_A_TIME) * times.waitSeconds;
  return working + waiting;
}
