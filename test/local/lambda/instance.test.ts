// One function's process: its environment, context, logs, and every way it can end.

import { existsSync } from "node:fs";
import { BLOCK, startTestLambda, type TestLambda } from "./lambda-harness";

/** What one instance can tell, one invocation after another. */
const TELLING = `let count = 0;
export const handler = async (event, context) => {
  if (event.bad) throw new TypeError("no photo");
  const told = {
    echo: () => event,
    nothing: () => undefined,
    surroundings: () => ({ env: process.env, cwd: process.cwd(), argv: process.argv.length, offset: new Date().getTimezoneOffset() }),
    context: () => ({ ...context, remaining: context.getRemainingTimeInMillis() }),
    state: () => [process.pid, ++count],
    long: () => "x".repeat(event.size),
  };
  return told[event.tell ?? "echo"]();
};`;

let aws: TestLambda;
let telling: string;

beforeAll(async () => {
  aws = await startTestLambda();
  process.env.SECRET_OF_THIS_MACHINE = "yes";
  telling = await aws.createFunction(TELLING, {
    Environment: { Variables: { BUCKET_NAME: "photos" } },
    MemorySize: 300,
  });
});
afterAll(() => aws.close());

describe("an invocation", () => {
  it("returns what the handler returns, and reports true times and memory", async () => {
    const name = await aws.createFunction("export const handler = async (event) => ({ doubled: event.number * 2 });");

    const cold = await aws.invoke(name, { number: 21 });
    const warm = await aws.invoke(name, { number: 4 });

    expect(cold).toMatchObject({ status: 200, version: "$LATEST", error: undefined, payload: { doubled: 42 } });
    const lines = cold.log.replace(/\n$/, "").split("\n");
    expect(lines).toHaveLength(3);
    expect(lines[0]).toBe(`START RequestId: ${cold.requestId} Version: $LATEST`);
    expect(lines[1]).toBe(`END RequestId: ${cold.requestId}`);
    expect(lines[2]).toMatch(
      new RegExp(
        `^REPORT RequestId: ${cold.requestId}\tDuration: [\\d.]+ ms\tBilled Duration: \\d+ ms\tMemory Size: 256 MB\tMax Memory Used: \\d+ MB\tInit Duration: [\\d.]+ ms\t$`,
      ),
    );
    const report = /Duration: ([\d.]+) ms\tBilled Duration: (\d+) ms.*Used: (\d+) MB\tInit Duration: ([\d.]+) ms/;
    const [duration, billed, memory, init] = (report.exec(lines[2] ?? "") ?? []).slice(1).map(Number);
    // Both are printed with two decimals, and billed before that.
    const printed = Number(duration) + Number(init);
    expect(billed).toBeGreaterThanOrEqual(Math.ceil(printed - 0.02));
    expect(billed).toBeLessThanOrEqual(Math.ceil(printed + 0.02));
    expect(memory).toBeGreaterThan(20);
    expect(warm.payload).toEqual({ doubled: 8 });
    expect(warm.log).not.toContain("Init Duration");
    expect(aws.logStreamsOf(name)).toEqual([expect.stringMatching(/^\d{4}\/\d\d\/\d\d\/\[\$LATEST\][0-9a-f]{32}$/)]);
  });

  it("gives the handler {} without a payload, and null for a handler that returns nothing", async () => {
    expect((await aws.invoke(telling)).payload).toEqual({});
    expect((await aws.invoke(telling, { tell: "nothing" })).payload).toBeNull();
  });

  it("has Lambda's environment, the role's keys and the function's variables, and nothing of this machine's", async () => {
    const { payload } = await aws.invoke(telling, { tell: "surroundings" });

    expect(payload.env).toMatchObject({
      _HANDLER: "index.handler",
      AWS_REGION: "eu-west-1",
      AWS_DEFAULT_REGION: "eu-west-1",
      AWS_EXECUTION_ENV: "AWS_Lambda_nodejs24.x",
      AWS_LAMBDA_FUNCTION_NAME: telling,
      AWS_LAMBDA_FUNCTION_MEMORY_SIZE: "300",
      AWS_LAMBDA_FUNCTION_VERSION: "$LATEST",
      AWS_LAMBDA_INITIALIZATION_TYPE: "on-demand",
      AWS_LAMBDA_LOG_GROUP_NAME: `/aws/lambda/${telling}`,
      AWS_LAMBDA_LOG_STREAM_NAME: aws.logStreamsOf(telling)[0],
      AWS_LAMBDA_RUNTIME_API: expect.stringMatching(/^127\.0\.0\.1:\d+$/),
      AWS_ACCESS_KEY_ID: expect.any(String),
      AWS_SECRET_ACCESS_KEY: expect.any(String),
      AWS_SESSION_TOKEN: expect.any(String),
      AWS_ENDPOINT_URL: aws.account.endpoint,
      BUCKET_NAME: "photos",
      LAMBDA_TASK_ROOT: payload.cwd,
      TZ: ":UTC",
      _X_AMZN_TRACE_ID: expect.stringMatching(/^Root=1-[0-9a-f]{8}-[0-9a-f]{24};Parent=[0-9a-f]{16};Sampled=0$/),
    });
    expect(payload.env).not.toHaveProperty("SECRET_OF_THIS_MACHINE");
    expect(payload.env).not.toHaveProperty("HOME");
    expect(payload).toMatchObject({ argv: 2, offset: 0 });
    const credentials = aws.iam.findCredentials(payload.env.AWS_ACCESS_KEY_ID);
    expect(credentials?.caller).toMatchObject({ kind: "role", arn: expect.stringMatching(new RegExp(`/${telling}$`)) });
  });

  it("gives the handler every field of the context", async () => {
    const { payload, requestId } = await aws.invoke(telling, { tell: "context" });

    expect(payload).toMatchObject({
      functionName: telling,
      functionVersion: "$LATEST",
      memoryLimitInMB: "300",
      logGroupName: `/aws/lambda/${telling}`,
      logStreamName: aws.logStreamsOf(telling)[0],
      invokedFunctionArn: `arn:aws:lambda:eu-west-1:111122223333:function:${telling}`,
      awsRequestId: requestId,
    });
    expect(payload.remaining).toBeGreaterThan(9000);
    expect(payload.remaining).toBeLessThanOrEqual(10_000);
  });

  it("keeps the instance and its state for the next invocation", async () => {
    const first = await aws.invoke(telling, { tell: "state" });
    const second = await aws.invoke(telling, { tell: "state" });

    expect(second.payload).toEqual([first.payload[0], first.payload[1] + 1]);
  });
});

describe("a failing invocation", () => {
  it("ends with the error that the handler threw, its type and its stack, and the instance lives on", async () => {
    const [pid, count] = (await aws.invoke(telling, { tell: "state" })).payload;
    const failed = await aws.invoke(telling, { bad: true });

    expect(failed).toMatchObject({
      status: 200,
      error: "Unhandled",
      payload: {
        errorType: "TypeError",
        errorMessage: "no photo",
        trace: expect.arrayContaining(["TypeError: no photo"]),
      },
    });
    expect(failed.log).toMatch(
      /\tERROR\tInvoke Error \t\{"errorType":"TypeError","errorMessage":"no photo","stack":\[/,
    );
    expect((await aws.invoke(telling, { tell: "state" })).payload).toEqual([pid, count + 1]);
  });

  it("is killed when it takes too long, with all that it had logged, and the next one starts afresh", async () => {
    const name = await aws.createFunction(
      `export const handler = async (event) => { console.log("working"); if (event.stuck) ${BLOCK} return process.pid; };`,
      { Timeout: 1 },
    );

    const { payload: pid } = await aws.invoke(name);
    const failed = await aws.invoke(name, { stuck: true });

    expect(failed).toMatchObject({
      error: "Unhandled",
      payload: {
        errorType: "Sandbox.Timedout",
        errorMessage: `RequestId: ${failed.requestId} Error: Task timed out after 1.00 seconds`,
      },
    });
    expect(failed.log).toContain("working");
    expect(failed.log).toMatch(new RegExp(`^\\S+Z ${failed.requestId} Task timed out after 1.00 seconds$`, "m"));
    expect(failed.log).toMatch(/Duration: 1000.00 ms\tBilled Duration: 1000 ms\t.*\tStatus: timeout/);
    expect(isAlive(pid)).toBe(false);
    expect((await aws.invoke(name)).payload).not.toBe(pid);
  });

  it("tells how the process ended when it exits in the middle", async () => {
    const name = await aws.createFunction("export const handler = async (event) => process.exit(event.code);");

    const failed = await aws.invoke(name, { code: 3 });
    const silent = await aws.invoke(name, { code: 0 });

    const message = `RequestId: ${failed.requestId} Error: Runtime exited with error: exit status 3`;
    expect(failed).toMatchObject({
      error: "Unhandled",
      payload: { errorType: "Runtime.ExitError", errorMessage: message },
    });
    expect(failed.log).toContain(`${message}\nRuntime.ExitError`);
    expect(failed.log).toContain("Status: error\tError Type: Runtime.ExitError");
    expect(silent.payload.errorMessage).toBe(
      `RequestId: ${silent.requestId} Error: Runtime exited without providing a reason`,
    );
  });

  it("ends with an unhandled rejection or an uncaught exception, and so does the instance", async () => {
    const name = await aws.createFunction(`export const handler = async (event) => {
      if (event.reject) Promise.reject(new Error('forgotten'));
      else setImmediate(() => { throw new RangeError('thrown'); });
      await new Promise((resolve) => setTimeout(resolve, 5000));
    };`);

    const rejected = await aws.invoke(name, { reject: true });
    const thrown = await aws.invoke(name, {});

    expect(rejected.payload).toMatchObject({
      errorType: "Runtime.UnhandledPromiseRejection",
      errorMessage: "Error: forgotten",
    });
    expect(rejected.log).toContain("\tERROR\tUnhandled Promise Rejection \t{");
    expect(thrown.payload).toMatchObject({ errorType: "RangeError", errorMessage: "thrown" });
    expect(thrown.log).toContain("Init Duration");
  });

  it("fails when nothing is left that could settle the handler's promise", async () => {
    const name = await aws.createFunction("export const handler = () => new Promise(() => {});");

    expect((await aws.invoke(name)).payload.errorType).toBe("Runtime.NodeJsExit");
  });

  it("is ended when it holds more memory than the function has", async () => {
    const name = await aws.createFunction(
      `export const handler = async () => {
        const held = [];
        for (;;) { held.push(Buffer.alloc(8e6, 1)); await new Promise((resolve) => setTimeout(resolve, 2)); }
      };`,
      { MemorySize: 128 },
    );

    const failed = await aws.invoke(name);

    expect(failed.payload).toEqual({
      errorType: "Runtime.OutOfMemory",
      errorMessage: `RequestId: ${failed.requestId} Error: Runtime exited with error: signal: killed`,
    });
    expect(failed.log).toMatch(/Memory Size: 128 MB\tMax Memory Used: 128 MB\t.*Error Type: Runtime.OutOfMemory/);
  });

  it("refuses a response of more than 6 MB", async () => {
    const failed = await aws.invoke(telling, { tell: "long", size: 6_291_555 });
    const largest = await aws.invoke(telling, { tell: "long", size: 6_291_554 });

    expect(failed).toMatchObject({
      error: "Unhandled",
      payload: {
        errorType: "Function.ResponseSizeTooLarge",
        errorMessage: "Response payload size exceeded maximum allowed payload size (6291556 bytes).",
      },
    });
    expect(largest.payload).toHaveLength(6_291_554);
  });
});

describe("an instance's files", () => {
  it("are its own: a temporary directory that goes with it", async () => {
    const name = await aws.createFunction(
      `import { tmpdir } from "node:os"; import { writeFileSync } from "node:fs";
      export const handler = async ({ exit }) => { if (exit) process.exit(1); writeFileSync(tmpdir() + "/x", "1"); return tmpdir(); };`,
    );

    const { payload: directory } = await aws.invoke(name, {});
    expect(existsSync(`${directory}/x`)).toBe(true);
    await aws.invoke(name, { exit: true });

    expect(existsSync(directory)).toBe(false);
  });
});

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}
