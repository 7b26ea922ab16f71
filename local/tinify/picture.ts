// What TinyPNG does to pictures, done by sharp: compress, convert, and resize without ever enlarging.

import sharp, { type Sharp } from "sharp";
import {
  type OpenPicture,
  openPicture,
  PictureTooLarge,
  type PictureType,
  UnsupportedPicture,
} from "../picture-decoding";
import type { ResizeMethod, ResultOptions } from "./result-options";
import { tinifyError } from "./tinify-error";

export interface Picture {
  readonly bytes: Buffer;
  readonly type: PictureType;
  /** Pixels. */
  readonly width: number;
  readonly height: number;
}

/**
 * How to encode: as strongly as TinyPNG about, but with quick settings, as nobody pays for these bytes. Optimal Huffman tables would take half of the time for a twentieth of a JPEG's size.
 */
const ENCODERS: Readonly<Record<PictureType, (image: Sharp) => Sharp>> = {
  "image/jpeg": (image) => image.jpeg({ quality: 65, optimiseCoding: false }),
  "image/png": (image) => image.png({ palette: true, effort: 1 }),
  "image/webp": (image) => image.webp({ quality: 75, effort: 0 }),
  "image/avif": (image) => image.avif({ quality: 50, effort: 0 }),
};

/** Reads from an upload's head what picture it is, as it is seen when turned the way its EXIF says. Decodes nothing. */
export const readPicture = (bytes: Buffer): Promise<OpenPicture> => openPicture(bytes).catch(refuseUnsupported);

/** Whether somebody still waits for the result when it is its turn. */
export type IsWanted = () => boolean;

const ALWAYS: IsWanted = () => true;

/**
 * Makes a picture smaller in bytes; metadata is dropped, the orientation applied. What would only grow stays as it is,
 * unless there is something to drop or to turn.
 */
export async function compress(picture: OpenPicture, isWanted = ALWAYS): Promise<Picture> {
  const { exif, xmp, iptc } = picture.metadata;
  const compressed = await render(picture, picture.width * picture.height, (image) => image, isWanted);
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

/** Makes a picture of the asked size and type, compressed and without metadata as well. */
export async function convert(
  picture: OpenPicture,
  { resize, type = picture.type, background }: ResultOptions,
  isWanted = ALWAYS,
): Promise<Picture> {
  const { method = "scale", width, height } = resize ?? {};
  const fit = FITS[method];
  const position = fit === "cover" ? sharp.strategy.attention : undefined;
  const pixels = Math.min(width ?? picture.width, picture.width) * Math.min(height ?? picture.height, picture.height);
  const change = (image: Sharp) => {
    const filled = background === undefined ? image : image.flatten({ background });
    return resize === undefined ? filled : filled.resize({ width, height, fit, position, withoutEnlargement: true });
  };
  return render(picture, pixels, change, isWanted, type);
}

function refuseUnsupported(error: Error): never {
  if (error instanceof PictureTooLarge) throw tinifyError(413, "Input too large", error.message);
  throw error instanceof UnsupportedPicture ? tinifyError(415, "Unsupported media type", error.message) : error;
}

function render(
  opened: OpenPicture,
  pixels: number,
  change: (image: Sharp) => Sharp,
  isWanted: IsWanted,
  type = opened.type,
): Promise<Picture> {
  const decoded = opened.decode(pixels, async (image) => {
    if (!isWanted()) throw tinifyError(499, "ClientDisconnected", "Nobody waits for it any more.");
    try {
      const { data, info } = await ENCODERS[type](change(image)).toBuffer({ resolveWithObject: true });
      return { bytes: data, type, width: info.width, height: info.height };
    } catch (error) {
      throw tinifyError(400, "Decode error", `Image could not be decoded: ${(error as Error).message.split("\n")[0]}`);
    }
  });
  return decoded.catch(refuseUnsupported);
}
