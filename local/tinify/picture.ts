// What TinyPNG does to pictures, done by sharp: compress, and resize without ever enlarging.

import sharp, { type Sharp } from "sharp";
import type { ResizeMethod, ResizeOptions } from "./result-options";
import { tinifyError } from "./tinify-error";

export interface Picture {
  readonly bytes: Buffer;
  /** Media type. */
  readonly type: string;
  /** Pixels. */
  readonly width: number;
  readonly height: number;
}

/** TinyPNG's limit for the area of an image: https://tinypng.com/developers/reference */
const MAX_PIXELS = 256_000_000;

// Every photo is another one: a cache would only hold memory.
sharp.cache(false);
// Photos are worked on side by side already; threads within each would only cost more of the same cores.
sharp.concurrency(1);

/**
 * sharp's name of a format → media type, and how to encode: as strongly as TinyPNG about, but with quick settings, as
 * nobody pays for these bytes. Optimal Huffman tables would take half of the time for a twentieth of a JPEG's size.
 */
const FORMATS: Readonly<Record<string, { type: string; encode: (image: Sharp) => Sharp }>> = {
  jpeg: { type: "image/jpeg", encode: (image) => image.jpeg({ quality: 65, optimiseCoding: false }) },
  png: { type: "image/png", encode: (image) => image.png({ palette: true, effort: 1 }) },
  webp: { type: "image/webp", encode: (image) => image.webp({ quality: 75, effort: 0 }) },
  heif: { type: "image/avif", encode: (image) => image.avif({ quality: 50, effort: 0 }) },
};

/** Reads from an upload's head what picture it is, as it is seen when turned the way its EXIF says. Decodes nothing. */
export async function readPicture(bytes: Buffer): Promise<Picture> {
  const { format, compression, autoOrient } = await sharp(bytes, NO_LIMIT).metadata().catch(unsupported);
  // HEIC has AVIF's container, and neither TinyPNG nor sharp takes what is in it.
  if (compression === "hevc") unsupported();
  const { type } = (Object.hasOwn(FORMATS, format) ? FORMATS[format] : undefined) ?? unsupported();
  const { width, height } = autoOrient;
  if (width * height > MAX_PIXELS) {
    throw tinifyError(413, "Input too large", `Image is ${width}×${height}, more than ${MAX_PIXELS} pixels.`);
  }
  return { bytes, type, width, height };
}

/**
 * Makes a picture smaller in bytes; metadata is dropped, the orientation applied. What would only grow stays as it is,
 * unless there is something to drop or to turn.
 */
export async function compress(picture: Picture): Promise<Picture> {
  const image = open(picture.bytes);
  const { exif, xmp, iptc } = await image.metadata();
  const compressed = await render(image, picture.type);
  // The orientation is part of EXIF.
  const isBare = exif === undefined && xmp === undefined && iptc === undefined;
  return isBare && compressed.bytes.length >= picture.bytes.length ? picture : compressed;
}

/** https://tinypng.com/developers/reference#resizing-images */
const FITS: Readonly<Record<ResizeMethod, "inside" | "cover">> = {
  scale: "inside",
  fit: "inside",
  cover: "cover",
  thumb: "cover",
};

/** Makes a picture of the asked size, compressed and without metadata as well. */
export function resize(picture: Picture, { method, width, height }: ResizeOptions): Promise<Picture> {
  const fit = FITS[method];
  const position = fit === "cover" ? sharp.strategy.attention : undefined;
  const resized = open(picture.bytes).resize({ width, height, fit, position, withoutEnlargement: true });
  return render(resized, picture.type);
}

/** For what reads no pixel: too many are refused in words of their own. */
const NO_LIMIT = { failOn: "error", limitInputPixels: false } as const;
const LIMITS = { failOn: "error", limitInputPixels: MAX_PIXELS } as const;

const open = (bytes: Buffer) => sharp(bytes, LIMITS).autoOrient();

function unsupported(): never {
  throw tinifyError(415, "Unsupported media type", "File type is not supported.");
}

async function render(image: Sharp, type: string): Promise<Picture> {
  const { encode } = Object.values(FORMATS).find((format) => format.type === type) ?? unsupported();
  try {
    const { data, info } = await encode(image).toBuffer({ resolveWithObject: true });
    return { bytes: data, type, width: info.width, height: info.height };
  } catch (error) {
    throw tinifyError(400, "Decode error", `Image could not be decoded: ${(error as Error).message.split("\n")[0]}`);
  }
}
