// The sample photos stand for what cameras send: the demo, the tests and the benchmark rely on these properties.

import { readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import sharp, { type Metadata } from "sharp";

const FOLDER = join(__dirname, "..", "..", "samples");
const names = readdirSync(FOLDER).filter((name) => name.endsWith(".jpg"));
const bytesOf = (name: string) => statSync(join(FOLDER, name)).size;
const photos = new Map<string, Metadata>();

beforeAll(async () => {
  for (const name of names) photos.set(name, await sharp(join(FOLDER, name)).metadata());
});

const someAre = (is: (photo: Metadata) => boolean) => [...photos.values()].some(is);

it("there is one for each of the five sample profiles, named after its nick", () => {
  const profiles = JSON.parse(readFileSync(join(FOLDER, "user-profile.json"), "utf8"))["user-profile"];
  const nicks = profiles.map(({ PutRequest }: { PutRequest: { Item: { nick: { S: string } } } }) =>
    PutRequest.Item.nick.S.toLowerCase(),
  );
  expect(nicks).toHaveLength(5);
  expect(names).toEqual(expect.arrayContaining(nicks.map((nick: string) => `${nick}.jpg`)));
});

it.each(names)("%s decodes to its last line", async (name) => {
  // Made small while it is decoded, which is ten times faster and reads the file to its end all the same.
  const small = await sharp(join(FOLDER, name), { failOn: "warning" }).resize(100).png().toBuffer();
  const { channels } = await sharp(small).stats();
  // A picture, not a plain colour.
  expect(Math.max(...channels.map(({ stdev }) => stdev))).toBeGreaterThan(20);
});

it.each<[string, (photo: Metadata) => boolean]>([
  ["portrait", ({ autoOrient: { width, height } }) => width < height],
  ["landscape", ({ autoOrient: { width, height } }) => width > height],
  ["progressive", ({ isProgressive }) => isProgressive === true],
  ["stored lying, with EXIF orientation 6", ({ orientation }) => orientation === 6],
  ["12 megapixels or more", ({ width, height }) => width * height >= 3000 * 4000],
])("one is %s", (_what, is) => {
  expect(someAre(is)).toBe(true);
});

it("the benchmark's photo is 600×900 and of about 260 KB", () => {
  expect(photos.get("viper.jpg")).toMatchObject({ width: 600, height: 900 });
  expect(bytesOf("viper.jpg")).toBeGreaterThan(245_000);
  expect(bytesOf("viper.jpg")).toBeLessThan(275_000);
});

it("no photo is another one", () => {
  const contents = new Set(names.map((name) => readFileSync(join(FOLDER, name)).toString("base64")));
  expect(contents.size).toBe(names.length);
});

it("all together they are small enough to clone: 8 MB at most", () => {
  expect(names.reduce((sum, name) => sum + bytesOf(name), 0)).toBeLessThanOrEqual(8_000_000);
});
