// How long browsers and caches may show a thumbnail without revalidation: forever where its URL never shows
// another photo, and not at all elsewhere. S3 sends it with the thumbnail, with CloudFront before it or without.
// https://developer.mozilla.org/en-US/docs/Web/HTTP/Reference/Headers/Cache-Control

/** A year, the longest that caches accept; browsers do not even revalidate when the page is reloaded. */
export const FOR_EVER = "public, max-age=31536000, immutable";

/** May be cached, and is revalidated each time: 304 without a body, as long as it is the same. */
export const ASK_EACH_TIME = "public, no-cache";

/** As our own uploads are named: `…/<random UUID>.jpg`. */
const OF_ONE_PHOTO = /\/[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}\.[^/]*$/i;

/**
 * The value for a thumbnail.
 * @param showedAnother whether the key has shown another photo before: a presigned form, for one, can be sent again
 */
export const cacheControlOf = (thumbnailKey: string, showedAnother: boolean): string =>
  OF_ONE_PHOTO.test(thumbnailKey) && !showedAnother ? FOR_EVER : ASK_EACH_TIME;
