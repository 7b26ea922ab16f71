// What a stream record says about a profile's image, in plain terms.

import type { DynamoDBRecord } from "aws-lambda";
import { PermanentFailure } from "./failure-record";
import { ORIGINAL_PREFIX } from "./upload";

export interface ProfileImage {
  readonly profileId: string;
  /** The photo's key, under original/. */
  readonly key: string;
  /** Without quotes; absent when somebody else than SetProfileImage wrote the image. */
  readonly eTag: string | undefined;
  readonly thumbnailKey: string;
}

export const THUMBNAIL_PREFIX = "thumbnails/";

/** What tells one photo from another; an edit that leaves all of them alone did not touch the image. */
const IMAGE_ATTRIBUTES = ["image", "imageETag", "imageVersion"] as const;

/** The number of the profile that a record is about. */
export const profileIdOf = (record: DynamoDBRecord): string => record.dynamodb?.Keys?.id?.N ?? "";

/** The image that a record brings, or in words why there is nothing to do. */
export function changedImage(record: DynamoDBRecord): ProfileImage | string {
  const { NewImage: after, OldImage: before } = record.dynamodb ?? {};
  if (record.eventName === "REMOVE") return "skipped: the profile was removed";
  const key = after?.image?.S;
  if (key === undefined) return "skipped: the profile has no image";
  if (IMAGE_ATTRIBUTES.every((name) => before?.[name]?.S === after?.[name]?.S))
    return "skipped: the image did not change";
  // Nothing outside original/ may ever start a thumbnail: a thumbnail of a thumbnail would be the first turn of a loop.
  if (!key.startsWith(ORIGINAL_PREFIX)) return `skipped: the image is not under ${ORIGINAL_PREFIX}`;
  return {
    profileId: profileIdOf(record),
    key,
    eTag: after?.imageETag?.S,
    thumbnailKey: THUMBNAIL_PREFIX + key.slice(ORIGINAL_PREFIX.length),
  };
}

/** The failure of one image, with its profile. */
export const imageFailure = (code: string, message: string, { profileId }: ProfileImage) =>
  new PermanentFailure(code, message, profileId);
