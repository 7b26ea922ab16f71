// The setting `thumbnails` on a running stack, with both resizers: from an upload to all sizes, and what operations make of
// them.

import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DeleteItemCommand } from "@aws-sdk/client-dynamodb";
import {
  GetFunctionConfigurationCommand,
  LambdaClient,
  UpdateFunctionConfigurationCommand,
} from "@aws-sdk/client-lambda";
import { GetObjectCommand, ListObjectsV2Command } from "@aws-sdk/client-s3";
import sharp from "sharp";
import type { Activity } from "../../local/activity";
import { backfill } from "../../operations/backfill";
import type { Deployment } from "../../operations/deployment";
import { findPeople } from "../../operations/erasure/find";
import { createProfileImages, type ProfileImages } from "../../operations/profile-images";
import { findUnreferenced } from "../../operations/sweep";
import { thumbnailUrl } from "../../operations/thumbnail-url";
import type { Pipeline } from "../../pipeline";
import { pipelineDeployment } from "../../pipeline/deployment";
import type { NamedSize } from "../../stack/settings/types";
import { upload } from "../cli/operations";
import { startTestPipeline } from "../pipeline";
import { synthesizeWith } from "../synthesize-with";

const CARD: NamedSize = { name: "card", width: 150, height: 150, method: "fit", format: "original" };
const SMALL: NamedSize = { name: "small", width: 64, height: 64, method: "cover", format: "webp" };
const FOREVER = { stop: new AbortController().signal, onProgress() {} };

const warn = jest.spyOn(console, "warn").mockImplementation();

describe.each(["tinypng", "account"] as const)("with the resizer %s", (resizer) => {
  const outdir = mkdtempSync(join(tmpdir(), "thumbnails-"));
  let pipeline: Pipeline;
  let lambda: LambdaClient;
  let deployment: Deployment;
  let images: ProfileImages;

  beforeAll(async () => {
    warn.mockClear();
    const stack = await synthesizeWith(outdir, {
      PROFILE_IMAGE_RESIZER: resizer,
      PROFILE_IMAGE_THUMBNAILS: JSON.stringify([CARD, SMALL]),
    });
    pipeline = await startTestPipeline(9, stack);
    const { names, client } = pipeline;
    lambda = new LambdaClient(client);
    deployment = await pipelineDeployment(pipeline, lambda);
    images = createProfileImages({ bucket: names.bucket, table: names.table, client });
  }, 60_000);
  afterAll(async () => {
    images.close();
    lambda.destroy();
    await pipeline.close();
    rmSync(outdir, { recursive: true });
  });

  async function keys(part: string): Promise<string[]> {
    const { Contents = [] } = await pipeline.s3.send(new ListObjectsV2Command({ Bucket: pipeline.names.bucket }));
    return Contents.map(({ Key = "" }) => Key).filter((key) => key.includes(part));
  }

  async function pictureAt(key: string) {
    const { Body, ContentType } = await pipeline.s3.send(
      new GetObjectCommand({ Bucket: pipeline.names.bucket, Key: key }),
    );
    const { format, width, height } = await sharp(await Body?.transformToByteArray()).metadata();
    return { format, width, height, type: ContentType };
  }

  /** What the pipeline does meanwhile. */
  async function seen(work: () => Promise<unknown>): Promise<Activity[]> {
    const activities: Activity[] = [];
    const unsubscribe = pipeline.aws.activity.subscribe((activity) => activities.push(activity));
    await work();
    await pipeline.aws.idle();
    unsubscribe();
    return activities;
  }

  const stored = (activities: readonly Activity[]) =>
    activities
      .filter(({ action, resource }) => action === "PutObject" && resource?.includes("/thumbnails/"))
      .map(({ resource = "" }) => resource.slice(resource.indexOf("thumbnails/")));

  test("synthesis says what TinyPNG asks for them", () => {
    const said = warn.mock.calls.map(([text]) => String(text));
    expect(said.filter((text) => text.includes("4,000 compressions, $31.50"))).toHaveLength(
      resizer === "tinypng" ? 1 : 0,
    );
  });

  test("a photo gets all of them, in their sizes and formats, and the profile names them", async () => {
    const activities = await seen(() => upload(pipeline, "1", "original/1/one.jpg"));
    expect(await keys("1/one.jpg")).toEqual([
      "original/1/one.jpg",
      "thumbnails/1/one.jpg",
      "thumbnails/small/1/one.jpg",
    ]);
    const { thumbnail } = (await images.read("1")) ?? {};
    expect(thumbnail).toMatchObject({ key: "thumbnails/1/one.jpg", type: "image/jpeg" });
    expect(thumbnail?.sizes?.small).toMatchObject({ key: "thumbnails/small/1/one.jpg", type: "image/webp" });
    const small = await pictureAt("thumbnails/small/1/one.jpg");
    expect(small).toMatchObject({ format: "webp", type: "image/webp", width: thumbnail?.sizes?.small?.width });
    expect(activities.filter(({ action }) => action === "Shrink")).toHaveLength(resizer === "tinypng" ? 1 : 0);
    // One UpdateItem names the photo, and one its thumbnails.
    expect(activities.filter(({ action }) => action === "UpdateItem")).toHaveLength(2);
  });

  test("each is at a URL of its own, by the name of its size", async () => {
    const { key } = await thumbnailUrl(deployment, "1", 60, "small");
    expect(key).toBe("thumbnails/small/1/one.jpg");
    await expect(thumbnailUrl(deployment, "1", 60, "large")).rejects.toThrow(
      'profile 1 has no thumbnail of the size "large", only card, small',
    );
  });

  test("all go when another photo comes, and are found for who erases or exports", async () => {
    await upload(pipeline, "2", "original/2/one.jpg");
    await upload(pipeline, "2", "original/2/two.jpg");
    expect(await keys("2/one.jpg")).toEqual(["original/2/one.jpg"]);
    const { versions } = await findPeople(deployment, ["2"], FOREVER);
    expect(versions.map(({ key }) => key).filter((key) => key.startsWith("thumbnails/"))).toEqual(
      expect.arrayContaining(["thumbnails/2/two.jpg", "thumbnails/small/2/two.jpg"]),
    );
  });

  test("none of a profile is swept, and those of a deleted one are not left", async () => {
    await upload(pipeline, "3", "original/3/one.jpg");
    const key = { TableName: pipeline.names.table, Key: { id: { N: "3" } } };
    await pipeline.dynamodb.send(new DeleteItemCommand(key));
    await pipeline.aws.idle();
    expect(await keys("3/one.jpg")).toEqual(["original/3/one.jpg"]);
    const later = new Date(Date.now() + 1_000);
    const found = await findUnreferenced(deployment, later, FOREVER);
    expect(found.map((each) => each.key)).toEqual(["original/3/one.jpg"]);
  });

  test("backfill makes the changed one alone, and then nothing", async () => {
    const { Environment } = await lambda.send(
      new GetFunctionConfigurationCommand({ FunctionName: deployment.functionNames.CreateThumbnail }),
    );
    const Variables = {
      ...Environment?.Variables,
      THUMBNAILS: JSON.stringify([CARD, { ...SMALL, width: 32, height: 32 }]),
    };
    await lambda.send(
      new UpdateFunctionConfigurationCommand({
        FunctionName: deployment.functionNames.CreateThumbnail,
        Environment: { Variables },
      }),
    );
    deployment = await pipelineDeployment(pipeline, lambda);
    const states: string[] = [];
    const run = () =>
      backfill(deployment, ["1"], {
        rate: 100,
        stop: FOREVER.stop,
        onBegin() {},
        onDone: (_id, { state }) => void states.push(state),
      });
    expect(stored(await seen(run))).toEqual(["thumbnails/small/1/one.jpg"]);
    expect(stored(await seen(run))).toEqual([]);
    expect(states).toEqual(["made", "skipped"]);
    expect((await images.read("1"))?.thumbnail?.sizes?.small).toMatchObject({ width: 32, height: 32 });
  });
});
