// Several pictures of one photo, resized in the account: each as if it were the only one, compared with native sharp.

import sharp, { type Sharp } from "sharp";
import type { Resize } from "../../../functions/lib/resize";
import type { FormattedSize } from "../../../functions/lib/size";
import { type UnpackedZip, unpackAccountZip } from "../account-zip";

const NEVER = new AbortController().signal;
/** Of 255, the mean over all pixels and channels. */
const MOST_DIFFERENCE = 2;

let zip: UnpackedZip;
let resize: Resize;
beforeAll(async () => {
  zip = await unpackAccountZip();
  resize = zip.resizer();
}, 60_000);
afterAll(() => zip.remove());

const sizeOf = (
  width: number,
  height: number,
  method: FormattedSize["method"] = "fit",
  format: FormattedSize["format"] = "original",
): FormattedSize => ({ method, width, height, format });

const scene = (width = 616, height = 384): Sharp =>
  sharp(
    Buffer.from(`<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 640 400" preserveAspectRatio="none">
      <defs><linearGradient id="sky" x1="0" y1="0" x2="1" y2="1">
        <stop offset="0" stop-color="#2060c0"/><stop offset="1" stop-color="#f0d0a0"/></linearGradient></defs>
      <rect width="640" height="400" fill="url(#sky)"/><circle cx="180" cy="140" r="100" fill="#d03020"/></svg>`),
  ).removeAlpha();

async function expectEachAsSharpMakesIt(photo: Buffer, sizes: readonly FormattedSize[]): Promise<void> {
  const made = await resize(Buffer.from(photo), sizes, NEVER);
  expect(made).toHaveLength(sizes.length);
  for (const [index, { width, height }] of sizes.entries()) {
    const reference = sharp(photo).autoOrient().resize(width, height, { fit: "inside", withoutEnlargement: true });
    const { data, info } = await reference.toColourspace("srgb").raw().toBuffer({ resolveWithObject: true });
    const { bytes, ...picture } = made[index] ?? { bytes: Buffer.alloc(0) };
    expect(picture).toMatchObject({ width: info.width, height: info.height });
    const pixels = await sharp(bytes).raw().toBuffer();
    const difference = data.reduce((sum, value, at) => sum + Math.abs(value - (pixels[at] ?? 0)), 0) / data.length;
    expect(difference).toBeLessThan(MOST_DIFFERENCE);
    const { exif, icc, orientation } = await sharp(bytes).metadata();
    expect({ exif, icc, orientation }).toEqual({});
  }
}

// Without loss, which would differ more in small pictures than anything else.
const MANY = [
  [64, 64],
  [160, 100],
  [33, 100],
  [500, 500],
].map(([width = 0, height = 0]) => sizeOf(width, height, "fit", "png"));

it.each(["jpeg", "png", "webp", "avif"] as const)("of a %s each size is as if it were the only one", async (format) => {
  await expectEachAsSharpMakesIt(await scene().toFormat(format).toBuffer(), MANY);
});

it.each([3, 6, 7])("each stands upright, of a photo with EXIF orientation %i", async (orientation) => {
  await expectEachAsSharpMakesIt(await scene().withMetadata({ orientation }).jpeg({ quality: 95 }).toBuffer(), MANY);
});

it.each<[string, () => Sharp]>([
  ["in Display P3", () => scene().withIccProfile("p3").jpeg({ quality: 95 })],
  ["in CMYK", () => scene().toColourspace("cmyk").withIccProfile("cmyk").jpeg({ quality: 95 })],
  ["of 16 bits", () => scene().toColourspace("rgb16").png()],
])("each is in sRGB, of a photo %s", async (_what, photo) => {
  await expectEachAsSharpMakesIt(await photo().toBuffer(), MANY);
});

it("enlarges none", async () => {
  const photo = await scene(100, 80).jpeg().toBuffer();
  const made = await resize(photo, [sizeOf(150, 150), sizeOf(150, 150, "cover"), sizeOf(50, 50)], NEVER);
  expect(made.map(({ width, height }) => [width, height])).toEqual([
    [100, 80],
    [100, 80],
    [50, 40],
  ]);
});

it("fills each box", async () => {
  const sizes = [sizeOf(64, 64, "cover"), sizeOf(301, 77, "thumb"), sizeOf(200, 300, "cover"), sizeOf(500, 500)];
  const made = await resize(await scene().jpeg().toBuffer(), sizes, NEVER);
  expect(made.map(({ width, height }) => [width, height])).toEqual([
    [64, 64],
    [301, 77],
    [200, 300],
    [500, 312],
  ]);
});

it.each(["jpeg", "png", "webp", "avif"] as const)("makes every format of a %s", async (format) => {
  const formats = ["original", "jpeg", "png", "webp", "avif"] as const;
  const sizes = formats.map((each, index) => sizeOf(100 + index, 100, "fit", each));
  const made = await resize(await scene().toFormat(format).toBuffer(), sizes, NEVER);
  const types = [format, "jpeg", "png", "webp", "avif"].map((each) => `image/${each}`);
  expect(made.map(({ type }) => type)).toEqual(types);
  const read = await Promise.all(made.map(({ bytes }) => sharp(bytes).metadata()));
  expect(read.map(({ width }) => width)).toEqual([100, 101, 102, 103, 104]);
});

it("shows white in a JPEG where one can see through the photo, and nothing in the others", async () => {
  const clear = sharp({ create: { width: 300, height: 300, channels: 4, background: "#ff000000" } });
  const sizes = [sizeOf(64, 64, "fit", "jpeg"), sizeOf(32, 32, "fit", "webp")];
  const [jpeg, webp] = await resize(await clear.png().toBuffer(), sizes, NEVER);
  expect([...(await sharp(jpeg?.bytes).raw().toBuffer()).subarray(0, 3)]).toEqual([255, 255, 255]);
  expect((await sharp(webp?.bytes).stats()).isOpaque).toBe(false);
});

it("says how much memory it would take to make several at once", async () => {
  // A box so narrow and high needs the photo in almost its own size.
  const photo = await sharp({ create: { width: 16_000, height: 4_000, channels: 3, background: "#336699" } })
    .jpeg()
    .toBuffer();
  await expect(resize(photo, [sizeOf(64, 4_000, "cover"), sizeOf(64, 64)], NEVER)).rejects.toThrow(
    /^Image needs 25\d MB of memory to be decoded, and there are 170: the setting createThumbnail.memorySize gives more$/,
  );
});
