// TinyPNG through its own client, with what the client lacks: a deadline, and errors told apart by what they mean.
// https://tinypng.com/developers/reference/nodejs

import tinify from "tinify";

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

/** Resizes a photo within so many milliseconds. */
export type Resize = (photo: Uint8Array, deadlineMs: number) => Promise<Uint8Array>;

/** Makes the resizing function; the client is one for the whole process, and so is the key. */
export function createResize(key: string, { method, width, height }: Size): Resize {
  tinify.key = key;
  return async (photo, deadlineMs) => {
    // A Buffer and no other Uint8Array: tinify would send that as JSON.
    const work = tinify.fromBuffer(Buffer.from(photo)).resize({ method, width, height }).toBuffer();
    try {
      return await withDeadline(work, deadlineMs);
    } catch (error) {
      throw explain(error);
    }
  };
}

/** The client has no time-out and cannot be stopped; we stop waiting. */
async function withDeadline<T>(work: Promise<T>, deadlineMs: number): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => reject(new Error(`TinyPNG did not answer within ${deadlineMs} ms`)), deadlineMs);
  });
  try {
    return await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
    work.catch(() => undefined); // What comes after the deadline concerns nobody.
  }
}

/** By status, not by class name: minifying renames classes. 429, 5xx and broken connections stay as they are: try again. */
function explain(error: unknown): unknown {
  const { status, message = String(error) } = (error ?? {}) as { status?: number; message?: string };
  if (status === 401 || status === 403) return new KeyRefused(message);
  if (status !== undefined && status >= 400 && status < 500 && status !== 429 && status !== 408) {
    return new UnusablePhoto(message);
  }
  return error;
}
