import { deflateSync } from "node:zlib";
import sharp, { type Sharp } from "sharp";
import { compress, convert, readPicture } from "../../../local/tinify/picture";
import { MAX_PHOTO_PIXELS } from "../../../operations/photos";
import { colourAt, picture, sizeOf } from "./pictures";

/** Grey noise, which compresses like the photos of cameras. */
function noise(width: number, height: number) {
  return sharp({
    create: { width, height, channels: 3, background: "#888", noise: { type: "gaussian", mean: 128, sigma: 20 } },
  });
}

const shrink = async (bytes: Buffer) => compress(await readPicture(bytes));

describe("compressing", () => {
  it.each([
    ["JPEG of high quality", () => noise(300, 200).jpeg({ quality: 95 })],
    ["PNG in all its colours", () => noise(300, 200).png()],
    ["WebP without loss", () => noise(300, 200).webp({ lossless: true })],
  ])("makes a %s less than half as large", async (_what, make) => {
    const original = await make().toBuffer();
    const { bytes } = await shrink(original);
    expect(bytes.length).toBeLessThan(original.length / 2);
  });

  it("leaves an image as it is when it would only grow", async () => {
    const small = await picture(60, 40).jpeg({ quality: 20 }).toBuffer();
    expect((await shrink(small)).bytes).toEqual(small);
  });

  it("turns a picture upright even when it grows by that", async () => {
    const lying = await sharp(await picture(60, 40).png().toBuffer())
      .rotate(-90)
      .withMetadata({ orientation: 6 })
      .jpeg({ quality: 5 })
      .toBuffer();
    const { bytes, width, height } = await shrink(lying);
    expect([width, height, await sizeOf(bytes)]).toEqual([60, 40, "60×40"]);
    expect(await colourAt(bytes, 0.5, 0.2)).toBe("red");
  });

  it.each([
    ["EXIF", (image: Sharp) => image.withExif({ IFD3: { GPSLatitudeRef: "N" } })],
    ["XMP", (image: Sharp) => image.withXmp('<x:xmpmeta xmlns:x="adobe:ns:meta/">me</x:xmpmeta>')],
  ])("drops %s even from a picture that grows by that", async (_what, tell) => {
    const telling = await tell(noise(300, 200)).jpeg({ quality: 20 }).toBuffer();
    const { bytes } = await shrink(telling);
    expect(bytes.length).toBeGreaterThan(telling.length);
    const { exif, xmp } = await sharp(bytes).metadata();
    expect({ exif, xmp }).toEqual({ exif: undefined, xmp: undefined });
  });
});

describe("reading an upload's head", () => {
  it("tells the picture as it is seen", async () => {
    const lying = await picture(60, 40).withMetadata({ orientation: 6 }).jpeg().toBuffer();
    expect(await readPicture(lying)).toMatchObject({ bytes: lying, type: "image/jpeg", width: 40, height: 60 });
  });

  it("refuses an image of more pixels than TinyPNG takes, before decoding one", async () => {
    await expect(readPicture(blackPng(16_001, 16_000))).rejects.toMatchObject({
      status: 413,
      // What upload and demo refuse beforehand is the same.
      message: `Image is 16001×16000, more than ${MAX_PHOTO_PIXELS} pixels.`,
    });
  });
});

describe("cutting to a shape", () => {
  it.each(["cover", "thumb"] as const)("%s keeps the part with something to see", async (method) => {
    const detail = await noise(100, 100).png().toBuffer();
    const scene = await sharp({ create: { width: 400, height: 100, channels: 3, background: "#888" } })
      .composite([{ input: detail, left: 300, top: 0 }])
      .png()
      .toBuffer();
    const { bytes } = await convert(await readPicture(scene), { resize: { method, width: 100, height: 100 } });
    const { channels } = await sharp(bytes).stats();
    expect(channels[0]?.stdev).toBeGreaterThan(10);
  });
});

/** The head of a large PNG, with next to nothing behind it. */
function blackPng(width: number, height: number): Buffer {
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  header.set([8, 0, 0, 0, 0], 8);
  const chunk = (type: string, data: Buffer) => {
    const content = Buffer.concat([Buffer.from(type), data]);
    const frame = Buffer.alloc(content.length + 8);
    frame.writeUInt32BE(data.length, 0);
    frame.set(content, 4);
    frame.writeUInt32BE(crc32(content), content.length + 4);
    return frame;
  };
  const signature = Buffer.from("89504e470d0a1a0a", "hex");
  const line = deflateSync(Buffer.alloc(width + 1));
  return Buffer.concat([signature, chunk("IHDR", header), chunk("IDAT", line), chunk("IEND", Buffer.alloc(0))]);
}

/** https://www.w3.org/TR/png-3/#D-CRCAppendix */
function crc32(bytes: Buffer): number {
  let crc = 0xffffffff;
  for (const byte of bytes) {
    crc ^= byte;
    for (let bit = 0; bit < 8; bit += 1) crc = (crc >>> 1) ^ (crc & 1 ? 0xedb88320 : 0);
  }
  return (crc ^ 0xffffffff) >>> 0;
}
