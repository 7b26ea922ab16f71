// How long what a command signs holds.

import { InvalidArgumentError } from "commander";

/** Seconds: 15 minutes, as the SDK has it. */
export const DEFAULT_EXPIRY = 900;

/** A week: https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-query-string-auth.html */
const LONGEST_EXPIRY = 604_800;

/** An option's value as seconds. */
export function parseExpiry(value: string): number {
  const seconds = Number(value);
  if (/^\d{1,7}$/.test(value) && seconds >= 1 && seconds <= LONGEST_EXPIRY) return seconds;
  throw new InvalidArgumentError(`It must be a whole number of seconds from 1 to ${LONGEST_EXPIRY} (7 days).`);
}
