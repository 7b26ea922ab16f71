// Where a JPEG keeps metadata: in application segments before its scans, and after its end in further pictures (of a burst,
// of another exposure: CIPA DC-007) or a video. https://www.w3.org/Graphics/JPEG/itu-t81.pdf, annex B

import { removeIptcPlace } from "./iptc";
import { removeGps } from "./tiff";
import { removeVideoPosition } from "./video";
import { removePlace } from "./xmp";

const MARKER = 0xff;
const SOI = Buffer.from([0xff, 0xd8, 0xff]);
const START_OF_SCAN = 0xda;
const END_OF_IMAGE = 0xd9;

const EXIF = Buffer.from("Exif\0");
const XMP = Buffer.from("http://ns.adobe.com/x");
const PHOTOSHOP = Buffer.from("Photoshop 3.0\0");

export const isJpeg = (photo: Buffer): boolean => photo.subarray(0, 3).equals(SOI);

/** Removes the place from a JPEG and what follows it, in place; returns whether there was one. */
export function removeFromJpeg(photo: Buffer): boolean {
  const first = removeFromPicture(photo, 0);
  let { found } = first;
  for (let start = photo.indexOf(SOI, first.end); start !== -1; ) {
    const further = removeFromPicture(photo, start);
    if (further.found) found = true;
    start = photo.indexOf(SOI, further.end);
  }
  return removeVideoPosition(photo.subarray(first.end)) || found;
}

/** One picture, which ends with its marker, or where it cannot be read any further. */
function removeFromPicture(photo: Buffer, start: number): { readonly found: boolean; readonly end: number } {
  let found = false;
  let at = start + 2;
  while (at + 4 <= photo.length && photo[at] === MARKER) {
    const marker = photo[at + 1] ?? 0;
    if (marker === END_OF_IMAGE) break;
    // A marker may be preceded by any number of such bytes.
    if (marker === MARKER) {
      at += 1;
      continue;
    }
    const next = at + 2 + photo.readUInt16BE(at + 2);
    if (removeFromSegment(marker, photo.subarray(at + 4, next))) found = true;
    at = marker === START_OF_SCAN ? endOfScan(photo, next) : next;
  }
  return { found, end: Math.min(at, photo.length) };
}

function removeFromSegment(marker: number, segment: Buffer): boolean {
  const startsWith = (prefix: Buffer) => segment.subarray(0, prefix.length).equals(prefix);
  if (marker === 0xe1 && startsWith(EXIF)) return removeGps(segment);
  if (marker === 0xe1 && startsWith(XMP)) return removePlace(segment);
  if (marker === 0xed && startsWith(PHOTOSHOP)) return removeIptcPlace(segment.subarray(PHOTOSHOP.length));
  return false;
}

/** The next marker that is none of a scan's own: neither a byte of data, with a zero behind it, nor a restart. */
function endOfScan(photo: Buffer, start: number): number {
  for (let at = photo.indexOf(MARKER, start); at !== -1; at = photo.indexOf(MARKER, at + 1)) {
    const next = photo[at + 1] ?? 0;
    if (next !== 0 && next !== MARKER && (next < 0xd0 || next > 0xd7)) return at;
  }
  return photo.length;
}
