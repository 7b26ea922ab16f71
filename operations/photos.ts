// The photos a user hands to a command: checked before anything is started or sent, and given their keys.

import { readFile, stat } from "node:fs/promises";
import { basename, extname } from "node:path";
import sharp from "sharp";
import { MAX_KEY_BYTES, ORIGINAL_PREFIX, THUMBNAIL_PREFIX } from "../functions/lib/keys";
import { MAX_PHOTO_BYTES } from "../functions/lib/photo-bytes";
import { foreignFormat, hasForeignName, refusalOfFormat } from "../functions/lib/photo-format";
import { UserError } from "../stack/user-error";
import { type Mistake, mistakeOf } from "./mistake";
import { keyPartOf } from "./profile-images";

/** A photo that is there and can be decoded. */
export interface Photo {
  readonly file: string;
  readonly bytes: Buffer;
  readonly contentType: string;
  /** As it is seen, with its EXIF orientation applied. */
  readonly width: number;
  readonly height: number;
}

/** TinyPNG's and the web's names of formats. */
const CONTENT_TYPES: Readonly<Record<string, string>> = {
  jpeg: "image/jpeg",
  png: "image/png",
  webp: "image/webp",
  heif: "image/avif",
};

/** What TinyPNG takes, and the local one too: https://tinypng.com/developers/reference */
export const MAX_PHOTO_PIXELS = 256_000_000;

/** Why a file is not a photo, when nothing more is known of it. */
export const NO_IMAGE = "is not an image that the pipeline takes: a whole JPEG, PNG, WebP or AVIF";

/** Reads and decodes a photo; throws a UserError that names the file and what is wrong with it. */
export async function readPhoto(file: string): Promise<Photo> {
  const photo = await examinePhoto(file);
  if ("sentence" in photo) throw new UserError(photo.sentence);
  return photo;
}

/** Reads and decodes a photo, or says what is wrong with it. */
export async function examinePhoto(file: string): Promise<Photo | Mistake> {
  const wrong = (why: string, detail?: string) => mistakeOf({ noun: "photo", path: file }, why, detail);
  let bytes: Buffer;
  try {
    const status = await stat(file);
    if (!status.isFile()) return wrong("is not a file");
    if (status.size > MAX_PHOTO_BYTES) return wrong(`has more than ${MAX_PHOTO_BYTES} bytes`, `${status.size}`);
    bytes = await readFile(file);
  } catch (error) {
    return wrong(`cannot be read (${whyUnreadable(error)})`);
  }
  const format = foreignFormat(bytes);
  if (format !== undefined) return wrong(refusalOfFormat(format));
  try {
    const { format: name, autoOrient } = await sharp(bytes, { limitInputPixels: false }).metadata();
    const { width, height } = autoOrient;
    const contentType = CONTENT_TYPES[name];
    if (contentType === undefined) return wrong(refusalOfFormat(name));
    if (width * height > MAX_PHOTO_PIXELS) {
      return wrong(`has more than ${MAX_PHOTO_PIXELS} pixels, the most that the pipeline takes`, `${width}×${height}`);
    }
    // Reads all of the photo, so that damage is found, at a fraction of the cost of all its pixels.
    await sharp(bytes, { failOn: "error", limitInputPixels: MAX_PHOTO_PIXELS }).resize({ width: 1 }).raw().toBuffer();
    return { file, bytes, contentType, width, height };
  } catch (error) {
    const [first = ""] = (error as Error).message.split("\n");
    return wrong(NO_IMAGE, first);
  }
}

/** What is wrong with a photo that starts nothing, by its name. */
export function wrongSuffix(file: string, suffixes: readonly string[]): Mistake {
  const allowed = new Set(suffixes.filter((each) => !hasForeignName(each)).map((each) => each.toLowerCase()));
  const why = `would start nothing: the pipeline takes uploads that end in ${[...allowed].join(", ")}`;
  return mistakeOf({ noun: "photo", path: file }, why);
}

/** The system's code of a file that cannot be read, or what the commonest of them means. */
export function whyUnreadable(error: unknown): string {
  const { code } = error as NodeJS.ErrnoException;
  if (code === undefined) throw error;
  return code === "ENOENT" ? "no such file" : code;
}

/** The most bytes of a photo's key, since a thumbnail's prefix is longer. */
export const MAX_ORIGINAL_KEY_BYTES = MAX_KEY_BYTES - (THUMBNAIL_PREFIX.length - ORIGINAL_PREFIX.length);

/** The key a photo is uploaded under: its own name in a folder of its profile, the extension in lower case. */
export function originalKey(profileId: string, file: string): string {
  const extension = extname(file);
  return `${ORIGINAL_PREFIX}${keyPartOf(profileId)}/${basename(file, extension)}${extension.toLowerCase()}`;
}
