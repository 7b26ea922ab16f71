// What a stream record says about a profile's image, in plain terms.

import type { DynamoDBRecord } from "aws-lambda";
import type { FailureCode } from "./failure-code";
import { PermanentFailure } from "./failure-record";
import { MAX_KEY_BYTES, ORIGINAL_PREFIX, sizeInTheWay, thumbnailKeysOf } from "./keys";
import { idIn } from "./profile-id";
import { thumbnailIn, thumbnailKeysIn } from "./profile-thumbnail";
import type { ThumbnailSizes } from "./thumbnail-sizes";

export interface ProfileImage {
  readonly profileId: string;
  /** The photo's key, under original/. */
  readonly key: string;
  /** Without quotes; absent when somebody else than SetProfileImage wrote the image. */
  readonly eTag: string | undefined;
  /** The profile's `imageVersion`; absent when SetProfileImage has never written its image. */
  readonly version: string | undefined;
  /** In each size. */
  readonly thumbnailKeys: readonly string[];
}

/** Thumbnails that their profile no longer names. */
export type Leftover = Pick<ProfileImage, "profileId" | "thumbnailKeys">;

/** A profile that names a thumbnail, and whose image is no longer ours: another string, or not there. */
export interface LostImage {
  readonly profileId: string;
  readonly image: string | undefined;
}

/** What tells one photo from another; an edit that leaves all of them alone did not touch the image. */
const IMAGE_ATTRIBUTES = ["image", "imageETag", "imageVersion"] as const;

/** The profile that a record is about. */
export const profileIdOf = (record: DynamoDBRecord): string => idIn(record.dynamodb?.Keys) ?? "";

/** What makes a change's failure one of a kind. */
export const changeFailureId = ({ eventID = "", dynamodb }: DynamoDBRecord) => ({
  identity: eventID,
  eventTime: new Date((dynamodb?.ApproximateCreationDateTime ?? 0) * 1000).toISOString(),
});

/** The photo that a record brings, or in words why there is nothing to do. */
export function changedPhoto(record: DynamoDBRecord): Omit<ProfileImage, "thumbnailKeys"> | string {
  const { NewImage: after, OldImage: before } = record.dynamodb ?? {};
  if (record.eventName === "REMOVE") return "skipped: the profile was removed";
  const key = after?.image?.S;
  if (key === undefined) return "skipped: the profile has no image";
  const isSame = (name: (typeof IMAGE_ATTRIBUTES)[number]) => before?.[name]?.S === after?.[name]?.S;
  if (IMAGE_ATTRIBUTES.every(isSame)) return "skipped: the image did not change";
  // Nothing outside original/ may ever start a thumbnail: a thumbnail of a thumbnail would be the first turn of a loop.
  if (!key.startsWith(ORIGINAL_PREFIX)) return `skipped: the image is not under ${ORIGINAL_PREFIX}`;
  // An image that somebody else wrote comes without a new version, and the ETag beside it is still an older photo's.
  const eTag = isSame("imageVersion") ? undefined : after?.imageETag?.S;
  return { profileId: profileIdOf(record), key, eTag, version: after?.imageVersion?.S };
}

/**
 * The same with the keys of its thumbnails.
 * @throws PermanentFailure when there is a photo, but a thumbnail of it can have no key
 */
export function changedImage(record: DynamoDBRecord, sizes: ThumbnailSizes): ProfileImage | string {
  const photo = changedPhoto(record);
  if (typeof photo === "string") return photo;
  const { key } = photo;
  const thumbnailKeys = thumbnailKeysOf(key, sizes);
  const image = { ...photo, thumbnailKeys };
  const tooLong = thumbnailKeys.find((each) => Buffer.byteLength(each) > MAX_KEY_BYTES);
  if (tooLong !== undefined) {
    throw imageFailure("KeyTooLong", `${tooLong} is longer than the ${MAX_KEY_BYTES} bytes of a key`, image);
  }
  const inTheWay = sizeInTheWay(key, sizes);
  if (inTheWay !== undefined) {
    const where = `${key} would have its thumbnail among those of the size "${inTheWay.name}"`;
    throw imageFailure("KeyOfSize", `${where}: give that size another name, or the photo another key`, image);
  }
  return image;
}

/** The profile whose image a record takes away and leaves its thumbnail behind. */
export function lostImage(record: DynamoDBRecord): LostImage | undefined {
  const { NewImage: after, OldImage: before } = record.dynamodb ?? {};
  const image = after?.image?.S;
  const isLost = image === undefined ? before?.image !== undefined : image !== before?.image?.S;
  if (!isLost || thumbnailIn(after) === undefined || image?.startsWith(ORIGINAL_PREFIX)) return undefined;
  return { profileId: profileIdOf(record), image };
}

/**
 * What a record leaves behind: the thumbnails that the profile named before it, and no longer names. Of a profile that
 * named none, as those of earlier releases, they are those of the image that it had before.
 */
export function leftoverOf(record: DynamoDBRecord, sizes: ThumbnailSizes): Leftover | undefined {
  const { NewImage: after, OldImage: before } = record.dynamodb ?? {};
  const profileId = profileIdOf(record);
  const named = thumbnailKeysIn(before);
  if (named.length > 0) {
    const kept = thumbnailKeysIn(after);
    const thumbnailKeys = named.filter((key) => !kept.includes(key));
    return thumbnailKeys.length === 0 ? undefined : { profileId, thumbnailKeys };
  }
  const key = before?.image?.S;
  if (key === undefined || key === after?.image?.S || !key.startsWith(ORIGINAL_PREFIX)) return undefined;
  return { profileId, thumbnailKeys: thumbnailKeysOf(key, sizes) };
}

/** The records of a batch whose photo a later one of the same profile replaces: they are not worth a credit. */
export function supersededIn(records: readonly DynamoDBRecord[]): ReadonlySet<DynamoDBRecord> {
  const newest = new Map<string, DynamoDBRecord>();
  const superseded = new Set<DynamoDBRecord>();
  for (const record of records.filter(bringsPhoto)) {
    const older = newest.get(profileIdOf(record));
    if (older !== undefined) superseded.add(older);
    newest.set(profileIdOf(record), record);
  }
  return superseded;
}

/** Photos of SetProfileImage carry a version, and its versions only grow. */
const bringsPhoto = ({ dynamodb: { NewImage: after, OldImage: before } = {} }: DynamoDBRecord): boolean =>
  after?.imageVersion?.S !== undefined && after.imageVersion.S !== before?.imageVersion?.S;

/** The failure of one image, with its profile. */
export const imageFailure = (code: FailureCode, message: string, { profileId }: ProfileImage) =>
  new PermanentFailure(code, message, profileId);
