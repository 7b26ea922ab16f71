// The console's page as a person uses it: dropped photos, cards, steps and switches.

import { readFileSync } from "node:fs";
import type { Browser, Page } from "playwright-core";
import { samplePhoto } from "../../pipeline/sample-photos";

/** How long a page may take for what it is waited for, in milliseconds: a busy machine starts functions for seconds. */
export const TIMEOUT_MS = 90_000;

export interface OpenPage {
  readonly page: Page;
  /** What the browser complained of: errors of scripts, breaches of the content security policy. */
  readonly complaints: string[];
  /** Where it sent requests to. */
  readonly hosts: Set<string>;
}

/** Opens the page at a size and in a colour scheme. */
export async function openPage(
  browser: Browser,
  url: string,
  options: {
    width?: number;
    height?: number;
    colorScheme?: "light" | "dark";
    reducedMotion?: "reduce" | "no-preference";
    forcedColors?: "active" | "none";
  } = {},
): Promise<OpenPage> {
  const { width = 1280, height = 900, colorScheme = "light", reducedMotion = "reduce", forcedColors } = options;
  const page = await browser.newPage({ viewport: { width, height }, colorScheme, reducedMotion, forcedColors });
  page.setDefaultTimeout(TIMEOUT_MS);
  const complaints: string[] = [];
  const hosts = new Set<string>();
  page.on("pageerror", (error) => complaints.push(error.message));
  page.on("console", (message) => message.type() === "error" && complaints.push(message.text()));
  page.on("request", (request) => hosts.add(new URL(request.url()).host));
  await page.goto(url);
  await page.locator(".connection.live").waitFor();
  return { page, complaints, hosts };
}

/** Drops a file on a profile's card, as a hand does: it enters, hovers and lets go. */
export const drop = (page: Page, profileId: string, name: string, bytes: Buffer): Promise<void> =>
  dropAll(page, profileId, { [name]: bytes });

/** Drops so many files at once, by their names. */
export async function dropAll(page: Page, profileId: string, files: Readonly<Record<string, Buffer>>): Promise<void> {
  const contents = Object.entries(files).map(([name, bytes]) => ({ name, base64: bytes.toString("base64") }));
  const transfer = await page.evaluateHandle((all) => {
    const transfer = new DataTransfer();
    for (const { name, base64 } of all) {
      const bytes = Uint8Array.from(atob(base64), (each) => each.charCodeAt(0));
      transfer.items.add(new File([bytes], name, { type: "image/jpeg" }));
    }
    return transfer;
  }, contents);
  for (const type of ["dragenter", "dragover", "drop"]) {
    await card(page, profileId).dispatchEvent(type, { dataTransfer: transfer });
  }
  await transfer.dispose();
}

/** Drags files of this machine to a point of the page and lets go, as the window system tells the browser of it. */
export async function dragFrom(page: Page, files: readonly string[], x: number, y: number): Promise<void> {
  const session = await page.context().newCDPSession(page);
  const data = { items: [], files: [...files], dragOperationsMask: 1 };
  for (const type of ["dragEnter", "dragOver", "drop"] as const) {
    await session.send("Input.dispatchDragEvent", { type, x, y, data });
  }
  await session.detach();
}

export const card = (page: Page, profileId: string) => page.locator(`[data-profile="${profileId}"]`);

/** A fault's switch; the faults of its node are opened first. */
export async function fault(page: Page, name: string) {
  const toggle = page.locator(`[data-fault="${name}"]`);
  const breaker = page.locator("details.breaker", { has: toggle });
  if ((await breaker.getAttribute("open")) === null) await breaker.locator("summary").click();
  return toggle;
}

export const sample = (name: string): Buffer => readFileSync(samplePhoto(`${name}.jpg`));

/** Waits until the timeline shows that file in that state. */
export const untilShown = (page: Page, fileName: string, state: string) =>
  page
    .locator("section", { has: page.getByRole("heading", { name: fileName, exact: true }) })
    .locator(`.heading .state`, { hasText: state })
    .waitFor();
