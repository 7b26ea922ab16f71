// The setting `events`, whole: the zips with EventBridge's client, on an embedded AWS whose bus takes them, or does not.

import { GetItemCommand } from "@aws-sdk/client-dynamodb";
import { LambdaClient } from "@aws-sdk/client-lambda";
import { ListObjectsV2Command, PutObjectCommand } from "@aws-sdk/client-s3";
import { brokenPromises } from "../../chaos/report";
import { runChaos } from "../../chaos/run";
import { watchEvents } from "../../chaos/sent-events";
import { thumbnailIn } from "../../functions/lib/profile-thumbnail";
import { AwsError } from "../../local/aws-error";
import type { BusEvent } from "../../local/events/types";
import type { FaultRule } from "../../local/faults";
import { redriveRecords } from "../../operations/redrive-records";
import { selectRecords } from "../../operations/select-records";
import { type Pipeline, startPipeline } from "../../pipeline";
import { pipelineDeployment } from "../../pipeline/deployment";
import { complaintsAbout, stackWithEvents } from "../events-stack";
import { picture } from "../local/tinify/pictures";
import { record, startTestPipeline } from "../pipeline";

// On a busy machine everything that waits for a retry waits longer.
jest.setTimeout(60_000);

let stack: string;
let pipeline: Pipeline;
beforeAll(async () => {
  stack = stackWithEvents();
  pipeline = await startTestPipeline(9, stack);
});
afterAll(async () => {
  await pipeline.close();
});
afterEach(() => pipeline.aws.faults.clear());

const photo = picture(300, 200).jpeg().toBuffer();

async function upload(key: string, id: string, body: Buffer | Promise<Buffer> = photo): Promise<void> {
  const { s3, names, aws } = pipeline;
  const Metadata = { "user-profile-id": id };
  await s3.send(new PutObjectCommand({ Bucket: names.bucket, Key: key, Body: await body, Metadata }));
  await aws.idle();
}

const eventsOf = (key: string): BusEvent[] =>
  pipeline.aws.events.recent().filter(({ detail }) => (detail.photo as { key: string }).key === key);

async function profile(id: string) {
  const input = { TableName: pipeline.names.table, Key: { id: { N: id } } };
  return (await pipeline.dynamodb.send(new GetItemCommand(input))).Item;
}

async function failureKeys(): Promise<string[]> {
  const { Contents = [] } = await pipeline.s3.send(new ListObjectsV2Command({ Bucket: pipeline.names.failuresBucket }));
  return Contents.map(({ Key = "" }) => Key);
}

/** EventBridge fails so many calls, or all, of whoever sends this type of event. */
const failing = (type: string, times = Number.POSITIVE_INFINITY, code = "InternalException"): FaultRule => {
  let left = times;
  return {
    request({ service, body }) {
      if (service !== "events" || !body.includes(type) || left === 0) return undefined;
      left -= 1;
      // After ThrottlingException the client waits five times as long before it tries again.
      return { error: new AwsError(code, "no", code === "InternalException" ? 500 : 400) };
    },
  };
};

test("the photo that a profile shows is ready, as the profile itself says", async () => {
  await upload("original/1/a b.jpg", "1");
  const { imageVersion, ...item } = (await profile("1")) ?? {};
  const { imageETag: _, imageVersion: __, ...thumbnail } = thumbnailIn(item) ?? {};
  expect(eventsOf("original/1/a b.jpg")).toEqual([
    {
      version: "0",
      id: expect.any(String),
      "detail-type": "Photo ready",
      source: "profile-image",
      account: "111122223333",
      time: expect.any(String),
      region: "eu-west-1",
      resources: [`arn:aws:s3:::${pipeline.names.bucket}`],
      detail: { profileId: "1", photo: { key: "original/1/a b.jpg", version: imageVersion?.S }, thumbnail },
    },
  ]);
});

test.each([
  ["original/2/broken.jpg", "2", "UnusablePhoto", "CreateThumbnail/", "2"],
  ["original/ghost.jpg", "4711", "UnknownProfile", "SetProfileImage/", "4711"],
  ["original/odd.jpg", "two", "MalformedProfileId", "SetProfileImage/", undefined],
])("%s failed, and its record says more", async (key, id, code, prefix, profileId) => {
  await upload(key, id, Buffer.from("no photo"));
  const events = eventsOf(key);
  expect(events).toHaveLength(1);
  const [{ "detail-type": type, detail } = {} as BusEvent] = events;
  expect(type).toBe("Photo failed");
  expect(detail).toMatchObject({ failure: { code, record: expect.stringContaining(prefix) } });
  expect(detail.profileId).toBe(profileId);
  expect(await failureKeys()).toContain((detail.failure as { record: string }).record);
});

test("what Lambda gives up failed too: an upload, and a change of a profile", async () => {
  const { functions } = pipeline.names;
  pipeline.aws.faults.inject({
    request: ({ service, operation, method, path, caller }) =>
      (service === "s3" && method === "HEAD" && path.endsWith("/upload.jpg") && "roleName" in caller) ||
      (service === "dynamodb" &&
        operation === "UpdateItem" &&
        "roleName" in caller &&
        caller.roleName === `${functions[1]}Role`)
        ? { error: new AwsError("InternalError", "no", 500) }
        : undefined,
  });
  await upload("original/3/upload.jpg", "3");
  await upload("original/3/change.jpg", "3");
  expect(eventsOf("original/3/upload.jpg")).toMatchObject([
    { "detail-type": "Photo failed", detail: { failure: { code: "RetriesExhausted" } } },
  ]);
  expect(eventsOf("original/3/change.jpg")).toMatchObject([
    { "detail-type": "Photo failed", detail: { profileId: "3", failure: { code: "RetryAttemptsExhausted" } } },
  ]);
});

test("a bus that is throttled for a while delays an event, and loses none", async () => {
  // One more than the client tries.
  pipeline.aws.faults.inject(failing("Photo ready", 4, "ThrottlingException"));
  await upload("original/4/late.jpg", "4");
  expect(eventsOf("original/4/late.jpg")).toMatchObject([{ "detail-type": "Photo ready" }]);
});

test("a function that dies between the profile and the bus tells all the same", async () => {
  const { functions } = pipeline.names;
  let deaths = 0;
  pipeline.aws.faults.inject({
    // GET, shrink, resize, PUT, UpdateItem: the profile names the thumbnail, and the function never learns of it.
    invocation: ({ functionName, trigger }) =>
      functionName === functions[1] && trigger === "dynamodb" && deaths === 0
        ? {
            killAtCall: 5,
            onDeath: () => {
              deaths += 1;
            },
          }
        : undefined,
  });
  await upload("original/5/killed.jpg", "5");
  expect(deaths).toBe(1);
  const ready = eventsOf("original/5/killed.jpg").filter(({ "detail-type": type }) => type === "Photo ready");
  expect(ready.length).toBeGreaterThanOrEqual(1);
});

test("a failure that cannot be told is a record that starts nothing, and is told by its redrive", async () => {
  pipeline.aws.faults.inject(failing("Photo failed"));
  const { activities, stop } = record(pipeline);
  await upload("original/6/broken.jpg", "6", Buffer.from("no photo"));
  stop();
  const report = pipeline.names.functions[2] ?? "";
  const invocations = activities.filter(({ action, resource }) => action === "Start" && resource === report);
  expect(invocations).toHaveLength(3);
  expect(eventsOf("original/6/broken.jpg")).toEqual([]);
  const own = (await failureKeys()).filter((key) => key.startsWith(`aws/lambda/async/${report}/`));
  expect(own).toHaveLength(1);

  pipeline.aws.faults.clear();
  const lambda = new LambdaClient(pipeline.client);
  try {
    const deployment = await pipelineDeployment(pipeline, lambda);
    const states: string[] = [];
    await redriveRecords(deployment, await selectRecords(deployment, own), (_, { state }) => void states.push(state));
    expect(states).toEqual(["succeeded"]);
  } finally {
    lambda.destroy();
  }
  expect(eventsOf("original/6/broken.jpg")).toMatchObject([{ "detail-type": "Photo failed" }]);
  expect(await failureKeys()).not.toContain(own[0]);
});

test("a photo whose event was given up is told by the redrive, also when a newer one has failed since", async () => {
  const stop = pipeline.aws.faults.inject(failing("Photo ready"));
  await upload("original/7/shown.jpg", "7");
  stop();
  expect(eventsOf("original/7/shown.jpg")).toMatchObject([{ "detail-type": "Photo failed" }]);
  await upload("original/7/broken.jpg", "7", Buffer.from("no photo"));
  const [given] = (await failureKeys()).filter((key) => /^aws\/lambda\/(?!async)/.test(key)).slice(-1);
  const lambda = new LambdaClient(pipeline.client);
  try {
    const deployment = await pipelineDeployment(pipeline, lambda);
    const states: string[] = [];
    const records = await selectRecords(deployment, [given ?? ""]);
    await redriveRecords(deployment, records, (_, { state }) => void states.push(state));
    expect(states).toEqual(["superseded"]);
  } finally {
    lambda.destroy();
  }
  const types = eventsOf("original/7/shown.jpg").map(({ "detail-type": type }) => type);
  expect(types).toEqual(["Photo failed", "Photo ready"]);
  expect(thumbnailIn(await profile("7"))?.key).toBe("thumbnails/7/shown.jpg");
});

test("the judge of chaos sees what nobody was told of", async () => {
  await upload("original/7/ready.jpg", "7");
  await upload("original/8/broken.jpg", "8", Buffer.from("no photo"));
  // It has not heard of these two.
  const events = watchEvents(pipeline);
  await upload("original/9/ready.jpg", "9");
  const missing = (await events?.missing()) ?? [];
  expect(missing.filter((each) => /profile [789]$/.test(each))).toEqual([
    expect.stringMatching(/^Photo ready, of the photo .* of profile 7$/),
  ]);
  expect(missing).toContainEqual(expect.stringMatching(/^Photo failed, of the record CreateThumbnail\//));
});

test("while everything fails, each photo that ends well is told, and each failure record", async () => {
  const options = { deliverTwiceAndOutOfOrder: true, datesEventsByArrival: true };
  const storm = await startPipeline(stack, 0, options);
  try {
    const report = await runChaos(storm, { seed: 11, uploads: 16 });
    expect(brokenPromises(report)).toEqual([]);
    expect(report.events?.ready).toBeGreaterThan(3);
    expect(report.events?.failed).toBeGreaterThan(0);
  } finally {
    await storm.close();
  }
});

test("all that was sent is as docs/events.schema.json says", () => {
  const events = pipeline.aws.events.recent();
  expect(new Set(events.map(({ "detail-type": type }) => type)).size).toBe(2);
  expect(events.flatMap(complaintsAbout)).toEqual([]);
});
