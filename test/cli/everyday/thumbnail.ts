// `npm run thumbnail`: what it prints shows the thumbnail to anybody, until it expires; else it says why there is none.

import { type AttributeValue, UpdateItemCommand } from "@aws-sdk/client-dynamodb";
import { DeleteObjectCommand } from "@aws-sdk/client-s3";
import sharp from "sharp";
import { thumbnailCommand } from "../../../cli/thumbnail";
import type { ThumbnailUrl } from "../../../operations/thumbnail-url";
import { pipeline } from "../../common-pipeline";
import { reset, upload, uploadAll } from "../operations";
import { run, runJson } from "../run";

beforeAll(() => uploadAll(pipeline, "1", "2"));
afterAll(() => reset(pipeline));

const addressOf = (user: string, ...args: string[]) =>
  runJson<ThumbnailUrl>(thumbnailCommand(), pipeline, "--user", user, ...args);

const set = (id: string, name: string, value: AttributeValue) =>
  pipeline.dynamodb.send(
    new UpdateItemCommand({
      TableName: pipeline.names.table,
      Key: { id: { N: id } },
      UpdateExpression: "SET #name = :value",
      ExpressionAttributeNames: { "#name": name },
      ExpressionAttributeValues: { ":value": value },
    }),
  );

const remove = (Key: string) => pipeline.s3.send(new DeleteObjectCommand({ Bucket: pipeline.names.bucket, Key }));

it("prints an address on stdout, which shows the thumbnail without any credentials", async () => {
  const { lines, progress, error } = await run(thumbnailCommand(), pipeline, "--user", "1");
  expect(error).toBeUndefined();
  expect(lines).toHaveLength(1);
  expect(progress).toMatch(/^Until \S+Z this shows thumbnails\/1\.jpg:$/m);
  const answer = await fetch(lines[0] ?? "");
  expect(answer.headers.get("cache-control")).toBe("public, no-cache");
  const { width, height } = await sharp(Buffer.from(await answer.arrayBuffer())).metadata();
  expect({ status: answer.status, width, height }).toEqual({ status: 200, width: 150, height: 100 });
});

it("gives it with its key and its end in JSON, as long as is asked for", async () => {
  const { url, expires, ...others } = await addressOf("2", "--expires-in", "604800");
  expect(others).toEqual({ profileId: "2", key: "thumbnails/2.jpg", isCurrent: true });
  expect(new URL(url).searchParams.get("X-Amz-Expires")).toBe("604800");
  expect(Date.parse(expires) - Date.now()).toBeGreaterThan(604_790_000);
});

it("signs this one thumbnail: with another key, the address is refused", async () => {
  const { url } = await addressOf("1");
  for (const key of ["thumbnails/2.jpg", "original/1.jpg"]) {
    expect((await fetch(url.replace("thumbnails/1.jpg", key))).status).toBe(403);
  }
});

it("says that it is of the photo before while the last one has none", async () => {
  await upload(pipeline, "1", "original/broken.jpg", "no photo");
  expect(await addressOf("1")).toMatchObject({ key: "thumbnails/1.jpg", isCurrent: false });
  const { lines, progress } = await run(thumbnailCommand(), pipeline, "--user", "1");
  expect(progress).toContain("It shows the previous photo: profile 1 has a newer one without a thumbnail.");
  expect(lines).toEqual([expect.stringContaining("/thumbnails/1.jpg?")]);
});

describe("of a profile without one", () => {
  const NONE: readonly [string, string, () => Promise<unknown>, string][] = [
    ["that is not there", "77", async () => {}, "there is no profile 77 in user-profile"],
    ["that has no photo", "3", async () => {}, "profile 3 has no thumbnail: it has no photo"],
    [
      "whose photo is broken",
      "4",
      () => upload(pipeline, "4", "original/4.jpg", "no photo"),
      'profile 4 has no thumbnail: its thumbnail is still being made, or could not be: "npm run failures"',
    ],
    [
      "whose photo is gone",
      "4",
      () => remove("original/4.jpg"),
      "profile 4 has no thumbnail: its photo is not in the bucket any more",
    ],
    [
      "whose image lies elsewhere",
      "5",
      () => set("5", "image", { S: "elsewhere/5.jpg" }),
      "profile 5 has no thumbnail: its photo is not under original/",
    ],
    [
      "in which somebody else wrote the attribute",
      "6",
      () => set("6", "thumbnail", { S: "thumbnails/6.jpg" }),
      'profile 6 has no thumbnail: its attribute "thumbnail" was not written by the pipeline',
    ],
    [
      "whose thumbnail somebody removed",
      "2",
      () => remove("thumbnails/2.jpg"),
      "profile 2 names thumbnails/2.jpg, which is not in user-profile-images-111122223333: somebody has removed it",
    ],
  ];

  it.each(NONE)("%s the reason is told, and nothing is printed", async (_what, user, prepare, message) => {
    await prepare();
    await pipeline.aws.idle();
    const { lines, error } = await run(thumbnailCommand(), pipeline, "--user", user);
    expect(lines).toEqual([]);
    expect(error).toContain(message);
  });
});
