// `npm run profiles` on a running pipeline.

import { CopyObjectCommand, DeleteObjectCommand } from "@aws-sdk/client-s3";
import { type ListedProfile, profilesCommand } from "../../../cli/profiles";
import { pipeline } from "../../common-pipeline";
import { reset, uploadAll } from "../operations";
import { run, runJson } from "../run";

afterAll(() => reset(pipeline));

const list = (...args: string[]) =>
  runJson<{ profiles: readonly ListedProfile[]; nextToken?: string }>(profilesCommand(), pipeline, ...args);

it("lists profiles with their photos, and whether the thumbnail of each is there, missing or stale", async () => {
  await uploadAll(pipeline, "1", "2", "3", "4");
  const { s3, names } = pipeline;
  const of = (Key: string) => ({ Bucket: names.bucket, Key });
  await s3.send(new DeleteObjectCommand(of("thumbnails/2.jpg")));
  await s3.send(
    new CopyObjectCommand({
      ...of("thumbnails/3.jpg"),
      CopySource: `${names.bucket}/thumbnails/3.jpg`,
      MetadataDirective: "REPLACE",
      Metadata: { "user-profile-id": "3", "original-etag": "of another photo" },
    }),
  );
  await s3.send(new DeleteObjectCommand(of("original/4.jpg")));

  const { profiles, error } = await list();
  expect(error).toBeUndefined();
  expect(profiles.map(({ id, image, thumbnail }) => [id, image, thumbnail])).toEqual([
    ["1", "original/1.jpg", "there"],
    ["2", "original/2.jpg", "missing"],
    ["3", "original/3.jpg", "stale"],
    ["4", "original/4.jpg", "photo missing"],
    ...["5", "6", "7"].map((id) => [id, null, null]),
  ]);
  expect(profiles[0]).toMatchObject({ name: "Pete Mitchell", nick: "Maverick" });

  const { lines } = await run(profilesCommand(), pipeline);
  expect(lines.slice(0, 2)).toEqual([
    expect.stringMatching(/^profile {2}name {2,}nick {2,}image {2,}thumbnail$/),
    expect.stringMatching(/^1 {8}Pete Mitchell {2,}Maverick {2,}original\/1\.jpg {2}there$/),
  ]);
});

it("lists so many at most, and goes on from its token until there are no more", async () => {
  const pages = [await list("--max-items", "3")];
  for (let page = pages[0]; page?.nextToken !== undefined; page = pages.at(-1)) {
    pages.push(await list("--max-items", "3", "--starting-token", page.nextToken));
  }
  expect(pages.map(({ profiles }) => profiles.length)).toEqual([3, 3, 1]);
  expect(pages.flatMap(({ profiles }) => profiles.map(({ id }) => Number(id))).sort()).toEqual([1, 2, 3, 4, 5, 6, 7]);
  expect((await run(profilesCommand(), pipeline, "--max-items", "1")).lines.at(-1)).toMatch(/: --starting-token \d$/);
});
