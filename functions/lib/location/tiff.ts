// The position in EXIF, which is a TIFF file without a picture: directories of entries that point at their values.
// EXIF 2.32, section 4.6; TIFF 6.0, section 2: https://developer.adobe.com/content/dam/udp/en/open/standards/tiff/TIFF6.pdf

/** Points at the directory of GPS's entries. */
const GPS_DIRECTORY = 0x8825;
const ENTRY_BYTES = 12;
/** The bytes of a value of each type, from 1, BYTE, to 13, IFD. */
const TYPE_BYTES = [0, 1, 1, 2, 4, 8, 1, 1, 2, 4, 8, 4, 8, 4];

// More than any photo has. What is made to keep a reader busy claims millions, or lets directories follow in a circle.
const MOST_DIRECTORIES = 16;
const MOST_POSITIONS = 16;
const MOST_ENTRIES_OF_POSITION = 64;
const MOST_VALUE_BYTES = 65_536;

/** Before the TIFF in a JPEG; programs write it in other formats too. */
const EXIF = /^Exif\0/;

/**
 * Removes the position, in place: all offsets stay what they are.
 * @param exif to where its container says that it ends
 * @returns whether there was one
 */
export function removeGps(exif: Buffer): boolean {
  const tiff = EXIF.test(exif.toString("latin1", 0, 5)) ? exif.subarray(6) : exif;
  const order = tiff.toString("latin1", 0, 2);
  if (tiff.length < 8 || (order !== "II" && order !== "MM")) return false;
  const read = reader(tiff, order === "II");
  const positions: number[] = [];
  let directory = read.long(4);
  for (let seen = 0; seen < MOST_DIRECTORIES && directory >= 8 && directory + 2 <= tiff.length; seen += 1) {
    const end = directory + 2 + read.short(directory) * ENTRY_BYTES;
    if (end > tiff.length) break;
    // The last one need not say that none follows.
    const next = end + 4 > tiff.length ? 0 : read.long(end);
    positions.push(...removeEntries(tiff, read, directory, end));
    directory = next;
  }
  // In the end: a damaged one may point at a directory that is still to be read.
  for (const position of positions.slice(0, MOST_POSITIONS)) eraseDirectory(tiff, read, position);
  return positions.length > 0;
}

type Reader = ReturnType<typeof reader>;

const reader = (tiff: Buffer, isLittleEndian: boolean) => ({
  short: (at: number) => (isLittleEndian ? tiff.readUInt16LE(at) : tiff.readUInt16BE(at)),
  long: (at: number) => (isLittleEndian ? tiff.readUInt32LE(at) : tiff.readUInt32BE(at)),
  writeShort: (value: number, at: number) =>
    isLittleEndian ? tiff.writeUInt16LE(value, at) : tiff.writeUInt16BE(value, at),
});

/** The entries behind those that are removed, and the offset of the next directory, take their place; returns what they pointed at. */
function removeEntries(tiff: Buffer, read: Reader, directory: number, end: number): number[] {
  const positions: number[] = [];
  let kept = directory + 2;
  for (let entry = kept; entry < end; entry += ENTRY_BYTES) {
    if (read.short(entry) === GPS_DIRECTORY) {
      positions.push(read.long(entry + 8));
      continue;
    }
    if (kept < entry) tiff.copy(tiff, kept, entry, entry + ENTRY_BYTES);
    kept += ENTRY_BYTES;
  }
  if (kept === end) return positions;
  const whole = Math.min(end + 4, tiff.length);
  const next = tiff.copy(tiff, kept, end, whole);
  tiff.fill(0, kept + next, whole);
  read.writeShort((kept - directory - 2) / ENTRY_BYTES, directory);
  return positions;
}

/** Fills a directory and the values that it points at with zeros, as far as they are there. */
function eraseDirectory(tiff: Buffer, read: Reader, directory: number): void {
  if (directory < 8 || directory + 2 > tiff.length) return;
  const count = Math.min(read.short(directory), MOST_ENTRIES_OF_POSITION);
  const end = Math.min(directory + 2 + count * ENTRY_BYTES, tiff.length);
  for (let entry = directory + 2; entry + ENTRY_BYTES <= end; entry += ENTRY_BYTES) {
    const bytes = (TYPE_BYTES[read.short(entry + 2)] ?? 0) * read.long(entry + 4);
    const value = read.long(entry + 8);
    if (bytes > 4 && bytes <= MOST_VALUE_BYTES && value >= 8 && value + bytes <= tiff.length) {
      tiff.fill(0, value, value + bytes);
    }
  }
  tiff.fill(0, directory, end);
}
