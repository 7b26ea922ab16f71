// Damaged pictures, resized in the account: each ends as a whole thumbnail or as a reason, and the resizer goes on.

import sharp from "sharp";
import { readPicture } from "../../../functions/lib/picture";
import { type UnpackedZip, unpackAccountZip } from "../account-zip";

const NEVER = new AbortController().signal;
/** Of each format. Every second one starts libvips twice anew; `npm run test:pictures` has more. */
const MUTATED = Number(process.env.MUTATED_PICTURES ?? 3);

let zip: UnpackedZip;
beforeAll(async () => {
  zip = await unpackAccountZip();
}, 60_000);
afterAll(() => zip.remove());

/** A small generator of its own (mulberry32), so that a failure comes again. */
function randomFrom(seed: number): (most: number) => number {
  let state = seed;
  return (most) => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) % most;
  };
}

function mutate(whole: Buffer, random: (most: number) => number): Buffer {
  const bytes = Buffer.from(whole.subarray(0, random(4) === 0 ? random(whole.length) : whole.length));
  for (let changes = 1 + random(8); changes > 0 && bytes.length > 0; changes -= 1) {
    bytes[random(random(2) === 0 ? Math.min(bytes.length, 64) : bytes.length)] = random(256);
  }
  return bytes;
}

it.each(["jpeg", "png", "webp", "avif"] as const)(
  "of mutated %s pictures each is a thumbnail or a reason, and the next photo gets its thumbnail",
  async (format) => {
    const resize = zip.resizerTo();
    const noise = { type: "gaussian", mean: 128, sigma: 40 } as const;
    const image = sharp({ create: { width: 320, height: 200, channels: 3, background: "#888", noise } });
    const whole = await image.toFormat(format).toBuffer();
    const random = randomFrom(format.length);
    for (let index = 0; index < MUTATED; index += 1) {
      const ended = await resize(mutate(whole, random), NEVER).catch((error: unknown) => error);
      if (ended instanceof Error)
        expect(ended).toMatchObject({ name: "UnusablePhoto", message: expect.stringMatching(/./) });
      else expect(readPicture(Buffer.from((ended as { bytes: Uint8Array }).bytes))).toBeDefined();
    }
    expect(await resize(Buffer.from(whole), NEVER)).toMatchObject({ width: 150, height: 94 });
  },
  20_000 + 2_000 * MUTATED,
);
