// Where photos and their thumbnails lie in the images bucket.

/** Only what lies here starts the pipeline, and no thumbnail does: what keeps it from starting itself. */
export const ORIGINAL_PREFIX = "original/";

export const THUMBNAIL_PREFIX = "thumbnails/";

/** The most bytes that S3 takes in a key. */
export const MAX_KEY_BYTES = 1024;

/** original/a/b.jpg → thumbnails/a/b.jpg */
export const thumbnailKeyOf = (key: string): string => THUMBNAIL_PREFIX + key.slice(ORIGINAL_PREFIX.length);

/** thumbnails/a/b.jpg → original/a/b.jpg */
export const originalKeyOf = (thumbnailKey: string): string =>
  ORIGINAL_PREFIX + thumbnailKey.slice(THUMBNAIL_PREFIX.length);
