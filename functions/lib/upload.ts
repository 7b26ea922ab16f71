// What an S3 event says about an upload, in plain terms, and which of two photos of a profile is the newer one.
// https://docs.aws.amazon.com/AmazonS3/latest/userguide/notification-content-structure.html

import type { S3EventRecord } from "aws-lambda";

export interface Upload {
  readonly bucket: string;
  readonly key: string;
  /** Without quotes. */
  readonly eTag: string;
  /** Bytes. */
  readonly size: number;
  /** Greater as text for the later of two uploads to one key, as S3 itself has ordered them. */
  readonly sequencer: string;
  /** The time and the sequencer: see {@link photoVersion}. */
  readonly version: string;
}

export const ORIGINAL_PREFIX = "original/";

/** S3's sequencers are hexadecimal numbers of up to 16 digits today; twice that leaves room to grow. */
const SEQUENCER_DIGITS = 32;

/** Reads a record; the key in it is form-encoded, `my+photo.jpg` for "my photo.jpg". */
export function readUpload({ eventTime, s3: { bucket, object } }: S3EventRecord): Upload {
  return {
    bucket: bucket.name,
    key: decodeURIComponent(object.key.replaceAll("+", " ")),
    eTag: object.eTag,
    size: object.size,
    sequencer: comparable(object.sequencer),
    version: photoVersion(eventTime, object.sequencer),
  };
}

/** What makes an upload's failure one of a kind. */
export const uploadFailureId = (record: S3EventRecord) => {
  const { bucket, key, version } = readUpload(record);
  return { identity: `${bucket}/${key}#${version}`, eventTime: record.eventTime };
};

/**
 * A text that is greater for the later of two photos with different keys, which have no other common measure than
 * their event's time; the sequencer only breaks a tie.
 */
export const photoVersion = (eventTime: string, sequencer: string): string =>
  `${new Date(eventTime).toISOString()}#${comparable(sequencer)}`;

/** S3 compares sequencers as text, shorter ones filled up with zeros at the right. */
const comparable = (sequencer: string): string => sequencer.toUpperCase().padEnd(SEQUENCER_DIGITS, "0");

/** The sequencer in a version. */
export const sequencerOf = (version: string): string => version.slice(version.indexOf("#") + 1);

/** The photo that a profile has. */
export interface KeptPhoto {
  readonly key: string | undefined;
  readonly version: string;
}

/**
 * The version that a profile gets with an upload, or undefined when the photo that it has is as new or newer: under one
 * key by sequencer, since of overlapping uploads the one that S3 ordered last may carry the earlier time, and otherwise
 * by time. A version never shrinks: what comes after a photo in the order of its key is later than all that this photo
 * was later than, whatever its event says.
 */
export function nextVersion(upload: Upload, kept: KeptPhoto): string | undefined {
  if (upload.key === kept.key && upload.sequencer <= sequencerOf(kept.version)) return undefined;
  if (upload.version > kept.version) return upload.version;
  return upload.key === kept.key ? kept.version.replace(/#.*/, `#${upload.sequencer}`) : undefined;
}
