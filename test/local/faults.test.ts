// Faults that are injected into the edge and into Lambda, as clients and functions see them.

import { GetObjectCommand, HeadObjectCommand, PutObjectCommand, S3Client } from "@aws-sdk/client-s3";
import tinify from "tinify";
import { AwsError } from "../../local/aws-error";
import { createFaults, type FaultRule, type ServiceCall } from "../../local/faults";
import type { Pipeline } from "../../pipeline";
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

  it("may lose a response that streams", async () => {
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

  it("may get garbage as its response", async () => {
    const response = { status: 200, contentType: "text/html", body: "<html>" };
    pipeline.aws.faults.inject({ request: ({ service }) => (service === "tinify" ? { response } : undefined) });
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

describe("a function", () => {
  const photo = { Body: "x", Metadata: { "user-profile-id": "none" } };
  async function invocationsOf(upload: { Key: string }, rule: FaultRule) {
    const { aws, s3, names } = pipeline;
    const { activities, stop } = record(pipeline);
    aws.faults.inject(rule);
    await s3.send(new PutObjectCommand({ Bucket: names.bucket, ...photo, ...upload }));
    await aws.idle();
    stop();
    return activities.filter(({ action, resource }) => action === "Invoke" && resource === names.functions[0]);
  }
  /** Strikes so many invocations; tells of deaths. */
  const killer = (killAtCall: number, times: number, onDeath: () => void): FaultRule => {
    let struck = 0;
    const invocation: FaultRule["invocation"] = ({ functionName }) =>
      functionName === pipeline.names.functions[0] && struck++ < times ? { killAtCall, onDeath } : undefined;
    return { invocation };
  };

  it.each([1, 2])(
    "may be killed at its call %i, warm or cold: the work is done, its response lost, and Lambda tries again",
    async (call) => {
      let deaths = 0;
      const { activities, stop } = record(pipeline);
      const invocations = await invocationsOf(
        { Key: `original/killed-${call}.jpg` },
        killer(call, 2, () => deaths++),
      );
      stop();
      expect(invocations.map(({ error }) => error)).toEqual(["Runtime.ExitError", "Runtime.ExitError", undefined]);
      expect(deaths).toBe(2);
      const tries = invocations.map(({ traceId }) =>
        activities
          .filter((each) => each.traceId === traceId && each.service === "s3")
          .map(({ action, error }) => [action, error]),
      );
      const last = [
        ["HeadObject", undefined],
        ["PutObject", undefined],
      ];
      const cut = last
        .slice(0, call)
        .map(([action], index) => [action, index === call - 1 ? "ConnectionCut" : undefined]);
      expect(tries).toEqual([cut, cut, last]);
    },
  );

  it("that makes fewer calls than that lives, and nobody is told of a death", async () => {
    const onDeath = jest.fn();
    const invocations = await invocationsOf({ Key: "original/spared.jpg" }, killer(3, 1, onDeath));
    expect(invocations.map(({ error }) => error)).toEqual([undefined]);
    expect(onDeath).not.toHaveBeenCalled();
  });

  it("gets each event twice while a rule says so, and once again when it is taken back", async () => {
    const [setProfileImage] = pipeline.names.functions;
    const rule: FaultRule = {
      repeats: ({ functionName, trigger }) => functionName === setProfileImage && trigger === "s3.amazonaws.com",
    };
    expect(await invocationsOf({ Key: "original/twice.jpg" }, rule)).toHaveLength(2);
    pipeline.aws.faults.clear();
    expect(await invocationsOf({ Key: "original/once.jpg" }, {})).toHaveLength(1);
  });
});

test("the rule injected first decides, and each can be taken back", () => {
  const faults = createFaults();
  const invocation = { functionName: "any", trigger: "Invoke", payload: "{}" };
  const takeBack = faults.inject({ invocation: () => ({ killAtCall: 1 }) });
  faults.inject({ invocation: () => ({ killAtCall: 2 }) });
  expect(faults.ofInvocation(invocation)).toEqual({ killAtCall: 1 });
  takeBack();
  expect(faults.ofInvocation(invocation)).toEqual({ killAtCall: 2 });
  faults.clear();
  expect(faults.ofInvocation(invocation)).toBeUndefined();
});
