// Faults that are injected into the edge and into Lambda, as clients and functions see them.

import { GetObjectCommand, HeadObjectCommand, PutObjectCommand, S3Client } from "@aws-sdk/client-s3";
import tinify from "tinify";
import type { Pipeline } from "../../cli/pipeline";
import { AwsError } from "../../local/aws-error";
import { createFaults, type FaultRule, type ServiceCall } from "../../local/faults";
import { carryTinify } from "../carry-https";
import { record, startTestPipeline } from "../pipeline";

let pipeline: Pipeline;
let impatient: S3Client;
beforeAll(async () => {
  pipeline = await startTestPipeline();
  await pipeline.aws.idle();
  const { endpoint, region } = pipeline.aws.account;
  const credentials = { accessKeyId: "test", secretAccessKey: "test" };
  impatient = new S3Client({ endpoint, region, credentials, forcePathStyle: true, maxAttempts: 1 });
});
afterEach(() => pipeline.aws.faults.clear());
afterAll(async () => {
  impatient.destroy();
  await pipeline.close();
});

const put = (key: string) =>
  impatient.send(new PutObjectCommand({ Bucket: pipeline.names.bucket, Key: key, Body: "content" }));
const isThere = (key: string) =>
  impatient.send(new HeadObjectCommand({ Bucket: pipeline.names.bucket, Key: key })).then(
    () => true,
    () => false,
  );

/** Applies to the uploads of a key. */
const onPut = (key: string, fault: ReturnType<NonNullable<FaultRule["request"]>>): FaultRule => ({
  request: ({ service, method, path }) =>
    service === "s3" && method === "PUT" && path.endsWith(key) ? fault : undefined,
});

describe("a request", () => {
  it("may be refused in the service's own protocol, and then nothing was done", async () => {
    pipeline.aws.faults.inject(onPut("refused", { error: new AwsError("SlowDown", "Please reduce your rate.", 503) }));
    await expect(put("refused")).rejects.toMatchObject({ name: "SlowDown", $metadata: { httpStatusCode: 503 } });
    expect(await isThere("refused")).toBe(false);
  });

  it("may lose its connection before the work is done", async () => {
    pipeline.aws.faults.inject(onPut("before", { cut: "before" }));
    await expect(put("before")).rejects.toThrow("socket hang up");
    expect(await isThere("before")).toBe(false);
  });

  it("may lose its connection after the work was done, and shows as cut in its activity", async () => {
    pipeline.aws.faults.inject(onPut("after", { cut: "after" }));
    const { activities, stop } = record(pipeline);
    await expect(put("after")).rejects.toThrow("socket hang up");
    stop();
    expect(await isThere("after")).toBe(true);
    expect(activities).toContainEqual(expect.objectContaining({ action: "PutObject", error: "ConnectionCut" }));
  });

  it("may lose an answer that streams", async () => {
    await put("streamed");
    pipeline.aws.faults.inject({ request: ({ method }) => (method === "GET" ? { cut: "after" } : undefined) });
    const get = new GetObjectCommand({ Bucket: pipeline.names.bucket, Key: "streamed" });
    await expect(impatient.send(get)).rejects.toThrow("socket hang up");
  });

  it("may be late", async () => {
    pipeline.aws.faults.inject(onPut("late", { delayMs: 60 }));
    const start = performance.now();
    await put("late");
    expect(performance.now() - start).toBeGreaterThanOrEqual(59);
  });

  it("may hang for longer than its client waits, and leaves no timer behind", async () => {
    pipeline.aws.faults.inject(onPut("hung", { delayMs: 3_600_000 }));
    const command = new PutObjectCommand({ Bucket: pipeline.names.bucket, Key: "hung", Body: "content" });
    await expect(impatient.send(command, { abortSignal: AbortSignal.timeout(50) })).rejects.toThrow(/abort/i);
    expect(await isThere("hung")).toBe(false);
  });

  it("may be answered with garbage", async () => {
    const answer = { status: 200, contentType: "text/html", body: "<html>" };
    pipeline.aws.faults.inject({ request: ({ service }) => (service === "tinify" ? { answer } : undefined) });
    const stopCarrying = carryTinify(Number(new URL(pipeline.aws.account.endpoint).port));
    tinify.key = "any";
    try {
      await expect(tinify.fromBuffer(Buffer.from("a photo")).toBuffer()).rejects.toThrow();
    } finally {
      stopCarrying();
    }
  });

  it("is shown to rules with its service, caller and operation, and none fails without a rule", async () => {
    const calls: ServiceCall[] = [];
    pipeline.aws.faults.inject({ request: (call) => void calls.push(call) });
    await put("original/seen");
    expect(calls).toEqual([
      expect.objectContaining({
        service: "s3",
        method: "PUT",
        path: `/${pipeline.names.bucket}/original/seen`,
        operation: undefined,
        caller: expect.objectContaining({ kind: "administrator" }),
      }),
    ]);
    expect(await isThere("original/seen")).toBe(true);
  });
});

test("a function may be killed mid-work, and Lambda tries again with a new instance", async () => {
  const { aws, s3, names } = pipeline;
  let kills = 0;
  aws.faults.inject({
    invocation: ({ functionName }) => {
      if (functionName !== names.functions[0] || kills > 0) return undefined;
      kills += 1;
      return { killAfterMs: 0 };
    },
  });
  const { activities, stop } = record(pipeline);
  await s3.send(new PutObjectCommand({ Bucket: names.bucket, Key: "original/killed.jpg", Body: "x" }));
  await aws.idle();
  stop();
  const invocations = activities.filter(
    ({ action, resource }) => action === "Invoke" && resource === names.functions[0],
  );
  expect(invocations.map(({ error }) => error)).toEqual(["Runtime.ExitError", undefined]);
});

test("the rule injected first decides, and each can be taken back", () => {
  const faults = createFaults();
  const invocation = { functionName: "any", trigger: "Invoke", payload: "{}" };
  const takeBack = faults.inject({ invocation: () => ({ killAfterMs: 1 }) });
  faults.inject({ invocation: () => ({ killAfterMs: 2 }) });
  expect(faults.ofInvocation(invocation)).toEqual({ killAfterMs: 1 });
  takeBack();
  expect(faults.ofInvocation(invocation)).toEqual({ killAfterMs: 2 });
  faults.clear();
  expect(faults.ofInvocation(invocation)).toBeUndefined();
});
