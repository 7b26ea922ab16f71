// `npm run profiles` on a running pipeline.

import { type AttributeValue, DeleteItemCommand, PutItemCommand } from "@aws-sdk/client-dynamodb";
import { CopyObjectCommand, DeleteObjectCommand } from "@aws-sdk/client-s3";
import { backfillCommand } from "../../../cli/backfill";
import { profilesCommand } from "../../../cli/profiles";
import { AwsError } from "../../../local/aws-error";
import type { ListedProfile } from "../../../operations/list-profiles";
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

describe("what anybody may have written into the table", () => {
  const IDS = ["-1", "1.5", "9007199254740992", "1000000000000000000000000000000"];
  const ODD: readonly (readonly [string, Record<string, AttributeValue>])[] = [
    ["-1", { image: { S: "original/odd.jpg" } }],
    ["1.5", { image: { N: "5" }, name: { N: "5" } }],
    ["9007199254740992", { image: { S: `original/${"x".repeat(1015)}` } }],
    ["1000000000000000000000000000000", { image: { S: "elsewhere.jpg" } }],
    ["20", { image: { S: `original/${"ü".repeat(600)}.jpg` } }],
    ["21", { image: { S: "original/refused.jpg" } }],
    ["22", { image: { NULL: true } }],
  ];
  beforeAll(async () => {
    for (const [N, item] of ODD) {
      await pipeline.dynamodb.send(
        new PutItemCommand({ TableName: pipeline.names.table, Item: { id: { N }, ...item } }),
      );
    }
    pipeline.aws.faults.inject({
      request: ({ path }) =>
        path.endsWith("original/refused.jpg") ? { error: new AwsError("AccessDenied", "No way", 403) } : undefined,
    });
  });
  afterAll(async () => {
    pipeline.aws.faults.clear();
    for (const [N] of ODD) {
      await pipeline.dynamodb.send(new DeleteItemCommand({ TableName: pipeline.names.table, Key: { id: { N } } }));
    }
  });

  it("is named as what it is, and keeps nothing else from being listed", async () => {
    const { profiles, error } = await list();
    expect(error).toBeUndefined();
    expect(profiles).toHaveLength(7 + ODD.length);
    const states = new Map(profiles.map(({ id, thumbnail }) => [String(id), thumbnail]));
    expect([...ODD.map(([id]) => states.get(id))]).toEqual([
      "photo missing",
      "image is not a string",
      "key too long",
      "not under original/",
      "key too long",
      "refused (403)",
      "image is not a string",
    ]);
  });

  it("has tokens that the command takes as it prints them", async () => {
    const ids: string[] = [];
    let token: string[] = [];
    do {
      const { lines, error } = await run(profilesCommand(), pipeline, "--max-items", "1", ...token);
      expect(error).toBeUndefined();
      ids.push(lines[1]?.split(" ")[0] ?? "");
      token = /^There are more: (--starting-token) (\S+)$/.exec(lines.at(-1) ?? "")?.slice(1) ?? [];
    } while (token.length > 0);
    expect(ids.sort()).toEqual(expect.arrayContaining(IDS));
    expect(ids.filter((id) => id !== "")).toHaveLength(7 + ODD.length);
  });

  it("keeps no other profile from its thumbnail", async () => {
    const failed = (
      await runJson<{ profiles: { profileId: string; state: string; why: string }[] }>(
        backfillCommand(),
        pipeline,
        "--rate",
        "50",
      )
    ).profiles;
    const results = Object.fromEntries(failed.map(({ profileId, state, why }) => [profileId, `${state}: ${why}`]));
    expect(results).toMatchObject({
      "-1": expect.stringMatching(/^failed: /),
      "1.5": "skipped: its image is not a string",
      "9007199254740992": "failed: key too long",
      "1000000000000000000000000000000": "skipped: its photo is not under original/",
      "20": "failed: key too long",
      "21": "failed: refused (403)",
      "22": "skipped: its image is not a string",
      "1": "skipped: its thumbnail is correct",
    });
  });
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
