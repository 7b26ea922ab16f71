// What there is of a profile's thumbnail: the one of its photo of today, an older one, or none.

import { HeadObjectCommand, type HeadObjectCommandOutput, NotFound, S3ServiceException } from "@aws-sdk/client-s3";
import { MAX_KEY_BYTES, thumbnailKeyOf } from "../functions/lib/profile-image";
import { isMadeFrom } from "../functions/lib/thumbnail-metadata";
import type { Deployment } from "./deployment";
import { refusalOf } from "./refusal";

/**
 * `stale`: of another photo, for another profile, or in another size than today's; `key too long`: so is the thumbnail's,
 * and there can be none; `refused (400)`: S3 does not let us look, with this status.
 */
export type ThumbnailState = "there" | "missing" | "stale" | "photo missing" | "key too long" | `refused (${number})`;

/** Looks at a photo, which is under original/, and its thumbnail. */
export async function thumbnailState(deployment: Deployment, profileId: string, key: string): Promise<ThumbnailState> {
  const thumbnailKey = thumbnailKeyOf(key);
  if (Buffer.byteLength(thumbnailKey) > MAX_KEY_BYTES) return "key too long";
  let photo: HeadObjectCommandOutput | undefined;
  let thumbnail: HeadObjectCommandOutput | undefined;
  try {
    [photo, thumbnail] = await Promise.all([head(deployment, key), head(deployment, thumbnailKey)]);
  } catch (error) {
    const status = error instanceof S3ServiceException && error.$metadata.httpStatusCode;
    if (!status || refusalOf(error) === undefined) throw error;
    return `refused (${status})`;
  }
  if (photo?.ETag === undefined) return "photo missing";
  if (thumbnail === undefined) return "missing";
  return isOf(deployment, thumbnail, profileId, photo.ETag) ? "there" : "stale";
}

/** Whether the thumbnail of the photo with this ETag, with quotes, is there. */
export async function hasThumbnail(deployment: Deployment, profileId: string, key: string, photoETag: string) {
  const thumbnail = await head(deployment, thumbnailKeyOf(key));
  return thumbnail !== undefined && isOf(deployment, thumbnail, profileId, photoETag);
}

const isOf = ({ size }: Deployment, { Metadata = {} }: HeadObjectCommandOutput, profileId: string, eTag: string) =>
  isMadeFrom(Metadata, { profileId, photoETag: eTag.replaceAll('"', ""), size });

async function head({ s3, bucket }: Deployment, Key: string): Promise<HeadObjectCommandOutput | undefined> {
  try {
    return await s3.send(new HeadObjectCommand({ Bucket: bucket, Key }));
  } catch (error) {
    if (error instanceof NotFound) return undefined;
    throw error;
  }
}
