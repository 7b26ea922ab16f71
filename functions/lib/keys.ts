// Where photos and their thumbnails lie in the images bucket.

/** Only what lies here starts the pipeline, and no thumbnail does: what keeps it from starting itself. */
export const ORIGINAL_PREFIX = "original/";

export const THUMBNAIL_PREFIX = "thumbnails/";

/** The most bytes that S3 takes in a key. */
export const MAX_KEY_BYTES = 1024;

/** Where a size of thumbnails lies: thumbnail-sizes.ts. */
interface Place {
  readonly folder: string;
}

/** original/a/b.jpg → thumbnails/a/b.jpg, and of a size in a folder thumbnails/small/a/b.jpg */
export const thumbnailKeyOf = (key: string, { folder }: Place = { folder: "" }): string =>
  THUMBNAIL_PREFIX + folder + key.slice(ORIGINAL_PREFIX.length);

/** One for each size, in their order. */
export const thumbnailKeysOf = (key: string, sizes: readonly Place[]): string[] =>
  sizes.map((size) => thumbnailKeyOf(key, size));

/** Whether it may be the thumbnail of that photo in some size, whatever sizes there are. */
export const isThumbnailOf = (thumbnailKey: string, key: string): boolean =>
  thumbnailKey === thumbnailKeyOf(key) || thumbnailKey.replace(SIZE_FOLDER, "") === key.slice(ORIGINAL_PREFIX.length);

/** With the name of a size, as the setting `thumbnails` allows it. */
const SIZE_FOLDER = new RegExp(`^${THUMBNAIL_PREFIX}[a-z][a-z0-9-]*/`);

/** The size in whose folder the thumbnail of a photo would lie although it is of another size. */
export const sizeInTheWay = <T extends Place>(key: string, sizes: readonly T[]): T | undefined =>
  sizes.find(({ folder }) => folder !== "" && key.startsWith(ORIGINAL_PREFIX + folder));

/** thumbnails/a/b.jpg → original/a/b.jpg, of the first size alone. */
export const originalKeyOf = (thumbnailKey: string): string =>
  ORIGINAL_PREFIX + thumbnailKey.slice(THUMBNAIL_PREFIX.length);
