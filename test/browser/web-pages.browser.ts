// What pages of other origins can do to the embedded AWS in a real browser: upload where the bucket's CORS rules let them,
// as on AWS, show pictures, and nothing else, although everybody knows the keys.

import { rmSync } from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { GetObjectCommand, HeadObjectCommand, PutObjectCommand } from "@aws-sdk/client-s3";
import { getSignedUrl } from "@aws-sdk/s3-request-presigner";
import type { Browser, Page } from "playwright-core";
import { presignPost, presignPut } from "../../operations/profile-images";
import type { Pipeline } from "../../pipeline";
import { stackThatAllows } from "../console/console-harness";
import { presign, signHeaders } from "../local/edge/signing";
import { record, startTestPipeline } from "../pipeline";
import { launchBrowser } from "./browser";
import { sample } from "./page";

/** An origin of its own, with an empty page. */
async function serveSite(): Promise<{ server: Server; origin: string }> {
  const server = createServer((_request, response) => response.setHeader("content-type", "text/html").end("<p>page"));
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return { server, origin: `http://localhost:${(server.address() as AddressInfo).port}` };
}

const PHOTO = { profileId: "1", contentType: "image/jpeg" };

let browser: Browser;
let pipeline: Pipeline;
let host: string;
let directory: string;
let app: Awaited<ReturnType<typeof serveSite>>;
let evil: Awaited<ReturnType<typeof serveSite>>;
const pages: Page[] = [];
beforeAll(async () => {
  [browser, app, evil] = await Promise.all([launchBrowser(), serveSite(), serveSite()]);
  directory = stackThatAllows([app.origin]);
  pipeline = await startTestPipeline(5, directory);
  await pipeline.aws.idle(); // The sample profiles wake a function.
  host = new URL(pipeline.aws.account.endpoint).host;
});
afterEach(() => Promise.all(pages.splice(0).map((page) => page.close())));
afterAll(async () => {
  await browser?.close();
  await pipeline?.close();
  for (const { server } of [app, evil]) server.close();
  rmSync(directory, { recursive: true });
});

async function visit(url: string): Promise<Page> {
  const page = await browser.newPage();
  pages.push(page);
  await page.goto(url);
  return page;
}

const head = (Key: string) => pipeline.s3.send(new HeadObjectCommand({ Bucket: pipeline.names.bucket, Key }));
const isStored = (key: string) =>
  head(key).then(
    () => true,
    () => false,
  );

/** What a page's own request comes to: its status, as far as the page may know. */
const put = async (page: Page, url: string, headers: Record<string, string>, photo: Buffer) =>
  page.evaluate(
    ([url, headers, base64]) =>
      fetch(url, { method: "PUT", headers, body: Uint8Array.from(atob(base64), (each) => each.charCodeAt(0)) }).then(
        ({ status }) => status,
        () => "refused",
      ),
    [url, headers, photo.toString("base64")] as const,
  );

const post = async (page: Page, url: string, fields: Readonly<Record<string, string>>) =>
  page.evaluate(
    ([url, fields]) => {
      const form = new FormData();
      for (const [name, value] of Object.entries(fields)) form.set(name, value);
      form.set("file", new File(["photo"], "photo.jpg"));
      return fetch(url, { method: "POST", body: form }).then(
        ({ status }) => status,
        () => "refused",
      );
    },
    [url, fields] as const,
  );

test("a page that the CORS rules name puts a photo by a presigned URL, once; another sends nothing", async () => {
  const photo = sample("goose");
  const key = "original/1/put.jpg";
  const { url, headers } = await presignPut(
    pipeline.s3,
    pipeline.names.bucket,
    { ...PHOTO, key, size: photo.length },
    60,
  );
  const { activities, stop } = record(pipeline);
  expect(await put(await visit(evil.origin), url, headers, photo)).toBe("refused");
  expect(activities).toMatchObject([{ action: "PreflightCors", error: "AccessForbidden" }]);
  stop();
  const page = await visit(app.origin);
  expect([await put(page, url, headers, photo), await put(page, url, headers, photo)]).toEqual([200, 412]);
  await pipeline.aws.idle();
  expect(await head("thumbnails/1/put.jpg")).toMatchObject({ Metadata: { "user-profile-id": "1" } });
});

test("a page that the CORS rules name posts a form; another's is refused, sent by a script or by the browser", async () => {
  const { s3, names } = pipeline;
  const sign = (key: string) => presignPost(s3, names.bucket, { ...PHOTO, key }, 60);
  const [good, bad] = [await sign("original/2/form.jpg"), await sign("original/2/evil.jpg")];
  expect(await post(await visit(app.origin), good.url, good.fields)).toBe(204);
  expect(await isStored(good.key)).toBe(true);
  const page = await visit(evil.origin);
  expect(await post(page, bad.url, bad.fields)).toBe("refused");
  const answer = page.waitForResponse(bad.url);
  await page.evaluate(
    ([url, fields]) => {
      const form = Object.assign(document.createElement("form"), {
        action: url,
        method: "post",
        enctype: "multipart/form-data",
      });
      for (const [name, value] of Object.entries({ ...fields, file: "photo" })) {
        form.append(Object.assign(document.createElement("input"), { name, value }));
      }
      document.body.append(form);
      form.submit();
    },
    [bad.url, bad.fields] as const,
  );
  expect((await answer).status()).toBe(403);
  expect(await isStored(bad.key)).toBe(false);
});

test("any page shows a picture by its presigned URL, and reads none without a rule", async () => {
  const { s3, names } = pipeline;
  const Key = "pictures/shown.jpg";
  await s3.send(new PutObjectCommand({ Bucket: names.bucket, Key, Body: sample("viper"), ContentType: "image/jpeg" }));
  const url = await getSignedUrl(s3, new GetObjectCommand({ Bucket: names.bucket, Key }));
  const page = await visit(evil.origin);
  const seen = await page.evaluate(async (url) => {
    const image = Object.assign(new Image(), { src: url });
    await image.decode();
    const read = await fetch(url).then(
      () => "read",
      () => "refused",
    );
    return { width: image.naturalWidth, read };
  }, url);
  expect(seen).toEqual({ width: 600, read: "refused" });
  // As a link leads to it.
  const opening = page.context().waitForEvent("page");
  await page.evaluate((url) => {
    open(url);
  }, url);
  const opened = await opening;
  pages.push(opened);
  await opened.waitForURL(url);
  expect(await opened.title()).toContain("600×900");
});

test("another origin's page invokes no function, with keys that everybody knows", async () => {
  const page = await visit(evil.origin);
  const payloadHash = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";
  const invoke = presign(host, {
    service: "lambda",
    method: "POST",
    path: "/2015-03-31/functions/SetProfileImage/invocations",
    payloadHash,
  });
  const { activities, stop } = record(pipeline);
  // "no-cors": such requests leave without a preflight, and only their answer is hidden.
  const outcome = await page.evaluate(
    (url) =>
      fetch(url, { method: "POST", mode: "no-cors" }).then(
        ({ type }) => type,
        () => "refused",
      ),
    `http://${host}${invoke.path}?${new URLSearchParams(invoke.query)}`,
  );
  expect(outcome).toBe("refused");
  expect(activities).toMatchObject([{ service: "lambda", error: "AccessDeniedException" }]);
  stop();
});

test("an HTML object is not a page of the endpoint: it runs nothing, opened or framed", async () => {
  const { s3, names } = pipeline;
  const scan = signHeaders(host, {
    service: "dynamodb",
    method: "POST",
    path: "/",
    headers: { "x-amz-target": "DynamoDB_20120810.Scan", "content-type": "application/x-amz-json-1.0" },
    body: JSON.stringify({ TableName: names.table }),
  });
  const { host: _host, ...headers } = scan.headers;
  const request = JSON.stringify({ method: "POST", headers, body: scan.body });
  const html = `<title>idle</title><script>document.title = "ran"; fetch("/", ${request});</script><p>object</p>`;
  const Key = "pages/evil.html";
  await s3.send(new PutObjectCommand({ Bucket: names.bucket, Key, Body: html, ContentType: "text/html" }));
  const url = await getSignedUrl(s3, new GetObjectCommand({ Bucket: names.bucket, Key }));
  const { activities, stop } = record(pipeline);
  const opened = await visit(url);
  expect({ title: await opened.title(), text: await opened.locator("p").textContent() }).toEqual({
    title: "idle",
    text: "object",
  });
  const page = await visit(evil.origin);
  const framed = page.waitForResponse(url);
  await page.evaluate((url) => {
    document.body.append(Object.assign(document.createElement("iframe"), { src: url }));
  }, url);
  expect((await framed).status()).toBe(403);
  expect(activities.map(({ service }) => service).filter((name) => name !== "s3" && name !== "iam")).toEqual([]);
  stop();
});
