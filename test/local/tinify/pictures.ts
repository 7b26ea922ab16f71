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

/** Of each component in a bomb: 8×8 blocks in a unit, across and down. */
const SAMPLINGS = {
  grey: [[1, 1]],
  "4:2:0": [
    [2, 2],
    [1, 1],
    [1, 1],
  ],
  "4:4:4": [
    [1, 1],
    [1, 1],
    [1, 1],
  ],
} as const;

/**
 * A decompression bomb: a progressive JPEG of one colour, in which a block takes a bit, while its decoder holds two bytes for
 * each sample until the end.
 */
export function progressiveBomb(width: number, height: number, sampling: keyof typeof SAMPLINGS): Buffer {
  const components = SAMPLINGS[sampling];
  const units = [width, height].map((pixels, axis) => Math.ceil(pixels / (8 * components[0][axis as 0 | 1])));
  const bits = components.reduce((sum, [across, down]) => sum + across * down, 0) * (units[0] ?? 0) * (units[1] ?? 0);
  const segment = (marker: number, ...content: number[]) => {
    const head = Buffer.from([0xff, marker, 0, 0]);
    head.writeUInt16BE(content.length + 2, 2);
    return Buffer.concat([head, Buffer.from(content)]);
  };
  const high = (value: number) => [value >> 8, value & 0xff];
  const frame = components.flatMap(([across, down], index) => [index + 1, across * 16 + down, 0]);
  return Buffer.concat([
    Buffer.from([0xff, 0xd8]),
    segment(0xdb, 0, ...Array(64).fill(1)),
    segment(0xc2, 8, ...high(height), ...high(width), components.length, ...frame),
    // The code 0 alone: "no difference to the block before".
    segment(0xc4, 0, 1, ...Array(15).fill(0), 0),
    segment(0xda, components.length, ...components.flatMap((_component, index) => [index + 1, 0]), 0, 0, 0),
    Buffer.alloc(Math.ceil(bits / 8)),
    Buffer.from([0xff, 0xd9]),
  ]);
}
