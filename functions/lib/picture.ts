// Whether bytes are a whole picture of a type that TinyPNG makes, and how large it is. Nothing is decoded: each format says
// itself how long it is, so what broke off on its way is seen; damage within a JPEG's or a WebP's data is not.

import { crc32 } from "node:zlib";
import { HEIF } from "image-size/types/heif";
import type { IImage } from "image-size/types/interface";
import { JPG } from "image-size/types/jpg";
import { PNG } from "image-size/types/png";
import { WEBP } from "image-size/types/webp";

export interface Picture {
  /** Media type. */
  readonly type: string;
  /** Pixels. */
  readonly width: number;
  readonly height: number;
}

interface Format {
  readonly type: string;
  begins(bytes: Buffer): boolean;
  isWhole(bytes: Buffer): boolean;
  readonly size: IImage;
}

const FORMATS: readonly Format[] = [
  { type: "image/jpeg", begins: (bytes) => bytes.readUInt16BE(0) === 0xffd8, isWhole: isWholeJpeg, size: JPG },
  { type: "image/png", begins: (bytes) => bytes.indexOf(PNG_SIGNATURE) === 0, isWhole: isWholePng, size: PNG },
  {
    type: "image/webp",
    begins: (bytes) => text(bytes, 0) === "RIFF" && text(bytes, 8) === "WEBP",
    isWhole: isWholeWebp,
    size: WEBP,
  },
  {
    type: "image/avif",
    begins: (bytes) => text(bytes, 4) === "ftyp" && /^avi[fs]$/.test(text(bytes, 8)),
    isWhole: isWholeAvif,
    size: HEIF,
  },
];

const PNG_SIGNATURE = Buffer.from("\x89PNG\r\n\x1a\n", "latin1");

const text = (bytes: Buffer, start: number) => bytes.toString("latin1", start, start + 4);

/** Whether bytes begin as AVIF does. */
export const hasAvif = (bytes: Buffer): boolean =>
  FORMATS.find(({ begins }) => bytes.length >= 12 && begins(bytes))?.type === "image/avif";

/** Reads a picture; undefined when it is not a picture, or is not whole. */
export function readPicture(bytes: Buffer): Picture | undefined {
  try {
    const format = FORMATS.find(({ begins }) => begins(bytes));
    if (format === undefined || !format.isWhole(bytes)) return undefined;
    const { width, height } = format.size.calculate(bytes);
    return width > 0 && height > 0 ? { type: format.type, width, height } : undefined;
  } catch {
    return undefined; // It points beyond its own end.
  }
}

const [START_OF_SCAN, END_OF_IMAGE] = [0xffda, 0xffd9];

/** Segments up to the first scan, whose data has no length but an end. https://www.w3.org/Graphics/JPEG/itu-t81.pdf B.1 */
function isWholeJpeg(bytes: Buffer): boolean {
  let at = 2;
  let marker = bytes.readUInt16BE(at);
  for (; marker >> 8 === 0xff && marker !== START_OF_SCAN; marker = bytes.readUInt16BE(at)) {
    at += 2 + bytes.readUInt16BE(at + 2);
  }
  const end = bytes.length - 2;
  return (
    marker === START_OF_SCAN && at + 2 + bytes.readUInt16BE(at + 2) < end && bytes.readUInt16BE(end) === END_OF_IMAGE
  );
}

/** Chunks of a length, a type, data and a checksum. https://www.w3.org/TR/png-3/#5Chunk-layout */
function isWholePng(bytes: Buffer): boolean {
  const types: string[] = [];
  for (let at = PNG_SIGNATURE.length; at < bytes.length; ) {
    const end = at + 8 + bytes.readUInt32BE(at);
    if (bytes.readUInt32BE(end) !== crc32(bytes.subarray(at + 4, end))) return false;
    types.push(text(bytes, at + 4));
    at = end + 4;
  }
  return types[0] === "IHDR" && types.includes("IDAT") && types.indexOf("IEND") === types.length - 1;
}

/** https://developers.google.com/speed/webp/docs/riff_container */
function isWholeWebp(bytes: Buffer): boolean {
  const types: string[] = [];
  let at = 12;
  for (; at < bytes.length; at += 8 + evenly(bytes.readUInt32LE(at + 4))) types.push(text(bytes, at));
  const hasPicture = types.some((type) => ["VP8 ", "VP8L", "ANMF"].includes(type));
  return at === bytes.length && 8 + evenly(bytes.readUInt32LE(4)) === at && hasPicture;
}

const evenly = (length: number) => length + (length % 2);

/** Boxes of a length and a type: ISO/IEC 14496-12, 4.2. https://aomediacodec.github.io/av1-avif/ */
function isWholeAvif(bytes: Buffer): boolean {
  const types: string[] = [];
  let at = 0;
  while (at < bytes.length) {
    types.push(text(bytes, at + 4));
    const short = bytes.readUInt32BE(at);
    // 0 is "to the end of the file", 1 a longer length behind the type.
    const length = short === 0 ? bytes.length - at : short === 1 ? Number(bytes.readBigUInt64BE(at + 8)) : short;
    if (length < 8) return false;
    at += length;
  }
  return at === bytes.length && types.includes("meta") && types.includes("mdat");
}
