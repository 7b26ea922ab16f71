// The address of a photo's timeline within the page, `#/photos/<id>`, which can be kept, sent, and gone back to.

const PREFIX = "#/photos/";

export const addressOf = (photoId: string): string => PREFIX + encodeURIComponent(photoId);

/** The photo of a hash; undefined for the newest, and null when the hash is about something else, such as a heading. */
export function photoIn(hash: string): string | undefined | null {
  if (hash === "" || hash === PREFIX) return undefined;
  if (!hash.startsWith(PREFIX)) return null;
  try {
    return decodeURIComponent(hash.slice(PREFIX.length));
  } catch {
    return undefined;
  }
}
