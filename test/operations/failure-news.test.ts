import { type GetObjectCommand, ListObjectsV2Command } from "@aws-sdk/client-s3";
import type { Deployment } from "../../operations/deployment";
import { createFailureNews } from "../../operations/failure-news";

const PAGE = 1000;
const BUCKET = "failures";

/** A bucket as ListObjectsV2 shows it, with records of uploads under the keys of their objects. */
function createBucket() {
  const objects = new Map<string, string>();
  let lists = 0;
  async function send(command: ListObjectsV2Command | GetObjectCommand) {
    if (command instanceof ListObjectsV2Command) {
      lists += 1;
      const { StartAfter = "", ContinuationToken = StartAfter } = command.input;
      const rest = [...objects.keys()].filter((key) => key > ContinuationToken).sort();
      const Contents = rest.slice(0, PAGE).map((Key) => ({ Key, ETag: objects.get(Key) }));
      const IsTruncated = rest.length > PAGE;
      return { Contents, IsTruncated, NextContinuationToken: IsTruncated ? rest[PAGE - 1] : undefined };
    }
    const { Key: record } = command.input;
    const s3 = { bucket: { name: "b" }, object: { key: `original/${record}`, eTag: "1", sequencer: "1" } };
    const content = {
      timestamp: new Date().toISOString(),
      function: "SetProfileImage",
      reason: { code: "UnknownProfile", message: "" },
      event: { Records: [{ eventTime: new Date().toISOString(), s3 }] },
    };
    return { Body: { transformToString: async () => JSON.stringify(content) }, ETag: objects.get(record ?? "") };
  }
  const s3 = { send, config: { systemClockOffset: 0 } };
  return {
    deployment: { s3, failuresBucket: BUCKET } as unknown as Deployment,
    add: (key: string, eTag = "1") => void objects.set(key, eTag),
    /** What it costs to list, since it was last asked. */
    lists() {
      const count = lists;
      lists = 0;
      return count;
    },
  };
}

const DAY_MS = 24 * 3_600_000;
function nameOf(time: number, id: number): string {
  const text = new Date(time).toISOString().slice(0, 19).replaceAll(":", ".");
  return `${text.slice(0, 10).replaceAll("-", "/")}/${text}-${id}`;
}

const FOLDERS = ["CreateThumbnail/", "aws/lambda/1b2c/shardId-1/", "aws/lambda/1b2c/shardId-2/", "aws/lambda/async/f/"];

it("of many old failures no more is read than where the new ones may be", async () => {
  const bucket = createBucket();
  for (const folder of FOLDERS) {
    for (let id = 0; id < 10 * PAGE; id += 1) bucket.add(folder + nameOf(Date.now() - 2 * DAY_MS - id * 60_000, id));
  }
  bucket.add("note.txt");
  const known = FOLDERS[1] + nameOf(Date.now() - 1000, 0);
  bucket.add(known);
  const news = await createFailureNews(bucket.deployment);
  bucket.lists();
  expect(await news()).toEqual([]);
  expect(bucket.lists()).toBeLessThanOrEqual(2 * FOLDERS.length + 1);

  const come = FOLDERS.map((folder, id) => folder + nameOf(Date.now(), id));
  for (const key of come) bucket.add(key);
  bucket.add(known, "2");
  bucket.add(FOLDERS[0] + nameOf(Date.now() - DAY_MS, 7));
  expect((await news()).map(({ record }) => record).sort()).toEqual([...come, known].sort());
  expect(await news()).toEqual([]);
});
