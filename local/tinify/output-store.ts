// Uploaded images, kept until newer ones need the room: TinyPNG keeps its outputs for a while too, and then returns 404.

import { randomBytes } from "node:crypto";
import type { OpenPicture } from "../picture-decoding";

/** Bytes that are kept together. */
const BYTES_KEPT = 8 * 1024 * 1024;

/** The newest images stay however large they are: twice as many as a function works on at a time. */
const NEWEST_KEPT = 10;

export function createOutputStore() {
  const images = new Map<string, OpenPicture>();
  let bytes = 0;
  return {
    /** Keeps an image and returns its id. */
    add(image: OpenPicture): string {
      const id = randomBytes(16).toString("hex");
      images.set(id, image);
      bytes += image.bytes.length;
      for (const [oldest, old] of images) {
        if (bytes <= BYTES_KEPT || images.size <= NEWEST_KEPT) break;
        images.delete(oldest);
        bytes -= old.bytes.length;
      }
      return id;
    },
    get: (id: string) => images.get(id),
    clear(): void {
      images.clear();
      bytes = 0;
    },
  };
}
