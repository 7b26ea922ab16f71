// What people see of photos of every kind, resized in the account: native sharp makes each photo, and says how its
// thumbnail must look. Thumbnails may differ by rounding and by how strongly they are compressed, and no more.

import sharp, { type Sharp } from "sharp";
import { type ResizeToOne, type UnpackedZip, unpackAccountZip } from "../account-zip";

const NEVER = new AbortController().signal;
/** Of 255, the mean over all pixels and channels. */
const MOST_DIFFERENCE = 4;

let zip: UnpackedZip;
let resize: ResizeToOne;
beforeAll(async () => {
  zip = await unpackAccountZip();
  resize = zip.resizerTo();
}, 60_000);
afterAll(() => zip.remove());

const WIDTH = 640;
const HEIGHT = 400;

/** A scene without symmetry: turned or mirrored, it is another one. */
const scene = (more = ""): Sharp =>
  sharp(
    Buffer.from(`<svg xmlns="http://www.w3.org/2000/svg" width="${WIDTH}" height="${HEIGHT}">
      <defs><linearGradient id="sky" x1="0" y1="0" x2="1" y2="1">
        <stop offset="0" stop-color="#2060c0"/><stop offset="1" stop-color="#f0d0a0"/></linearGradient></defs>
      <rect width="640" height="400" fill="url(#sky)"/><circle cx="180" cy="140" r="100" fill="#d03020"/>
      <rect x="380" y="240" width="200" height="120" fill="#208040"/>${more}</svg>`),
  ).removeAlpha();

const clear = (): Sharp =>
  sharp(
    Buffer.from(
      `<svg xmlns="http://www.w3.org/2000/svg" width="${WIDTH}" height="${HEIGHT}"><circle cx="200" cy="200" r="150" fill="#d03020" fill-opacity="0.7"/></svg>`,
    ),
  );

/** As it is seen: what colour there is where one can see through, does not matter. */
const flat = (image: Sharp) => image.flatten({ background: "#80c080" });
const raw = async (image: Sharp) => (await image.raw().toBuffer({ resolveWithObject: true })).data;

async function expectAsSharpMakesIt(photo: Buffer, channels: 3 | 4 = 3) {
  const expected = sharp(photo).autoOrient().resize(150, 150, { fit: "inside", withoutEnlargement: true });
  const { bytes, width, height } = await resize(Buffer.from(photo), NEVER);
  const { info, data } = await flat(expected.toColourspace("srgb")).raw().toBuffer({ resolveWithObject: true });
  expect({ width, height }).toEqual({ width: info.width, height: info.height });
  const metadata = await sharp(bytes).metadata();
  expect(metadata).toMatchObject({ space: "srgb", depth: "uchar", channels });
  for (const kind of ["exif", "icc", "xmp", "iptc", "orientation"] as const) expect(metadata[kind]).toBeUndefined();
  const made = await raw(flat(sharp(bytes)));
  const difference = data.reduce((sum, value, index) => sum + Math.abs(value - (made[index] ?? 0)), 0) / data.length;
  expect(difference).toBeLessThan(MOST_DIFFERENCE);
}

const GPS = {
  IFD0: { Copyright: "Somebody" },
  IFD3: { GPSLatitudeRef: "N", GPSLatitude: "51/1 30/1 0/1", GPSLongitudeRef: "W", GPSLongitude: "0/1 7/1 0/1" },
};

it.each([1, 2, 3, 4, 5, 6, 7, 8])("a JPEG of EXIF orientation %i stands upright", async (orientation) => {
  await expectAsSharpMakesIt(await scene().withMetadata({ orientation }).jpeg({ quality: 95 }).toBuffer());
});

it.each(["jpeg", "png", "webp", "avif"] as const)(
  "a %s loses the place it was taken at, and all other metadata",
  async (format) => {
    const photo = await scene().withExif(GPS).withIccProfile("p3").toFormat(format).toBuffer();
    expect((await sharp(photo).metadata()).exif).toBeDefined();
    await expectAsSharpMakesIt(photo);
  },
);

it.each<[string, () => Sharp, 3 | 4]>([
  ["a JPEG in Display P3", () => scene().withIccProfile("p3").jpeg({ quality: 95 }), 3],
  ["a JPEG in CMYK", () => scene().toColourspace("cmyk").withIccProfile("cmyk").jpeg({ quality: 95 }), 3],
  ["a JPEG in CMYK that does not say which", () => scene().toColourspace("cmyk").jpeg({ quality: 95 }), 3],
  ["a progressive JPEG", () => scene().jpeg({ progressive: true, quality: 95 }), 3],
  ["a JPEG in shades of grey", () => scene().greyscale().jpeg({ quality: 95 }), 3],
  ["an interlaced PNG", () => scene().png({ progressive: true }), 3],
  ["a PNG of 16 bits", () => scene().toColourspace("rgb16").png(), 3],
  ["a PNG of few colours", () => scene().png({ palette: true, colours: 16 }), 3],
  ["a PNG in shades of grey", () => scene().greyscale().png(), 3],
  ["a PNG that one can see through", () => clear().png(), 4],
  ["a WebP that one can see through", () => clear().webp({ quality: 95 }), 4],
  ["an AVIF that one can see through", () => clear().avif({ quality: 80 }), 4],
  ["a WebP without loss", () => scene().webp({ lossless: true }), 3],
  ["an AVIF of 10 bits", () => scene().toColourspace("rgb16").avif({ bitdepth: 10, quality: 80 }), 3],
])("%s looks as native sharp makes it", async (_what, photo, channels) => {
  await expectAsSharpMakesIt(await photo().toBuffer(), channels);
});

it("of an animated WebP the first frame is seen", async () => {
  const frames = [await scene().png().toBuffer(), await scene().negate().png().toBuffer()];
  const photo = await sharp(frames, { join: { animated: true } })
    .webp({ quality: 95 })
    .toBuffer();
  expect((await sharp(photo).metadata()).pages).toBe(2);
  await expectAsSharpMakesIt(photo);
});

it("`thumb` and `cover` keep what catches the eye", async () => {
  const photo = await sharp({ create: { width: 1200, height: 300, channels: 3, background: "#808080" } })
    .composite([{ input: await scene().resize(200, 200).png().toBuffer(), left: 960, top: 50 }])
    .jpeg({ quality: 95 })
    .toBuffer();
  for (const method of ["thumb", "cover"] as const) {
    const { bytes } = await zip.resizerTo({ method, width: 100, height: 100 })(Buffer.from(photo), NEVER);
    const { channels } = await sharp(bytes).stats();
    expect(Math.max(...channels.map(({ stdev }) => stdev))).toBeGreaterThan(20);
  }
});
