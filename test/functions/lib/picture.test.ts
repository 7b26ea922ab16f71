import sharp from "sharp";
import { readPicture } from "../../../functions/lib/picture";

const photo = () => sharp({ create: { width: 64, height: 48, channels: 3, background: "#c80", noise: NOISE } });
const NOISE = { type: "gaussian", mean: 128, sigma: 40 } as const;

const pictures: [string, string, () => Promise<Buffer>][] = [
  ["JPEG", "image/jpeg", () => photo().jpeg().toBuffer()],
  [
    "progressive JPEG with EXIF",
    "image/jpeg",
    () =>
      photo()
        .withExif({ IFD0: { Artist: "me" } })
        .jpeg({ progressive: true })
        .toBuffer(),
  ],
  ["PNG", "image/png", () => photo().png({ palette: true }).toBuffer()],
  ["WebP", "image/webp", () => photo().webp().toBuffer()],
  ["WebP without loss", "image/webp", () => photo().webp({ lossless: true }).toBuffer()],
  ["WebP with a profile", "image/webp", () => photo().withIccProfile("p3").webp().toBuffer()],
  ["AVIF", "image/avif", () => photo().avif({ effort: 0 }).toBuffer()],
];

it.each(pictures)("a %s is read with its size", async (_name, type, make) => {
  expect(readPicture(await make())).toEqual({ type, width: 64, height: 48 });
});

it.each(pictures)("a %s is not a picture without its end, wherever it breaks off", async (_name, _type, make) => {
  const whole = await make();
  const broken = Array.from({ length: whole.length }, (_, length) => readPicture(whole.subarray(0, length)));
  expect(broken.findLastIndex((picture) => picture !== undefined)).toBe(-1);
});

it("a PNG with a byte changed is not a picture, whichever it is", async () => {
  const whole = await photo().png().toBuffer();
  for (let at = 0; at < whole.length; at += 7) {
    const changed = Buffer.from(whole);
    changed[at] = 255 - (changed[at] ?? 0);
    expect(readPicture(changed)).toBeUndefined();
  }
});

it.each([
  ["nothing", ""],
  ["a text", "Bad gateway"],
  ["a page", "<html></html>"],
  ["an SVG", '<svg xmlns="http://www.w3.org/2000/svg" width="1" height="1"/>'],
  ["a JPEG's start and end", "\xff\xd8\xff\xd9"],
  ["a PNG's signature", "\x89PNG\r\n\x1a\n"],
  ["an empty RIFF", "RIFF\x04\0\0\0WEBP"],
  ["boxes without a picture", "\0\0\0\x0cftypavif"],
  ["boxes of no length", "\0\0\0\x0cftypavif\0\0\0\x01meta\0\0\0\0\0\0\0\0"],
])("%s is not a picture", (_what, content) => {
  expect(readPicture(Buffer.from(content, "latin1"))).toBeUndefined();
});

it.each(["gif", "tiff"] as const)("a %s is not what TinyPNG makes", async (format) => {
  expect(readPicture(await photo().toFormat(format).toBuffer())).toBeUndefined();
});
