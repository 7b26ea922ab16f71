// The page while its server is stopped and started again, as one does all day.

import { PutItemCommand } from "@aws-sdk/client-dynamodb";
import type { Browser } from "playwright-core";
import { createConsole } from "../../console";
import { startConsole, type TestConsole } from "../console/console-harness";
import { launchBrowser } from "./browser";
import { card, drop, fault, openPage, sample, untilShown } from "./page";

/** From the moment when the server is ready. */
const RECOVERY_MS = 2_000;

let browser: Browser;
let first: TestConsole;
beforeAll(async () => {
  [browser, first] = await Promise.all([launchBrowser(), startConsole()]);
});
afterAll(async () => {
  await browser?.close();
  await first?.close();
});

test("says that the server has stopped or is starting, and reconnects by itself, as new, when it is there", async () => {
  const { page, complaints } = await openPage(browser, first.console.url);
  const status = (text: string) => page.getByRole("alert").filter({ hasText: text }).waitFor();
  await drop(page, "1", "goose.jpg", sample("goose"));
  await untilShown(page, "goose.jpg", "thumbnail ready");
  await drop(page, "2", "notes.txt", Buffer.from("no photo"));
  await card(page, "2").getByText("notes.txt starts nothing").waitFor();

  await first.console.close();
  await status("The server has stopped");
  await (await fault(page, "tinypng-429")).click();
  await page.locator(".stack").getByText("The server has stopped").waitFor();
  await drop(page, "3", "viper.jpg", sample("viper"));
  await card(page, "3").getByText("The server has stopped").waitFor();
  // The browser notes each request that reached nobody, in one of several words; nothing else went wrong.
  const isOfNetwork = (complaint: string) => /^Failed to load resource: (net::ERR_|.* status of 400 )/.test(complaint);
  expect(complaints.filter((complaint) => !isOfNetwork(complaint))).toEqual([]);

  const bugs: unknown[] = [];
  const second = await createConsole({ port: Number(new URL(first.origin).port), onBug: (bug) => bugs.push(bug) });
  try {
    expect(second.url).toBe(first.console.url);
    await status("The server is starting");
    const other = await browser.newPage();
    expect((await other.goto(second.url))?.status()).toBe(503);
    await other.getByText("The embedded AWS is starting").waitFor();

    const Item = { id: { N: "1" }, name: { S: "Somebody else" }, nick: { S: "Newcomer" } };
    await first.pipeline.dynamodb.send(new PutItemCommand({ TableName: first.pipeline.names.table, Item }));
    await second.show(first.pipeline, first.directory);
    await Promise.all([
      page.locator(".connection.live").waitFor({ timeout: RECOVERY_MS }),
      other.locator(".connection.live").waitFor({ timeout: RECOVERY_MS }),
    ]);
    expect(await page.getByRole("alert").count()).toBe(0);
    // All of it is the new server's: what the old one had seen is forgotten.
    await page.getByRole("heading", { name: "Newcomer" }).waitFor();
    expect(await page.getByRole("heading", { name: "goose.jpg" }).count()).toBe(0);
    complaints.length = 0;
    await drop(page, "4", "merlin.jpg", sample("merlin"));
    await untilShown(page, "merlin.jpg", "thumbnail ready");
    await untilShown(other, "merlin.jpg", "thumbnail ready");
    expect({ complaints, bugs }).toEqual({ complaints: [], bugs: [] });
  } finally {
    await second.close();
  }
});
