// Multipart uploads of photos that were begun and not finished. Their parts can be a whole face, and no list of objects
// shows them. S3 tells their key and nothing of their metadata, so they are theirs whose key it is.

import {
  AbortMultipartUploadCommand,
  ListMultipartUploadsCommand,
  type ListMultipartUploadsCommandOutput,
} from "@aws-sdk/client-s3";
import { ORIGINAL_PREFIX } from "../../functions/lib/keys";
import { hasStatus } from "../../functions/lib/s3-status";
import type { Deployment } from "../deployment";

export interface UnfinishedUpload {
  readonly key: string;
  readonly uploadId: string;
  readonly begun: Date;
  readonly owner: string;
}

/** @param ownerOfKey whose the uploads under a key are; undefined for those of nobody in question */
export async function unfinishedUploads(
  { s3, bucket }: Deployment,
  ownerOfKey: (key: string) => string | undefined,
  stop: AbortSignal,
): Promise<UnfinishedUpload[]> {
  const found: UnfinishedUpload[] = [];
  let page: Partial<ListMultipartUploadsCommandOutput> = { IsTruncated: true };
  while (page.IsTruncated) {
    stop.throwIfAborted();
    const from = { KeyMarker: page.NextKeyMarker, UploadIdMarker: page.NextUploadIdMarker };
    page = await s3.send(new ListMultipartUploadsCommand({ Bucket: bucket, Prefix: ORIGINAL_PREFIX, ...from }));
    for (const { Key: key = "", UploadId: uploadId = "", Initiated: begun = new Date(0) } of page.Uploads ?? []) {
      const owner = ownerOfKey(key);
      if (owner !== undefined) found.push({ key, uploadId, begun, owner });
    }
  }
  return found;
}

/** @returns whether it was there, and is not any more */
export async function abortUpload({ s3, bucket }: Deployment, { key, uploadId }: UnfinishedUpload): Promise<boolean> {
  try {
    await s3.send(new AbortMultipartUploadCommand({ Bucket: bucket, Key: key, UploadId: uploadId }));
    return true;
  } catch (error) {
    // Finished or aborted meanwhile: the next look tells.
    if (hasStatus(error, 404)) return false;
    throw error;
  }
}
