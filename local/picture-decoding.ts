// Pictures from unknown sources, opened with care: only the formats that are meant reach a decoder, and all that are
// decoded at a time share a bounded amount of memory. A few kilobytes can unfold into gigabytes.

import sharp, { type Metadata, type Sharp } from "sharp";
import { createTurns } from "./turns";

export type PictureType = "image/jpeg" | "image/png" | "image/webp" | "image/avif";

/** TinyPNG's limit for the area of an image: https://tinypng.com/developers/reference */
const MAX_PIXELS = 256_000_000;

/** Enough for a progressive JPEG of so many pixels as cameras write them. */
const MEMORY_BYTES = 800_000_000;

/** What a decoder takes that works from top to bottom. */
const LEAST_BYTES = 16_000_000;

// Every photo is another one: a cache would only hold memory.
sharp.cache(false);
// Photos are worked on side by side already; threads within each would only cost more of the same cores.
sharp.concurrency(1);

/** The picture is not of a format that is taken. */
export class UnsupportedPicture extends Error {
  override readonly name: string = "UnsupportedPicture";
}

/** It has more pixels than there may be, or than there is memory for. */
export class PictureTooLarge extends UnsupportedPicture {
  override readonly name = "PictureTooLarge";
}

export interface OpenPicture {
  readonly bytes: Buffer;
  readonly type: PictureType;
  /** Pixels, as it is seen when turned the way its EXIF says. */
  readonly width: number;
  readonly height: number;
  readonly metadata: Metadata;
  /**
   * Does what decodes it, and makes another picture of so many pixels, once the pictures before it leave enough memory.
   * Throws an UnsupportedPicture when there is not so much at all.
   */
  decode<T>(outputPixels: number, work: (image: Sharp) => Promise<T>): Promise<T>;
}

const turns = createTurns(MEMORY_BYTES);

/** Reads a picture's head and decodes nothing; throws an UnsupportedPicture that says why it is not taken. */
export async function openPicture(bytes: Buffer): Promise<OpenPicture> {
  const type = typeOf(bytes);
  if (type === undefined) throw new UnsupportedPicture("File type is not supported.");
  // Without a limit, as this reads no pixel: too many are refused in words of their own.
  const metadata = await sharp(bytes, { failOn: "error", limitInputPixels: false })
    .metadata()
    .catch(() => {
      throw new UnsupportedPicture("File type is not supported.");
    });
  const { width, height } = metadata.autoOrient;
  if (width * height > MAX_PIXELS) {
    throw new PictureTooLarge(`Image is ${width}×${height}, more than ${MAX_PIXELS} pixels.`);
  }
  // Made again for each: sharp's own `clone` copies all the bytes.
  const image = () => sharp(bytes, { failOn: "error", limitInputPixels: MAX_PIXELS }).autoOrient();
  /** Of reading it and of writing what is made of it. */
  const bytesFor = (outputPixels: number) => {
    const cost = LEAST_BYTES + width * height * bytesToRead(type, metadata) + outputPixels * bytesToWrite(type);
    if (cost <= MEMORY_BYTES) return cost;
    const needs = `Image is ${width}×${height}, which takes ${Math.round(cost / 1e6)} MB of memory for this ${type}`;
    throw new PictureTooLarge(`${needs}, more than ${MEMORY_BYTES / 1e6}.`);
  };
  bytesFor(0);
  return {
    bytes,
    type,
    width,
    height,
    metadata,
    decode: async (outputPixels, work) => turns.take(bytesFor(outputPixels), () => work(image())),
  };
}

/** By the first bytes, so that no other decoder sees them; HEIC has AVIF's container, and is told by its brand. */
function typeOf(bytes: Buffer): PictureType | undefined {
  const head = bytes.toString("latin1", 0, 12);
  if (head.startsWith("\xff\xd8\xff")) return "image/jpeg";
  if (head.startsWith("\x89PNG\r\n\x1a\n")) return "image/png";
  if (/^RIFF.{4}WEBP/s.test(head)) return "image/webp";
  return /^.{4}ftypavi[fs]/s.test(head) ? "image/avif" : undefined;
}

/** A pixel, of formats that are held whole until their last byte has been read; others are read from top to bottom. */
function bytesToRead(
  type: PictureType,
  { isProgressive, chromaSubsampling, channels, bitsPerSample }: Metadata,
): number {
  switch (type) {
    case "image/jpeg": {
      // Two bytes a coefficient; of the two channels of colour a quarter or a half is there.
      const colours = chromaSubsampling?.startsWith("4:2:0")
        ? 1.5
        : chromaSubsampling?.startsWith("4:2:2")
          ? 2
          : channels;
      return isProgressive ? 2 * Math.min(colours, channels) : 0;
    }
    case "image/png":
      return isProgressive ? channels * Math.ceil((bitsPerSample ?? 8) / 8) : 0;
    case "image/webp":
      return 4;
    case "image/avif":
      return 8; // Planes of up to 16 bits, and the pixels that are made of them.
  }
}

/** A pixel: of all but JPEGs the encoder looks at the whole picture first. */
const bytesToWrite = (type: PictureType): number => (type === "image/jpeg" ? 0 : 8);
