// What an S3 event says about an upload, in plain terms, and the one order of all photos of a profile.
// https://docs.aws.amazon.com/AmazonS3/latest/userguide/notification-content-structure.html

import type { S3EventRecord } from "aws-lambda";

export interface Upload {
  readonly bucket: string;
  readonly key: string;
  /** Without quotes. */
  readonly eTag: string;
  /** Greater as text for the later photo, whatever the keys: see {@link photoVersion}. */
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
    version: photoVersion(eventTime, object.sequencer),
  };
}

/** What makes an upload's failure one of a kind. */
export const uploadFailureId = (record: S3EventRecord) => {
  const { bucket, key, version } = readUpload(record);
  return { identity: `${bucket}/${key}#${version}`, eventTime: record.eventTime };
};

/**
 * A text that is greater for the later of two photos: the event's time first, then the sequencer. S3 orders events of
 * one key by sequencer only, shorter ones filled up with zeros at the right; events of different keys have no other
 * common measure than their time.
 */
export function photoVersion(eventTime: string, sequencer: string): string {
  return `${new Date(eventTime).toISOString()}#${sequencer.toUpperCase().padEnd(SEQUENCER_DIGITS, "0")}`;
}
