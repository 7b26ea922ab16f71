// The position of a video that belongs to a photo: a box of QuickTime's or of 3GPP's, which becomes one that is to be skipped.
// https://developer.apple.com/documentation/quicktime-file-format, 3GPP TS 26.244, 8.10

const TYPES = ["\xa9xyz", "loci"].map((type) => Buffer.from(type, "latin1"));
/** Longer than any, and short enough that what only looks like one is none. */
const MOST_BYTES = 1024;

/** Removes the position, in place; returns whether there was one. */
export function removeVideoPosition(video: Buffer): boolean {
  let found = false;
  for (const type of TYPES) {
    for (let at = video.indexOf(type); at !== -1; at = video.indexOf(type, at + 4)) {
      const size = at < 4 ? 0 : video.readUInt32BE(at - 4);
      if (size < 8 || size > MOST_BYTES || at - 4 + size > video.length) continue;
      video.write("free", at, "latin1");
      video.fill(0, at + 4, at - 4 + size);
      found = true;
    }
  }
  return found;
}
