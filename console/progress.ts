// How far a photo is and what has become known of it, by its functions' requests and their responses.

import { PROFILE_ID } from "../functions/lib/metadata";
import { THUMBNAIL_ATTRIBUTE, thumbnailIn } from "../functions/lib/profile-thumbnail";
import type { Activity } from "../local/activity";
import type { PhotoRecord } from "./photo-record";
import type { Picture } from "./types";

const PROFILE_HEADER = `x-amz-meta-${PROFILE_ID}`;

/** Takes note of what an activity tells of a photo. */
export function noteProgress(photo: PhotoRecord, each: Activity): void {
  const { service, action, error, request, response, detail } = each;
  const profileId = request?.headers[PROFILE_HEADER] ?? response?.headers[PROFILE_HEADER];
  if (profileId !== undefined && service === "s3") photo.profileId ??= profileId;
  if (error !== undefined) return;
  const picture = service === "tinify" ? pictureOf(detail) : undefined;
  if (action === "UpdateItem") {
    photo.stage = "set";
    // Of several thumbnails, TinyPNG's responses do not say which is the first.
    photo.thumbnail = thumbnailNamedBy(each) ?? photo.thumbnail;
  }
  if (picture !== undefined && action === "Shrink") photo.original = picture;
  else if (picture !== undefined) photo.thumbnail = picture;
}

/** A function begins to work on the photo, for the first time or again. */
export function noteStart(photo: PhotoRecord, isOfStream: boolean): void {
  photo.state = "running";
  photo.stage = isOfStream ? "making" : "uploaded";
}

/** The thumbnail was there: an earlier upload of the same photo has told what it is like. */
export function adoptPictures(photo: PhotoRecord, all: readonly PhotoRecord[]): void {
  const earlier = all.findLast(
    ({ key, size, thumbnail }) => key === photo.key && size === photo.size && thumbnail !== undefined,
  );
  photo.original = earlier?.original;
  photo.thumbnail = earlier?.thumbnail;
}

function thumbnailNamedBy({ request }: Activity): Picture | undefined {
  if (!request?.body?.includes(`SET ${THUMBNAIL_ATTRIBUTE}`)) return undefined;
  const values = valuesIn(request.body);
  const named = thumbnailIn({ [THUMBNAIL_ATTRIBUTE]: values?.[":thumbnail"] });
  return named && { width: named.width, height: named.height, bytes: named.bytes };
}

/** Of a request that is too long only the beginning is told. */
function valuesIn(body: string): Record<string, unknown> | undefined {
  try {
    return JSON.parse(body).ExpressionAttributeValues;
  } catch {
    return undefined;
  }
}

function pictureOf(detail: Activity["detail"] = {}): Picture | undefined {
  const { width, height, inputBytes, outputBytes = inputBytes } = detail;
  if (typeof width !== "number" || typeof height !== "number" || typeof outputBytes !== "number") return undefined;
  return { width, height, bytes: outputBytes };
}
