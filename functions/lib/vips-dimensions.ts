// How large a photo is, how many times larger than what is made of it, and how large that comes out.

import type Vips from "wasm-vips";
import type { Size } from "./size";

export interface Dimensions {
  readonly width: number;
  readonly height: number;
}

/** As large as the largest size needs the photo, and how many times the photo is larger. */
export function largestOf(head: Vips.Image, sizes: readonly Size[]): [Dimensions, number] {
  const times = Math.max(1, Math.min(...sizes.map((size) => timesLarger(head, size))));
  return [shrunk(head, times), times];
}

/** The photo so many times smaller. */
export function shrunk(head: Vips.Image, times: number): Dimensions {
  const { width, height } = seen(head);
  return { width: Math.max(1, Math.round(width / times)), height: Math.max(1, Math.round(height / times)) };
}

/** How many times the photo is larger than what is made of it, as it is seen. */
export function timesLarger(head: Vips.Image, { method, width, height }: Size): number {
  const photo = seen(head);
  const times = [photo.width / width, photo.height / height];
  return method === "fit" ? Math.max(...times) : Math.min(...times);
}

/** As large as the photo is when turned the way its EXIF says. */
function seen(head: Vips.Image): Dimensions {
  const { width, height } = head;
  const isTurned = head.getTypeof("orientation") !== 0 && head.getInt("orientation") >= 5;
  return isTurned ? { width: height, height: width } : { width, height };
}
