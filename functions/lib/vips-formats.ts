// The formats that libvips reads and writes here: how each is told, what decoding it takes of memory, and how it is encoded.

import type Vips from "wasm-vips";
import type { ThumbnailFormat } from "./size";

export interface Format {
  readonly name: Exclude<ThumbnailFormat, "original">;
  /** The loader's name in libvips. */
  readonly loader: string;
  readonly begins: RegExp;
  /** How often the photo's bytes lie in memory. */
  readonly copies: number;
  /** What a decoder holds of each pixel until the last has been read; 0 where it reads from top to bottom. */
  bytesPerPixel(head: Vips.Image): number;
  /** Options of the loader that have it decode no more than is needed to make the photo so many times smaller. */
  shrinkOnLoad(times: number): Readonly<Record<string, number>>;
  write(image: Vips.Image): Uint8Array;
}

export const FORMATS: readonly Format[] = [
  {
    name: "jpeg",
    loader: "Jpeg",
    copies: 1,
    begins: /^\xff\xd8\xff/,
    bytesPerPixel: (head) => (isInterlaced(head) ? 2 * coefficientsPerPixel(head) : 0),
    // Half of what is possible: the decoder's own way of shrinking is coarse.
    shrinkOnLoad: (times) => ({ shrink: times >= 16 ? 8 : times >= 8 ? 4 : times >= 4 ? 2 : 1 }),
    // Where one can see through, white shows.
    write: (image) => image.jpegsaveBuffer({ Q: 80, optimize_coding: true, keep: "none", background: [255, 255, 255] }),
  },
  {
    name: "png",
    loader: "Png",
    copies: 1,
    begins: /^\x89PNG\r\n/,
    bytesPerPixel: (head) => (isInterlaced(head) ? head.bands * (head.format === "ushort" ? 2 : 1) : 0),
    shrinkOnLoad: () => ({}),
    write: (image) => image.pngsaveBuffer({ compression: 9, keep: "none" }),
  },
  {
    name: "webp",
    loader: "Webp",
    copies: 3,
    begins: /^RIFF.{4}WEBP/s,
    bytesPerPixel: () => 6,
    shrinkOnLoad: (times) => ({ scale: Math.min(1, 2 / times) }),
    write: (image) => image.webpsaveBuffer({ Q: 80, keep: "none" }),
  },
  {
    name: "avif",
    loader: "Heif",
    copies: 2,
    begins: /^.{4}ftypavi[fs]/s,
    // Measured; the decoder keeps several pictures with their borders.
    bytesPerPixel: () => 20,
    shrinkOnLoad: () => ({}),
    write: (image) => image.heifsaveBuffer({ Q: 60, compression: "av1", effort: 2, keep: "none" }),
  },
];

const isInterlaced = (head: Vips.Image): boolean =>
  head.getTypeof("interlaced") !== 0 && head.getInt("interlaced") === 1;

/** Of the two channels of colour a quarter or a half is there. */
function coefficientsPerPixel(head: Vips.Image): number {
  const has = head.getTypeof("jpeg-chroma-subsample") !== 0;
  const subsampling = has ? head.getString("jpeg-chroma-subsample") : "";
  if (subsampling.startsWith("4:2:0")) return 1.5;
  return subsampling.startsWith("4:2:2") ? 2 : head.bands;
}
