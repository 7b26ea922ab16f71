// What there is of a profile's thumbnail: the one of its photo of today, an older one, or none.

import {
  GetObjectCommand,
  HeadObjectCommand,
  type HeadObjectCommandOutput,
  NotFound,
  S3ServiceException,
} from "@aws-sdk/client-s3";
import { MAX_KEY_BYTES, thumbnailKeyOf } from "../functions/lib/keys";
import { isMadeFrom } from "../functions/lib/metadata";
import { readPicture } from "../functions/lib/picture";
import { thumbnailIn } from "../functions/lib/profile-thumbnail";
import { hasStatus } from "../functions/lib/s3-status";
import type { Deployment } from "./deployment";
import { refusalOf } from "./refusal";

/**
 * `not named`: it is there, and its profile does not name it, as those that earlier releases made; `stale`: of another photo, for another profile, in another size than today's, or no whole picture; `key too long`: so is
 * the thumbnail's, so there cannot be one; `refused (400)`: S3 does not let us look, with this status.
 */
export type ThumbnailState =
  | "there"
  | "not named"
  | "missing"
  | "stale"
  | "photo missing"
  | "key too long"
  | `refused (${number})`;

/**
 * Looks at a photo, which is under original/, and its thumbnail.
 * @param item the profile, with the photo
 */
export async function thumbnailState(
  deployment: Deployment,
  profileId: string,
  key: string,
  item: Readonly<Record<string, unknown>>,
): Promise<ThumbnailState> {
  const thumbnailKey = thumbnailKeyOf(key);
  if (Buffer.byteLength(thumbnailKey) > MAX_KEY_BYTES) return "key too long";
  try {
    const [photo, thumbnail] = await Promise.all([head(deployment, key), head(deployment, thumbnailKey)]);
    if (photo?.ETag === undefined) return "photo missing";
    if (thumbnail === undefined) return "missing";
    if (!(await isOf(deployment, key, thumbnail, profileId, photo.ETag))) return "stale";
    return namesThumbnailOf(item, key, photo.ETag) ? "there" : "not named";
  } catch (error) {
    const status = error instanceof S3ServiceException && error.$metadata.httpStatusCode;
    if (!status || refusalOf(error) === undefined) throw error;
    return `refused (${status})`;
  }
}

/** Whether a profile names the thumbnail of the photo with this ETag, with or without quotes. */
export function namesThumbnailOf(item: Readonly<Record<string, unknown>>, key: string, photoETag: string): boolean {
  const named = thumbnailIn(item);
  return named?.key === thumbnailKeyOf(key) && named.imageETag === photoETag.replaceAll('"', "");
}

/** Its bytes are read only when all else holds: before this was checked, an empty or broken one could be stored. */
async function isOf(
  { s3, bucket, size }: Deployment,
  key: string,
  { Metadata = {}, ETag }: HeadObjectCommandOutput,
  profileId: string,
  photoETag: string,
): Promise<boolean> {
  if (
    !isMadeFrom(Metadata, {
      profileId,
      photoETag: photoETag.replaceAll('"', ""),
      size: { ...size, format: "original" },
    })
  )
    return false;
  const input = { Bucket: bucket, Key: thumbnailKeyOf(key), IfMatch: ETag };
  try {
    const { Body } = await s3.send(new GetObjectCommand(input));
    return readPicture(Buffer.from((await Body?.transformToByteArray()) ?? [])) !== undefined;
  } catch (error) {
    // It changes just now: another look will tell.
    if (hasStatus(error, 404, 412)) return false;
    throw error;
  }
}

/** What S3 says of an object, if it is there. */
export async function head(
  { s3, bucket }: Pick<Deployment, "s3" | "bucket">,
  Key: string,
): Promise<HeadObjectCommandOutput | undefined> {
  try {
    return await s3.send(new HeadObjectCommand({ Bucket: bucket, Key }));
  } catch (error) {
    if (error instanceof NotFound) return undefined;
    throw error;
  }
}
