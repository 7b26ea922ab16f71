// The number of a profile as an uploader writes it into `user-profile-id`.

import { PermanentFailure } from "./failure-record";

/** Whether a profile can have this number; see {@link profileNumber}. */
export const isProfileNumber = (text: string): boolean =>
  /^(0|[1-9]\d*)$/.test(text) && Number.isSafeInteger(Number(text));

/**
 * Returns the text when it is the decimal spelling of a whole number from 0 that JavaScript and DynamoDB print alike;
 * " 2", "2.0", "1e3", "-1", "007", 2^53 and RFC 2047 text are malformed: guessing could give a photo to a stranger.
 */
export function profileNumber(text: string): string {
  if (isProfileNumber(text)) return text;
  throw new PermanentFailure(
    "MalformedProfileId",
    `The user-profile-id must be a whole number from 0 to ${Number.MAX_SAFE_INTEGER}, in plain digits (given ${JSON.stringify(text)})`,
  );
}
