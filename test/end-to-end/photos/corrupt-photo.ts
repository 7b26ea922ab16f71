// One bad photo holds up nobody: of a batch of ten with a corrupt one, nine thumbnails are stored at the first attempt.

import { GetObjectCommand, ListObjectsV2Command, PutObjectCommand } from "@aws-sdk/client-s3";
import { drawPhoto } from "../../../chaos/photo";
import type { PlannedUpload } from "../../../chaos/plan";
import { pipeline } from "../../common-pipeline";
import { record } from "../../pipeline";

const BATCH = 10;
const CORRUPT = 4;

/** Profiles that no other test of the pipeline's uses. */
const profileOf = (number: number) => String(65 + number);

const photo = (number: number): PlannedUpload => ({
  number,
  kind: number === CORRUPT ? "corrupt" : "photo",
  key: `original/batch/${number}.jpg`,
  profileId: profileOf(number),
  colour: [number * 20, 0, 0],
  width: 50,
});

async function upload(number: number): Promise<void> {
  const { s3, names } = pipeline;
  const Body = await drawPhoto(photo(number));
  const Metadata = { "user-profile-id": profileOf(number) };
  await s3.send(new PutObjectCommand({ Bucket: names.bucket, Key: photo(number).key, Body, Metadata }));
}

it("a corrupt photo in a batch of ten becomes a failure record, and the other nine take one attempt", async () => {
  const { aws, s3, names } = pipeline;
  // The batch gathers behind another photo, whose work waits until all ten profiles are set.
  let release = () => {};
  const held = new Promise<void>((resolve) => {
    release = resolve;
  });
  const { activities, stop } = record(pipeline);
  const takeBack = aws.faults.inject({
    request: ({ service, path }) =>
      service === "s3" && path.endsWith("/thumbnails/batch/11.jpg") ? { until: held } : undefined,
  });
  let updates = 0;
  const stopCounting = aws.activity.subscribe(({ action }) => {
    if (action === "UpdateItem") updates += 1;
    if (updates === BATCH + 1) release();
  });
  await upload(BATCH + 1);
  for (let number = 1; number <= BATCH; number += 1) await upload(number);
  await aws.idle();
  takeBack();
  stopCounting();
  stop();

  // A throttled function was not reached: that is not an attempt.
  const batches = activities.filter(
    ({ action, error }) => action === "StreamBatch" && error !== "TooManyRequestsException",
  );
  expect(batches.map(({ error, detail }) => [detail?.records, detail?.attempt, error])).toEqual([
    [1, 1, undefined],
    [BATCH, 1, undefined],
  ]);
  const { Contents = [] } = await s3.send(
    new ListObjectsV2Command({ Bucket: names.bucket, Prefix: "thumbnails/batch/" }),
  );
  const numbers = Contents.map(({ Key = "" }) => Number(/\d+/.exec(Key)?.[0])).sort((a, b) => a - b);
  expect(numbers).toEqual([1, 2, 3, 5, 6, 7, 8, 9, 10, 11]);

  const failures = await s3.send(new ListObjectsV2Command({ Bucket: names.failuresBucket }));
  const records = await Promise.all(
    (failures.Contents ?? []).map(async ({ Key }) => {
      const { Body } = await s3.send(new GetObjectCommand({ Bucket: names.failuresBucket, Key }));
      return JSON.parse((await Body?.transformToString()) ?? "");
    }),
  );
  expect(records.filter(({ key }) => key.startsWith("original/batch/"))).toMatchObject([
    { function: "CreateThumbnail", reason: { code: "UnusablePhoto" }, profileId: profileOf(CORRUPT) },
  ]);
});
