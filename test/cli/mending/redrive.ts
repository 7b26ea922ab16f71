// `npm run redrive` while photos go on arriving, and when its user stops it.

import { DeleteItemCommand } from "@aws-sdk/client-dynamodb";
import { failuresCommand, type ListedFailure } from "../../../cli/failures";
import { redriveCommand } from "../../../cli/redrive";
import { pipeline } from "../../common-pipeline";
import { record } from "../../pipeline";
import {
  failureKeys,
  giveUp,
  PHOTOS,
  type Redriven,
  reset,
  stopAtFirstInvocation,
  thumbnailKeys,
  upload,
  uploadAll,
  uploadMeanwhile,
  whileForbidden,
  whileHeld,
} from "../operations";
import { run, runJson } from "../run";

const REMOVAL = "s3:DeleteObject on images_bucket/thumbnails/*";

afterEach(() => reset(pipeline));

const list = async () => (await runJson<{ failures: ListedFailure[] }>(failuresCommand(), pipeline)).failures;
const redrive = (...args: string[]) => runJson<Redriven>(redriveCommand(), pipeline, ...args);

async function creditsOf(work: () => Promise<unknown>): Promise<number> {
  const { activities, stop } = record(pipeline);
  await work();
  await pipeline.aws.idle();
  stop();
  return activities.filter(({ service, action }) => service === "tinify" && action === "Shrink").length;
}

describe("a change whose profile has another photo by now", () => {
  it("is superseded: its record goes without a credit spent", async () => {
    await upload(pipeline, "3", "original/broken.jpg", "no photo");
    await upload(pipeline, "3", "original/sound.jpg");
    const [key = ""] = await failureKeys(pipeline);
    const credits = await creditsOf(async () => {
      expect(await redrive(key)).toMatchObject({ succeeded: 0, superseded: 1, failed: 0, error: undefined });
    });
    expect(credits).toBe(0);
    expect(await failureKeys(pipeline)).toEqual([]);
    expect(await thumbnailKeys(pipeline)).toEqual(["thumbnails/sound.jpg"]);
  });

  it("is superseded too when the profile is gone", async () => {
    await upload(pipeline, "3", "original/broken.jpg", "no photo");
    const Key = { id: { N: "3" } };
    await pipeline.dynamodb.send(new DeleteItemCommand({ TableName: pipeline.names.table, Key }));
    await pipeline.aws.idle();
    expect(await redrive("--all")).toMatchObject({ superseded: 1, error: undefined });
  });

  it("leaves no thumbnail behind that was still to be removed", async () => {
    await upload(pipeline, "3", "original/a.jpg");
    await whileForbidden(pipeline, "CreateThumbnail", REMOVAL, () => upload(pipeline, "3", "original/b.jpg"));
    await upload(pipeline, "3", "original/c.jpg");
    expect(await thumbnailKeys(pipeline)).toEqual(["thumbnails/a.jpg", "thumbnails/c.jpg"]);
    expect(await redrive("--all")).toMatchObject({ superseded: 1, error: undefined });
    expect(await thumbnailKeys(pipeline)).toEqual(["thumbnails/c.jpg"]);
    expect(await failureKeys(pipeline)).toEqual([]);
  });

  it("leaves none behind either when that photo came during the replay", async () => {
    await giveUp(pipeline, "CreateThumbnail", "3", "original/old.jpg");
    const result = await whileHeld(
      pipeline,
      "PUT thumbnails/old.jpg",
      () => uploadMeanwhile(pipeline, "3", "original/new.jpg"),
      () => redrive("--all"),
    );
    expect(result).toMatchObject({ superseded: 1, error: undefined });
    expect(await thumbnailKeys(pipeline)).toEqual(["thumbnails/new.jpg"]);
  });

  it("has its thumbnail in the end when it is the one whose thumbnail was being removed", async () => {
    await upload(pipeline, "3", "original/a.jpg");
    await whileForbidden(pipeline, "CreateThumbnail", REMOVAL, () => upload(pipeline, "3", "original/b.jpg"));
    const result = await whileHeld(
      pipeline,
      "DELETE thumbnails/a.jpg",
      () => uploadMeanwhile(pipeline, "3", "original/a.jpg"),
      () => redrive("--all"),
    );
    expect(result).toMatchObject({ superseded: 1, error: undefined });
    expect(await thumbnailKeys(pipeline)).toEqual(["thumbnails/a.jpg"]);
  });

  it("never removes the thumbnail of a photo that the profile got back", async () => {
    await upload(pipeline, "3", "original/a.jpg");
    await whileForbidden(pipeline, "CreateThumbnail", REMOVAL, () => upload(pipeline, "3", "original/b.jpg"));
    await upload(pipeline, "3", "original/a.jpg");
    expect(await redrive("--all")).toMatchObject({ superseded: 1, error: undefined });
    expect(await thumbnailKeys(pipeline)).toEqual(["thumbnails/a.jpg"]);
  });
});

describe("several records", () => {
  it("are replayed side by side when they have no profile in common", async () => {
    await giveUp(pipeline, "CreateThumbnail", "1", "original/one.jpg");
    await giveUp(pipeline, "CreateThumbnail", "2", "original/two.jpg");
    const secondIsStored = new Promise<void>((resolve) => {
      const stop = pipeline.aws.activity.subscribe(({ action, resource = "" }) => {
        if (action !== "PutObject" || !resource.endsWith("thumbnails/two.jpg")) return;
        stop();
        resolve();
      });
    });
    const { activities, stop } = record(pipeline);
    const store = "PUT thumbnails/one.jpg";
    const result = await whileHeld(
      pipeline,
      store,
      () => secondIsStored,
      () => redrive("--all"),
    );
    stop();
    expect(result).toMatchObject({ succeeded: 2, failed: 0, error: undefined });
    // Had the second waited for the first, the function would have given up this call and made another.
    expect(activities.map(({ error }) => error)).not.toContain("ConnectionCut");
  });

  it("of one profile are replayed one after the other, in the order in which they failed", async () => {
    await giveUp(pipeline, "CreateThumbnail", "3", "original/one.jpg");
    await giveUp(pipeline, "CreateThumbnail", "3", "original/two.jpg");
    const { activities, stop } = record(pipeline);
    expect(await redrive("--all")).toMatchObject({ superseded: 1, succeeded: 1, error: undefined });
    stop();
    const actions = activities.map(({ action }) => action);
    // The second record's profile is not even read before the first record is gone.
    expect(actions.slice(actions.indexOf("DeleteObject"), actions.indexOf("Shrink"))).toContain("GetItem");
  });
});

describe("stopped by the user", () => {
  const stop = () => stopAtFirstInvocation(pipeline);
  // One more than are replayed at a time.
  beforeEach(() =>
    whileForbidden(pipeline, "SetProfileImage", PHOTOS, () => uploadAll(pipeline, "1", "2", "3", "4", "5")),
  );

  it("redrive ends the records that it has begun, says what remains, and goes on when repeated", async () => {
    const { lines, error } = await run(redriveCommand(stop), pipeline, "--all");
    expect(error).toMatch(
      /^stopped by SIGINT after 4 of 5 records; for the others: npm run redrive -- --all --endpoint-url \S+$/,
    );
    expect(lines).toEqual([
      "Stopping: the records under way have half a second to end …",
      ...[1, 2, 3, 4].map((count) => expect.stringMatching(`^\\[${count}/5\\] succeeded`)),
      "4 succeeded, 0 superseded, 0 failed.",
    ]);
    expect(await redrive("--all")).toMatchObject({ succeeded: 1, remaining: 0, error: undefined });
    expect(await failureKeys(pipeline)).toEqual([]);
  });

  it("redrive of named records names those that remain", async () => {
    const keys = (await list()).map(({ record: key }) => key);
    const { error } = await run(redriveCommand(stop), pipeline, ...keys);
    expect(error).toMatch(/^stopped by SIGINT after 4 of 5 records; for the others: npm run redrive -- aws/);
    expect(error).toContain(` ${keys.at(-1)} --endpoint-url `);
  });

  it("failures and redrive that still read say that nothing was done", async () => {
    const aborted = () => AbortSignal.abort("SIGTERM");
    expect(await run(failuresCommand(aborted), pipeline)).toMatchObject({
      lines: [],
      error: "stopped by SIGTERM while reading the records: none is listed",
    });
    expect(await run(redriveCommand(aborted), pipeline, "--all")).toMatchObject({
      lines: [],
      error: "stopped by SIGTERM before any record was replayed",
    });
  });
});
