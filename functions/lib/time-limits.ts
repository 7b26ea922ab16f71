// How CreateThumbnail spends its time: the stack refuses a timeout that leaves no room for one photo.

/** The longest that TinyPNG may take for one photo: large ones need many seconds, and a hung connection would never end. */
export const TINYPNG_DEADLINE_MS = 45_000;

/** The longest that the function's own resizer may take for one photo: many times what the largest needs. */
export const RESIZE_DEADLINE_MS = 45_000;

/** What is left of the function's time when work on photos ends: enough to write failure records and to report the rest. */
export const RESERVE_MS = 15_000;

/** Reading the photo and storing its thumbnail. */
const S3_MS = 15_000;

/** The least timeout that lets the slowest photo through. */
export const CREATE_THUMBNAIL_SECONDS = (TINYPNG_DEADLINE_MS + S3_MS + RESERVE_MS) / 1000;
