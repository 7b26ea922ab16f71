// What a function's log holds: its console's lines, the platform's, and the refusals of its calls.

import type { ApplicationLogLevel, SystemLogLevel } from "@aws-sdk/client-lambda";
import { bundle } from "./bundle";
import { BLOCK, startTestLambda, type TestLambda } from "./lambda-harness";

let aws: TestLambda;

beforeAll(async () => {
  aws = await startTestLambda();
});
afterAll(() => aws.close());

describe("the console", () => {
  const code = `console.log("at start");
  export const handler = async () => {
    console.debug("looking"); console.info("two\\nlines", { a: 1 }); console.warn({ photo: "a.jpg" });
    console.error("bad", new TypeError("broken")); process.stdout.write("raw\\nhalf");
  };`;

  it("writes text lines with time, request and level", async () => {
    const name = await aws.createFunction(code);

    const { requestId } = await aws.invoke(name);

    const iso = "\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d\\.\\d{3}Z";
    const [atStart, start, debug, info, warn, error, raw, half, end] = aws.logOf(name);
    expect(atStart).toMatch(new RegExp(`^${iso}\tundefined\tINFO\tat start$`));
    expect(start).toContain("START");
    expect(debug).toMatch(new RegExp(`^${iso}\t${requestId}\tDEBUG\tlooking$`));
    expect(info).toMatch(new RegExp(`^${iso}\t${requestId}\tINFO\ttwo\nlines { a: 1 }$`));
    expect(warn).toMatch(/\tWARN\t\{ photo: 'a.jpg' \}$/);
    expect(error).toMatch(/\tERROR\tbad TypeError: broken\n {4}at /);
    expect([raw, half]).toEqual(["raw", "half"]);
    expect(end).toBe(`END RequestId: ${requestId}`);
  });

  it("writes JSON documents from the chosen level on, and the platform's events with them", async () => {
    const name = await aws.createFunction(code, { LoggingConfig: { LogFormat: "JSON", ApplicationLogLevel: "INFO" } });

    const { requestId } = await aws.invoke(name);

    const lines = aws.logOf(name).filter((line) => line.startsWith("{"));
    const [atStart, start, info, warn, error, report] = lines.map((line) => JSON.parse(line));
    const timestamp = expect.stringMatching(/Z$/);
    expect(atStart).toEqual({ timestamp, level: "INFO", message: "at start" });
    expect(start).toMatchObject({ type: "platform.start", record: { requestId, version: "$LATEST" } });
    expect(info).toEqual({ timestamp, level: "INFO", requestId, message: "two\nlines { a: 1 }" });
    expect(warn).toEqual({ timestamp, level: "WARN", requestId, message: { photo: "a.jpg" } });
    expect(error).toMatchObject({
      level: "ERROR",
      errorType: "TypeError",
      errorMessage: "broken",
      stackTrace: expect.any(Array),
    });
    expect(report).toMatchObject({
      type: "platform.report",
      record: {
        requestId,
        status: "success",
        metrics: {
          durationMs: expect.any(Number),
          billedDurationMs: expect.any(Number),
          memorySizeMB: 256,
          maxMemoryUsedMB: expect.any(Number),
          initDurationMs: expect.any(Number),
        },
      },
    });
    expect(lines).toHaveLength(6);
  });

  // https://docs.aws.amazon.com/lambda/latest/dg/monitoring-cloudwatchlogs-log-level.html
  it.each<[SystemLogLevel, ApplicationLogLevel, string[]]>([
    ["DEBUG", "TRACE", ["platform.start", "TRACE", "DEBUG", "ERROR", "platform.runtimeDone", "platform.report"]],
    ["INFO", "WARN", ["platform.start", "ERROR", "platform.report"]],
    ["WARN", "FATAL", []],
  ])("leaves out what is below the system's level %s and the application's %s", async (system, application, kept) => {
    const name = await aws.createFunction(
      "export const handler = async () => { console.trace('t'); console.debug('d'); console.error('e'); };",
      { LoggingConfig: { LogFormat: "JSON", SystemLogLevel: system, ApplicationLogLevel: application } },
    );

    await aws.invoke(name);

    expect(aws.logOf(name).map((line) => JSON.parse(line).type ?? JSON.parse(line).level)).toEqual(kept);
  });

  it("tells of an invocation that failed at every level of the system", async () => {
    const settings = {
      LoggingConfig: { LogFormat: "JSON", SystemLogLevel: "WARN", ApplicationLogLevel: "FATAL" },
      Timeout: 1,
    } as const;
    const name = await aws.createFunction(`export const handler = async () => { ${BLOCK} };`, settings);

    await aws.invoke(name);

    const lines = aws.logOf(name).map((line) => JSON.parse(line));
    expect(lines.map(({ type, record }) => [type, record.status])).toEqual([
      ["platform.runtimeDone", "timeout"],
      ["platform.report", "timeout"],
    ]);
  });

  it("logs a thrown error as a document in the JSON format", async () => {
    const name = await aws.createFunction("export const handler = async () => { throw new TypeError('no'); };", {
      LoggingConfig: { LogFormat: "JSON" },
    });

    await aws.invoke(name);

    const error = aws
      .logOf(name)
      .map((line) => JSON.parse(line))
      .find(({ level }) => level === "ERROR");
    expect(error.message).toMatchObject({ errorType: "TypeError", errorMessage: "no", stackTrace: expect.any(Array) });
  });
});

describe("a call that IAM refuses", () => {
  it("throws AWS's words in the function, and they are in its log", async () => {
    const code = `import { GetFunctionCommand, LambdaClient } from "@aws-sdk/client-lambda";
      const client = new LambdaClient({});
      export const handler = () => client.send(new GetFunctionCommand({ FunctionName: process.env.AWS_LAMBDA_FUNCTION_NAME }));`;
    const name = await aws.createFunction({ "index.js": bundle(code) });

    const { payload } = await aws.invoke(name);

    const arn = `arn:aws:lambda:eu-west-1:111122223333:function:${name}`;
    const refusal = `is not authorized to perform: lambda:GetFunction on resource: ${arn} because no identity-based policy allows the lambda:GetFunction action`;
    expect(payload).toMatchObject({
      errorType: "AccessDeniedException",
      errorMessage: expect.stringContaining(refusal),
    });
    expect(payload.errorMessage).toMatch(/^User: arn:aws:sts::111122223333:assumed-role\/role-\d+\//);
    expect(aws.logOf(name).find((line) => line.includes("Invoke Error"))).toContain(payload.errorMessage);
  });
});
