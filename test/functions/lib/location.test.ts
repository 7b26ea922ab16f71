// Photos lose the place where they were taken. ExifTool has written it into those of places/, each in all forms that its
// format has, and a reader that nobody here wrote looks for it.

import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
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
