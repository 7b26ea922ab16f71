// The setting `originals: "current"` on a running stack: a photo goes when another face is there to show, and with its
// profile, and never anybody else's.

import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DeleteItemCommand } from "@aws-sdk/client-dynamodb";
import { ListObjectsV2Command } from "@aws-sdk/client-s3";
import { brokenPromises } from "../../chaos/report";
import { runChaos } from "../../chaos/run";
import { createProfileImages } from "../../operations/profile-images";
import { type Pipeline, startPipeline } from "../../pipeline";
import { upload } from "../cli/operations";
import { startTestPipeline, synthesizedBundles } from "../pipeline";
import { synthesizeWith } from "../synthesize-with";

// No setting changes the functions' bytes, so they need not be bundled again; main.ts loads this module when it synthesizes.
jest.mock("../../stack/bundle", () => ({ bundleFunctions: synthesizedBundles }));

// On a busy machine everything that waits for a retry waits longer.
jest.setTimeout(60_000);

const outdir = mkdtempSync(join(tmpdir(), "originals-"));
let stack: string;
let pipeline: Pipeline;

beforeAll(async () => {
  stack = await synthesizeWith(outdir, { PROFILE_IMAGE_ORIGINALS: "current" });
  pipeline = await startTestPipeline(9, stack);
});
afterAll(async () => {
  await pipeline.close();
  rmSync(outdir, { recursive: true });
});

async function keys(part: string): Promise<string[]> {
  const { Contents = [] } = await pipeline.s3.send(new ListObjectsV2Command({ Bucket: pipeline.names.bucket }));
  return Contents.map(({ Key = "" }) => Key).filter((key) => key.includes(part));
}

async function deleteProfile(id: string): Promise<void> {
  await pipeline.dynamodb.send(new DeleteItemCommand({ TableName: pipeline.names.table, Key: { id: { N: id } } }));
  await pipeline.aws.idle();
}

test("a replaced photo goes once the new thumbnail is there, and one that the profile still shows stays until then", async () => {
  await upload(pipeline, "1", "original/one/good.jpg");
  await upload(pipeline, "1", "original/one/broken.jpg", "no photo");
  expect(await keys("one/")).toEqual(["original/one/broken.jpg", "original/one/good.jpg", "thumbnails/one/good.jpg"]);
  await upload(pipeline, "1", "original/one/better.jpg");
  expect(await keys("one/")).toEqual(["original/one/better.jpg", "thumbnails/one/better.jpg"]);
});

test("a photo replaced under its own key stays", async () => {
  await upload(pipeline, "2", "original/two.jpg");
  await upload(pipeline, "2", "original/two.jpg");
  expect(await keys("two.jpg")).toEqual(["original/two.jpg", "thumbnails/two.jpg"]);
});

test("a deleted profile takes its photos along, those too that had no thumbnail", async () => {
  await upload(pipeline, "3", "original/three/good.jpg");
  await upload(pipeline, "3", "original/three/broken.jpg", "no photo");
  await deleteProfile("3");
  expect(await keys("three/")).toEqual([]);
});

test("a photo that an app takes away goes as well", async () => {
  await upload(pipeline, "4", "original/four.jpg");
  const { bucket, table } = pipeline.names;
  const images = createProfileImages({ bucket, table, client: pipeline.client });
  await images.removePhoto("4");
  images.close();
  await pipeline.aws.idle();
  expect(await keys("four.jpg")).toEqual([]);
});

test("another profile's photo under the same key stays", async () => {
  await upload(pipeline, "5", "original/team.jpg");
  await upload(pipeline, "6", "original/team.jpg");
  await upload(pipeline, "5", "original/five.jpg");
  await deleteProfile("5");
  expect(await keys("")).toEqual(expect.arrayContaining(["original/team.jpg", "thumbnails/team.jpg"]));
  expect(await keys("five.jpg")).toEqual([]);
});

test("while everything fails, no photo goes that somebody needs, and after a sweep none is left that nobody does", async () => {
  const storm = await startPipeline(stack, 0, { deliverTwiceAndOutOfOrder: true, datesEventsByArrival: true });
  try {
    const report = await runChaos(storm, { seed: 3, uploads: 24 });
    expect(brokenPromises(report)).toEqual([]);
    expect(report.verdicts.superseded).toBeGreaterThan(0);
  } finally {
    await storm.close();
  }
});
