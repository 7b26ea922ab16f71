// TinyPNG's key while the functions run: when it is read, that it may change, and that nobody sees it.

import { HeadObjectCommand, PutObjectCommand } from "@aws-sdk/client-s3";
import sharp from "sharp";
import { failuresCommand } from "../../cli/failures";
import { logsCommand } from "../../cli/logs";
import { redriveCommand } from "../../cli/redrive";
import type { Activity } from "../../local/activity";
import { AwsError } from "../../local/aws-error";
import { type Pipeline, startPipeline } from "../../pipeline";
import { loadSampleProfiles } from "../../pipeline/sample-profiles";
import { changeTinypngKey, writeTinypngKey } from "../change-tinypng-key";
import { reset, upload as uploadText } from "../cli/operations";
import { run } from "../cli/run";
import { record, synthesizedStack } from "../pipeline";
import { CANARY, findIn } from "./canary";
import { failureRecordsOf, outputsOf } from "./outputs";

/** How CreateThumbnail's log names the errors that Lambda is to try again. */
const TRIED_AGAIN = "will be tried again";

let shade = 0;
/** A photo that nobody had before. */
function newPhoto(): Promise<Buffer> {
  shade += 1;
  return sharp({ create: { width: 300, height: 200, channels: 3, background: { r: shade, g: 90, b: 200 } } })
    .jpeg()
    .toBuffer();
}

const printed: string[] = [];
/** Does something, and keeps what is printed meanwhile. */
async function printing<T>(work: () => Promise<T>): Promise<T> {
  const spies = (["stdout", "stderr"] as const).map((name) =>
    jest.spyOn(process[name], "write").mockImplementation((text) => printed.push(String(text)) > 0),
  );
  try {
    return await work();
  } finally {
    for (const spy of spies) spy.mockRestore();
  }
}

let pipeline: Pipeline;
/** Of the first photos, for which the functions start. */
let first: readonly Activity[];
beforeAll(async () => {
  pipeline = await printing(() => startPipeline(synthesizedStack(), 0, { tinypngKey: CANARY }));
  await loadSampleProfiles(pipeline);
  first = await upload(1, 2, 3);
});
afterEach(() => reset(pipeline));
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
  expect(reads(first)).toHaveLength(1);
  expect(reads(await upload(4))).toEqual([]);
});

it("a new key is taken up by the running function, which fails for nobody and is not restarted", async () => {
  await changeTinypngKey(pipeline, "a new key");
  const activities = await upload(1, 2, 3);
  for (const id of [1, 2, 3]) await thumbnail(id);
  expect(reads(activities)).toHaveLength(1);
  expect(endings(activities)).toEqual(new Set(["done"]));
});

it("a key that stays refused fails the function, the event is kept, and the next photo after the fix succeeds", async () => {
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

it("errors have their classes' names in the log, our own and TinyPNG's", async () => {
  const { aws } = pipeline;
  aws.tinypng.acceptKey("another key");
  await upload(1);
  await changeTinypngKey(pipeline, "the next key");
  const quota = new AwsError("TooManyRequests", "Your monthly limit has been exceeded.", 429);
  aws.faults.inject({ request: ({ service }) => (service === "tinify" ? { error: quota } : undefined) });
  await upload(2);
  aws.faults.clear();
  const { lines } = await run(logsCommand(), pipeline, "CreateThumbnail", "--json");
  const documents = lines.map((line) => JSON.parse(line).message.message);
  const triedAgain = documents.filter((document) => document?.message === TRIED_AGAIN);
  expect(new Set(triedAgain.map(({ error }) => error.errorType))).toEqual(new Set(["KeyRefused", "AccountError"]));
});

it("nothing that the pipeline writes, returns or prints has it", async () => {
  await changeTinypngKey(pipeline, CANARY);
  const { activities, stop } = record(pipeline);
  const outputs = await printing(async () => {
    await upload(1);
    await uploadText(pipeline, "2", "original/2.jpg", "no photo");
    pipeline.aws.tinypng.acceptKey("another key");
    await upload(3);
    const written = await outputsOf(pipeline);
    for (const command of [failuresCommand(), redriveCommand()]) {
      const args = command.name() === "redrive" ? ["--all"] : [];
      written.set(command.name(), JSON.stringify(await run(command, pipeline, ...args)));
    }
    return written;
  });
  stop();
  pipeline.aws.tinypng.acceptKey(CANARY);
  outputs.set("activities", JSON.stringify([...first, ...activities])).set("printed", printed.join(""));

  expect(findIn(outputs)).toEqual([]);
  // What was searched is what was meant to be.
  expect([...outputs.keys()]).toEqual(
    expect.arrayContaining([
      "user-profile-images-111122223333/thumbnails/1.jpg",
      expect.stringMatching(/^user-profile-failures-\d+\/CreateThumbnail\//),
      expect.stringMatching(/^user-profile-failures-\d+\/aws\/lambda\//),
    ]),
  );
  expect(outputs.get("log of CreateThumbnail")).toContain("KeyRefused");
  expect(outputs.get("failures")).toContain("UnusablePhoto");
  expect(outputs.get("activities")).toContain("GetParameter");
});
