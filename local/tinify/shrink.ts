// What TinyPNG does to pixels, done by sharp: compress, and resize without ever enlarging.

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

/** An upload and what has become of it. */
export interface ShrunkImage {
  readonly input: Pick<Picture, "bytes" | "type">;
  readonly output: Picture;
}

/** TinyPNG's limit for the area of an image: https://tinypng.com/developers/reference */
const MAX_PIXELS = 256_000_000;

// Every photo is another one: a cache would only hold memory.
sharp.cache(false);

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

/**
 * Decodes the whole image, so that damage is found, and compresses it; metadata is dropped, the orientation applied.
 * What would only grow stays as it is.
 */
export async function shrink(bytes: Buffer): Promise<ShrunkImage> {
  const { type, encode, isUpright } = await formatOf(bytes);
  const output = await render(encode(open(bytes)), type);
  const isSmaller = output.bytes.length < bytes.length;
  return { input: { bytes, type }, output: isSmaller || !isUpright ? output : { ...output, bytes } };
}

/** https://tinypng.com/developers/reference#resizing-images */
const FITS: Readonly<Record<ResizeMethod, "inside" | "cover">> = {
  scale: "inside",
  fit: "inside",
  cover: "cover",
  thumb: "cover",
};

/** Makes a picture of the asked size from the upload itself: twice compressed would be twice worse. */
export async function resize({ input, output }: ShrunkImage, options: ResizeOptions): Promise<Picture> {
  const { type, encode } = await formatOf(input.bytes);
  const fit = FITS[options.method];
  // For `cover` an image that is too small in one direction keeps that side and is cut in the other.
  const width = fit === "cover" ? Math.min(options.width ?? output.width, output.width) : options.width;
  const height = fit === "cover" ? Math.min(options.height ?? output.height, output.height) : options.height;
  const position = fit === "cover" ? sharp.strategy.attention : undefined;
  return render(encode(open(input.bytes).resize({ width, height, fit, position, withoutEnlargement: true })), type);
}

const open = (bytes: Buffer) => sharp(bytes, { failOn: "error", limitInputPixels: MAX_PIXELS }).autoOrient();

async function formatOf(bytes: Buffer) {
  const image = sharp(bytes, { limitInputPixels: MAX_PIXELS });
  const { format, orientation = 1 } = await image.metadata().catch(unsupported);
  const known = (Object.hasOwn(FORMATS, format) ? FORMATS[format] : undefined) ?? unsupported();
  return { ...known, isUpright: orientation === 1 };
}

function unsupported(): never {
  throw tinifyError(415, "Unsupported media type", "File type is not supported.");
}

async function render(image: Sharp, type: string): Promise<Picture> {
  try {
    const { data, info } = await image.toBuffer({ resolveWithObject: true });
    return { bytes: data, type, width: info.width, height: info.height };
  } catch (error) {
    throw tinifyError(400, "Decode error", `Image could not be decoded: ${(error as Error).message.split("\n")[0]}`);
  }
}
