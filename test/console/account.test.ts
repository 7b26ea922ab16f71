// The console of a stack with `resizer: account`: nothing in it is TinyPNG's, and a photo goes from the function to the
// bucket and the table.

import { PutObjectCommand } from "@aws-sdk/client-s3";
import { synthesize } from "../../cli/synthesize";
import { createConsole } from "../../console";
import type { FirstState, Page, Photo, Timeline } from "../../console/types";
import type { Pipeline } from "../../pipeline";
import { picture } from "../local/tinify/pictures";
import { startTestPipeline } from "../pipeline";

let pipeline: Pipeline;
let shown: Awaited<ReturnType<typeof createConsole>>;
const bugs: unknown[] = [];
beforeAll(async () => {
  const stack = await synthesize(undefined, { PROFILE_IMAGE_RESIZER: "account" });
  shown = await createConsole({ port: 0, onBug: (bug) => bugs.push(bug) });
  pipeline = await startTestPipeline(5, stack.directory);
  await shown.show(pipeline, stack.directory);
  stack.remove();
}, 60_000);
afterAll(async () => {
  await shown.close();
  await pipeline.close();
  expect(bugs).toEqual([]);
});

async function get<T>(path: string): Promise<T> {
  const response = await fetch(`${shown.origins[0]}${path}`);
  expect(response.status).toBe(200);
  return response.json() as Promise<T>;
}

test("no node is TinyPNG, and no fault can be switched on there", async () => {
  const html = await (await fetch(shown.origins[0] ?? "")).text();
  const [, state = ""] = /<script id="state" type="application\/json">(.*?)<\/script>/s.exec(html) ?? [];
  const { diagram, faults }: FirstState = JSON.parse(state);
  expect(diagram.nodes.length).toBeGreaterThan(5);
  expect(JSON.stringify({ diagram, faults })).not.toMatch(/tinypng|tinify/i);
  const ids = diagram.nodes.map(({ id }) => id);
  expect(faults.filter(({ node }) => !ids.includes(node))).toEqual([]);
});

test("a photo's steps lead to its thumbnail, and an unreadable one says why", async () => {
  const { s3, names, aws } = pipeline;
  const put = (id: string, Body: Buffer) =>
    s3.send(
      new PutObjectCommand({
        Bucket: names.bucket,
        Key: `original/${id}.jpg`,
        Body,
        Metadata: { "user-profile-id": id },
      }),
    );
  await put("1", await picture(300, 200).jpeg().toBuffer());
  await put("2", Buffer.from("no photo"));
  await aws.idle();
  const { items } = await get<Page<Photo>>("/api/photos");
  const timelineOf = (key: string) => get<Timeline>(`/api/photos/${items.find((photo) => photo.key === key)?.id}`);
  const good = await timelineOf("original/1.jpg");
  expect(good.photo.state).toBe("done");
  expect(good.steps.map(({ service, action }) => `${service} ${action}`)).toEqual(
    expect.arrayContaining(["s3 PutObject", "dynamodb UpdateItem"]),
  );
  expect(good.steps.some(({ service }) => service === "tinify")).toBe(false);
  expect((await timelineOf("original/2.jpg")).photo.state).toBe("failed");
}, 30_000);
