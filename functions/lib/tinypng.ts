// TinyPNG through its own client, with what the client lacks: a deadline, and errors told apart by what they mean.
// https://tinypng.com/developers/reference/nodejs

import tinify from "tinify";
import { withDeadline } from "./deadline";
import { TINYPNG_DEADLINE_MS } from "./time-limits";
import type { TinypngKey } from "./tinypng-key";

export type ResizeMethod = "fit" | "cover" | "thumb";

export interface Size {
  readonly method: ResizeMethod;
  /** Pixels. */
  readonly width: number;
  /** Pixels. */
  readonly height: number;
}

/** TinyPNG cannot make a thumbnail of this photo, however often it is asked: no image, a damaged one, an unknown type. */
export class UnusablePhoto extends Error {
  override readonly name = "UnusablePhoto";
}

/** TinyPNG refuses our key. No photo is at fault, so none may be given up: somebody must mend the configuration. */
export class KeyRefused extends Error {
  override readonly name = "KeyRefused";
}

export interface Resized {
  readonly bytes: Uint8Array;
  /** As TinyPNG finds it, whatever the upload was called. */
  readonly contentType: string;
}

/** Resizes a photo; every error but {@link UnusablePhoto} and those of the key may be gone at the next try. */
export type Resize = (photo: Buffer) => Promise<Resized>;

/** What S3 itself says of content that nobody described. */
const DEFAULT_TYPE = "application/octet-stream";

/** 400, 413 and 415 are about the photo; 404 is an output that TinyPNG has lost, 429 the quota, 5xx its own trouble. */
const PHOTO_AT_FAULT: readonly unknown[] = [400, 413, 415];
const KEY_AT_FAULT: readonly unknown[] = [401, 403];

/**
 * Makes the resizing function. A photo whose key is refused is tried once more, if there is another key by now. The
 * client is one for the whole process, and so is its key: requests under way keep theirs, but a photo needs two of them,
 * and when the key changes in between, what the second one meets says nothing about the photo.
 */
export function createResize(key: TinypngKey, size: Size, deadlineMs = TINYPNG_DEADLINE_MS): Resize {
  let keyInUse: string | undefined;

  async function resize(photo: Buffer, apiKey: string): Promise<Resized> {
    keyInUse = apiKey;
    tinify.key = apiKey;
    try {
      // The client cannot be stopped: after the deadline we only stop waiting.
      return await withDeadline("TinyPNG", deadlineMs, () => shrinkAndResize(photo, size));
    } catch (error) {
      throw explain(error, key.parameterName);
    }
  }

  return async (photo) => {
    const reading = key.read();
    const apiKey = await reading;
    try {
      return await resize(photo, apiKey);
    } catch (error) {
      const anotherKey = error instanceof KeyRefused ? await key.readAgain(reading) : keyInUse;
      if (anotherKey === undefined || anotherKey === apiKey) throw error;
      return resize(photo, anotherKey);
    }
  };
}

async function shrinkAndResize(photo: Buffer, size: Size): Promise<Resized> {
  const result = tinify.fromBuffer(photo).resize(size).result();
  const [bytes, contentType] = await Promise.all([result.toBuffer(), result.mediaType()]);
  // A proxy's page comes with status 200 as well, and would be kept as a thumbnail for good.
  if (contentType && !contentType.startsWith("image/")) {
    throw new Error(`TinyPNG sent ${contentType} instead of an image`);
  }
  return { bytes, contentType: contentType || DEFAULT_TYPE };
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
