// The Runtime API by the letter, asked by a runtime of another make.

import { once } from "node:events";
import { type IncomingMessage, type OutgoingHttpHeaders, request } from "node:http";
import {
  openRuntimeApi,
  RESPONSE_MAX_BYTES,
  type RuntimeApi,
  type RuntimeResult,
} from "../../../local/lambda/instance/runtime-api";

const INVOCATION = {
  requestId: "8476a536-e9f4-11e8-9739-2dfe598c3fcd",
  payload: '{"photo":"ü.jpg"}',
  deadlineMs: 1_542_409_706_888,
  functionArn: "arn:aws:lambda:eu-west-1:111122223333:function:Thumb",
  traceId: "Root=1-5bef4de7-ad49b0e87f6ef6c87fc2e700;Parent=9a9197af755a6419;Sampled=0",
};

let api: RuntimeApi;
let asked: () => void;
let answers: RuntimeResult[];
let initErrors: RuntimeResult[];

beforeEach(async () => {
  answers = [];
  initErrors = [];
  asked = () => {};
  api = await openRuntimeApi({
    onNext: () => asked(),
    onResult: (answer) => void answers.push(answer),
    onInitError: (answer) => void initErrors.push(answer),
  });
});
afterEach(() => api.close());

const call = (method: string, path: string, body?: string, headers?: Record<string, string>) =>
  fetch(`http://${api.address}${path}`, { method, body, headers });

/** Takes the invocation, as a runtime does. */
async function take(): Promise<Response> {
  const question = new Promise<void>((resolve) => {
    asked = resolve;
  });
  const next = call("GET", "/2018-06-01/runtime/invocation/next");
  await question;
  api.deliver(INVOCATION);
  return next;
}

it.each([{ origin: "http://evil.example" }, { "sec-fetch-site": "cross-site" }, { host: "evil.example" }])(
  "gives no web page an invocation: %j",
  async (headers) => {
    const { address } = api;
    const [hostname, port] = address.split(":");
    const path = "/2018-06-01/runtime/invocation/next";
    const outgoing = request({ hostname, port, path, headers: { host: address, ...headers } as OutgoingHttpHeaders });
    const [{ statusCode }] = (await once(outgoing.end(), "response")) as [IncomingMessage];
    expect(statusCode).toBe(403);
    expect((await take()).status).toBe(200);
  },
);

it("keeps the runtime waiting until there is an invocation, and describes it in headers", async () => {
  const next = await take();

  expect(next.status).toBe(200);
  expect(Object.fromEntries(next.headers)).toMatchObject({
    "lambda-runtime-aws-request-id": INVOCATION.requestId,
    "lambda-runtime-deadline-ms": "1542409706888",
    "lambda-runtime-invoked-function-arn": INVOCATION.functionArn,
    "lambda-runtime-trace-id": INVOCATION.traceId,
  });
  expect(await next.json()).toEqual({ photo: "ü.jpg" });
});

it("accepts a response with 202, once", async () => {
  await take();
  const path = `/2018-06-01/runtime/invocation/${INVOCATION.requestId}/response`;

  const first = await call("POST", path, '"done"');
  const second = await call("POST", path, '"again"');

  expect([first.status, await first.json()]).toEqual([202, { status: "OK" }]);
  expect([second.status, await second.json()]).toEqual([
    400,
    { errorMessage: "Invalid request ID", errorType: "InvalidRequestID" },
  ]);
  expect(answers).toMatchObject([{ kind: "response", body: '"done"' }]);
});

it("accepts an error with its type", async () => {
  await take();
  const body = '{"errorMessage":"no photo","errorType":"PhotoError","stackTrace":[]}';

  const answer = await call("POST", `/2018-06-01/runtime/invocation/${INVOCATION.requestId}/error`, body, {
    "Lambda-Runtime-Function-Error-Type": "Photo.Error",
  });

  expect(answer.status).toBe(202);
  expect(answers).toMatchObject([{ kind: "error", body, errorType: "Photo.Error" }]);
});

it("accepts that the start failed", async () => {
  const answer = await call("POST", "/2018-06-01/runtime/init/error", '{"errorMessage":"no BUCKET_NAME"}');

  expect(answer.status).toBe(202);
  expect(initErrors).toMatchObject([{ kind: "error", body: '{"errorMessage":"no BUCKET_NAME"}' }]);
});

it("refuses a response that is too large with 413", async () => {
  await take();
  const path = `/2018-06-01/runtime/invocation/${INVOCATION.requestId}/response`;

  const answer = await call("POST", path, "x".repeat(RESPONSE_MAX_BYTES + 1));

  expect([answer.status, await answer.json()]).toEqual([
    413,
    { errorMessage: "Exceeded maximum allowed payload size (6291556 bytes).", errorType: "RequestEntityTooLarge" },
  ]);
  expect(answers).toMatchObject([{ kind: "tooLarge" }]);
});

it.each([
  ["POST", "/2018-06-01/runtime/invocation/next"],
  ["GET", "/2018-06-01/runtime/init/error"],
  ["GET", "/2015-03-31/runtime/invocation/next"],
])("refuses %s %s", async (method, path) => {
  expect((await call(method, path)).status).toBe(404);
});
