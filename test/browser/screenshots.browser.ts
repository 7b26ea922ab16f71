// The pictures of docs/console.md, and that the page fits 360 and 1440 pixels in both colour schemes. They are written into a
// temporary folder; `SCREENSHOTS=docs npm run test:browser -- screenshots` brings those in docs/ up to date.

import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Browser, Page } from "playwright-core";
import sharp from "sharp";
import { startConsole, type TestConsole } from "../console/console-harness";
import { launchBrowser } from "./browser";
import { drop, openPage, sample, untilShown } from "./page";

const MAX_BYTES = 150_000;
const PHOTOS = ["maverick", "iceman", "goose", "merlin"];

let browser: Browser;
let console: TestConsole;
let folder: string;
beforeAll(async () => {
  folder = process.env.SCREENSHOTS ?? mkdtempSync(join(tmpdir(), "screenshots-"));
  mkdirSync(folder, { recursive: true });
  [browser, console] = await Promise.all([launchBrowser(), startConsole()]);
  const { page } = await openPage(browser, console.console.url);
  await drop(page, "5", "notes.jpg", Buffer.from("These are notes."));
  await untilShown(page, "notes.jpg", "failed");
  for (const [index, name] of PHOTOS.entries()) {
    await drop(page, String(index + 1), `${name}.jpg`, sample(name));
    await untilShown(page, `${name}.jpg`, "thumbnail ready");
  }
  await page.close();
});
afterAll(async () => {
  await browser?.close();
  await console?.close();
  if (process.env.SCREENSHOTS === undefined) rmSync(folder, { recursive: true });
});

const SIZES = [
  [1440, "light"],
  [1440, "dark"],
  [360, "light"],
  [360, "dark"],
] as const;

test.each(SIZES)("the page fits %i pixels, %s", async (width, colorScheme) => {
  const { page, complaints } = await openPage(browser, console.console.url, { width, colorScheme });
  expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(width);
  await page.locator(".step summary").nth(4).click();
  await page.locator(".details").first().waitFor();
  expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(width);
  // That one is not a photo.
  expect(complaints.filter((complaint) => !complaint.includes("415"))).toEqual([]);
  if (width > 1000) await keep(page, `console-${colorScheme}.webp`);
  await page.close();
});

async function keep(page: Page, name: string): Promise<void> {
  // Pictures come as they are scrolled to.
  await page.evaluate(() => window.scrollTo(0, document.body.scrollHeight));
  await page.waitForFunction(() => [...document.images].every(({ complete }) => complete));
  await page.evaluate(() => Promise.all([...document.images].map((image) => image.decode().catch(() => {}))));
  // What stays at the top of the window would stand in the middle of the picture.
  await page.evaluate(() => window.scrollTo(0, 0));
  // The bar and the axis stand where they belong only at the top.
  await page.evaluate(() => window.scrollTo(0, 0));
  const picture = await sharp(await page.screenshot({ fullPage: true }))
    .webp({ quality: 82 })
    .toBuffer();
  expect(picture.length).toBeLessThan(MAX_BYTES);
  writeFileSync(join(folder, name), picture);
}
