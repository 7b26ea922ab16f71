// Where AVIF and HEIC keep metadata: in items, whose bytes lie somewhere in the file. ISO/IEC 14496-12, 8.11 (items), and
// 23008-12, annex A (EXIF); https://aomediacodec.github.io/av1-avif/

import { removeGps } from "./tiff";
import { removeVideoPosition } from "./video";
import { removePlace } from "./xmp";

interface Box {
  readonly type: string;
  readonly content: Buffer;
}

export const isHeif = (photo: Buffer): boolean => photo.toString("latin1", 4, 8) === "ftyp";

/** More than the list of any photo's parts takes. */
const MOST_META_BYTES = 4 * 1024 * 1024;

/** Boxes of a file that hold, or are, a video. */
const VIDEOS = ["mpvd", "moov"];

/** Removes the place from an AVIF or HEIC and the video in it, in place; returns whether there was one. */
export function removeFromHeif(photo: Buffer): boolean {
  let found = false;
  for (const box of boxesIn(photo)) {
    if (box.type === "meta" && box.content.length <= MOST_META_BYTES && removeFromItems(photo, box)) found = true;
    if (VIDEOS.includes(box.type) && removeVideoPosition(box.content)) found = true;
  }
  return found;
}

function removeFromItems(photo: Buffer, meta: Box): boolean {
  // Behind version and flags.
  const boxes = [...boxesIn(meta.content.subarray(4))];
  const contentOf = (name: string) => boxes.find(({ type }) => type === name)?.content;
  const kinds = readItems(contentOf("iinf") ?? Buffer.alloc(0));
  const sources = [photo, contentOf("idat") ?? Buffer.alloc(0)];
  let found = false;
  for (const { item, method, extents } of readLocations(contentOf("iloc") ?? Buffer.alloc(0))) {
    const remove = kinds.get(item);
    const source = sources[method];
    if (remove === undefined || source === undefined) continue;
    const parts = extents.map(({ offset, length }) =>
      source.subarray(offset, length === 0 ? undefined : offset + length),
    );
    if (removeFromParts(parts, source.length, remove)) found = true;
  }
  return found;
}

/** @param most bytes that they can have together, unless they are the same ones more than once */
function removeFromParts(parts: readonly Buffer[], most: number, remove: (item: Buffer) => boolean): boolean {
  const [only] = parts;
  if (only !== undefined && parts.length === 1) return remove(only);
  if (parts.reduce((sum, { length }) => sum + length, 0) > most) return false;
  const whole = Buffer.concat(parts);
  if (!remove(whole)) return false;
  let at = 0;
  for (const part of parts) {
    whole.copy(part, 0, at);
    at += part.length;
  }
  return true;
}

function* boxesIn(buffer: Buffer): Generator<Box> {
  for (let at = 0; at + 8 <= buffer.length; ) {
    const short = buffer.readUInt32BE(at);
    const isLong = short === 1 && at + 16 <= buffer.length;
    const size = isLong ? Number(buffer.readBigUInt64BE(at + 8)) : short === 0 ? buffer.length - at : short;
    const head = isLong ? 16 : 8;
    if (size < head) return;
    yield { type: buffer.toString("latin1", at + 4, at + 8), content: buffer.subarray(at + head, at + size) };
    at += size;
  }
}

/** The items with metadata, each with what removes the place from it. */
function readItems(iinf: Buffer): Map<number, (item: Buffer) => boolean> {
  const items = new Map<number, (item: Buffer) => boolean>();
  if (iinf.length < 8) return items;
  for (const { type, content } of boxesIn(iinf.subarray(iinf[0] === 0 ? 6 : 8))) {
    const isWide = content[0] === 3;
    if (type !== "infe" || content.length < (isWide ? 14 : 12)) continue;
    const item = isWide ? content.readUInt32BE(4) : content.readUInt16BE(4);
    const kind = content.toString("latin1", isWide ? 10 : 8);
    if (kind.startsWith("Exif")) items.set(item, removeFromExif);
    if (kind.startsWith("mime") && kind.includes("\0application/rdf+xml\0")) items.set(item, removePlace);
  }
  return items;
}

/** The TIFF in it comes after so many bytes as the first four say. */
const removeFromExif = (item: Buffer): boolean =>
  item.length >= 4 && removeGps(item.subarray(4 + item.readUInt32BE(0)));

interface ItemLocation {
  readonly item: number;
  /** 0: in the file; 1: in the box `idat`. */
  readonly method: number;
  readonly extents: readonly { readonly offset: number; readonly length: number }[];
}

function readLocations(iloc: Buffer): ItemLocation[] {
  const locations: ItemLocation[] = [];
  let at = 4;
  const read = (bytes: number): number => {
    if (bytes === 0) return 0;
    const value = bytes === 8 ? Number(iloc.readBigUInt64BE(at)) : iloc.readUIntBE(at, bytes);
    at += bytes;
    return value;
  };
  try {
    const version = iloc.readUInt8(0);
    const sizes = read(2);
    const [offsetBytes, lengthBytes, baseBytes] = [sizes >> 12, (sizes >> 8) & 15, (sizes >> 4) & 15];
    const indexBytes = version === 0 ? 0 : sizes & 15;
    const idBytes = version < 2 ? 2 : 4;
    for (let left = read(idBytes); left > 0; left -= 1) {
      const item = read(idBytes);
      const method = version === 0 ? 0 : read(2) & 15;
      read(2); // In this file, always.
      const base = read(baseBytes);
      const count = read(2);
      // It would be one and the same extent again and again.
      if (count > 1 && indexBytes + offsetBytes + lengthBytes === 0) throw new RangeError("Extents without bytes");
      const extents = Array.from({ length: count }, () => {
        read(indexBytes);
        return { offset: base + read(offsetBytes), length: read(lengthBytes) };
      });
      locations.push({ item, method, extents });
    }
  } catch (error) {
    // A box that ends too early, or has sizes that there are not.
    if (!(error instanceof RangeError)) throw error;
  }
  return locations;
}
