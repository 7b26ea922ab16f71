// The console as somebody uses it all day: addresses of photos, keys, failures that are discarded, and chaos.

import type { Browser } from "playwright-core";
import { startConsole, type TestConsole } from "../console/console-harness";
import { launchBrowser } from "./browser";
import { drop, type OpenPage, openPage, sample, untilShown } from "./page";

let browser: Browser;
let console: TestConsole;
let open: OpenPage;
beforeAll(async () => {
  [browser, console] = await Promise.all([launchBrowser(), startConsole()]);
  const { page } = await openPage(browser, console.console.url);
  for (const [id, name] of [
    ["1", "maverick"],
    ["2", "iceman"],
  ] as const) {
    await drop(page, id, `${name}.jpg`, sample(name));
    await untilShown(page, `${name}.jpg`, "thumbnail ready");
  }
  await drop(page, "3", "notes.jpg", Buffer.from("These are notes."));
  await untilShown(page, "notes.jpg", "failed");
  await drop(page, "4", "more notes.jpg", Buffer.from("These are more notes."));
  await untilShown(page, "more notes.jpg", "failed");
  await page.close();
});
afterAll(async () => {
  await browser?.close();
  await console?.close();
});
beforeEach(async () => {
  open = await openPage(browser, console.console.url);
  await open.page.bringToFront(); // Only the foremost page gets keys.
});
afterEach(async () => {
  await open.page.close();
  // The two that are not photos.
  expect(open.complaints.filter((complaint) => !/ 41[45] /.test(complaint))).toEqual([]);
  expect(console.bugs).toEqual([]);
});

const heading = (name: string) => open.page.getByRole("heading", { name, exact: true, level: 2 });
const live = () => open.page.getByRole("switch", { name: "Live" });

test("the address of a photo shows it, also in another tab, and the way back is the browser's", async () => {
  const { page } = open;
  expect(await live().getAttribute("aria-checked")).toBe("true");
  await page.locator(".photos button", { hasText: "maverick.jpg" }).click();
  await heading("maverick.jpg").waitFor();
  expect(page.url()).toContain("#/photos/");
  expect(await live().getAttribute("aria-checked")).toBe("false");
  await page.getByText("stays at the photo shown").waitFor();

  const other = await openPage(browser, page.url());
  await other.page.getByRole("heading", { name: "maverick.jpg", exact: true }).waitFor();
  await other.page.close();

  await page.goBack();
  await heading("more notes.jpg").waitFor();
  expect(await live().getAttribute("aria-checked")).toBe("true");
  await page.goForward();
  await heading("maverick.jpg").waitFor();
  await live().click();
  await heading("more notes.jpg").waitFor();
  expect(new URL(page.url()).hash).toBe("");
});

test("an address of a photo that this server has not seen says so, and shows the newest", async () => {
  const { page } = open;
  await page.goto(`${console.console.url}/#/photos/of-yesterday`);
  await page.getByText("The console does not know photo of-yesterday (any more). This is the newest one.").waitFor();
  open.complaints.length = 0; // The browser notes every 404 as an error.
});

test("keys go through the photos, find a profile, redrive, and tell of themselves; in a field they are text", async () => {
  const { page } = open;
  await page.keyboard.press("j");
  await heading("notes.jpg").waitFor();
  await page.keyboard.press("j");
  await heading("iceman.jpg").waitFor();
  await page.keyboard.press("k");
  await heading("notes.jpg").waitFor();
  await page.keyboard.press("r");
  const timeline = page.locator("section[data-photo]");
  await timeline.getByText(/^It failed again: UnusablePhoto/).waitFor();

  await page.keyboard.press("/");
  await page.keyboard.type("jk?");
  const field = page.getByRole("searchbox");
  expect(await field.inputValue()).toBe("jk?");
  await heading("notes.jpg").waitFor();
  await field.fill("");
  await field.blur();

  await page.keyboard.press("?");
  const help = page.getByRole("dialog", { name: "Keys" });
  await help.getByText("find a profile").waitFor();
  await page.keyboard.press("j");
  await page.keyboard.press("Escape");
  await help.waitFor({ state: "hidden" });
  await heading("notes.jpg").waitFor();
  await page.keyboard.press("l");
  await heading("more notes.jpg").waitFor();
});

test("a failure says in a sentence what happened, shows its photo, and is discarded when that was meant", async () => {
  const { page } = open;
  const failure = page.locator(".failures li", { has: page.getByText("notes.jpg", { exact: true }) });
  await failure.getByText("This file is not a picture that can be read.").waitFor();
  await page.context().grantPermissions(["clipboard-read", "clipboard-write"]);
  await failure.getByRole("button", { name: "Copy the key of notes.jpg" }).click();
  await failure.getByText("Copied").waitFor();
  expect(await page.evaluate(() => navigator.clipboard.readText())).toBe("original/3/notes.jpg");
  await failure.getByRole("link", { name: "Show photo notes.jpg" }).click();
  await heading("notes.jpg").waitFor();

  const discard = failure.getByRole("button", { name: /Discard notes\.jpg/ });
  await discard.click();
  await page.keyboard.press("Escape");
  await discard.click();
  expect(await discard.textContent()).toBe("Discard permanently?");
  await discard.click();
  await failure.waitFor({ state: "detached" });
  await page.locator(".tally", { hasText: "1 failure" }).waitFor();

  const all = page.getByRole("button", { name: /Discard all/ });
  await all.click();
  expect(await all.textContent()).toBe("Discard 1 permanently?");
  await all.click();
  await page.getByText("None. What could not be processed is kept here").waitFor();
  await page.locator(".tally", { hasText: "no failures" }).waitFor();
  await page.getByText("1 discarded").first().waitFor();
});

test("chaos runs from the page and ends with a verdict", async () => {
  const { page } = open;
  await page.getByRole("button", { name: "Run chaos" }).click();
  const section = page.locator("section", { has: page.getByRole("heading", { name: "Chaos" }) });
  await section.getByText("Under way:").waitFor();
  await section.getByText("No promise was broken").waitFor();
  expect(await section.locator("dl .none dt").allTextContents()).toEqual(["0", "0"]);
  await section.getByText(/npm run chaos -- --uploads 100 --seed \d+/).waitFor();
  // Its photos are nobody's here.
  expect(await page.locator(".photos .name").count()).toBe(4);
});
