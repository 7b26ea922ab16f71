// Makes a small picture of a photo with libvips: upright, in sRGB, without metadata. Only the formats that are meant reach
// a decoder, and none begins what would not fit into memory: a few kilobytes can unfold into gigabytes.

import type Vips from "wasm-vips";
import { readPicture } from "./picture";
import { type Resized, UnusablePhoto } from "./resize";
import type { FormattedSize, Size } from "./size";
import { type Dimensions, largestOf, shrunk, timesLarger } from "./vips-dimensions";
import { FORMATS, type Format } from "./vips-formats";

/** As TinyPNG: https://tinypng.com/developers/reference */
const MAX_PIXELS = 256_000_000;

/** Of libvips's memory, what libvips itself takes with its threads, and what is made. */
const OTHER_BYTES = 150_000_000;

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

/** Red, green, blue, and how far one can see through. */
const MOST_BANDS = 4;

/** That what several sizes are made of takes, so that the photo is decoded once. */
const bytesOf = ({ width, height }: Dimensions, sizes: readonly Size[]): number =>
  sizes.length === 1 ? 0 : width * height * MOST_BANDS;

const write = ({ format: wanted }: FormattedSize, format: Format, image: Vips.Image): Uint8Array =>
  (FORMATS.find(({ name }) => name === wanted) ?? format).write(image);

/** By `fit` exactly as of the photo itself: of what is smaller already, it could come out a pixel wider or higher. */
function ofShared(shared: Vips.Image, head: Vips.Image, size: Size, keep: Keep): Vips.Image {
  if (size.method !== "fit") return keep(thumbnailOf(shared, size, {}));
  return keep(forcedTo(shared, shrunk(head, Math.max(1, timesLarger(head, size))), {}));
}

const forcedTo = (image: Vips.Image, { width, height }: Dimensions, colours: Options): Vips.Image =>
  image.thumbnailImage(width, { height, size: "force", ...colours });

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

/** What went wrong, in a line: libvips says most in the second. */
export function reasonOf(error: unknown): string {
  const [first = "", second = ""] = String((error as { message?: unknown } | undefined)?.message ?? error).split("\n");
  return second.trim() || first.trim();
}
