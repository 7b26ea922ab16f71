// The moving picture of the README, of the console as it is: a photo travels, a fault is switched on, nothing is lost.
// It goes to a temporary folder; `SCREENSHOTS=docs npm run test:browser -- film` brings that in docs/ up to date.

import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Browser, Page } from "playwright-core";
import sharp from "sharp";
import { startConsole, type TestConsole } from "../console/console-harness";
import { launchBrowser } from "./browser";
import { film, showHand } from "./film";
import { card, drop, openPage, sample, untilShown } from "./page";

const MAX_BYTES = 1_500_000;
const isKept = process.env.SCREENSHOTS !== undefined;
/** One is enough to see that it can be made. */
const VERSIONS = isKept ? (["light", "dark"] as const) : (["light"] as const);
const PACE = isKept ? 0.4 : 1;

let browser: Browser;
let console: TestConsole;
let folder: string;
beforeAll(async () => {
  folder = process.env.SCREENSHOTS ?? mkdtempSync(join(tmpdir(), "film-"));
  mkdirSync(folder, { recursive: true });
  browser = await launchBrowser();
});
beforeEach(async () => {
  console = await startConsole();
});
afterEach(() => console?.close());
afterAll(async () => {
  await browser?.close();
  if (!isKept) rmSync(folder, { recursive: true });
});

/** Until no photo is on its way through the diagram any more. */
const arrived = (page: Page) => page.waitForFunction(() => document.querySelector(".traveller") === null);

test.each(VERSIONS)("the pipeline can be seen at work, %s", async (colorScheme) => {
  const size = { width: 1100, height: 740 };
  const { page, complaints } = await openPage(browser, console.console.url, {
    ...size,
    colorScheme,
    reducedMotion: "no-preference",
  });
  const hand = await showHand(page);
  const send = async (profileId: string, name: string, state: string) => {
    await hand.reach(card(page, profileId), name);
    await drop(page, profileId, name, sample(name.replace(".jpg", "")));
    await untilShown(page, name, state);
    await arrived(page);
  };
  const down = page.locator('[data-fault="tinypng-down"]');
  const breaker = page.locator("details.breaker", { has: down }).locator("summary");
  const flip = async () => {
    await hand.click(breaker);
    await hand.click(down);
    await hand.click(breaker);
  };
  const picture = await film(page, PACE, async () => {
    await send("1", "maverick.jpg", "thumbnail ready");
    await flip();
    await send("2", "iceman.jpg", "failed");
    await flip();
    await hand.click(page.getByRole("button", { name: /^Redrive/ }).first());
    await untilShown(page, "iceman.jpg", "thumbnail ready");
    await arrived(page);
  });
  const { pages = 1, width, pageHeight } = await sharp(picture, { animated: true }).metadata();
  expect({ width, height: pageHeight }).toEqual(size);
  expect(pages).toBeGreaterThan(20);
  expect(picture.length).toBeLessThan(MAX_BYTES);
  expect(complaints).toEqual([]);
  process.stdout.write(`${pages} pictures, ${Math.round(picture.length / 1000)} kB\n`);
  writeFileSync(join(folder, `pipeline-${colorScheme}.webp`), picture);
  await page.close();
});
