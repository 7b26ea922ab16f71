// Shrunk images, kept until newer ones need the room: TinyPNG keeps its outputs for a while too, and then answers 404.

import { randomBytes } from "node:crypto";
import type { ShrunkImage } from "./shrink";

/** Bytes of inputs and outputs that are kept together; the newest image always stays. */
const BYTES_KEPT = 64 * 1024 * 1024;

const sizeOf = ({ input, output }: ShrunkImage) => input.bytes.length + output.bytes.length;

export function createOutputStore() {
  const images = new Map<string, ShrunkImage>();
  let bytes = 0;
  return {
    /** Keeps an image and returns its id. */
    add(image: ShrunkImage): string {
      const id = randomBytes(16).toString("hex");
      images.set(id, image);
      bytes += sizeOf(image);
      for (const [oldest, old] of images) {
        if (bytes <= BYTES_KEPT || oldest === id) break;
        images.delete(oldest);
        bytes -= sizeOf(old);
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
