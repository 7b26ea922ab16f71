// Photos lose the place where they were taken. ExifTool has written it into those of places/, each in all forms that its
// format has, and a reader that nobody here wrote looks for it.

import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { crc32, deflateSync } from "node:zlib";
import { load } from "exifreader";
import sharp from "sharp";
import { removeLocation } from "../../../functions/lib/location";

const PLACES = join(__dirname, "places");
const SAMPLES = join(__dirname, "..", "..", "..", "samples");
const photos = readdirSync(PLACES);
const read = (name: string): Buffer => readFileSync(join(PLACES, name));

function stripped(photo: Buffer): Buffer {
  const bytes = Buffer.from(photo);
  expect(removeLocation(bytes)).toBe(true);
  return bytes;
}

/** The names of all tags that say where, whatever group they are of; of IPTC those that are not blank. */
function placesIn(photo: Buffer): string[] {
  const groups = load(photo, { expanded: true });
  const named = Object.entries(groups).flatMap(([group, tags]) =>
    Object.entries(tags as Record<string, { description?: unknown }>).map(([name, tag]) => ({
      name: `${group} ${name}`,
      text: String(tag?.description ?? tag),
    })),
  );
  return named
    .filter(({ name, text }) => /gps|city|country|location/i.test(name) && text.trim() !== "")
    .map(({ name }) => name);
}

describe.each(photos)("%s", (name) => {
  it("says where it was taken, and no longer does", () => {
    expect(placesIn(read(name))).not.toEqual([]);
    const photo = stripped(read(name));
    expect(placesIn(photo)).toEqual([]);
    expect(photo.toString("latin1")).not.toMatch(/Paris|Champ de Mars|48[,.]\d/);
  });

  it("keeps all else", () => {
    const before = load(read(name));
    const after = load(stripped(read(name)));
    for (const tag of ["Orientation", "Artist"]) expect(after[tag]?.description).toEqual(before[tag]?.description);
  });

  it("is left alone the second time", () => {
    const photo = stripped(read(name));
    const again = Buffer.from(photo);
    expect(removeLocation(again)).toBe(false);
    expect(again.equals(photo)).toBe(true);
  });

  it("cut off anywhere, it is no fault", () => {
    const whole = read(name);
    for (let length = 0; length < whole.length; length += 7) removeLocation(Buffer.from(whole.subarray(0, length)));
  });

  it("damaged anywhere, it is no fault", () => {
    for (let at = 0; at < 1500; at += 3) {
      const photo = read(name);
      photo[at] = (photo[at] ?? 0) ^ 0xff;
      removeLocation(photo);
    }
  });
});

// Native sharp reads no HEIC.
it.each(photos.filter((name) => !name.endsWith(".heic")))("not a pixel of %s changes", async (name) => {
  const pixels = (photo: Buffer) => sharp(photo).raw().toBuffer();
  expect((await pixels(stripped(read(name)))).equals(await pixels(read(name)))).toBe(true);
});

it.each(readdirSync(SAMPLES).filter((name) => name.endsWith(".jpg")))("%s has none, and stays as it is", (name) => {
  const photo = readFileSync(join(SAMPLES, name));
  const before = Buffer.from(photo);
  expect(removeLocation(photo)).toBe(false);
  expect(photo.equals(before)).toBe(true);
});

it("finds it in the second picture of one file as well, and in the video behind a photo", () => {
  const photo = read("place.jpg");
  const text = Buffer.from("\0\x12\x15\xc7+48.8584+002.2945/", "latin1");
  const box = Buffer.concat([Buffer.from([0, 0, 0, 8 + text.length]), Buffer.from("\xa9xyz", "latin1"), text]);
  const clean = stripped(Buffer.concat([photo, photo, Buffer.from("\0\0\0\x08skip", "latin1"), box]));
  expect(placesIn(clean.subarray(photo.length))).toEqual([]);
  expect(clean.toString("latin1")).not.toContain("48.8584");
});

/** A JPEG with one segment of metadata, and nothing to see. */
const jpegWith = (marker: number, ...parts: readonly (Buffer | string)[]): Buffer => {
  const content = Buffer.concat(parts.map((part) => (typeof part === "string" ? Buffer.from(part, "latin1") : part)));
  const head = Buffer.from([0xff, 0xd8, 0xff, marker, (content.length + 2) >> 8, (content.length + 2) & 255]);
  return Buffer.concat([head, content, Buffer.from([0xff, 0xd9])]);
};
const XMP = "http://ns.adobe.com/xap/1.0/\0";

it.each([
  ["a drone's names", '<rdf:Description drone-dji:GpsLatitude="+48.85" drone-dji:Longitude="2.29"/>'],
  ["an angle bracket in a value", '<rdf:Description dc:title="a > b" exif:GPSLatitude="48,51.5N"/>'],
  ["no prefix", '<GPSLatitude xmlns="http://ns.adobe.com/exif/1.0/">48,51.5N</GPSLatitude>'],
])("finds it in XMP with %s", (_what, xmp) => {
  expect(stripped(jpegWith(0xe1, XMP, xmp)).toString("latin1")).not.toMatch(/48[.,]|2\.29/);
});

/** EXIF whose first directory has these entries: tag, type, count, value. */
function exifOf(entries: readonly (readonly [number, number, number, number])[], rest = Buffer.alloc(0)): Buffer {
  const directory = Buffer.alloc(2 + entries.length * 12);
  directory.writeUInt16BE(entries.length);
  for (const [index, [tag, type, count, value]] of entries.entries()) {
    directory.writeUInt16BE(tag, 2 + index * 12);
    directory.writeUInt16BE(type, 4 + index * 12);
    directory.writeUInt32BE(count, 6 + index * 12);
    directory.writeUInt32BE(value, 10 + index * 12);
  }
  return Buffer.concat([Buffer.from("MM\0*\0\0\0\x08", "latin1"), directory, rest]);
}
const GPS = 0x8825;

it("finds it in a directory that ends with its last entry", () => {
  const position = exifOf([[GPS, 4, 1, 8]]);
  expect(removeLocation(jpegWith(0xe1, "Exif\0\0", position))).toBe(true);
});

it.each([
  ["itself", [[GPS, 4, 1, 8]]],
  [
    "itself twice",
    [
      [GPS, 4, 1, 8],
      [GPS, 4, 1, 8],
    ],
  ],
  [
    "its own end",
    [
      [GPS, 4, 1, 20],
      [0x0112, 3, 1, 0x60000],
    ],
  ],
] as const)("a directory of positions that is %s is no fault", (_what, entries) => {
  const photo = jpegWith(0xe1, "Exif\0\0", exifOf(entries, Buffer.alloc(4)));
  expect(removeLocation(photo)).toBe(true);
  expect(removeLocation(photo)).toBe(false);
});

it("finds it in the video behind a photo, whatever comes after it there", () => {
  const text = Buffer.from("\0\x12\x15\xc7+48.8584+002.2945/", "latin1");
  const box = (type: string, content: Buffer) =>
    Buffer.concat([Buffer.from([0, 0, 0, 8 + content.length]), Buffer.from(type, "latin1"), content]);
  const media = box("mdat", Buffer.from("\xff\xd8\xff\xe0\0\x04ab\xff\xd9", "latin1"));
  const place = Buffer.from("\0\0\0\0\x15\xc7Paris\0\0\0\x02\x4b", "latin1");
  const clean = stripped(Buffer.concat([read("place.jpg"), box("\xa9xyz", text), box("loci", place), media]));
  expect(clean.toString("latin1")).not.toMatch(/48\.8584|Paris/);
});

it("finds it in the video inside of a HEIC", () => {
  const text = Buffer.from("\0\0\0\x1e\xa9xyz\0\x12\x15\xc7+48.8584+002.2945/", "latin1");
  const motion = Buffer.concat([Buffer.from([0, 0, 0, 8 + text.length]), Buffer.from("mpvd"), text]);
  expect(stripped(Buffer.concat([read("place.heic"), motion])).toString("latin1")).not.toContain("48.8584");
});

/** A PNG's chunk, with its checksum. */
function chunkOf(type: string, data: Buffer): Buffer {
  const chunk = Buffer.concat([Buffer.alloc(4), Buffer.from(type, "latin1"), data, Buffer.alloc(4)]);
  chunk.writeUInt32BE(data.length);
  chunk.writeUInt32BE(crc32(chunk.subarray(4, -4)), chunk.length - 4);
  return chunk;
}

const pngWith = (...chunks: readonly Buffer[]): Buffer => {
  const whole = read("place.png");
  const afterHeader = 8 + 25;
  return Buffer.concat([whole.subarray(0, afterHeader), ...chunks, whole.subarray(afterHeader)]);
};

it("leaves a PNG valid in which a place takes but a few bytes", async () => {
  const photo = stripped(pngWith(chunkOf("tEXt", Buffer.from("City\0LA"))));
  expect(load(photo, { expanded: true }).pngText).not.toHaveProperty("City");
  expect(photo.toString("latin1")).toMatch(/tEXt[ -~]+\0/);
  await expect(sharp(photo).raw().toBuffer()).resolves.toBeDefined();
});

it("inflates no more of a PNG than a bounded number of bytes, and drops what it does not read", () => {
  const text = deflateSync(Buffer.alloc(8_000_000, " "));
  const bomb = chunkOf("zTXt", Buffer.concat([Buffer.from("Raw profile type exif\0\0"), text]));
  const start = process.cpuUsage();
  const photo = stripped(pngWith(...Array.from({ length: 500 }, () => bomb)));
  expect(process.cpuUsage(start).user / 1000).toBeLessThan(2_000);
  expect(removeLocation(photo)).toBe(false);
});

it("asks for no memory for items of a HEIC that take no bytes", () => {
  const photo = read("place.heic");
  const iloc = photo.indexOf("iloc");
  const locations = Buffer.alloc(8_000);
  // No bytes for an offset or a length; a thousand items with as many extents as can be said.
  locations.writeUInt32BE(locations.length, 0);
  locations.write("iloc", 4, "latin1");
  locations.writeUInt16BE(1_000, 14);
  for (let at = 16; at + 6 <= locations.length; at += 6) locations.writeUInt16BE(65_535, at + 4);
  const crafted = Buffer.concat([
    photo.subarray(0, iloc - 4),
    locations,
    photo.subarray(iloc + photo.readUInt32BE(iloc - 4) - 4),
  ]);
  const meta = crafted.indexOf("meta");
  crafted.writeUInt32BE(crafted.readUInt32BE(meta - 4) + locations.length - photo.readUInt32BE(iloc - 4), meta - 4);
  const before = process.memoryUsage().heapUsed;
  removeLocation(crafted);
  expect(process.memoryUsage().heapUsed - before).toBeLessThan(50_000_000);
});

it("takes no longer than a moment for a directory of nothing but positions", () => {
  const entries = Array.from({ length: 65_535 }, (_, index) => [GPS, 4, 1, 8 + index * 7] as const);
  const photo = pngWith(chunkOf("eXIf", exifOf(entries, Buffer.alloc(1_000_000, 1))));
  const start = process.cpuUsage();
  expect(removeLocation(photo)).toBe(true);
  expect(process.cpuUsage(start).user / 1000).toBeLessThan(2_000);
});

it("takes no longer than a moment for a file that is made to keep it busy", () => {
  const xmp = Buffer.from(`http://ns.adobe.com/xap/1.0/\0${"<a:GPS".repeat(9_000)}`);
  const segment = Buffer.concat([Buffer.from([0xff, 0xe1, (xmp.length + 2) >> 8, (xmp.length + 2) & 255]), xmp]);
  const photo = Buffer.concat([Buffer.from([0xff, 0xd8]), ...Array.from({ length: 300 }, () => segment)]);
  const start = process.cpuUsage();
  removeLocation(photo);
  expect(process.cpuUsage(start).user / 1000).toBeLessThan(2_000);
});

it.each(["", "hello", "GIF89a", "II*\0"])("leaves %j alone", (text) => {
  expect(removeLocation(Buffer.from(text))).toBe(false);
});
