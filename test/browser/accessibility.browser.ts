// What a machine can find of barriers: axe over the page as it is used, in each colour scheme and in forced colours; that
// nothing is cut on the narrowest screen; and what is still when people ask for it.

import { readFileSync } from "node:fs";
import type { Browser, Page } from "playwright-core";
import { startConsole, type TestConsole } from "../console/console-harness";
import { launchBrowser } from "./browser";
import { drop, fault, openPage, sample, untilShown } from "./page";

const AXE = readFileSync(require.resolve("axe-core/axe.min.js"), "utf8");

let browser: Browser;
let console: TestConsole;
beforeAll(async () => {
  [browser, console] = await Promise.all([launchBrowser(), startConsole()]);
  const { page } = await openPage(browser, console.console.url);
  await drop(page, "5", "notes.jpg", Buffer.from("These are notes."));
  await untilShown(page, "notes.jpg", "failed");
  await drop(page, "1", "maverick.jpg", sample("maverick"));
  await untilShown(page, "maverick.jpg", "thumbnail ready");
  await page.close();
});
afterAll(async () => {
  await browser?.close();
  await console?.close();
});

/** Opens what can be opened: a node, its faults with one of them on, and a step. */
async function openAll(page: Page): Promise<void> {
  await page.locator('[data-node="aws_lambda_function.create_thumbnail_function"] .open').click();
  await page.getByRole("heading", { name: "Last log lines" }).waitFor();
  const toggle = await fault(page, "slow-dynamodb");
  if ((await toggle.getAttribute("aria-checked")) === "false") await toggle.click();
  await page.locator('[data-fault="slow-dynamodb"][aria-checked="true"]').waitFor();
  await page.locator(".step summary").nth(3).click();
}

/** Each thing that axe finds, with where it is. */
async function findings(page: Page): Promise<readonly string[]> {
  await page.evaluate(AXE);
  const { violations } = await page.evaluate(() =>
    // biome-ignore lint/suspicious/noExplicitAny: axe puts itself there.
    (globalThis as any).axe.run(document, { resultTypes: ["violations"] }),
  );
  return (violations as { id: string; help: string; nodes: { html: string; failureSummary: string }[] }[]).flatMap(
    ({ id, help, nodes }) => nodes.map(({ html, failureSummary }) => `${id} (${help}): ${html}\n${failureSummary}`),
  );
}

const LOOKS = [
  ["light", {}],
  ["dark", { colorScheme: "dark" }],
  ["forced colours", { forcedColors: "active" }],
  ["a phone's screen", { width: 360 }],
] as const;

test.each(LOOKS)("axe finds nothing in %s", async (_name, options) => {
  const { page } = await openPage(browser, console.console.url, options);
  expect(await findings(page)).toEqual([]);
  await openAll(page);
  expect(await findings(page)).toEqual([]);
  await page.close();
});

test("forced colours leave in sight what only colours told: switches, states and the tips of edges", async () => {
  const { page } = await openPage(browser, console.console.url, { forcedColors: "active" });
  await openAll(page);
  const shown = await page.evaluate(() => {
    const page = getComputedStyle(document.body).backgroundColor;
    const background = (selector: string, pseudo?: string) => {
      const element = document.querySelector(selector);
      return element === null ? "not there" : getComputedStyle(element, pseudo).backgroundColor;
    };
    const on = '[data-fault="slow-dynamodb"] .track';
    const off = '[data-fault="throttle-dynamodb"] .track';
    return {
      page,
      dot: background(".state", "::before"),
      tip: background(".edge", "::after"),
      knob: background(off, "::after"),
      bar: getComputedStyle(document.querySelector(".bar") as Element).fill,
      isSwitchSeen: background(on) !== background(off),
    };
  });
  const { page: paper, isSwitchSeen, ...marks } = shown;
  for (const [mark, colour] of Object.entries(marks)) expect({ mark, colour }).not.toEqual({ mark, colour: paper });
  expect(isSwitchSeen).toBe(true);
  await page.close();
});

test("buttons that do the same say to which photo", async () => {
  const { page } = await openPage(browser, console.console.url);
  await page.getByRole("button", { name: "Redrive notes.jpg", exact: true }).waitFor();
  await page.close();
});

test.each([320, 980, 1440])("%i pixels cut nothing", async (width) => {
  const { page } = await openPage(browser, console.console.url, { width });
  await openAll(page);
  // The last of the line has its faults at the edge of the screen.
  await fault(page, "tinypng-429");
  const cut = await page.evaluate(() =>
    [...document.querySelectorAll<HTMLElement>("body *")]
      .filter((element) => {
        const { left, right, width } = element.getBoundingClientRect();
        const isSeen = width > 1 && getComputedStyle(element).visibility === "visible";
        return isSeen && (left < 0 || right > document.documentElement.clientWidth + 0.5);
      })
      .map((element) => `${element.tagName}.${element.className}: ${element.textContent?.slice(0, 40)}`),
  );
  expect(cut).toEqual([]);
  expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(width);
  await page.close();
});

test("nothing moves for those who ask for it", async () => {
  const { page } = await openPage(browser, console.console.url, { reducedMotion: "reduce" });
  await drop(page, "2", "iceman.jpg", sample("iceman"));
  await untilShown(page, "iceman.jpg", "thumbnail ready");
  expect(await page.evaluate(() => document.getAnimations().length)).toBe(0);
  await page.close();
});
