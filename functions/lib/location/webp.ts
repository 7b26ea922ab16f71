// Where a WebP keeps metadata: in two chunks of RIFF. https://developers.google.com/speed/webp/docs/riff_container

import { removeGps } from "./tiff";
import { removePlace } from "./xmp";

export const isWebp = (photo: Buffer): boolean =>
  photo.toString("latin1", 0, 4) === "RIFF" && photo.toString("latin1", 8, 12) === "WEBP";

/** Removes the place from a WebP, in place; returns whether there was one. */
export function removeFromWebp(photo: Buffer): boolean {
  let found = false;
  for (let at = 12; at + 8 <= photo.length; ) {
    const size = photo.readUInt32LE(at + 4);
    if (removeFromChunk(photo.toString("latin1", at, at + 4), photo.subarray(at + 8, at + 8 + size))) found = true;
    at += 8 + size + (size % 2);
  }
  return found;
}

function removeFromChunk(type: string, data: Buffer): boolean {
  if (type === "XMP ") return removePlace(data);
  return type === "EXIF" && removeGps(data);
}
