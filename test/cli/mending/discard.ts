// `npm run failures -- --discard` on a running pipeline: what goes, what stays, and what is asked for.

import { GetObjectCommand, HeadObjectCommand, PutObjectCommand } from "@aws-sdk/client-s3";
import { failuresCommand } from "../../../cli/failures";
import { pipeline } from "../../common-pipeline";
import { failureKeys, reset, upload } from "../operations";
import { expectMistake, run, runJson } from "../run";

afterEach(() => reset(pipeline));

interface Discarded {
  readonly discarded: number;
  readonly gone: number;
  readonly kept: number;
  readonly remaining: number;
  readonly records: readonly { record: string; state: string; why?: string }[];
}

const discard = (...args: string[]) => runJson<Discarded>(failuresCommand(), pipeline, "--discard", ...args);

/** Leaves so many records; of different profiles, in the order of their keys. */
async function fail(count: number): Promise<string[]> {
  for (let id = 1; id <= count; id++) await upload(pipeline, String(id), `original/${id}.jpg`, "no photo");
  return failureKeys(pipeline);
}

it("removes the records that are named and no others, says so a line for each, and leaves the photos", async () => {
  const [one = "", two = "", three = ""] = await fail(3);
  const { lines, error } = await run(failuresCommand(), pipeline, "--discard", one, three, one);
  expect(error).toBeUndefined();
  expect(lines.slice(0, -1).sort()).toEqual([
    expect.stringMatching(
      /^\[\d\/2\] discarded {3}CreateThumbnail {2}profile \d {2}original\/\d\.jpg {2}CreateThumbnail\//,
    ),
    expect.stringMatching(/^\[\d\/2\] discarded /),
  ]);
  expect(lines.at(-1)).toBe("2 discarded, 0 kept. The photos themselves stay in the images bucket.");
  expect(await failureKeys(pipeline)).toEqual([two]);
  await pipeline.s3.send(new HeadObjectCommand({ Bucket: pipeline.names.bucket, Key: "original/1.jpg" }));
});

it("removes all with --all, whatever is in the bucket, and it is not an error when nothing is", async () => {
  await fail(2);
  const { s3, names } = pipeline;
  await s3.send(new PutObjectCommand({ Bucket: names.failuresBucket, Key: "notes.txt", Body: "no record" }));
  expect(await discard("--all")).toMatchObject({ discarded: 3, gone: 0, kept: 0, remaining: 0, error: undefined });
  expect(await failureKeys(pipeline)).toEqual([]);
  expect(await discard("--all")).toMatchObject({ discarded: 0, kept: 0, records: [], error: undefined });
});

it("keeps a record that was rewritten after it was read, and says that by its exit code", async () => {
  const [one = "", two = ""] = await fail(2);
  const { s3, aws, names } = pipeline;
  const of = { Bucket: names.failuresBucket, Key: one };
  const text = (await (await s3.send(new GetObjectCommand(of))).Body?.transformToString()) ?? "";
  let isWritten = false;
  const again = new PutObjectCommand({ ...of, Body: text.replace('"version":"1.0"', '"version":"1.1"') });
  const takeBack = aws.faults.inject({
    request({ service, method, path }) {
      if (service !== "s3" || method !== "DELETE" || isWritten || !path.endsWith(encodeURI(one))) return undefined;
      isWritten = true;
      return { until: s3.send(again).then(() => {}) };
    },
  });
  const result = await discard(one, two);
  takeBack();
  expect(isWritten).toBe(true);
  expect(result).toMatchObject({ discarded: 1, kept: 1, error: "1 of 2 records were not discarded, see above" });
  expect(result.records).toContainEqual({ record: one, state: "kept", why: "it was rewritten meanwhile" });
  expect(await failureKeys(pipeline)).toEqual([one]);
});

it("stopped by the user, it says what remains", async () => {
  await fail(2);
  const controller = new AbortController();
  const stop = pipeline.aws.activity.subscribe(({ action }) => action === "GetObject" && controller.abort("SIGINT"));
  const { error } = await run(
    failuresCommand(() => controller.signal),
    pipeline,
    "--discard",
    "--all",
  );
  stop();
  expect(error).toBe("stopped by SIGINT before any record was discarded");
  expect(await failureKeys(pipeline)).toHaveLength(2);
});

it("wants to be told which, and removes none when one of them is not there", async () => {
  const [one = ""] = await fail(1);
  const how = 'say which records to discard: "npm run failures -- --discard RECORD…"';
  for (const args of [["--discard"], ["--all"], ["--discard", "--all", "--discard", one]]) {
    await expectMistake(failuresCommand(), args, how);
  }
  for (const missing of [one.slice(0, -1), ""]) {
    expect(await discard(one, missing)).toMatchObject({
      error: `there is no failure record "${missing}" in ${pipeline.names.failuresBucket} (any more)`,
    });
  }
  expect(await failureKeys(pipeline)).toEqual([one]);
});
