// What photos and thumbnails say of themselves in their metadata: whose they are, and a thumbnail of which photo and in
// which size it was made. By it a repeated record costs no credit, and a change of the size is noticed.

import type { FormattedSize } from "./size";

/** Whose a photo is, and so its thumbnail. */
export const PROFILE_ID = "user-profile-id";

/** Of the photo that a thumbnail shows, without quotes. */
export const PHOTO_ETAG = "original-etag";

/** Of the upload that a photo without its place was made of, without quotes. */
export const STRIPPED_FROM = "stripped-from-etag";

/** In which size, such as `fit-150x150`, and in which format, unless it is the photo's: `fit-150x150-webp`. */
export const THUMBNAIL_SIZE = "thumbnail-size";

export interface Origin {
  readonly profileId: string;
  /** Of the photo, without quotes. */
  readonly photoETag: string;
  readonly size: FormattedSize;
}

type Metadata = Readonly<Record<string, string>>;

/** The metadata to store with a thumbnail. */
export const thumbnailMetadata = ({ profileId, photoETag, size: { method, width, height, format } }: Origin) => ({
  [PROFILE_ID]: profileId,
  [PHOTO_ETAG]: photoETag,
  [THUMBNAIL_SIZE]: `${method}-${width}x${height}${format === "original" ? "" : `-${format}`}`,
});

/** Whether a thumbnail, whatever photo it shows, or a photo belongs to the profile. */
export const belongsTo = (metadata: Metadata, profileId: string): boolean => metadata[PROFILE_ID] === profileId;

/** Whether there is nothing to make again. */
export const isMadeFrom = (metadata: Metadata, origin: Origin): boolean =>
  Object.entries(thumbnailMetadata(origin)).every(([name, value]) => metadata[name] === value);
