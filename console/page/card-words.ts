// How a card says where its photo is: a few words that fit in one line.

import type { Photo } from "../types";
import { duration } from "./format";

const STAGES = { uploaded: "in the bucket", set: "profile set", making: "thumbnail …" };

/** Codes of failures, as short as a card wants them. */
const REASONS: Readonly<Record<string, string>> = {
  UnusablePhoto: "not an image",
  UnsupportedFormat: "a format that is not taken",
  PhotoTooLarge: "too large",
  UnknownProfile: "no such profile",
  PhotoGone: "the photo is gone",
  RetriesExhausted: "given up",
  RetryAttemptsExhausted: "given up",
};

/** @param code of the photo's failure, where it is known */
export function wordsOf({ state, stage, ms, reason }: Photo, code: string | undefined): string {
  if (state === "running") return STAGES[stage];
  if (state === "done") return `✓ ${duration(ms)}`;
  if (state === "skipped") return "skipped";
  const known = code ?? reason ?? "";
  return `✕ ${REASONS[known] ?? (known || "failed")}`;
}

/** `3000×4000`. */
export const sizeOf = ({ width, height }: { width: number; height: number }): string => `${width}×${height}`;
