// What an S3 event says about an upload, in plain terms.
// https://docs.aws.amazon.com/AmazonS3/latest/userguide/notification-content-structure.html

import type { S3EventRecord } from "aws-lambda";
import { comparable, photoVersion } from "./version";

export interface Upload {
  readonly bucket: string;
  readonly key: string;
  /** Without quotes. */
  readonly eTag: string;
  /** Only in buckets with versioning. */
  readonly versionId: string | undefined;
  /** Bytes. */
  readonly size: number;
  /** Greater as a string for the later of two uploads to one key, as S3 itself has ordered them. */
  readonly sequencer: string;
  /** The time and the sequencer: see {@link photoVersion}. */
  readonly version: string;
}

/** Reads a record; the key in it is form-encoded, `my+photo.jpg` for "my photo.jpg". */
export function readUpload({ eventTime, s3: { bucket, object } }: S3EventRecord): Upload {
  return {
    bucket: bucket.name,
    key: decodeURIComponent(object.key.replaceAll("+", " ")),
    eTag: object.eTag,
    versionId: object.versionId,
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
