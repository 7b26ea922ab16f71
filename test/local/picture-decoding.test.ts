import { openPicture, UnsupportedPicture } from "../../local/picture-decoding";
import { picture, progressiveBomb } from "./tinify/pictures";

/** Starts so many at once; returns how many work at the same time, none of which needs to decode for that. */
async function atOnce(count: number, bytes: Buffer, outputPixels = 0): Promise<number> {
  let working = 0;
  let most = 0;
  const open = await openPicture(bytes);
  const work = async () => {
    working += 1;
    most = Math.max(most, working);
    await new Promise(setImmediate);
    working -= 1;
  };
  await Promise.all(Array.from({ length: count }, () => open.decode(outputPixels, work)));
  return most;
}

it("what unfolds into hundreds of megabytes is decoded one after the other, and photos as ever", async () => {
  expect(await atOnce(3, progressiveBomb(16_000, 16_000, "grey"))).toBe(1);
  expect(await atOnce(3, progressiveBomb(16_000, 16_000, "4:2:0"))).toBe(1);
  expect(await atOnce(16, await picture(400, 300).jpeg({ progressive: true }).toBuffer())).toBe(16);
  expect(await atOnce(16, await picture(400, 300).webp().toBuffer())).toBe(16);
});

it("what is made of a picture counts too", async () => {
  const photo = await picture(400, 300).png().toBuffer();
  expect(await atOnce(3, photo, 50_000_000)).toBe(1);
});

it.each([
  [
    "a progressive JPEG of too many pixels for its memory",
    () => progressiveBomb(16_000, 16_000, "4:4:4"),
    "16000×16000, which takes 1552 MB",
  ],
  [
    "a JPEG of more pixels than TinyPNG takes",
    () => progressiveBomb(16_001, 16_000, "grey"),
    "more than 256000000 pixels",
  ],
  ["an SVG", () => Buffer.from('<svg xmlns="http://www.w3.org/2000/svg" width="8" height="8"/>'), "not supported."],
  ["an SVG with a JPEG's name", () => Buffer.from('<?xml version="1.0"?><svg/><!-- a.jpg -->'), "not supported."],
])("%s is refused by its head", async (_what, bytes, message) => {
  const opening = openPicture(bytes());
  await expect(opening).rejects.toBeInstanceOf(UnsupportedPicture);
  await expect(opening).rejects.toThrow(message);
});
