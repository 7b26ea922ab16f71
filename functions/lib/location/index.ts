// Removes from a photo where it was taken, without touching a pixel: what tells it is overwritten, byte for byte, and all
// else stays where it is, orientation and colours too. So a photo without a place is left alone, and one that had one
// has none the second time.

import { isHeif, removeFromHeif } from "./heif";
import { isJpeg, removeFromJpeg } from "./jpeg";
import { isPng, removeFromPng } from "./png";
import { isWebp, removeFromWebp } from "./webp";

const FORMATS = [
  { is: isJpeg, remove: removeFromJpeg },
  { is: isPng, remove: removeFromPng },
  { is: isWebp, remove: removeFromWebp },
  { is: isHeif, remove: removeFromHeif },
];

/**
 * Overwrites the position in EXIF, XMP and IPTC, and the names of places beside it, of a JPEG, PNG, WebP, AVIF or HEIC.
 * @param photo is changed in place, and keeps its length
 * @returns whether there was one; never in a file of another format, or as far as one is damaged
 */
export const removeLocation = (photo: Buffer): boolean => FORMATS.find(({ is }) => is(photo))?.remove(photo) ?? false;
