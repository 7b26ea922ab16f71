// Makes a small picture of a photo with libvips: upright, in sRGB, without metadata. Only the formats that are meant reach
// a decoder, and none begins what would not fit into memory: a few kilobytes can unfold into gigabytes.

import type Vips from "wasm-vips";
import { readPicture } from "./picture";
import { type Resized, UnusablePhoto } from "./resize";
import type { FormattedSize, Size, ThumbnailFormat } from "./size";

/** As TinyPNG: https://tinypng.com/developers/reference */
const MAX_PIXELS = 256_000_000;

/** Of libvips's memory, what libvips itself takes with its threads, and what is made. */
const OTHER_BYTES = 150_000_000;

interface Format {
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

const FORMATS: readonly Format[] = [
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

/** Each piece that is read of a photo where it lies takes a call to another thread: up to so many bytes a copy is quicker. */
const MOST_COPIED_BYTES = 4_000_000;

const isCopied = (photo: Uint8Array): boolean => photo.length <= MOST_COPIED_BYTES;

/** Once for its head, and once to be decoded. */
const copiesOf = (photo: Uint8Array, { copies }: Format): number => (isCopied(photo) ? copies + 2 : copies);

export type VipsResize = (photo: Uint8Array, sizes: readonly FormattedSize[]) => Resized[];

/**
 * Makes the resizing function. It throws an UnusablePhoto where the photo's head is enough to tell; after anything else it
 * is not to be used any more.
 * @param heapBytes what libvips may take of memory
 */
export function createVipsResize(vips: typeof Vips, heapBytes: number): VipsResize {
  // Photos wait for each other anyway, and each is another one: threads and a cache would only hold memory.
  vips.concurrency(1);
  vips.Cache.max(0);
  vips.operationBlock("VipsForeignLoad", true);
  for (const { loader } of FORMATS) vips.operationBlock(`VipsForeignLoad${loader}`, false);

  /** Reads a large photo where it lies: a copy in libvips's memory would be another 64 MB. */
  function sourceOf(photo: Uint8Array): Vips.Source {
    if (isCopied(photo)) return vips.Source.newFromMemory(photo);
    const source = new vips.SourceCustom();
    let at = 0;
    source.onRead = (length) => {
      const bytes = photo.subarray(at, at + length);
      at += bytes.length;
      return bytes.length === 0 ? undefined : bytes;
    };
    source.onSeek = (offset, whence) => {
      at = offset + ([0, at, photo.length][whence] ?? 0);
      return at;
    };
    return source;
  }

  function open(photo: Uint8Array, keep: Keep, options: Readonly<Record<string, number>> = {}): Vips.Image {
    const source = keep(sourceOf(photo));
    return keep(vips.Image.newFromSource(source, "", { access: "sequential", fail_on: "error", ...options }));
  }

  function makeAll(photo: Uint8Array, sizes: readonly FormattedSize[], format: Format, keep: Keep): Uint8Array[] {
    const head = open(photo, keep);
    const { width, height } = head;
    const [large, times] = largestOf(head, sizes);
    const bytes =
      copiesOf(photo, format) * photo.length + width * height * format.bytesPerPixel(head) + bytesOf(large, sizes);
    checkSize(width * height, bytes, heapBytes);
    const decoded = open(photo, keep, format.shrinkOnLoad(times));
    const colours = coloursOf(head);
    const [only] = sizes;
    if (only !== undefined && sizes.length === 1) {
      return [write(only, format, withoutDepth(keep(thumbnailOf(decoded, only, colours)), keep))];
    }
    const shared = keep(withoutDepth(keep(forcedTo(decoded, large, colours)), keep).copyMemory());
    return sizes.map((size) => write(size, format, ofShared(shared, head, size, keep)));
  }

  return (photo, sizes) => {
    const head = Buffer.from(photo.subarray(0, 12)).toString("latin1");
    const format = FORMATS.find(({ begins }) => begins.test(head));
    if (format === undefined) throw new UnusablePhoto("File type is not supported");
    return keeping((keep) => makeAll(photo, sizes, format, keep)).map((each) => {
      const made = new Uint8Array(each);
      const picture = readPicture(Buffer.from(made.buffer));
      if (picture === undefined) throw new Error(`libvips made no whole picture (${made.length} bytes)`);
      return { ...picture, bytes: made };
    });
  };
}

type Options = NonNullable<Parameters<Vips.Image["thumbnailImage"]>[1]>;

// Not libvips's `thumbnail` of a source, which makes a thumbnail of half a photo as well.
const thumbnailOf = (image: Vips.Image, { method, width, height }: Size, colours: Options): Vips.Image =>
  image.thumbnailImage(width, {
    height,
    size: "down",
    // Where there is more than fits, TinyPNG keeps what catches the eye, and so does libvips in a way of its own.
    crop: method === "fit" ? "none" : "attention",
    ...colours,
  });

const coloursOf = (head: Vips.Image): Options => ({
  output_profile: "srgb",
  // For printing, without a profile of its own.
  ...(head.interpretation === "cmyk" && { input_profile: "cmyk" }),
  intent: "perceptual",
});

const withoutDepth = (image: Vips.Image, keep: Keep): Vips.Image => keep(keep(image.colourspace("srgb")).cast("uchar"));

interface Dimensions {
  readonly width: number;
  readonly height: number;
}

/** Red, green, blue, and how far one can see through. */
const MOST_BANDS = 4;

/** That what several sizes are made of takes, so that the photo is decoded once. */
const bytesOf = ({ width, height }: Dimensions, sizes: readonly Size[]): number =>
  sizes.length === 1 ? 0 : width * height * MOST_BANDS;

const write = ({ format: wanted }: FormattedSize, format: Format, image: Vips.Image): Uint8Array =>
  (FORMATS.find(({ name }) => name === wanted) ?? format).write(image);

/** As large as the largest size needs the photo, and how many times the photo is larger. */
function largestOf(head: Vips.Image, sizes: readonly Size[]): [Dimensions, number] {
  const times = Math.max(1, Math.min(...sizes.map((size) => timesLarger(head, size))));
  return [shrunk(head, times), times];
}

/** By `fit` exactly as of the photo itself: of what is smaller already, it could come out a pixel wider or higher. */
function ofShared(shared: Vips.Image, head: Vips.Image, size: Size, keep: Keep): Vips.Image {
  if (size.method !== "fit") return keep(thumbnailOf(shared, size, {}));
  return keep(forcedTo(shared, shrunk(head, Math.max(1, timesLarger(head, size))), {}));
}

const forcedTo = (image: Vips.Image, { width, height }: Dimensions, colours: Options): Vips.Image =>
  image.thumbnailImage(width, { height, size: "force", ...colours });

function shrunk(head: Vips.Image, times: number): Dimensions {
  const { width, height } = seen(head);
  return { width: Math.max(1, Math.round(width / times)), height: Math.max(1, Math.round(height / times)) };
}

/** What lives in libvips's memory until it is told. */
interface Deletable {
  delete(): void;
}
type Keep = <T extends Deletable>(each: T) => T;

/** Does the work, and then frees what it has kept. */
function keeping<T>(work: (keep: Keep) => T): T {
  const kept: Deletable[] = [];
  try {
    return work((each) => {
      kept.push(each);
      return each;
    });
  } finally {
    for (const each of kept.reverse()) each.delete();
  }
}

function checkSize(pixels: number, bytes: number, heapBytes: number): void {
  if (pixels > MAX_PIXELS) throw new UnusablePhoto(`Image has ${pixels} pixels, the most is ${MAX_PIXELS}`);
  const most = heapBytes - OTHER_BYTES;
  if (bytes <= most) return;
  const megabytes = (count: number) => Math.ceil(count / 1_000_000);
  throw new UnusablePhoto(
    `Image needs ${megabytes(bytes)} MB of memory to be decoded, and there are ${megabytes(most)}: the setting createThumbnail.memorySize gives more`,
  );
}

/** How many times the photo is larger than what is made of it, as it is seen. */
function timesLarger(head: Vips.Image, { method, width, height }: Size): number {
  const photo = seen(head);
  const times = [photo.width / width, photo.height / height];
  return method === "fit" ? Math.max(...times) : Math.min(...times);
}

/** As large as the photo is when turned the way its EXIF says. */
function seen(head: Vips.Image): Dimensions {
  const { width, height } = head;
  const isTurned = head.getTypeof("orientation") !== 0 && head.getInt("orientation") >= 5;
  return isTurned ? { width: height, height: width } : { width, height };
}

const isInterlaced = (head: Vips.Image): boolean =>
  head.getTypeof("interlaced") !== 0 && head.getInt("interlaced") === 1;

/** Of the two channels of colour a quarter or a half is there. */
function coefficientsPerPixel(head: Vips.Image): number {
  const has = head.getTypeof("jpeg-chroma-subsample") !== 0;
  const subsampling = has ? head.getString("jpeg-chroma-subsample") : "";
  if (subsampling.startsWith("4:2:0")) return 1.5;
  return subsampling.startsWith("4:2:2") ? 2 : head.bands;
}

/** What went wrong, in a line: libvips says most in the second. */
export function reasonOf(error: unknown): string {
  const [first = "", second = ""] = String((error as { message?: unknown } | undefined)?.message ?? error).split("\n");
  return second.trim() || first.trim();
}
