// What there is of a profile's thumbnails: those of its photo of today, older ones, or none.

import { isDeepStrictEqual } from "node:util";
import {
  GetObjectCommand,
  HeadObjectCommand,
  type HeadObjectCommandOutput,
  NotFound,
  S3ServiceException,
} from "@aws-sdk/client-s3";
import { MAX_KEY_BYTES, sizeInTheWay, thumbnailKeyOf, thumbnailKeysOf } from "../functions/lib/keys";
import { isMadeFrom } from "../functions/lib/metadata";
import { readPicture } from "../functions/lib/picture";
import { thumbnailIn } from "../functions/lib/profile-thumbnail";
import { hasStatus } from "../functions/lib/s3-status";
import type { ThumbnailSize } from "../functions/lib/thumbnail-sizes";
import type { Deployment } from "./deployment";
import { refusalOf } from "./refusal";

/**
 * Of all thumbnails together, when there are several sizes. `not named`: they are there, and the profile does not name them,
 * as those that earlier releases made, or names others as well; `stale`: one is of another photo, for another profile, in
 * another size than today's, or no whole picture; `key too long`: so is a thumbnail's, so there cannot be one;
 * `key of a size`: it would lie among those of another size; `refused (400)`: S3 does not let us look, with this status.
 */
export type ThumbnailState =
  | "there"
  | "not named"
  | "missing"
  | "stale"
  | "photo missing"
  | "key too long"
  | "key of a size"
  | `refused (${number})`;

/**
 * Looks at a photo, which is under original/, and its thumbnails.
 * @param item the profile, with the photo
 */
export async function thumbnailState(
  deployment: Deployment,
  profileId: string,
  key: string,
  item: Item,
): Promise<ThumbnailState> {
  const { sizes } = deployment;
  if (thumbnailKeysOf(key, sizes).some((each) => Buffer.byteLength(each) > MAX_KEY_BYTES)) return "key too long";
  if (sizeInTheWay(key, sizes) !== undefined) return "key of a size";
  try {
    const [photo, ...thumbnails] = await Promise.all(
      [key, ...thumbnailKeysOf(key, sizes)].map((each) => head(deployment, each)),
    );
    if (photo?.ETag === undefined) return "photo missing";
    if (thumbnails.includes(undefined)) return "missing";
    for (const [index, size] of sizes.entries()) {
      const thumbnail = thumbnails[index];
      if (thumbnail !== undefined && !(await isOf(deployment, key, size, thumbnail, profileId, photo.ETag)))
        return "stale";
    }
    return namesThumbnailsOf(deployment, item, key, photo.ETag) ? "there" : "not named";
  } catch (error) {
    const status = error instanceof S3ServiceException && error.$metadata.httpStatusCode;
    if (!status || refusalOf(error) === undefined) throw error;
    return `refused (${status})`;
  }
}

type Item = Readonly<Record<string, unknown>>;

/** Whether a profile names the thumbnails of the photo with this ETag, with or without quotes, in each size and no other. */
export function namesThumbnailsOf(
  { sizes }: Pick<Deployment, "sizes">,
  item: Item,
  key: string,
  photoETag: string,
): boolean {
  const named = thumbnailIn(item);
  if (named?.key !== thumbnailKeyOf(key) || named.imageETag !== photoETag.replaceAll('"', "")) return false;
  const expected = sizes.flatMap((size) => (size.name === undefined ? [] : [[size.name, thumbnailKeyOf(key, size)]]));
  const given = Object.entries(named.sizes ?? {}).map(([name, each]) => [name, each.key]);
  return isDeepStrictEqual(Object.fromEntries(given), Object.fromEntries(expected));
}

/** Its bytes are read only when all else holds: before this was checked, an empty or broken one could be stored. */
async function isOf(
  { s3, bucket }: Deployment,
  key: string,
  size: ThumbnailSize,
  { Metadata = {}, ETag }: HeadObjectCommandOutput,
  profileId: string,
  photoETag: string,
): Promise<boolean> {
  if (!isMadeFrom(Metadata, { profileId, photoETag: photoETag.replaceAll('"', ""), size })) return false;
  const input = { Bucket: bucket, Key: thumbnailKeyOf(key, size), IfMatch: ETag };
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
