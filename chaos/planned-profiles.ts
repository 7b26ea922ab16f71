// The profiles that a chaos run has photos for: numbered from 1, and with string ids of the kinds that apps have.

import type { ProfileIdType } from "../functions/lib/profile-id";

/** Ids of identity providers, and what a key, a URL, a number or a list could take for something else. */
const STRING_IDS: readonly ((number: number) => string)[] = [
  (number) => `auth0|5f7c8ec7c33c6c004bbafe${number}`,
  (number) => `3f2a9c1e-70b1-7091-5f3c-${String(number).padStart(12, "0")}`,
  (number) => `pete+${number}@example.com`,
  (number) => `00${number}`,
  (number) => `team ${number}/../x%2F?#&"<'`,
  (number) => `-${number}`,
  (number) => `..${"/".repeat(240)}${number}`,
];

/** The id of a profile by its number: each number has one of its own. */
export const plannedProfile = (number: number, type: ProfileIdType): string =>
  type === "number" ? String(number) : (STRING_IDS[number % STRING_IDS.length]?.(number) ?? "");
