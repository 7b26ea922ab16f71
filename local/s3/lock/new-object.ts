// What a new object is kept by: what its writer asks for in headers, or else the bucket's default retention.
// https://docs.aws.amazon.com/AmazonS3/latest/API/API_PutObject.html

import type { Call } from "../call";
import { invalidArgument } from "../errors";
import type { Bucket } from "../store/types";
import { checkHasLock, futureDate } from "./check";
import { type Lock, MODES, type Retention } from "./types";

const MODE = "x-amz-object-lock-mode";
const UNTIL = "x-amz-object-lock-retain-until-date";
const HOLD = "x-amz-object-lock-legal-hold";

/** Reads the headers of a write. */
export function readLock({ bucket, header }: Call): Lock {
  const [mode, until, hold] = [MODE, UNTIL, HOLD].map(header);
  if ((mode ?? until ?? hold) === undefined) return {};
  checkHasLock(bucket);
  return {
    ...(mode === undefined && until === undefined ? {} : { retention: readRetention(mode, until) }),
    ...(hold === undefined ? {} : { legalHold: readHold(hold) }),
  };
}

function readRetention(mode: string | undefined, until: string | undefined): Retention {
  if (mode === undefined || until === undefined) {
    throw invalidArgument(
      `${UNTIL} and ${MODE} must both be supplied`,
      mode === undefined ? UNTIL : MODE,
      mode ?? until ?? "",
    );
  }
  const known = MODES.find((each) => each === mode);
  if (known === undefined) throw invalidArgument("Unknown wormMode directive.", MODE, mode);
  return { mode: known, retainUntil: futureDate(until, UNTIL) };
}

function readHold(hold: string): boolean {
  if (hold !== "ON" && hold !== "OFF") {
    throw invalidArgument("Legal Hold must be either of 'ON' or 'OFF'", HOLD, hold);
  }
  return hold === "ON";
}

/** The default retention of a bucket, from now on. */
export function defaultRetention({ objectLock }: Bucket): Retention | undefined {
  if (objectLock?.defaultRetention === undefined) return undefined;
  const { mode, days = 0, years = 0 } = objectLock.defaultRetention;
  const end = new Date();
  end.setUTCFullYear(end.getUTCFullYear() + years, end.getUTCMonth(), end.getUTCDate() + days);
  return { mode, retainUntil: end.toISOString() };
}
