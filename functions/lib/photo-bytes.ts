// A photo's bytes, which the functions hold whole.

import type { Readable } from "node:stream";

/** 64 MB, several times what cameras write. */
export const MAX_PHOTO_BYTES = 64_000_000;

/** Reads an object's body into one buffer of the known size: gathering chunks and joining them would need the memory twice. */
export async function readWhole(body: Readable, size: number, key: string): Promise<Buffer> {
  const bytes = Buffer.allocUnsafe(size);
  let read = 0;
  for await (const chunk of body as AsyncIterable<Buffer>) {
    if (read + chunk.length <= size) chunk.copy(bytes, read);
    read += chunk.length;
  }
  if (read !== size) throw new Error(`S3 sent ${read} of the ${size} bytes of ${key}`);
  return bytes;
}
