// The console of a stack with the setting `events`: the bus is a node, what it was told of a photo is a step.

import { PutObjectCommand } from "@aws-sdk/client-s3";
import { createConsole } from "../../console";
import { createDiagram } from "../../console/diagram";
import { layoutNarrow } from "../../console/page/layout-narrow";
import { layoutWide } from "../../console/page/layout-wide";
import type { Diagram, FirstState, NodeDetails, Page, Photo, Timeline } from "../../console/types";
import { readStack } from "../../local/template/read-stack";
import type { Pipeline } from "../../pipeline";
import { stackWithEvents } from "../events-stack";
import { picture } from "../local/tinify/pictures";
import { startTestPipeline } from "../pipeline";

let stack: string;
let pipeline: Pipeline;
let shown: Awaited<ReturnType<typeof createConsole>>;
const bugs: unknown[] = [];
beforeAll(async () => {
  stack = stackWithEvents();
  shown = await createConsole({ port: 0, onBug: (bug) => bugs.push(bug) });
  pipeline = await startTestPipeline(5, stack);
  await shown.show(pipeline, stack);
});
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

async function timelineOf(key: string, id: string, body: Buffer): Promise<Timeline> {
  const { s3, names, aws } = pipeline;
  const Metadata = { "user-profile-id": id };
  await s3.send(new PutObjectCommand({ Bucket: names.bucket, Key: key, Body: body, Metadata }));
  await aws.idle();
  const { items } = await get<Page<Photo>>("/api/photos");
  return get(`/api/photos/${items.find((photo) => photo.key === key)?.id}`);
}

const told = ({ steps }: Timeline) =>
  steps.filter(({ service }) => service === "events").map(({ action, subject, notes }) => [action, subject, notes]);

test("a photo's timeline says that the bus was told of it, ready or failed", async () => {
  const good = await timelineOf("original/1/good.jpg", "1", await picture(300, 200).jpeg().toBuffer());
  expect(told(good)).toEqual([["PutEvents", "the default event bus", ["Photo ready"]]]);
  const broken = await timelineOf("original/2/broken.jpg", "2", Buffer.from("no photo"));
  expect(told(broken)).toEqual([["PutEvents", "the default event bus", ["Photo failed"]]]);
  expect(broken.photo.state).toBe("failed");
});

test("the opened bus shows the last events, the newest first", async () => {
  const { events = [] } = await get<NodeDetails>("/api/nodes/eventbridge");
  expect(events).toMatchObject([{ "detail-type": "Photo failed" }, { "detail-type": "Photo ready" }]);
});

test("the bus has counted them, and can be throttled", async () => {
  const page = await (await fetch(shown.origins[0] ?? "")).text();
  const [, state = ""] = /<script id="state" type="application\/json">(.*?)<\/script>/s.exec(page) ?? [];
  const { work, faults, diagram }: FirstState = JSON.parse(state);
  expect(work).toContainEqual({ node: "eventbridge", count: 2, failing: 0, here: 0 });
  expect(faults.filter(({ node }) => node === "eventbridge").map(({ name }) => name)).toEqual(["throttle-events"]);
  expect(waysOf(diagram)).toEqual(waysOf(createDiagram(readStack(stack), "111122223333")));
});

const nameOf = ({ nodes }: Diagram, id: string) => nodes.find((node) => node.id === id)?.name ?? id;
const waysOf = (diagram: Diagram) =>
  diagram.edges
    .filter(({ kind }) => kind === "flow" || kind === "failure")
    .map(({ from, to, label }) => `${nameOf(diagram, from)} → ${nameOf(diagram, to)}: ${label}`);

test("the diagram shows who tells the bus, and leaves the way of a photo as it is", () => {
  const diagram = createDiagram(readStack(stack), "111122223333");
  const failures = "user-profile-failures-111122223333";
  expect(waysOf(diagram)).toEqual(
    expect.arrayContaining([
      "CreateThumbnail → EventBridge: Photo ready",
      "ReportFailure → EventBridge: Photo failed",
      `${failures} → ReportFailure: ObjectCreated:*`,
      `ReportFailure → ${failures}: on failure`,
    ]),
  );
  for (const layout of [layoutWide(diagram), layoutNarrow(diagram)]) {
    const cells = [...layout.nodes.values()].map(({ column, row }) => `${column}, ${row}`);
    expect(new Set(cells).size).toBe(diagram.nodes.filter(({ kind }) => kind !== "role").length);
  }
  const [images, set] = ["aws_s3_bucket.images_bucket", "aws_lambda_function.set_profile_image_function"];
  const wide = layoutWide(diagram).edges.find(({ edge }) => edge.from === images && edge.to === set);
  expect(wide?.route).toBe("right");
});
