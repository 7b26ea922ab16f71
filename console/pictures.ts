// Gives the page the pictures of a profile, out of a bucket that is private: only what is an image, and only as one.

import type { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { GetObjectCommand, NoSuchKey, type S3Client } from "@aws-sdk/client-s3";
import { thumbnailKeyOf } from "../functions/lib/profile-image";
import type { Profiles } from "./profiles";
import { Refusal } from "./refusal";
import type { Request } from "./server";

/** What browsers draw and never run; an SVG can hold scripts. */
const PICTURE_TYPES = ["image/jpeg", "image/png", "image/webp", "image/avif", "image/gif"];

/** The address says the version, so what it gives never changes. */
const FOR_GOOD = "private, max-age=31536000, immutable";

export interface PicturesOptions {
  readonly s3: S3Client;
  readonly bucket: string;
  readonly profiles: Profiles;
}

/** Makes the route of `/pictures/<profile>/<original or thumbnail>`. */
export function createPictures({ s3, bucket, profiles }: PicturesOptions) {
  return async ({ parts: [id = "", kind], response }: Request): Promise<void> => {
    const image = profiles.get(id)?.image;
    if (image === undefined || (kind !== "original" && kind !== "thumbnail")) {
      throw new Refusal(404, `There is no ${kind} of profile ${id}`);
    }
    const Key = kind === "original" ? image : thumbnailKeyOf(image);
    const {
      Body,
      ContentType = "",
      ContentLength,
    } = await s3.send(new GetObjectCommand({ Bucket: bucket, Key })).catch((error: unknown) => {
      if (error instanceof NoSuchKey) throw new Refusal(404, `There is no ${Key} in ${bucket}`);
      throw error;
    });
    const body = Body as Readable;
    if (!PICTURE_TYPES.includes(ContentType)) {
      body.destroy();
      throw new Refusal(415, `${Key} is no picture that the console shows (its content type is ${ContentType})`);
    }
    response.writeHead(200, {
      "content-type": ContentType,
      "cache-control": FOR_GOOD,
      ...(ContentLength !== undefined && { "content-length": ContentLength }),
    });
    // A page that is closed in the middle is no bug.
    await pipeline(body, response).catch(() => response.destroy());
  };
}
