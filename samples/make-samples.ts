// Draws the sample photos: pilots' portraits of our own making, in the sizes and shapes that cameras give. The noise of
// a sensor is laid over them, so that their files weigh what photos weigh. The same run makes the same files.
// Run it with: node --import tsx samples/make-samples.ts

import { writeFileSync } from "node:fs";
import { join } from "node:path";
import sharp, { type JpegOptions, type Sharp } from "sharp";

interface Sample {
  readonly name: string;
  /** Pixels, as the picture is seen. */
  readonly width: number;
  readonly height: number;
  readonly sky: readonly [top: string, bottom: string];
  readonly helmet: string;
  readonly visor: string;
  /** Standard deviation of the noise, of 255. */
  readonly noise: number;
  readonly jpeg: JpegOptions;
  /** Stores the picture as a camera held upright does: lying, with EXIF's orientation 6. */
  readonly heldUpright?: true;
}

const SAMPLES: readonly Sample[] = [
  {
    name: "maverick",
    width: 3000,
    height: 4000,
    sky: ["#0b3d91", "#ffb16c"],
    helmet: "#e8e8ee",
    visor: "#d4351c",
    noise: 11,
    jpeg: { quality: 72 },
  },
  {
    name: "iceman",
    width: 4032,
    height: 3024,
    sky: ["#6fb7e9", "#e9f5ff"],
    helmet: "#f4f9ff",
    visor: "#2b6cb0",
    noise: 11,
    jpeg: { quality: 70, progressive: true },
  },
  {
    name: "goose",
    width: 3024,
    height: 4032,
    sky: ["#134e4a", "#a7f3d0"],
    helmet: "#1f2937",
    visor: "#fbbf24",
    noise: 11,
    jpeg: { quality: 70 },
    heldUpright: true,
  },
  {
    name: "merlin",
    width: 2048,
    height: 1365,
    sky: ["#3b0764", "#f0abfc"],
    helmet: "#7c3aed",
    visor: "#a3e635",
    noise: 16,
    jpeg: { quality: 75 },
  },
  {
    name: "viper",
    width: 600,
    height: 900,
    sky: ["#111827", "#ef4444"],
    helmet: "#065f46",
    visor: "#f59e0b",
    noise: 37,
    jpeg: { quality: 90 },
  },
];

/** A pilot before a sky with a sun and two aircraft, in a box of 100×100 that is stretched over the middle. */
function drawing({ width, height, sky, helmet, visor }: Sample): Buffer {
  const side = Math.min(width, height);
  const jet = (x: number, y: number, size: number) =>
    `<path transform="translate(${x} ${y}) scale(${size}) rotate(-18)" fill="#0f172a" opacity=".8" d="M0 0 30-3 44-16 48-15 42-2 56-1 60-7 63-6 61 0 63 6 60 7 56 1 42 2 48 15 44 16 30 3Z"/>`;
  return Buffer.from(`<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}">
    <defs>
      <linearGradient id="sky" x2="0" y2="1"><stop stop-color="${sky[0]}"/><stop offset="1" stop-color="${sky[1]}"/></linearGradient>
      <radialGradient id="sun"><stop stop-color="#fff" stop-opacity=".95"/><stop offset="1" stop-color="#fff" stop-opacity="0"/></radialGradient>
      <linearGradient id="visor" x2="1" y2="1"><stop stop-color="#fff"/><stop offset=".35" stop-color="${visor}"/><stop offset="1" stop-color="#111"/></linearGradient>
    </defs>
    <rect width="100%" height="100%" fill="url(#sky)"/>
    <circle cx="${width * 0.78}" cy="${height * 0.2}" r="${side * 0.22}" fill="url(#sun)"/>
    ${jet(width * 0.06, height * 0.2, side / 260)}${jet(width * 0.2, height * 0.1, side / 420)}
    <g transform="translate(${(width - side) / 2} ${height - side}) scale(${side / 100})">
      <path d="M8 100C8 78 26 70 50 70s42 8 42 30Z" fill="#4b5320"/>
      <path d="M36 72 50 88 64 72 60 64H40Z" fill="#c68642"/>
      <circle cx="50" cy="44" r="27" fill="${helmet}"/>
      <path d="M50 17a27 27 0 0 1 0 54" fill="#000" opacity=".12"/>
      <path d="M27 40Q50 26 73 40 76 54 66 58 50 50 34 58 24 54 27 40Z" fill="url(#visor)"/>
      <path d="M38 58Q50 52 62 58L59 72Q50 78 41 72Z" fill="#374151"/>
      <circle cx="50" cy="66" r="4" fill="#9ca3af"/>
    </g>
  </svg>`);
}

/** Grey noise from a small generator with a fixed seed (xorshift32): the sum of four bytes is nearly normal. */
function sensorNoise({ width, height, noise }: Sample): Buffer {
  const pixels = Buffer.alloc(width * height);
  let state = 0x9e3779b9;
  for (let index = 0; index < pixels.length; index += 1) {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    const sum = (state & 255) + ((state >>> 8) & 255) + ((state >>> 16) & 255) + (state >>> 24);
    // Four bytes have a standard deviation of 147.8 together.
    pixels[index] = Math.max(0, Math.min(255, 128 + ((sum - 510) * noise) / 147.8));
  }
  return pixels;
}

async function render(sample: Sample): Promise<Sharp> {
  const { width, height, heldUpright } = sample;
  const noise = { input: sensorNoise(sample), raw: { width, height, channels: 1 as const }, blend: "overlay" as const };
  const picture = await sharp(drawing(sample)).flatten().composite([noise]).raw().toBuffer({ resolveWithObject: true });
  const photo = sharp(picture.data, { raw: picture.info });
  return heldUpright === undefined ? photo : photo.rotate(-90).withMetadata({ orientation: 6 });
}

async function main(): Promise<void> {
  for (const sample of SAMPLES) {
    const photo = await (await render(sample)).jpeg(sample.jpeg).toBuffer();
    writeFileSync(join(__dirname, `${sample.name}.jpg`), photo);
    console.log(`${sample.name}.jpg: ${sample.width}×${sample.height}, ${Math.round(photo.length / 1000)} kB`);
  }
}

void main();
