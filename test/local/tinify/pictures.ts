// Pictures that show which way is up, and what is left of them.

import sharp, { type Sharp } from "sharp";

const RED = { r: 220, g: 20, b: 20 };
const BLUE = { r: 20, g: 20, b: 220 };

/** A picture whose upper half is red and whose lower half is blue, as a viewer sees it. */
export function picture(width: number, height: number): Sharp {
  const half = { width, height: Math.ceil(height / 2), channels: 3 as const };
  return sharp({ create: { width, height, channels: 3, background: BLUE } }).composite([
    { input: { create: { ...half, background: RED } }, top: 0, left: 0 },
  ]);
}

/** The colour at a place, given from 0 to 1. */
export async function colourAt(image: Uint8Array, x: number, y: number): Promise<"red" | "blue"> {
  const { data, info } = await sharp(image).raw().toBuffer({ resolveWithObject: true });
  const index = (Math.floor(y * info.height) * info.width + Math.floor(x * info.width)) * info.channels;
  return (data[index] ?? 0) > (data[index + 2] ?? 0) ? "red" : "blue";
}

export const sizeOf = async (image: Uint8Array) => {
  const { width, height } = await sharp(image).metadata();
  return `${width}×${height}`;
};
