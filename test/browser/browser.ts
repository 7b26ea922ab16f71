// Finds a Chromium on this machine and starts it without a window, a sandbox of its own, or a word to the outside.

import { existsSync } from "node:fs";
import { type Browser, chromium } from "playwright-core";

const PLACES = [
  "/usr/bin/chromium",
  "/usr/bin/chromium-browser",
  "/usr/bin/google-chrome",
  "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
  "C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe",
];

const FLAGS = [
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];

/** Starts it; without one, says in a sentence how to get one. */
export async function launchBrowser(): Promise<Browser> {
  const { CHROME_PATH } = process.env;
  const executablePath = CHROME_PATH ?? PLACES.find((path) => existsSync(path));
  if (executablePath === undefined || !existsSync(executablePath)) {
    throw new Error(
      `There is no browser for these tests at ${CHROME_PATH ?? PLACES.join(", ")}: install Chromium ("apt-get install chromium" on Debian) or set CHROME_PATH to a Chrome or Chromium`,
    );
  }
  return chromium.launch({ executablePath, args: FLAGS });
}
