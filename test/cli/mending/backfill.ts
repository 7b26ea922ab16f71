// `npm run backfill` on a running pipeline whose thumbnails are not all as they should be.

import {
  CopyObjectCommand,
  DeleteObjectCommand,
  GetObjectCommand,
  HeadObjectCommand,
  PutObjectCommand,
} from "@aws-sdk/client-s3";
import { backfillCommand } from "../../../cli/backfill";
import { pipeline } from "../../common-pipeline";
import { record } from "../../pipeline";
import {
  failureKeys,
  reset,
  setMeanwhile,
  stopAtFirstInvocation,
  thumbnailKeys,
  upload,
  uploadAll,
  uploadMeanwhile,
  whileHeld,
} from "../operations";
import { run, runJson } from "../run";

interface Backfilled {
  readonly made: number;
  readonly skipped: number;
  readonly failed: number;
  readonly profiles: readonly { profileId: string; state: string; why?: string }[];
}

const backfill = (...args: string[]) => runJson<Backfilled>(backfillCommand(), pipeline, "--rate", "50", ...args);
const thumbnail = (id: string) => ({ Bucket: pipeline.names.bucket, Key: `thumbnails/${id}.jpg` });
const remove = (id: string) => pipeline.s3.send(new DeleteObjectCommand(thumbnail(id)));
const metadata = async (id: string) => (await pipeline.s3.send(new HeadObjectCommand(thumbnail(id)))).Metadata;

/** Makes a thumbnail look as if it had been made before the settings changed. */
async function makeOld(id: string): Promise<void> {
  const { Bucket, Key } = thumbnail(id);
  const Metadata = { ...(await metadata(id)), "thumbnail-size": "fit-64x64" };
  const CopySource = `${Bucket}/${Key}`;
  await pipeline.s3.send(new CopyObjectCommand({ Bucket, Key, CopySource, MetadataDirective: "REPLACE", Metadata }));
}

/** Leaves half of a thumbnail, as a broken answer could before answers were checked. */
async function breakOff(id: string): Promise<void> {
  const { Body, ContentLength = 0, Metadata } = await pipeline.s3.send(new GetObjectCommand(thumbnail(id)));
  const half = (await Body?.transformToByteArray())?.subarray(0, ContentLength / 2);
  await pipeline.s3.send(new PutObjectCommand({ ...thumbnail(id), Body: half, Metadata }));
}

const invocations = (activities: readonly { action: string }[]) =>
  activities.filter(({ action }) => action === "Invoke").length;

describe("with three photos", () => {
  beforeEach(() => uploadAll(pipeline, "1", "2", "3"));
  afterEach(() => reset(pipeline));

  it("makes what is missing, of another size or broken, skips what is right, and the second time all", async () => {
    await remove("1");
    await makeOld("2");
    await breakOff("3");
    await upload(pipeline, "4", "original/4.jpg");
    expect(await backfill()).toMatchObject({ made: 3, skipped: 1, failed: 0, error: undefined });
    for (const id of ["1", "2", "3", "4"]) {
      expect(await metadata(id)).toMatchObject({ "user-profile-id": id, "thumbnail-size": "fit-150x150" });
    }
    const { activities, stop } = record(pipeline);
    expect(await backfill()).toMatchObject({ made: 0, skipped: 4, failed: 0 });
    stop();
    expect(invocations(activities)).toBe(0);
  });

  it("makes those of chosen profiles only, and tells a line for each", async () => {
    await remove("1");
    await remove("2");
    const { lines, error } = await run(backfillCommand(), pipeline, "2", "2", "4");
    expect(error).toBeUndefined();
    expect(
      lines
        .slice(0, -1)
        .map((line) => line.replace(/^\[\d\/2\] /, ""))
        .sort(),
    ).toEqual(["made     profile 2  original/2.jpg", "skipped  profile 4  it has no photo"]);
    expect(lines.at(-1)).toBe("1 made, 1 skipped, 0 failed.");
    await expect(metadata("1")).rejects.toMatchObject({ name: "NotFound" });
  });

  it("makes no more in a second than it may", async () => {
    for (const id of ["1", "2", "3"]) await remove(id);
    const start = performance.now();
    expect(await backfill("--rate", "8")).toMatchObject({ made: 3 });
    expect(performance.now() - start).toBeGreaterThan(250);
  });

  it("says what could not be made, and keeps one failure record of it however often it is tried", async () => {
    await upload(pipeline, "4", "original/4.jpg", "no photo");
    const before = await failureKeys(pipeline);
    expect(await backfill("4")).toMatchObject({
      failed: 1,
      profiles: [{ why: expect.stringMatching(/^UnusablePhoto: .*not supported/) }],
      error: "1 of 1 thumbnails could not be made",
    });
    await backfill("4");
    expect(await failureKeys(pipeline)).toHaveLength(before.length + 1);
    expect((await backfill("77")).profiles).toEqual([
      { profileId: "77", state: "failed", why: "there is no such profile" },
    ]);
  });

  it("says of a photo that was moved or replaced, whose thumbnail is still there, what lies under its key now", async () => {
    const { s3, names } = pipeline;
    const original = (id: string) => ({ Bucket: names.bucket, Key: `original/${id}.jpg` });
    await s3.send(new DeleteObjectCommand(original("1")));
    // As a copy that leaves the metadata out, and as another profile's.
    await s3.send(new PutObjectCommand({ ...original("2"), Body: "another" }));
    await s3.send(new PutObjectCommand({ ...original("3"), Body: "another", Metadata: { "user-profile-id": "77" } }));
    await pipeline.aws.idle();
    const replaced = "what is under its key now is not a photo of this profile: its user-profile-id is";
    expect(await backfill("1", "2", "3")).toMatchObject({
      failed: 3,
      profiles: [
        { profileId: "1", why: `PhotoGone: There is no original/1.jpg in ${names.bucket}` },
        { profileId: "2", why: `${replaced} missing` },
        { profileId: "3", why: `${replaced} "77"` },
      ],
    });
  });

  it("says of a newer photo, beside the thumbnail of the one before, that its event is not done with", async () => {
    let result: Promise<Backfilled> | undefined;
    const meanwhile = async () => {
      result = backfill("1");
      await result;
    };
    await whileHeld(pipeline, "HEAD original/1.jpg", meanwhile, () =>
      upload(pipeline, "1", "original/1.jpg", "another"),
    );
    expect((await result)?.profiles).toMatchObject([
      { state: "failed", why: 'a newer photo is under its key, whose event is not done with; see "npm run failures"' },
    ]);
  });

  describe("a photo that arrives while its profile's thumbnail is being made", () => {
    const store = "PUT thumbnails/1.jpg";

    it("wins under another key, and nothing is left of the one before", async () => {
      await remove("1");
      const result = await whileHeld(
        pipeline,
        store,
        () => uploadMeanwhile(pipeline, "1", "original/new.jpg"),
        () => backfill("1"),
      );
      expect(result).toMatchObject({ made: 0, skipped: 1, profiles: [{ why: "it has another photo by now" }] });
      expect(await thumbnailKeys(pipeline)).toEqual(["thumbnails/2.jpg", "thumbnails/3.jpg", "thumbnails/new.jpg"]);
    });

    it("wins under the same key", async () => {
      await remove("1");
      const another = () => uploadMeanwhile(pipeline, "1", "original/1.jpg", "#ff8000");
      expect(await whileHeld(pipeline, store, another, () => backfill("1"))).toMatchObject({ made: 1, failed: 0 });
      const photo = { Bucket: pipeline.names.bucket, Key: "original/1.jpg" };
      const { ETag = "" } = await pipeline.s3.send(new HeadObjectCommand(photo));
      expect(await metadata("1")).toMatchObject({ "original-etag": ETag.replaceAll('"', "") });
    });

    it("has its thumbnail in the end when it is the old one come back just as that is being removed", async () => {
      await remove("1");
      const result = await whileHeld(
        pipeline,
        "DELETE thumbnails/1.jpg",
        // The batch that removes it holds up the next.
        () => setMeanwhile(pipeline, "1", "original/1.jpg"),
        () =>
          whileHeld(
            pipeline,
            store,
            () => uploadMeanwhile(pipeline, "1", "original/new.jpg"),
            () => backfill("1"),
          ),
      );
      // Whether backfill or the upload made it depends on which of the two gets there first.
      expect(result).toMatchObject({ failed: 0 });
      await pipeline.aws.idle();
      expect(await thumbnailKeys(pipeline)).toEqual(["thumbnails/1.jpg", "thumbnails/2.jpg", "thumbnails/3.jpg"]);
    });
  });

  it("stopped by the user, it ends what it has begun, says what remains, and goes on when repeated", async () => {
    for (const id of ["1", "2", "3"]) await remove(id);
    const stopped = backfillCommand(() => stopAtFirstInvocation(pipeline));
    expect(await runJson(stopped, pipeline, "--rate", "0.05")).toMatchObject({
      made: 1,
      remaining: 2,
      error: "stopped by SIGINT after 1 of 3 profiles; repeat the command for the others",
    });
    expect(await backfill()).toMatchObject({ made: 2, skipped: 1, remaining: 0, error: undefined });
  });
});

it.each([
  ["a rate of nothing", ["--rate", "0"], /It must be a number above 0, at most 100/],
  ["a name instead of a number", ["maverick"], /a profile must be the id of a profile, a number \(given "maverick"\)/],
])("%s is refused", async (_what, args, message) => {
  expect((await run(backfillCommand(), pipeline, ...args)).error).toMatch(message);
});
