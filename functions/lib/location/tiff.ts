// The position in EXIF, which is a TIFF file without a picture: directories of entries that point at their values.
// EXIF 2.32, section 4.6; TIFF 6.0, section 2: https://developer.adobe.com/content/dam/udp/en/open/standards/tiff/TIFF6.pdf

/** Points at the directory of GPS's entries. */
const GPS_DIRECTORY = 0x8825;
const ENTRY_BYTES = 12;
/** The bytes of a value of each type, from 1, BYTE, to 13, IFD. */
const TYPE_BYTES = [0, 1, 1, 2, 4, 8, 1, 1, 2, 4, 8, 4, 8, 4];
/** More than there are in any photo: directories of a damaged one may follow one another in a circle. */
const MOST_DIRECTORIES = 16;

/**
 * Removes the position, in place: all offsets stay what they are.
 * @param tiff from its byte order mark to where its container says that it ends
 * @returns whether there was one
 */
export function removeGps(tiff: Buffer): boolean {
  const order = tiff.toString("latin1", 0, 2);
  if (tiff.length < 8 || (order !== "II" && order !== "MM")) return false;
  const read = reader(tiff, order === "II");
  let found = false;
  let directory = read.long(4);
  for (let seen = 0; seen < MOST_DIRECTORIES && directory >= 8 && directory + 2 <= tiff.length; seen += 1) {
    const count = read.short(directory);
    const end = directory + 2 + count * ENTRY_BYTES;
    if (end + 4 > tiff.length) break;
    const next = read.long(end);
    for (let entry = end - ENTRY_BYTES; entry > directory; entry -= ENTRY_BYTES) {
      if (read.short(entry) !== GPS_DIRECTORY) continue;
      eraseDirectory(tiff, read, read.long(entry + 8));
      removeEntry(tiff, read, directory, entry);
      found = true;
    }
    directory = next;
  }
  return found;
}

type Reader = ReturnType<typeof reader>;

const reader = (tiff: Buffer, isLittleEndian: boolean) => ({
  short: (at: number) => (isLittleEndian ? tiff.readUInt16LE(at) : tiff.readUInt16BE(at)),
  long: (at: number) => (isLittleEndian ? tiff.readUInt32LE(at) : tiff.readUInt32BE(at)),
  writeShort: (value: number, at: number) =>
    isLittleEndian ? tiff.writeUInt16LE(value, at) : tiff.writeUInt16BE(value, at),
});

/** Fills a directory and the values that it points at with zeros, as far as they are there. */
function eraseDirectory(tiff: Buffer, read: Reader, directory: number): void {
  if (directory < 8 || directory + 2 > tiff.length) return;
  const end = Math.min(directory + 2 + read.short(directory) * ENTRY_BYTES, tiff.length);
  for (let entry = directory + 2; entry + ENTRY_BYTES <= end; entry += ENTRY_BYTES) {
    const bytes = (TYPE_BYTES[read.short(entry + 2)] ?? 0) * read.long(entry + 4);
    const value = read.long(entry + 8);
    if (bytes > 4 && value >= 8 && value + bytes <= tiff.length) tiff.fill(0, value, value + bytes);
  }
  tiff.fill(0, directory, end);
}

/** The entries behind it, and the offset of the next directory, take its place. */
function removeEntry(tiff: Buffer, read: Reader, directory: number, entry: number): void {
  const count = read.short(directory);
  const end = directory + 2 + count * ENTRY_BYTES + 4;
  tiff.copy(tiff, entry, entry + ENTRY_BYTES, end);
  tiff.fill(0, end - ENTRY_BYTES, end);
  read.writeShort(count - 1, directory);
}
