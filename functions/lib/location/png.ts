// Where a PNG keeps metadata: in chunks of EXIF and of text. https://www.w3.org/TR/png-3/#11Ancillary-chunks

import { crc32, inflateSync } from "node:zlib";
import { removeIptcPlace } from "./iptc";
import { removeGps } from "./tiff";
import { isPlace, removePlace } from "./xmp";

const SIGNATURE = Buffer.from("\x89PNG\r\n\x1a\n", "latin1");
const XMP = "XML:com.adobe.xmp";
const NUL = 0;
/** Of all text that is compressed in a photo: more than programs write. */
const MOST_TEXT_BYTES = 16 * 1024 * 1024;

export const isPng = (photo: Buffer): boolean => photo.subarray(0, 8).equals(SIGNATURE);

/** Removes the place from a PNG, in place; returns whether there was one. */
export function removeFromPng(photo: Buffer): boolean {
  const inflate = inflater(MOST_TEXT_BYTES);
  let found = false;
  for (let at = SIGNATURE.length; at + 12 <= photo.length; ) {
    const end = at + 8 + photo.readUInt32BE(at);
    if (end + 4 > photo.length) break;
    if (removeFromChunk(photo.subarray(at + 4, end), inflate)) {
      photo.writeUInt32BE(crc32(photo.subarray(at + 4, end)), end);
      found = true;
    }
    at = end + 4;
  }
  return found;
}

/** @param chunk from its type to its checksum */
function removeFromChunk(chunk: Buffer, inflate: Inflate): boolean {
  const type = chunk.toString("latin1", 0, 4);
  const data = chunk.subarray(4);
  if (type === "eXIf") return removeGps(data);
  if (!["tEXt", "zTXt", "iTXt"].includes(type)) return false;
  const text = data.indexOf(NUL) + 1;
  const keyword = data.toString("latin1", 0, Math.max(text - 1, 0));
  if (type === "iTXt" && keyword === XMP && data[text] === 0) return removePlace(data.subarray(text + 2));
  if (!hasPlace(keyword, () => readText(type, data.subarray(text), inflate))) return false;
  // What is compressed, or in hexadecimal digits, cannot be changed and keep its length: all of it goes.
  chunk.fill(" ");
  chunk.write("tEXt-\0", 0, "latin1");
  return true;
}

/** Undefined when nothing more is to be inflated, or nothing can be. */
type Inflate = (compressed: Buffer) => Buffer | undefined;

/** Inflates so many bytes in all: a photo may hold thousands of texts that unfold into megabytes each. */
function inflater(most: number): Inflate {
  let left = most;
  return (compressed) => {
    if (left <= 0) return undefined;
    try {
      const text = inflateSync(compressed, { maxOutputLength: left });
      left -= text.length;
      return text;
    } catch {
      left -= compressed.length;
      return undefined;
    }
  };
}

/** The text behind a keyword. */
function readText(type: string, data: Buffer, inflate: Inflate): Buffer | undefined {
  if (type === "tEXt") return data;
  if (type === "zTXt") return inflate(data.subarray(1));
  const afterTranslation = data.indexOf(NUL, data.indexOf(NUL, 2) + 1) + 1;
  return data[0] === 1 ? inflate(data.subarray(afterTranslation)) : data.subarray(afterTranslation);
}

/**
 * ImageMagick writes what other formats have as such in digits, behind a name and a length, and properties one by one. What
 * cannot be read may say anything.
 */
function hasPlace(keyword: string, read: () => Buffer | undefined): boolean {
  const isProfile = keyword.startsWith("Raw profile type ");
  if (keyword !== XMP && !isProfile) return isPlace(keyword.replace(/^[\w.-]+:/, ""));
  const text = read();
  if (text === undefined) return true;
  if (!isProfile) return removePlace(text);
  const digits = /^\n[\w ]+\n *\d+\n([\da-f\n]*)/i.exec(text.toString("latin1"))?.[1] ?? "";
  const profile = Buffer.from(digits.replaceAll("\n", ""), "hex");
  return removeGps(profile) || removePlace(profile) || removeIptcPlace(profile);
}
