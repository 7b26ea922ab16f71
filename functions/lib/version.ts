// The version of a photo: what a profile keeps beside it, and which of two photos is the newer one.

/** S3's sequencers are hexadecimal numbers of up to 16 digits today; twice that leaves room to grow. */
const SEQUENCER_DIGITS = 32;

/**
 * A string that is greater for the later of two photos with different keys, which have no other common measure than
 * their event's time; the sequencer only breaks a tie.
 */
export const photoVersion = (eventTime: string, sequencer: string): string =>
  `${new Date(eventTime).toISOString()}#${comparable(sequencer)}`;

/** S3 compares sequencers as strings, shorter ones filled up with zeros at the right. */
export const comparable = (sequencer: string): string => sequencer.toUpperCase().padEnd(SEQUENCER_DIGITS, "0");

/** The sequencer in a version. */
export const sequencerOf = (version: string): string => version.slice(version.indexOf("#") + 1);

/** The time in a version, in milliseconds since 1970; 0 when it has none. */
export const timeOfVersion = (version: string): number => Date.parse(version.split("#")[0] ?? "") || 0;

/** The photo that a profile has. */
export interface KeptPhoto {
  readonly key: string | undefined;
  readonly version: string;
}

/** One that was uploaded. */
interface NewPhoto extends KeptPhoto {
  readonly sequencer: string;
}

/**
 * The version that a profile gets with an upload, or undefined when the photo that it has is as new or newer: under one
 * key by sequencer, since of overlapping uploads the one that S3 ordered last may carry the earlier time, and otherwise
 * by time. A version never shrinks: what comes after a photo in the order of its key is later than all that this photo
 * was later than, whatever its event says.
 */
export function nextVersion(upload: NewPhoto, kept: KeptPhoto): string | undefined {
  if (upload.key === kept.key && upload.sequencer <= sequencerOf(kept.version)) return undefined;
  if (upload.version > kept.version) return upload.version;
  return upload.key === kept.key ? kept.version.replace(/#.*/, `#${upload.sequencer}`) : undefined;
}
