// The photos a user hands to a command: checked before anything is started or sent, and given their keys.

import { readFile, stat } from "node:fs/promises";
import { basename, extname, join } from "node:path";
import sharp from "sharp";
import { MAX_PHOTO_BYTES } from "../functions/lib/images-bucket";
import { UserError } from "../stack/user-error";
import { PROJECT_ROOT } from "./synthesize";

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

/** The path of one of our own photos. */
export const samplePhoto = (name: string): string => join(PROJECT_ROOT, "samples", name);

/** Reads and decodes a photo; throws a UserError that names the file and what is wrong with it. */
export async function readPhoto(file: string): Promise<Photo> {
  const cannotBeRead = (error: NodeJS.ErrnoException) => {
    const why = error.code === "ENOENT" ? "no such file" : error.code;
    throw new UserError(`the photo "${file}" cannot be read (${why})`);
  };
  const status = await stat(file).catch(cannotBeRead);
  if (!status.isFile()) throw new UserError(`the photo "${file}" is not a file`);
  if (status.size > MAX_PHOTO_BYTES) {
    throw new UserError(`the photo "${file}" has ${status.size} bytes; the most is ${MAX_PHOTO_BYTES}`);
  }
  const bytes = await readFile(file).catch(cannotBeRead);
  try {
    const image = sharp(bytes, { failOn: "error" });
    const { format, autoOrient } = await image.metadata();
    // Reads all of the photo, so that damage is found, at a fraction of the cost of all its pixels.
    await image.resize({ width: 1 }).raw().toBuffer();
    const contentType = CONTENT_TYPES[format];
    if (contentType === undefined) throw new Error(`its format is ${format}`);
    return { file, bytes, contentType, width: autoOrient.width, height: autoOrient.height };
  } catch (error) {
    throw new UserError(
      `the photo "${file}" is no image that TinyPNG takes (JPEG, PNG, WebP or AVIF): ${(error as Error).message.split("\n")[0]}`,
    );
  }
}

/** The key a photo is uploaded under: its own name in a folder of its profile, the extension in lower case. */
export function originalKey(profileId: number, file: string): string {
  const extension = extname(file);
  return `original/${profileId}/${basename(file, extension)}${extension.toLowerCase()}`;
}
