// One photo as the journal remembers it: what is known of it, and its steps, each with what it shows when opened.

import type { Activity } from "../local/activity";
import { numberAttempts } from "./attempts";
import type { Decision, Photo, PhotoStage, PhotoState, Picture, Step, Timeline } from "./types";

/** A photo that is tried again and again must not fill the memory. */
const STEPS_KEPT = 1_000;
/** More than anybody reads at once; the page says how many came before. */
const STEPS_SHOWN = 200;

/** A step, and where its details come from. */
export interface StepRecord {
  step: Step;
  readonly decisions: readonly Decision[];
  /** What was published of it; without the request and the response once they have been forgotten. */
  activity: Activity;
  /** The invocation that it is, or happened in. */
  readonly invocation?: { readonly requestId: string; readonly functionName: string; payload?: string };
}

export interface PhotoRecord {
  readonly id: string;
  readonly key: string;
  /** When the first of its steps began. */
  at: number;
  profileId?: string;
  /** Bytes of the original, as far as an event told. */
  size?: number;
  state: PhotoState;
  stage: PhotoStage;
  original?: Picture;
  thumbnail?: Picture;
  /** Whatever became of later tries. */
  hasThumbnail: boolean;
  reason?: string;
  failureKey?: string;
  /** When what happened last was over. */
  end: number;
  steps: StepRecord[];
  dropped: number;
}

export const createPhotoRecord = (id: string, key: string, at: number): PhotoRecord => ({
  id,
  key,
  at,
  state: "running",
  stage: "uploaded",
  hasThumbnail: false,
  end: at,
  steps: [],
  dropped: 0,
});

export function addStep(photo: PhotoRecord, record: StepRecord): void {
  photo.steps.push(record);
  extend(photo, record.step);
  if (photo.steps.length <= STEPS_KEPT) return;
  photo.steps.shift();
  photo.dropped++;
}

/** Replaces a step by what it is now. */
export function updateStep(photo: PhotoRecord, record: StepRecord, change: Partial<Step>): void {
  record.step = { ...record.step, ...change };
  extend(photo, record.step);
}

function extend(photo: PhotoRecord, { at, ms = 0 }: Step): void {
  photo.at = Math.min(photo.at, at);
  photo.end = Math.max(photo.end, at + ms);
}

export const photoOf = ({ id, key, profileId, at, end, state, reason, failureKey, ...more }: PhotoRecord): Photo => ({
  id,
  key,
  profileId,
  at,
  ms: end - at,
  state,
  stage: more.stage,
  original: more.original,
  thumbnail: more.thumbnail,
  reason,
  failureKey,
});

/** The steps in order of time, each invocation followed by what happened in it. */
export function timelineOf(photo: PhotoRecord): Timeline {
  const inOrder = photo.steps.map(({ step }) => step).sort((one, other) => one.at - other.at);
  const steps = numberAttempts(inOrder, photo.state !== "running");
  const known = new Set(steps.map(({ id }) => id));
  const roots = steps.filter(({ within }) => within === undefined || !known.has(within));
  const inside = new Map<string, Step[]>(roots.map(({ id }) => [id, []]));
  for (const step of steps) if (step.within !== undefined) inside.get(step.within)?.push(step);
  const ordered = roots.flatMap((root) => [root, ...(inside.get(root.id) ?? [])]);
  const shown = ordered.slice(-STEPS_SHOWN);
  return { photo: photoOf(photo), steps: shown, earlier: photo.dropped + ordered.length - shown.length };
}
