// `npm run export`: all that there is of a person, and nothing of others.

import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { exportCommand } from "../../../cli/export";
import { pipeline } from "../../common-pipeline";
import { giveUp, reset, upload } from "../operations";
import { run } from "../run";

const place = mkdtempSync(join(tmpdir(), "export-"));
afterAll(() => rmSync(place, { recursive: true }));
afterEach(() => reset(pipeline));

it("has every version, the profile, the records and the log lines of one person", async () => {
  const folder = join(place, "three");
  await upload(pipeline, "3", "original/mine.jpg");
  await upload(pipeline, "3", "original/mine.jpg", "no photo");
  await upload(pipeline, "2", "original/theirs.jpg", "no photo");
  await giveUp(pipeline, "SetProfileImage", "3", "original/lost.jpg");
  const { lines, error } = await run(exportCommand(), pipeline, "3", "--to", folder);
  expect(error).toBeUndefined();
  expect(lines.join()).toMatch(
    /^profile 3: \d+ versions of photos and thumbnails, 2 failure records, \d+ log lines, the profile, in /,
  );
  const read = (name: string) => JSON.parse(readFileSync(join(folder, name), "utf8"));
  const photos: { file: string; key: string; isCurrent: boolean }[] = read("photos.json");
  expect(photos.filter(({ key }) => key === "original/mine.jpg").map(({ isCurrent }) => isCurrent)).toEqual(
    expect.arrayContaining([true, false]),
  );
  for (const { file } of photos) expect(statSync(join(folder, file)).mode & 0o777).toBe(0o600);
  expect(read("profile.json")).toMatchObject({ id: { N: "3" }, image: { S: "original/mine.jpg" } });
  expect(read("failure-records.json")).toHaveLength(2);
  expect(read("log-lines.json")).not.toEqual([]);
  const texts = readdirSync(folder)
    .filter((name) => name.endsWith(".json"))
    .map((name) => readFileSync(join(folder, name), "utf8"));
  expect(texts.join()).not.toMatch(/theirs|profileId\\?":\\?"2"/);
  expect((await run(exportCommand(), pipeline, "3", "--to", folder)).error).toContain(
    "already; name another folder with --to",
  );
});

it("of nobody it says that there is nothing", async () => {
  const { lines } = await run(exportCommand(), pipeline, "7777", "--to", join(place, "nobody"));
  expect(lines.join()).toContain(
    "profile 7777: 0 versions of photos and thumbnails, 0 failure records, 0 log lines, no profile, in ",
  );
});
