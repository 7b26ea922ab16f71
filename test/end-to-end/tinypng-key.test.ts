// TinyPNG's key changes while the functions run.

import { HeadObjectCommand, PutObjectCommand } from "@aws-sdk/client-s3";
import sharp from "sharp";
import type { Pipeline } from "../../cli/pipeline";
import type { Activity } from "../../local/activity";
import { changeTinypngKey, writeTinypngKey } from "../change-tinypng-key";
import { record, startTestPipeline } from "../pipeline";
import { failureRecordsOf } from "./outputs";

let shade = 0;
/** A photo that nobody had before. */
function newPhoto(): Promise<Buffer> {
  shade += 1;
  return sharp({ create: { width: 300, height: 200, channels: 3, background: { r: shade, g: 90, b: 200 } } })
    .jpeg()
    .toBuffer();
}

let pipeline: Pipeline;
beforeAll(async () => {
  pipeline = await startTestPipeline(5);
});
afterAll(() => pipeline.close());

/** Sends a photo for each profile, waits until all is at rest, and tells what happened. */
async function upload(...ids: number[]): Promise<readonly Activity[]> {
  const { s3, names, aws } = pipeline;
  const { activities, stop } = record(pipeline);
  await Promise.all(
    ids.map(async (id) => {
      const at = { Bucket: names.bucket, Key: `original/${id}.jpg` };
      const Metadata = { "user-profile-id": String(id) };
      await s3.send(new PutObjectCommand({ ...at, Body: await newPhoto(), Metadata }));
    }),
  );
  await aws.idle();
  stop();
  return activities;
}

const thumbnail = (id: number) =>
  pipeline.s3.send(new HeadObjectCommand({ Bucket: pipeline.names.bucket, Key: `thumbnails/${id}.jpg` }));

const reads = (activities: readonly Activity[]) => activities.filter(({ action }) => action === "GetParameter");
/** How CreateThumbnail's invocations ended, each way once. */
const endings = (activities: readonly Activity[]) => {
  const isRun = ({ action, resource = "", detail }: Activity) =>
    action === "Invoke" && detail !== undefined && resource.includes("CreateThumbnail");
  return new Set(
    activities.filter(isRun).map(({ error = "done", detail }) => `${error}${detail?.cold ? ", cold" : ""}`),
  );
};

it("the key is read once by an instance, whatever the number of its photos", async () => {
  expect(reads(await upload(1, 2, 3))).toHaveLength(1);
  expect(reads(await upload(4))).toEqual([]);
});

it("a new key is taken up by the running function, which fails for nobody and is not started anew", async () => {
  await changeTinypngKey(pipeline, "a new key");
  const activities = await upload(1, 2, 3);
  for (const id of [1, 2, 3]) await thumbnail(id);
  expect(reads(activities)).toHaveLength(1);
  expect(endings(activities)).toEqual(new Set(["done"]));
});

it("a key that stays refused fails the function, the event is kept, and the next photo after the mending succeeds", async () => {
  pipeline.aws.tinypng.acceptKey("a key that nobody wrote to Parameter Store");
  const activities = await upload(5);
  expect(endings(activities)).toEqual(new Set(["KeyRefused"]));
  await expect(thumbnail(5)).rejects.toMatchObject({ name: "NotFound" });
  const kept = await failureRecordsOf(pipeline);
  expect([...kept.keys()]).toEqual([expect.stringMatching(/^aws\/lambda\//)]);

  await writeTinypngKey(pipeline, "a key that nobody wrote to Parameter Store");
  expect(endings(await upload(4, 5))).toEqual(new Set(["done"]));
  await thumbnail(5);
});
