// What is left of a stack whose functions have run, once all of it has been deleted through the services' own API:
// nothing that a service lists, and no process, timer, listener or file.

import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import os from "node:os";
import { join } from "node:path";
import { PutObjectCommand } from "@aws-sdk/client-s3";
import { synthesize } from "../../main";
import type { Pipeline } from "../../pipeline";
import { samplePhoto } from "../../pipeline/sample-photos";
import { deleteEverything } from "../delete-everything";
import { administrator, type ClientOptions, listEverything } from "../list-everything";
import { startTestPipeline, synthesizedBundles } from "../pipeline";

// No setting changes the functions' bytes, so they need not be bundled again; main.ts loads this module when it synthesizes.
jest.mock("../../stack/bundle", () => ({ bundleFunctions: synthesizedBundles }));

/** A stage whose table and buckets can be deleted, with alarms. */
const ENVIRONMENT = { PROFILE_IMAGE_STAGE: "dev", PROFILE_IMAGE_ALARM_EMAIL: "on-call@example.com" };
/** Bodies of this length are in files from the first. */
const LONG = Buffer.alloc(2 * 1024 * 1024);
/** Milliseconds that an end may take. */
const DEADLINE = 5_000;

const folder = mkdtempSync(join(os.tmpdir(), "destroyed-"));
const temporary = mkdtempSync(join(folder, "temporary-"));
let stackDirectory: string;
let pipeline: Pipeline;
let options: ClientOptions;
beforeAll(async () => {
  Object.assign(process.env, ENVIRONMENT, { CDKTF_OUTDIR: join(folder, "out") });
  stackDirectory = await synthesize();
  jest.spyOn(os, "tmpdir").mockReturnValue(temporary);
});
afterAll(async () => {
  for (const name of [...Object.keys(ENVIRONMENT), "CDKTF_OUTDIR"]) delete process.env[name];
  rmSync(folder, { recursive: true });
});

test("while it runs, there is something of every kind", async () => {
  pipeline = await startTestPipeline(1, stackDirectory);
  const { s3, names, aws } = pipeline;
  options = administrator(aws.account.endpoint);
  const photo = { Body: readFileSync(samplePhoto("maverick.jpg")), Metadata: { "user-profile-id": "1" } };
  await s3.send(new PutObjectCommand({ Bucket: names.bucket, Key: "original/maverick.jpg", ...photo }));
  await s3.send(new PutObjectCommand({ Bucket: names.bucket, Key: "long", Body: LONG }));
  await aws.idle();

  const listed = Object.entries(await listEverything(options));
  // An alias, and what delivers thumbnails, are not made by this stack.
  expect(listed.flatMap(([kind, names]) => (names.length === 0 ? [kind] : []))).toEqual([
    "aliases",
    "distributions",
    "accessControls",
    "cachePolicies",
    "headersPolicies",
  ]);
  expect(files()).toEqual(expect.arrayContaining(["index.mjs"]));
  expect(resources()).toEqual(expect.arrayContaining(["ProcessWrap", "TCPServerWrap"]));
});

/** Its files and folders, but for those that hold nothing but folders. */
const files = () =>
  readdirSync(temporary, { recursive: true, withFileTypes: true })
    .filter((each) => !each.isDirectory())
    .map(({ name }) => name);

/** The processes, listeners and timers that keep this process alive. */
const resources = () =>
  process
    .getActiveResourcesInfo()
    .filter((kind) => ["ProcessWrap", "TCPServerWrap", "Timeout"].includes(kind))
    .sort();

/** What is looked at until it is as expected, or the deadline has passed. */
async function eventually<T>(look: () => T, isExpected: (seen: T) => boolean): Promise<T> {
  const deadline = performance.now() + DEADLINE;
  while (!isExpected(look()) && performance.now() < deadline) await new Promise((resolve) => setTimeout(resolve, 20));
  return look();
}

test("no service lists anything", async () => {
  await deleteEverything(options, await listEverything(options));
  const left = Object.entries(await listEverything(options)).filter(([, names]) => names.length > 0);
  expect(left).toEqual([]);
});

test("no code, log or body is left in a file", async () => {
  expect(await eventually(files, (seen) => seen.length === 0)).toEqual([]);
});

test("no process, timer or listener is left but the endpoint's own", async () => {
  const left = await eventually(resources, (seen) => !seen.includes("ProcessWrap"));
  expect(left).not.toContain("ProcessWrap");
  await pipeline.close();
  // Jest has timers too: closing takes away one listener and nothing else.
  const closed = await eventually(resources, (seen) => seen.length < left.length);
  expect(left).toEqual(["TCPServerWrap", ...closed]);
});
