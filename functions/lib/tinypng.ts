// TinyPNG through its own client, with what the client lacks: a deadline, and errors told apart by what they mean.
// https://tinypng.com/developers/reference/nodejs

import tinify from "tinify";
import { withDeadline } from "./deadline";
import { type Picture, readPicture } from "./picture";
import { ConfigurationFault, type Resize, type Resized, UnusablePhoto } from "./resize";
import type { FormattedSize, ThumbnailFormat } from "./size";
import { TINYPNG_DEADLINE_MS } from "./time-limits";
import { createTinypngClient, type Post } from "./tinypng-client";
import type { TinypngKey } from "./tinypng-key";

/** TinyPNG refuses our key. */
export class KeyRefused extends ConfigurationFault {
  override readonly name = "KeyRefused";
}

/** 400, 413 and 415 are about the photo; 404 is an output that TinyPNG has lost, 429 the quota, 5xx an error of its own. */
const PHOTO_AT_FAULT: readonly unknown[] = [400, 413, 415];
const KEY_AT_FAULT: readonly unknown[] = [401, 403];

/** Beside the pixels: a colour profile, and what stands in the pages that proxies send. */
const RESPONSE_OVERHEAD_BYTES = 1_000_000;

/** Makes the resizing function. A photo whose key is refused is tried once more, if there is another key by now. */
export function createResize(key: TinypngKey, deadlineMs = TINYPNG_DEADLINE_MS): Resize {
  async function resize(photo: Buffer, sizes: readonly FormattedSize[], apiKey: string, signal: AbortSignal) {
    const maxResponseBytes =
      Math.max(...sizes.map(({ width, height }) => width * height * 4)) + RESPONSE_OVERHEAD_BYTES;
    const failed = new AbortController();
    try {
      return await withDeadline("TinyPNG", deadlineMs, (deadline) => {
        const ends = AbortSignal.any([signal, deadline, failed.signal]);
        return shrinkAndResize(createTinypngClient({ key: apiKey, signal: ends, maxResponseBytes }), photo, sizes);
      });
    } catch (error) {
      // Other sizes may be under way.
      failed.abort();
      throw explain(error, key.parameterName);
    }
  }

  return async (photo, sizes, signal) => {
    const reading = key.read();
    const apiKey = await reading;
    try {
      return await resize(photo, sizes, apiKey, signal);
    } catch (error) {
      const newKey = error instanceof KeyRefused ? await key.readAgain(reading) : apiKey;
      if (newKey === apiKey) throw error;
      return resize(photo, sizes, newKey, signal);
    }
  };
}

async function shrinkAndResize(post: Post, photo: Buffer, sizes: readonly FormattedSize[]): Promise<Resized[]> {
  const shrunk = await post("/shrink", photo);
  const { location } = shrunk.headers;
  if (location === undefined) throw new Error("TinyPNG took the photo, and did not say where its output is");
  return Promise.all(sizes.map((size) => resizeTo(post, location, shrunk.body, size)));
}

async function resizeTo(post: Post, location: string, report: Buffer, size: FormattedSize): Promise<Resized> {
  const { format, method, width, height } = size;
  const { headers, body } = await post(location, { resize: { method, width, height }, ...CONVERSIONS[format] });
  // A proxy's page or half a picture comes with status 200 as well, and would be stored as a thumbnail.
  const picture = readPicture(body);
  const given = `${headers["content-type"] ?? "no content type"}, ${body.length} bytes`;
  if (picture === undefined) throw new Error(`TinyPNG sent no whole picture (${given})`);
  if (!isAsAsked(picture, size, report)) {
    throw new Error(
      `TinyPNG sent ${picture.width}×${picture.height} pixels (${given}) for ${method} ${width}×${height}`,
    );
  }
  if (format !== "original" && picture.type !== `image/${format}`) {
    throw new Error(`TinyPNG sent ${picture.type} (${given}) for ${format}`);
  }
  return { ...picture, bytes: body };
}

/** https://tinypng.com/developers/reference#converting-images */
const CONVERSIONS: Readonly<Record<ThumbnailFormat, object>> = {
  original: {},
  // Where one can see through, white shows.
  jpeg: { convert: { type: "image/jpeg" }, transform: { background: "white" } },
  webp: { convert: { type: "image/webp" } },
  avif: { convert: { type: "image/avif" } },
  png: { convert: { type: "image/png" } },
};

/** Never larger; `cover` and `thumb` fill the box, unless the photo is smaller, as TinyPNG enlarges nothing. */
function isAsAsked(picture: Picture, { method, width, height }: FormattedSize, report: Buffer): boolean {
  if (picture.width > width || picture.height > height) return false;
  if (method === "fit" || (picture.width === width && picture.height === height)) return true;
  return shorterSideIn(report) < Math.max(width, height);
}

/** Of the photo, which TinyPNG may have measured before or after turning it upright. */
function shorterSideIn(report: Buffer): number {
  try {
    const { output } = JSON.parse(report.toString());
    return Math.min(output.width, output.height) || 0;
  } catch {
    return 0;
  }
}

/** By status: the client has one class for most of them. */
function explain(error: unknown, parameterName: string): unknown {
  if (!(error instanceof tinify.Error)) return error;
  const { status, message } = error as Error & { status?: number };
  if (KEY_AT_FAULT.includes(status)) {
    return new KeyRefused(`TinyPNG refuses the key in the parameter ${parameterName}: ${message}`);
  }
  return PHOTO_AT_FAULT.includes(status) ? new UnusablePhoto(message) : error;
}
