// What has happened to a photo that failed, in one plain sentence for each code.

import type { FailureCode } from "../functions/lib/failure-code";
import type { FailureRecord } from "../operations/failure-records";

const SENTENCES: Readonly<Record<FailureCode | "NotUnderstood", string>> = {
  NoProfileId: "The upload does not say whose photo it is.",
  MalformedProfileId: "What the upload names as its profile is not the id of a profile.",
  UnknownProfile: "There is no profile with the id that the upload names.",
  MetadataTooLarge: "The photo has too much metadata.",
  UnreadableMetadata: "The photo's metadata cannot be read.",
  UnsupportedFormat: "No thumbnail can be made of this format.",
  UnusablePhoto: "This file is not a picture that can be read.",
  PhotoTooLarge: "The photo is too large.",
  PhotoGone: "The photo was deleted before its thumbnail was made.",
  KeyOfSize: "The photo's folder has the name of a size of thumbnails, and its thumbnail would lie among those.",
  KeyTooLong: "The photo's key is so long that the thumbnail's would be too long for S3.",
  NotUnderstood: "This object is not a failure record.",
};

/** Whose records are about others. */
const REPORTER = "ReportFailure";

/** Lambda's own, which say nothing of the photo. */
const GIVEN_UP: Readonly<Record<string, (tries: string) => string>> = {
  RetriesExhausted: (tries) => tries,
  RetryAttemptsExhausted: (tries) => tries,
  EventAgeExceeded: () => " after too long a wait",
  RecordAgeExceeded: () => " after too long a wait",
};

/** How often it was tried is said where somebody counted. */
export function sentenceOf({ reason: { code }, tries = 0, events, functionName }: FailureRecord): string {
  const after = GIVEN_UP[code];
  if (after === undefined) return isKnown(code) ? SENTENCES[code] : "This photo could not be processed.";
  const what = functionName.startsWith(REPORTER)
    ? "the event about a failure record"
    : events.length > 1
      ? `these ${events.length} photos`
      : "this photo";
  const often = tries === 0 ? "" : ` after ${tries} tr${tries === 1 ? "y" : "ies"}`;
  return `Lambda gave up on ${what}${after(often)}.`;
}

const isKnown = (code: string): code is keyof typeof SENTENCES => code in SENTENCES;
