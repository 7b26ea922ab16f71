// Gives the page the pictures of a profile, out of a bucket that is private: thumbnails as they are, if they are images,
// and originals in the size of a card, since a browser would take a while over ten photos of twelve megapixels.

import type { Readable } from "node:stream";
import { buffer } from "node:stream/consumers";
import { GetObjectCommand, NoSuchKey, type S3Client } from "@aws-sdk/client-s3";
import { MAX_PHOTO_BYTES } from "../functions/lib/photo-bytes";
import { openPicture } from "../local/picture-decoding";
import type { Profiles } from "./profiles";
import { Refusal } from "./refusal";
import type { Request } from "./server";

/** What browsers draw and never run; an SVG can hold scripts. */
const PICTURE_TYPES = ["image/jpeg", "image/png", "image/webp", "image/avif"];

/** Twice a card's, for dense screens. */
const CARD_PIXELS = 320;

/** The address says the version, so what it gives never changes. */
const FOR_GOOD = "private, max-age=31536000, immutable";

export interface PicturesOptions {
  readonly s3: S3Client;
  readonly bucket: string;
  readonly profiles: Profiles;
}

/** Makes the route of `/pictures/<original or thumbnail>?profile=<id>`; no path takes an id such as "..". */
export function createPictures({ s3, bucket, profiles }: PicturesOptions) {
  async function read(Key: string): Promise<{ bytes: Buffer; type: string }> {
    try {
      const {
        Body,
        ContentType = "",
        ContentLength = 0,
      } = await s3.send(new GetObjectCommand({ Bucket: bucket, Key }));
      if (ContentLength > MAX_PHOTO_BYTES) {
        (Body as Readable).destroy();
        throw new Refusal(415, `${Key} is larger than what the console shows (${ContentLength} bytes)`);
      }
      return { bytes: await buffer(Body as Readable), type: ContentType };
    } catch (error) {
      if (error instanceof NoSuchKey) throw new Refusal(404, `There is no ${Key} in ${bucket}`);
      throw error;
    }
  }

  return async ({ parts: [kind], query, response }: Request): Promise<void> => {
    const id = query.get("profile") ?? "";
    const { image, thumbnailKey } = profiles.get(id) ?? {};
    const key = kind === "original" ? image : kind === "thumbnail" ? thumbnailKey : undefined;
    if (key === undefined) throw new Refusal(404, `There is no ${kind} of profile ${id}`);
    const { bytes, type } = await read(key);
    if (kind === "thumbnail" && !PICTURE_TYPES.includes(type)) {
      throw new Refusal(415, `${key} is not a picture that the console shows (its content type is ${type})`);
    }
    const picture =
      kind === "thumbnail" ? { type, bytes } : { type: "image/webp", bytes: await inCardSize(key, bytes) };
    response.writeHead(200, {
      "content-type": picture.type,
      "content-length": picture.bytes.length,
      "cache-control": FOR_GOOD,
    });
    response.end(picture.bytes);
  };
}

async function inCardSize(key: string, bytes: Buffer): Promise<Buffer> {
  try {
    const picture = await openPicture(bytes);
    const { width, height } = picture;
    const scale = Math.min(1, CARD_PIXELS / Math.min(width, height));
    return await picture.decode(width * height * scale ** 2, (image) =>
      image.resize(CARD_PIXELS, CARD_PIXELS, { fit: "outside", withoutEnlargement: true }).webp().toBuffer(),
    );
  } catch (error) {
    throw new Refusal(415, `${key} is not a picture that the console shows (${(error as Error).message})`);
  }
}
