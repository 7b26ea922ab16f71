// The resizer of the zip with `resizer: account`, in its own worker, with libvips as it is deployed. Native sharp makes the
// photos.

import { existsSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { crc32 } from "node:zlib";
import sharp, { type Sharp } from "sharp";
import { createAccountResize } from "../../../functions/lib/account-resize";
import { type ResizeToOne, type UnpackedZip, unpackAccountZip } from "../account-zip";

const NEVER = new AbortController().signal;
let zip: UnpackedZip;
let resize: ResizeToOne;
beforeAll(async () => {
  zip = await unpackAccountZip();
  resize = zip.resizerTo();
}, 60_000);
afterAll(() => zip.remove());

const plain = (width: number, height: number, background = "#c04020"): Sharp =>
  sharp({ create: { width, height, channels: 3, background } });
const bytesOf = async (image: Sharp): Promise<Buffer> => Buffer.from(await image.toBuffer());

it.each(["jpeg", "png", "webp", "avif"] as const)("makes a small picture of a %s, in its format", async (format) => {
  const made = await resize(await bytesOf(plain(600, 900).toFormat(format)), NEVER);
  expect(made).toMatchObject({ type: `image/${format}`, width: 100, height: 150 });
  expect(await sharp(made.bytes).metadata()).toMatchObject({ width: 100, height: 150 });
});

it.each([
  ["no picture", Buffer.from("hello"), "File type is not supported"],
  ["nothing", Buffer.alloc(0), "File type is not supported"],
  ["the beginning of a JPEG alone", Buffer.from("\xff\xd8\xff\xe0", "latin1"), /^Image could not be decoded: /],
])("says of %s that it is unusable", async (_what, photo, message) => {
  await expect(resize(photo, NEVER)).rejects.toMatchObject({
    name: "UnusablePhoto",
    message: expect.stringMatching(message),
  });
});

it.each(["jpeg", "png", "webp", "avif"] as const)(
  "says of half a %s that it is unusable, and goes on",
  async (format) => {
    const noise = sharp({
      create: {
        width: 200,
        height: 200,
        channels: 3,
        background: "#888",
        noise: { type: "gaussian", mean: 128, sigma: 60 },
      },
    });
    const whole = await bytesOf(noise.toFormat(format));
    const half = Buffer.from(whole.subarray(0, whole.length / 2));
    await expect(resize(half, NEVER)).rejects.toMatchObject({ name: "UnusablePhoto" });
    expect(await resize(whole, NEVER)).toMatchObject({ width: 150, height: 150 });
  },
);

it("refuses a picture whose pixels would not fit into memory, before it decodes any", async () => {
  const photo = await bytesOf(plain(16, 16).png());
  // In the first chunk, IHDR, with its checksum.
  photo.writeUInt32BE(16_000, 16);
  photo.writeUInt32BE(16_001, 20);
  photo.writeUInt32BE(crc32(photo.subarray(12, 29)), 29);
  await expect(resize(photo, NEVER)).rejects.toThrow("Image has 256016000 pixels, the most is 256000000");
});

it("names the setting that gives more memory", async () => {
  const photo = await bytesOf(plain(6000, 5000).webp({ lossless: true, effort: 0 }));
  await expect(resize(photo, NEVER)).rejects.toThrow("createThumbnail.memorySize");
});

it("interrupts a photo that takes too long, and resizes the next", async () => {
  const impatient = zip.resizerTo(undefined, 30);
  const slow = await bytesOf(plain(2500, 2500).png({ compressionLevel: 0 }));
  await expect(impatient(slow, NEVER)).rejects.toThrow("it could not be resized within 0.03 seconds");
  const patient = zip.resizerTo();
  expect(await patient(await bytesOf(plain(30, 20).jpeg()), NEVER)).toMatchObject({ width: 30, height: 20 });
});

it("ends when nobody waits any more, and resizes the next", async () => {
  const controller = new AbortController();
  const slow = await bytesOf(plain(2500, 2500).png({ compressionLevel: 0 }));
  const photo = await bytesOf(plain(30, 20).jpeg());
  const resizing = resize(slow, controller.signal);
  const next = resize(photo, NEVER);
  setImmediate(() => controller.abort(new Error("Nobody waits")));
  await expect(resizing).rejects.toThrow("Nobody waits");
  expect(await next).toMatchObject({ width: 30, height: 20 });
});

it("enlarges nothing", async () => {
  const cover = zip.resizerTo({ method: "cover", width: 150, height: 150 });
  expect(await resize(await bytesOf(plain(100, 80).jpeg()), NEVER)).toMatchObject({ width: 100, height: 80 });
  expect(await cover(await bytesOf(plain(100, 80).jpeg()), NEVER)).toMatchObject({ width: 100, height: 80 });
  expect(await cover(await bytesOf(plain(300, 80).jpeg()), NEVER)).toMatchObject({ width: 150, height: 80 });
});

it.each(["cover", "thumb"] as const)("%s fills the box", async (method) => {
  const filled = zip.resizerTo({ method, width: 150, height: 100 });
  expect(await filled(await bytesOf(plain(600, 900).jpeg()), NEVER)).toMatchObject({ width: 150, height: 100 });
});

it("waits for its worker where it is told to, as nothing else is to be done meanwhile", () => {
  const [workerFile, started] = ["late-worker.cjs", "started"].map((name) => join(zip.directory, name)) as [
    string,
    string,
  ];
  writeFileSync(
    workerFile,
    `const { started } = require("node:worker_threads").workerData;
     setTimeout(() => {
       require("node:fs").writeFileSync(${JSON.stringify(started)}, "");
       Atomics.store(started, 0, 1);
       Atomics.notify(started, 0);
     }, 50);`,
  );
  createAccountResize({ workerFile, heapMegabytes: 1, startMs: 30_000 });
  expect(existsSync(started)).toBe(true);
});
