// The app of examples/web in a browser, run as its user runs it, against a pipeline whose bucket allows its page to upload.

import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { rmSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { createInterface } from "node:readline";
import type { Browser, Page } from "playwright-core";
import type { Pipeline } from "../../pipeline";
import { stackThatAllows } from "../console/console-harness";
import { ROOT } from "../imports";
import { startTestPipeline } from "../pipeline";
import { launchBrowser } from "./browser";
import { sample } from "./page";

let browser: Browser;
let pipeline: Pipeline;
let directory: string;
let server: ChildProcess;
let address: string;
const complaints: string[] = [];

/** One that is free: the bucket's rules must name the origin before the app runs. */
async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  server.close();
  return port;
}

beforeAll(async () => {
  const port = await freePort();
  directory = stackThatAllows([`http://localhost:${port}`]);
  [browser, pipeline] = await Promise.all([launchBrowser(), startTestPipeline(5, directory)]);
  const { endpoint, region } = pipeline.aws.account;
  server = spawn("npm", ["run", "--silent", "example"], {
    cwd: ROOT,
    env: {
      ...process.env,
      AWS_ENDPOINT_URL: endpoint,
      AWS_REGION: region,
      AWS_ACCESS_KEY_ID: "test",
      AWS_SECRET_ACCESS_KEY: "test",
      BUCKET: pipeline.names.bucket,
      TABLE: pipeline.names.table,
      PORT: String(port),
    },
    stdio: ["ignore", "pipe", "inherit"],
    detached: true,
  });
  [address] = await once(createInterface({ input: server.stdout as NodeJS.ReadableStream }), "line");
});
afterAll(async () => {
  await browser?.close();
  if (server?.pid !== undefined) process.kill(-server.pid);
  await pipeline?.close();
  rmSync(directory, { recursive: true });
});

/** In a window of their own, without the other's cookies. */
async function signIn(name: string): Promise<Page> {
  const page = await (await browser.newContext()).newPage();
  page.on("pageerror", (error) => complaints.push(error.message));
  await page.goto(address);
  await page.getByLabel("Sign in as").selectOption(name);
  await page.getByRole("button", { name: "Sign in" }).click();
  await page.getByText(name, { exact: true }).last().waitFor();
  return page;
}

const choose = (page: Page, name: string, buffer: Buffer, mimeType = "image/jpeg") =>
  page.getByLabel("Photo").setInputFiles({ name, mimeType, buffer });
const says = (page: Page, text: string) => page.getByRole("status").getByText(text).waitFor();
/** The size of what is shown. */
const shown = async (page: Page): Promise<string> => {
  const image = page.getByRole("img", { name: "You" });
  await image.evaluate((element) => (element as HTMLImageElement).decode());
  return image.evaluate((element) => {
    const { naturalWidth, naturalHeight } = element as HTMLImageElement;
    return `${naturalWidth}×${naturalHeight}`;
  });
};

test("initials give way to the first face, the first to the second, and a file that is not a photo changes nothing", async () => {
  const page = await signIn("Pete Mitchell");
  await page.getByRole("img", { name: "No profile image" }).waitFor();
  expect(await page.locator("#initials").textContent()).toBe("PM");
  await choose(page, "viper.jpg", sample("viper"));
  await says(page, "This is your new profile image.");
  expect(await shown(page)).toBe("100×150");
  expect(await page.locator("#initials").isVisible()).toBe(false);

  // The old face is there at each moment until the new one is.
  await page.evaluate(() => {
    const image = document.querySelector("#image") as HTMLImageElement;
    const gone: string[] = [];
    Object.assign(window, { gone });
    new MutationObserver(() => image.hidden && gone.push("hidden")).observe(image, { attributes: true });
    image.addEventListener("error", () => gone.push("broken"));
  });
  await choose(page, "merlin.jpg", sample("merlin"));
  await says(page, "This is your new profile image.");
  expect(await shown(page)).toBe("150×100");
  await choose(page, "notes.jpg", Buffer.from("These are notes."));
  await says(page, "This file is not a picture.");
  await choose(page, "notes.txt", Buffer.from("These are notes."), "text/plain");
  await says(page, "A photo must be a JPEG, PNG, WebP or AVIF (this one is text/plain).");
  // A browser shows this one, TinyPNG does not.
  const gif = Buffer.from("R0lGODlhAQABAIAAAAAAAP///ywAAAAAAQABAAACAUwAOw==", "base64");
  await choose(page, "still.jpg", gif);
  await says(page, "No profile image could be made of this photo yet.");
  expect(await shown(page)).toBe("150×100");
  expect(await page.evaluate(() => (window as unknown as { gone: string[] }).gone)).toEqual([]);
});

test("the upload's progress is shown while it is on its way", async () => {
  const page = await signIn("Nick Bradshaw");
  const session = await page.context().newCDPSession(page);
  await session.send("Network.enable");
  const slow = { offline: false, latency: 0, downloadThroughput: -1, uploadThroughput: 400_000 };
  await session.send("Network.emulateNetworkConditions", slow);
  await choose(page, "goose.jpg", sample("goose"));
  await page.getByRole("progressbar").waitFor();
  await page.waitForFunction(() => {
    const { value, hidden } = document.querySelector("progress") as HTMLProgressElement;
    return !hidden && value > 0 && value < 1;
  });
  await says(page, "This is your new profile image.");
  expect(await page.getByRole("progressbar").isVisible()).toBe(false);
});

test("a removed face gives way to initials, for good; another user sees their own alone", async () => {
  const other = await signIn("Tom Kazansky");
  await other.getByRole("img", { name: "No profile image" }).waitFor();
  const page = await signIn("Pete Mitchell");
  expect(await shown(page)).toBe("150×100");
  await page.getByRole("button", { name: "Remove" }).click();
  await says(page, "Removed.");
  await page.getByRole("img", { name: "No profile image" }).waitFor();
  await pipeline.aws.idle();
  const again = await signIn("Pete Mitchell");
  await again.getByRole("img", { name: "No profile image" }).waitFor();
  expect(await again.getByRole("img", { name: "You" }).isVisible()).toBe(false);
});

test("whoever is not signed in, or comes from another site, gets and changes nothing", async () => {
  const body = JSON.stringify({ contentType: "image/jpeg", size: 5 });
  const json = { "content-type": "application/json" };
  const statuses = [
    await fetch(`${address}/face`),
    await fetch(`${address}/face`, { method: "POST", headers: json, body }),
    await fetch(`${address}/face`, { method: "DELETE", headers: { cookie: "session=00000000" } }),
    await fetch(`${address}/session`, { method: "POST", body: JSON.stringify({ name: "Pete Mitchell" }) }),
    await fetch(`${address}/session`, { method: "POST", headers: json, body: "{" }),
    await fetch(`${address}/../package.json`),
  ].map(({ status }) => status);
  expect(statuses).toEqual([401, 401, 401, 415, 400, 401]);
  const page = await signIn("Pete Mitchell");
  const [cookie] = await page.context().cookies();
  expect(cookie).toMatchObject({ httpOnly: true, sameSite: "Strict" });
  expect(complaints).toEqual([]);
});
