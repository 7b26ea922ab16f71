// The console in a real browser: what a person does, sees, and is safe from.

import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { PutItemCommand } from "@aws-sdk/client-dynamodb";
import { PutObjectCommand } from "@aws-sdk/client-s3";
import type { Browser } from "playwright-core";
import sharp from "sharp";
import { samplePhoto } from "../../pipeline/sample-photos";
import { createPlace } from "../cli/command";
import { startConsole, type TestConsole } from "../console/console-harness";
import { send } from "../console/requests";
import { launchBrowser } from "./browser";
import { card, dragFrom, drop, dropAll, fault, type OpenPage, openPage, sample, TIMEOUT_MS, untilShown } from "./page";

let browser: Browser;
let console: TestConsole;
let open: OpenPage;
beforeAll(async () => {
  [browser, console] = await Promise.all([launchBrowser(), startConsole()]);
});
afterAll(async () => {
  await browser?.close();
  await console?.close();
});
beforeEach(async () => {
  open = await openPage(browser, console.console.url);
});
afterEach(async () => {
  await open.page.close();
  expect(open.complaints).toEqual([]);
  expect(console.bugs).toEqual([]);
});

test("a photo that is dropped on a profile goes straight to S3, and its thumbnail appears by itself", async () => {
  const { page, hosts } = open;
  const preflights: string[] = [];
  console.pipeline.aws.activity.subscribe(({ action }) => action === "OPTIONS" && preflights.push(action));
  await drop(page, "1", "maverick.jpg", sample("maverick"));
  await card(page, "1").getByAltText("thumbnail of Pete Mitchell").waitFor();
  await untilShown(page, "maverick.jpg", "thumbnail ready");
  expect(hosts).toEqual(new Set([new URL(console.origin).host, new URL(console.pipeline.aws.account.endpoint).host]));
  const actions = await page.locator(".step b").allTextContents();
  expect(actions).toEqual(
    expect.arrayContaining([
      "PostObject",
      "Notify",
      "SetProfileImage",
      "UpdateItem",
      "StreamAppend",
      "Shrink",
      "Resize",
      "PutObject",
    ]),
  );
  expect(await page.locator('[aria-live="polite"]').textContent()).toMatch(
    /maverick\.jpg has its thumbnail after \d+ milliseconds/,
  );
});

test("everything is reached by keyboard alone", async () => {
  const { page } = open;
  const focused = () =>
    page.evaluate(
      () => document.activeElement?.getAttribute("aria-label") ?? document.activeElement?.textContent ?? "",
    );
  const tabTo = async (what: RegExp) => {
    for (let tries = 0; tries < 80; tries++) {
      await page.keyboard.press("Tab");
      if (what.test(await focused())) return;
    }
    throw new Error(`Tab never reached ${what}`);
  };
  await page.bringToFront(); // Only the foremost page gets keys.
  // Waited for from here on: the browser must know in time that no dialog is to be opened.
  const chooser = page.waitForEvent("filechooser", { timeout: TIMEOUT_MS });
  await tabTo(/^Choose a photo for Tom Kazansky$/);
  await page.keyboard.press("Enter");
  await (await chooser).setFiles({ name: "iceman.jpg", mimeType: "image/jpeg", buffer: sample("iceman") });
  await untilShown(page, "iceman.jpg", "thumbnail ready");
  await tabTo(/^Make it fail \(user-profile\)$/);
  await page.keyboard.press("Enter");
  await tabTo(/^Throttle DynamoDB$/);
  await page.keyboard.press("Space");
  await page.locator('[data-fault="throttle-dynamodb"][aria-checked="true"]').waitFor();
  await page.keyboard.press("Space");
  await page.locator('[data-fault="throttle-dynamodb"][aria-checked="false"]').waitFor();
  await page.keyboard.press("Escape");
  expect(await focused()).toBe("Make it fail (user-profile)");
  expect(await page.locator("details.breaker[open]").count()).toBe(0);
  await tabTo(/UpdateItem/);
  const outline = await page.evaluate(() => getComputedStyle(document.activeElement as Element).outlineStyle);
  expect(outline).toBe("solid");
  await page.keyboard.press("Enter");
  await page.getByRole("heading", { name: "IAM decided" }).waitFor();
});

test("an opened step shows the event, the log and what IAM decided", async () => {
  const { page } = open;
  await drop(page, "3", "goose.jpg", sample("goose"));
  await untilShown(page, "goose.jpg", "thumbnail ready");
  await page.locator('.step[data-action="Invoke"] summary').first().click();
  await page.locator(".details", { hasText: "set for profile 3" }).waitFor();
  expect(await page.locator(".details").first().textContent()).toContain('"key": "original/3/goose.jpg"');
  // SetProfileImage's; CreateThumbnail's follows, which names the thumbnail.
  const update = page.locator('.step[data-action="UpdateItem"]').first();
  await update.locator("summary").click();
  await update.getByText("dynamodb:UpdateItem", { exact: true }).waitFor();
  // The request with its condition, the answer, and the same as a command.
  expect(await update.getByRole("region", { name: "Request" }).textContent()).toContain('"ConditionExpression": ');
  expect(await update.getByRole("region", { name: "Response" }).textContent()).toContain("x-amzn-requestid: ");
  await page.context().grantPermissions(["clipboard-read", "clipboard-write"]);
  await page.bringToFront();
  await update.getByRole("button", { name: "Copy as AWS CLI" }).click();
  await update.getByText("Copied").waitFor();
  expect(await page.evaluate(() => navigator.clipboard.readText())).toContain("aws dynamodb update-item");
});

test("a card says how far its photo is without changing its size, and opens its timeline", async () => {
  const { page } = open;
  const size = async () => JSON.stringify(await card(page, "3").boundingBox());
  await card(page, "3").scrollIntoViewIfNeeded();
  const before = await size();
  await page.evaluate(() => {
    const place = document.querySelector('[data-profile="3"] .progress');
    const said: string[] = [];
    Object.assign(window, { said });
    new MutationObserver(() => said.push(place?.textContent ?? "")).observe(document.body, {
      subtree: true,
      childList: true,
      characterData: true,
    });
  });
  await drop(page, "3", "not-a-photo.jpg", Buffer.from("These are notes."));
  await card(page, "3").getByText("✕ not an image").waitFor();
  expect(await size()).toBe(before);
  await drop(page, "3", "goose.jpg", sample("goose"));
  await card(page, "3")
    .getByText(/^✓ [\d.]+ m?s$/)
    .waitFor();
  expect(await size()).toBe(before);
  await card(page, "3").getByText("3024×4032").waitFor();
  await card(page, "3").getByText("113×150").waitFor();
  const said = await page.evaluate(() => (window as unknown as { said: string[] }).said);
  expect(said).toEqual(expect.arrayContaining([expect.stringMatching(/^uploading \d+ %$|^uploaded$/)]));
  await drop(page, "3", "notes.txt", Buffer.from("no photo"));
  await card(page, "3").getByRole("alert").waitFor();
  expect(await size()).toBe(before);
  open.complaints.length = 0; // The browser notes every answer of 400 and 415 as an error.
  await drop(page, "4", "merlin.jpg", sample("merlin"));
  await untilShown(page, "merlin.jpg", "thumbnail ready");
  await card(page, "3").getByRole("button", { name: "Dismiss" }).click();
  await page.getByRole("button", { name: "Show what happened to goose.jpg of Nick Bradshaw" }).click();
  await untilShown(page, "goose.jpg", "thumbnail ready");
});

test("attempts are closed but for the last, and their axis stays in sight", async () => {
  const { page } = open;
  const quota = await fault(page, "tinypng-429");
  await quota.click();
  await page.locator('[data-fault="tinypng-429"][aria-checked="true"]').waitFor();
  await drop(page, "2", "over-the-limit.jpg", sample("iceman"));
  await untilShown(page, "over-the-limit.jpg", "failed");
  await quota.click();
  const attempts = page.locator('.step[data-action="Invoke"]', { hasText: "CreateThumbnail, attempt" });
  await attempts.nth(5).waitFor();
  expect(await attempts.first().locator("summary").first().textContent()).toMatch(
    /^CreateThumbnail, attempt 1 of 6 · TooManyRequests/,
  );
  expect(await attempts.first().locator(".step").count()).toBe(0);
  expect(await attempts.nth(5).locator(".step").count()).toBeGreaterThan(2);
  // The first delivery does not look for a thumbnail: there cannot be one yet.
  await page.getByRole("button", { name: "Steps of CreateThumbnail, attempt 2 of 6" }).click();
  await attempts.nth(1).getByText("no thumbnail yet").waitFor();
  await page.evaluate(() => document.querySelector(".steps > :last-child")?.scrollIntoView());
  const axis = await page.locator(".axis").boundingBox();
  expect(axis?.y).toBeGreaterThanOrEqual(0);
});

test("samples are dragged on a profile or sent all at once, and another size is tried on the next photo", async () => {
  const { page } = open;
  await page.getByRole("button", { name: "viper.jpg", exact: true }).dragTo(card(page, "5"));
  await untilShown(page, "viper.jpg", "thumbnail ready");
  await page.getByLabel("Method").selectOption("cover");
  await page.getByLabel("Width").fill("90");
  await page.getByLabel("Height").fill("60");
  await page.getByRole("button", { name: "Use for the next photo" }).click();
  await page.getByText('"thumbnail": { "width": 90, "height": 60, "method": "cover" }').waitFor();
  await page.getByRole("button", { name: "Send all five" }).click();
  for (const id of ["1", "2", "3", "4", "5"]) await card(page, id).getByText("90×60").waitFor();
});

test("a failure says why, and is redriven with a button once its cause is fixed", async () => {
  const { page } = open;
  const { s3, dynamodb, names } = console.pipeline;
  const object = {
    Bucket: names.bucket,
    Key: "original/77/stranger.jpg",
    Body: sample("viper"),
    ContentType: "image/jpeg",
  };
  await s3.send(new PutObjectCommand({ ...object, Metadata: { "user-profile-id": "77" } }));
  const failure = page.locator(".failures li", { hasText: "There is no profile 77" });
  await failure.getByRole("button", { name: "Redrive" }).click();
  await failure.getByText("It failed again: UnknownProfile: There is no profile 77").waitFor();
  await dynamodb.send(
    new PutItemCommand({ TableName: names.table, Item: { id: { N: "77" }, name: { S: "A stranger" } } }),
  );
  await failure.getByRole("button", { name: "Redrive" }).click();
  await failure.waitFor({ state: "detached" });
  await untilShown(page, "stranger.jpg", "thumbnail ready");
});

test("with a function that is killed each time nothing is lost: Lambda keeps the event, and redrive brings it through", async () => {
  const { page } = open;
  const killer = await fault(page, "kill-SetProfileImage");
  await killer.click();
  await drop(page, "4", "merlin.jpg", sample("merlin"));
  await untilShown(page, "merlin.jpg", "failed");
  await page.getByText(/Struck 3 times/).waitFor();
  await killer.click();
  await page.locator("section[data-photo]").getByRole("button", { name: "Redrive" }).click();
  await untilShown(page, "merlin.jpg", "thumbnail ready");
});

test("a file that is not a picture is shown as such, though its response came before the page was brought to life", async () => {
  await drop(open.page, "5", "notes.jpg", Buffer.from("These are notes."));
  await untilShown(open.page, "notes.jpg", "failed");
  const page = await browser.newPage();
  const refused = page.waitForResponse((response) => response.url().includes("/pictures/original?profile=5"));
  await page.route("**/page.js", async (route) => {
    await (await refused).finished();
    await route.continue();
  });
  await page.goto(console.console.url);
  await page.locator(".connection.live").waitFor();
  await card(page, "5").locator(".original .nothing").waitFor();
  await page.close();
  // Other pages would ask for that picture as well.
  await drop(open.page, "5", "viper.jpg", sample("viper"));
  await untilShown(open.page, "viper.jpg", "thumbnail ready");
  open.complaints.length = 0; // The browser notes the answer of 415.
});

test("a photo whose name is HTML is shown as text", async () => {
  const { page } = open;
  const name = '<img src=x onerror="document.title=1">.jpg';
  const { dynamodb, names } = console.pipeline;
  const Item = { id: { N: "6" }, name: { S: "<script>document.title=2</script>" }, nick: { S: "<b>bold</b>" } };
  await dynamodb.send(new PutItemCommand({ TableName: names.table, Item }));
  await page.getByRole("heading", { name: "<b>bold</b>" }).waitFor();
  await drop(page, "6", name, sample("goose"));
  await untilShown(page, name, "thumbnail ready");
  await page.locator(".step summary").first().click();
  await page.locator(".details").first().waitFor();
  expect(await page.title()).toBe("profile-image console");
  expect(await page.locator("img[src=x], .card b").count()).toBe(0);
});

test("what S3 or the console refuses is said where it was dropped", async () => {
  await drop(open.page, "2", "notes.txt", Buffer.from("no photo"));
  const alert = card(open.page, "2").getByRole("alert");
  await alert.waitFor();
  expect(await alert.textContent()).toContain("notes.txt starts nothing");
  open.complaints.length = 0; // The browser notes every answer of 400 as an error.
});

test("of several files that are dropped on a card none is uploaded, and what is not a file is said not to be one", async () => {
  const { page } = open;
  await dropAll(page, "2", { "one.jpg": sample("goose"), "other.jpg": sample("viper") });
  const alert = card(page, "2").getByRole("alert");
  await alert.waitFor();
  expect(await alert.textContent()).toBe("A profile has one photo: drop one.jpg or other.jpg, not 2 files.");
  await dropAll(page, "2", {});
  await card(page, "2").getByText("That is not a file.").waitFor();
  await drop(page, "2", "iceman.jpg", sample("iceman"));
  await untilShown(page, "iceman.jpg", "thumbnail ready");
  expect(await alert.count()).toBe(0);
  const photos = await page.locator(".photos .name").allTextContents();
  expect(photos).not.toContain("one.jpg");
  expect(photos).not.toContain("other.jpg");
});

test("a file that is dropped beside a card is not opened by the browser", async () => {
  const { page } = open;
  const opened: string[] = [];
  page.on("framenavigated", (frame) => opened.push(frame.url()));
  page.context().on("page", (other) => opened.push(other.url()));
  const box = await card(page, "1").boundingBox();
  if (box === null) throw new Error("The card is not to be seen");
  const file = samplePhoto("maverick.jpg");
  await dragFrom(page, [file], 640, 10);
  await dragFrom(page, [file], box.x - 8, box.y + 20);
  const search = await page.getByRole("searchbox").boundingBox();
  await dragFrom(page, [file], (search?.x ?? 0) + 10, (search?.y ?? 0) + 10);
  // On a card it still is taken; by then the browser would have gone to any of the others.
  await dragFrom(page, [file], box.x + 20, box.y + 20);
  await untilShown(page, "maverick.jpg", "thumbnail ready");
  expect(opened).toEqual([]);
});

test("another site can neither read nor drive it, nor show it in a frame", async () => {
  const evil = createServer((_request, response) =>
    response.setHeader("content-type", "text/html").end("<title>evil</title>"),
  );
  await new Promise<void>((resolve) => evil.listen(0, "127.0.0.1", resolve));
  const url = `http://localhost:${(evil.address() as AddressInfo).port}/`;
  const page = await browser.newPage();
  try {
    await page.goto(url);
    const outcomes = await page.evaluate(async (target) => {
      const say = (promise: Promise<Response>) =>
        promise.then(
          ({ status, type }) => `${type} ${status}`,
          () => "refused",
        );
      const json = { method: "POST", body: '{"name":"tinypng-429","isOn":true}' };
      const events = new EventSource(`${target}/events`);
      const stream = new Promise((resolve) => {
        events.onopen = () => resolve("open");
        events.onerror = () => resolve("refused");
      });
      const picture = new Promise((resolve) => {
        const image = new Image();
        image.onload = () => resolve("shown");
        image.onerror = () => resolve("refused");
        image.src = `${target}/pictures/original?profile=1`;
      });
      const frame = document.createElement("iframe");
      frame.src = `${target}/`;
      document.body.append(frame);
      await new Promise((resolve) => {
        frame.onload = resolve;
      });
      return {
        read: await say(fetch(`${target}/api/profiles`)),
        json: await say(fetch(`${target}/api/faults`, { ...json, headers: { "content-type": "application/json" } })),
        simple: await say(fetch(`${target}/api/faults`, { ...json, mode: "no-cors" })).then(
          (text) => text.split(" ")[0],
        ),
        stream: await stream,
        picture: await picture,
        framed: frame.contentDocument === null ? "out of reach" : frame.contentDocument.body.textContent,
      };
    }, console.origin);
    expect(outcomes).toEqual({
      read: "refused",
      json: "refused",
      simple: expect.stringMatching(/opaque|refused/),
      stream: "refused",
      picture: "refused",
      framed: "out of reach",
    });
    expect(await open.page.locator('[data-fault][aria-checked="true"]').count()).toBe(0);
  } finally {
    await page.close();
    evil.close();
  }
});

test("a stack that does not allow uploads from the page is said in one sentence", async () => {
  const other = await startConsole(5, ["https://elsewhere.example"]);
  const { page, complaints } = await openPage(browser, other.console.url);
  try {
    expect(await page.getByRole("alert").textContent()).toMatch(
      /^Browsers cannot upload: the CORS rules of \S+ do not allow POST from http:\/\/127\.0\.0\.1:\d+; name it in "uploadOrigins" in cdktf\.json, or in the rules of a bucket that the stack does not make\.$/,
    );
    await drop(page, "1", "maverick.jpg", sample("goose"));
    await card(page, "1").getByText("the bucket's CORS rules must allow POST").waitFor();
    expect(complaints).toEqual(expect.arrayContaining([expect.stringContaining("blocked by CORS policy")]));
  } finally {
    await page.close();
    await other.close();
  }
});

test("npm start lets its console upload, whatever the settings say, and the page outlives it", async () => {
  const place = createPlace();
  const start = async (port: number) => {
    const environment = { PROFILE_IMAGE_UPLOAD_ORIGINS: "https://www.example.com" };
    const running = place.start(["start", "--port", String(port), "--json"], environment);
    return { running, ...JSON.parse(await running.line("stdout", /^\{/)) };
  };
  try {
    const port = await freePorts();
    const { running, consoleUrl, endpoint } = await start(port);
    const { page, complaints } = await openPage(browser, consoleUrl);
    await drop(page, "1", "goose.png", await sharp(sample("goose")).resize(300).png().toBuffer());
    await untilShown(page, "goose.png", "thumbnail ready");
    expect(complaints).toEqual([]);
    const preflight = await send(endpoint, "/user-profile-images-111122223333", {
      method: "OPTIONS",
      headers: { origin: "https://www.example.com", "access-control-request-method": "POST" },
    });
    expect(preflight.status).toBe(200);
    running.kill("SIGINT");
    expect((await running.ended).code).toBe(0);
    await page.getByRole("alert").filter({ hasText: "The server has stopped" }).waitFor();
    const again = await start(port);
    expect(again.consoleUrl).toBe(consoleUrl);
    await page.locator(".connection.live").waitFor({ timeout: 2_000 });
    await drop(page, "2", "iceman.jpg", sample("iceman"));
    await untilShown(page, "iceman.jpg", "thumbnail ready");
    await page.close();
    again.running.kill("SIGINT");
    expect((await again.running.ended).code).toBe(0);
  } finally {
    await place.close();
  }
});

test("where the function resizes itself, the page shows no TinyPNG, and a photo gets its thumbnail", async () => {
  const place = createPlace();
  try {
    const running = place.start(["start", "--port", "0", "--json"], { PROFILE_IMAGE_RESIZER: "account" });
    const { consoleUrl } = JSON.parse(await running.line("stdout", /^\{/));
    const { page, complaints } = await openPage(browser, consoleUrl);
    await drop(page, "1", "goose.jpg", sample("goose"));
    await untilShown(page, "goose.jpg", "thumbnail ready");
    expect(await page.locator("body").textContent()).not.toContain("TinyPNG");
    expect(complaints).toEqual([]);
    await page.close();
    running.kill("SIGINT");
    expect((await running.ended).code).toBe(0);
  } finally {
    await place.close();
  }
});

/** A port that is free with the one after it, below those that systems give to whoever asks for any. */
async function freePorts(): Promise<number> {
  for (;;) {
    const port = 20_000 + Math.floor(Math.random() * 10_000);
    const areFree = await Promise.all([isFree(port), isFree(port + 1)]);
    if (areFree.every(Boolean)) return port;
  }
}

const isFree = (port: number): Promise<boolean> =>
  new Promise((resolve) => {
    const server = createServer();
    server.once("error", () => resolve(false));
    server.listen(port, "127.0.0.1", () => server.close(() => resolve(true)));
  });
