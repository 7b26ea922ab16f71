// A presigned URL of a profile's thumbnail, or why there is none.

import { ORIGINAL_PREFIX } from "../functions/lib/keys";
import { THUMBNAIL_ATTRIBUTE } from "../functions/lib/profile-thumbnail";
import { UserError } from "../stack/user-error";
import type { Deployment } from "./deployment";
import { profileImageIn, signThumbnail } from "./profile-images";
import { head, type ThumbnailState, thumbnailState } from "./thumbnail-state";
import { readProfile } from "./withdraw";

export interface ThumbnailUrl {
  readonly profileId: string;
  readonly key: string;
  readonly url: string;
  /** ISO 8601. */
  readonly expires: string;
  /** Whether it shows the profile's current photo; otherwise that one has no thumbnail yet, or never gets one. */
  readonly isCurrent: boolean;
}

type Item = NonNullable<Awaited<ReturnType<typeof readProfile>>>;

/** What the state of a thumbnail that the profile does not name says of it. */
const WHY_NONE: Readonly<Partial<Record<ThumbnailState, string>>> = {
  "not named": 'its thumbnail is there, and the profile does not name it; "npm run backfill" fixes that',
  "photo missing": "its photo is not in the bucket any more",
  "key too long": "the key of its photo is too long for a thumbnail's",
  "key of a size": "the folder of its photo has the name of a size of thumbnails",
};
const WAITING =
  'its thumbnail is still being made, or could not be: "npm run failures" tells which; "npm run backfill" makes it again';

/**
 * Presigns a URL of a thumbnail that a profile names.
 * @param expiresIn seconds, a week at most
 * @param size the name of one of the setting `thumbnails`; the first without it
 * @throws UserError when there is none, with the reason
 */
export async function thumbnailUrl(
  deployment: Deployment,
  profileId: string,
  expiresIn: number,
  size?: string,
): Promise<ThumbnailUrl> {
  const { table, s3, bucket } = deployment;
  const item = await readProfile(deployment, profileId);
  if (item === undefined) throw new UserError(`there is no profile ${profileId} in ${table}`);
  const { thumbnail, isCurrent } = profileImageIn(item);
  if (thumbnail === undefined) {
    throw new UserError(`profile ${profileId} has no thumbnail: ${await whyNone(deployment, profileId, item)}`);
  }
  const named = size === undefined ? thumbnail : thumbnail.sizes?.[size];
  if (named === undefined) {
    const sizes = Object.keys(thumbnail.sizes ?? {}).join(", ") || "one without a name";
    throw new UserError(`profile ${profileId} has no thumbnail of the size "${size}", only ${sizes}`);
  }
  if ((await head(deployment, named.key)) === undefined) {
    throw new UserError(
      `profile ${profileId} names ${named.key}, which is not in ${bucket}: somebody has removed it; "npm run backfill" makes it again`,
    );
  }
  return { profileId, key: named.key, ...(await signThumbnail(s3, bucket, named.key, expiresIn)), isCurrent };
}

async function whyNone(deployment: Deployment, profileId: string, item: Item): Promise<string> {
  const { image, [THUMBNAIL_ATTRIBUTE]: thumbnail } = item;
  if (thumbnail !== undefined) return `its attribute "${THUMBNAIL_ATTRIBUTE}" was not written by the pipeline`;
  if (image === undefined) return "it has no photo";
  if (image.S === undefined) return "its image is not a string";
  if (!image.S.startsWith(ORIGINAL_PREFIX)) return `its photo is not under ${ORIGINAL_PREFIX}`;
  return WHY_NONE[await thumbnailState(deployment, profileId, image.S, item)] ?? WAITING;
}
