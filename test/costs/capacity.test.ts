// The capacity model: which limit is met first, and what lifts it; and that the pipeline works as the model has it, with the
// real zips. bench/capacity.ts compares the photos of a second.

import { readFileSync } from "node:fs";
import { PutObjectCommand } from "@aws-sdk/client-s3";
import { limitsOf, lowest } from "../../costs/capacity";
import { AT_A_TIME, secondsOf } from "../../costs/times";
import type { Pipeline } from "../../pipeline";
import { samplePhoto } from "../../pipeline/sample-photos";
import { DEFAULTS, type Settings } from "../../stack/settings";
import { RESIZERS } from "../../stack/settings/types";
import { record, startTestPipeline } from "../pipeline";

describe.each(RESIZERS)("with the resizer %s", (resizer) => {
  const limitOf = (changes: Partial<Settings["createThumbnail"]>, name: string) => {
    const createThumbnail = { ...DEFAULTS.createThumbnail, ...changes };
    const found = limitsOf({ ...DEFAULTS, createThumbnail }, resizer).find(({ limit }) => limit.startsWith(name));
    return found?.photosPerSecond ?? Number.NaN;
  };

  test("the stream is what limits the default stack", () => {
    expect(lowest(limitsOf(DEFAULTS, resizer)).limit).toMatch(/^stream: 4 shards × 1 at a time × 10 photos/);
  });

  test("ten times as many batches at a time are ten times as many photos a second", () => {
    expect(limitOf({ parallelizationFactor: 10 }, "stream")).toBeCloseTo(10 * limitOf({}, "stream"), 6);
  });

  test("fewer reserved instances than batches at a time limit it instead", () => {
    const few = { parallelizationFactor: 10, reservedConcurrentExecutions: 8 };
    const limits = limitsOf({ ...DEFAULTS, createThumbnail: { ...DEFAULTS.createThumbnail, ...few } }, resizer);
    expect(lowest(limits).limit).toMatch(/^CreateThumbnail: 8 at a time/);
    // The other function cannot have these.
    expect(limits.map(({ limit }) => limit)).toContainEqual(expect.stringMatching(/^SetProfileImage: 992 at a time/));
  });

  test("more memory lifts it, until the function has a whole core", () => {
    const at = (memorySize: number) => limitOf({ memorySize }, "stream");
    expect(at(1024)).toBeGreaterThan(at(512));
    expect(at(10_240)).toBe(at(1769));
  });
});

describe("the pipeline", () => {
  const PHOTO = readFileSync(samplePhoto("viper.jpg"));
  const PHOTOS = 24;
  const TINYPNG_SECONDS = 0.3;
  let pipeline: Pipeline;
  beforeAll(async () => {
    pipeline = await startTestPipeline(PHOTOS);
    // New profiles are changes too.
    await pipeline.aws.idle();
  });
  afterAll(() => pipeline.close());

  test("has as many photos of a batch at TinyPNG at a time, and no more of them a second than the model says", async () => {
    const { aws, s3, names } = pipeline;
    let [there, most, written] = [0, 0, 0];
    let release = () => {};
    const until = new Promise<void>((resolve) => {
      release = resolve;
    });
    const { activities, stop } = record(pipeline);
    const stopCounting = aws.activity.subscribe(({ action, resource, detail }) => {
      if (action === "Shrink") there -= 1;
      if (action !== "Invoke" || resource !== "SetProfileImage" || detail === undefined) return;
      written += 1;
      if (written === PHOTOS) release();
    });
    const stopFaults = aws.faults.inject({
      request({ service, path }) {
        if (service !== "tinify" || path !== "/shrink") return undefined;
        there += 1;
        most = Math.max(most, there);
        return { delayMs: TINYPNG_SECONDS * 1000, until };
      },
    });
    for (let id = 1; id <= PHOTOS; id += 1) {
      const input = { Bucket: names.bucket, Key: `original/${id}.jpg`, Body: PHOTO, ContentType: "image/jpeg" };
      await s3.send(new PutObjectCommand({ ...input, Metadata: { "user-profile-id": String(id) } }));
    }
    await aws.idle();
    stopFaults();
    stopCounting();
    stop();

    expect(most).toBe(AT_A_TIME);
    // Behind the first, which began before all that is to be done was in the stream. A refused one did nothing.
    const done = activities.filter(({ action, error }) => action === "StreamBatch" && error === undefined);
    const [, ...batches] = done;
    const sizes = batches.map(({ detail }) => Number(detail?.records));
    expect(Math.max(...sizes)).toBe(DEFAULTS.createThumbnail.batchSize);
    for (const [at, { ms = 0 }] of batches.entries()) {
      const least = secondsOf({ cpuSeconds: 0, waitSeconds: TINYPNG_SECONDS }, Number.POSITIVE_INFINITY, sizes[at]);
      expect(ms / 1000).toBeGreaterThanOrEqual(least - 0.01);
    }
  });
});
