// Lambda's API through the AWS SDK: what it answers, and what it refuses in which words.

import {
  GetFunctionCommand,
  GetFunctionConcurrencyCommand,
  GetFunctionConfigurationCommand,
  GetFunctionEventInvokeConfigCommand,
  GetPolicyCommand,
  InvokeCommand,
  LambdaClient,
  ListAliasesCommand,
  ListEventSourceMappingsCommand,
  ListFunctionsCommand,
  paginateListFunctions,
  UpdateFunctionConfigurationCommand,
  type UpdateFunctionConfigurationCommandInput,
} from "@aws-sdk/client-lambda";
import { LAMBDA_TRUST } from "../iam/account";
import { startTestLambda, type TestLambda } from "./lambda-harness";

const ECHO = "export const handler = async (event, context) => ({ event, client: context.clientContext });";

let aws: TestLambda;
let name: string;
let arn: string;

beforeAll(async () => {
  aws = await startTestLambda();
  name = await aws.createFunction(ECHO, {
    FunctionName: "Echo",
    ReservedConcurrentExecutions: 3,
    Environment: { Variables: { STAGE: "x" } },
  });
  arn = `arn:aws:lambda:eu-west-1:111122223333:function:${name}`;
});
afterAll(() => aws.close());

const text = (payload: Uint8Array | undefined) => Buffer.from(payload ?? []).toString();

describe("Invoke", () => {
  it.each([
    ["its name", "Echo"],
    ["its ARN", "arn:aws:lambda:eu-west-1:111122223333:function:Echo"],
    ["a partial ARN", "111122223333:function:Echo"],
    ["its name and $LATEST", "Echo:$LATEST"],
  ])("finds the function by %s", async (_title, reference) => {
    const answer = await aws.client.send(new InvokeCommand({ FunctionName: reference, Payload: '{"a":1}' }));

    expect(JSON.parse(text(answer.Payload))).toEqual({ event: { a: 1 } });
    expect(answer).toMatchObject({ StatusCode: 200, ExecutedVersion: "$LATEST" });
    expect(answer).not.toHaveProperty("LogResult");
  });

  it("hands the client context on", async () => {
    const ClientContext = Buffer.from('{"custom":{"wer":"Jürgen"}}').toString("base64");
    const answer = await aws.client.send(new InvokeCommand({ FunctionName: name, ClientContext }));

    expect(JSON.parse(text(answer.Payload)).client).toEqual({ custom: { wer: "Jürgen" } });
  });

  it("returns 204 to a dry run and runs nothing", async () => {
    const before = aws.logOf(name).length;
    const answer = await aws.client.send(new InvokeCommand({ FunctionName: name, InvocationType: "DryRun" }));

    expect(answer.StatusCode).toBe(204);
    expect(aws.logOf(name)).toHaveLength(before);
  });

  it.each([
    [
      "an unknown function",
      { FunctionName: "Nobody" },
      "ResourceNotFoundException",
      404,
      "Function not found: arn:aws:lambda:eu-west-1:111122223333:function:Nobody",
    ],
    [
      "a version that is not there",
      { FunctionName: "Echo", Qualifier: "7" },
      "ResourceNotFoundException",
      404,
      "Function not found: arn:aws:lambda:eu-west-1:111122223333:function:Echo:7",
    ],
    ["a malformed name", { FunctionName: "no name" }, "ValidationException", 400, "Value 'no name' at 'functionName'"],
    [
      "a payload that is not JSON",
      { FunctionName: "Echo", Payload: "{a}" },
      "InvalidRequestContentException",
      400,
      "Could not parse request body into json",
    ],
    [
      "more than 6 MB",
      { FunctionName: "Echo", Payload: JSON.stringify("x".repeat(6 * 1024 * 1024)) },
      "RequestTooLargeException",
      413,
      "Request must be smaller than 6291456 bytes for the InvokeFunction operation",
    ],
    [
      "more than 1 MB in an event",
      { FunctionName: "Echo", InvocationType: "Event" as const, Payload: JSON.stringify("x".repeat(1024 * 1024)) },
      "RequestTooLargeException",
      413,
      "Request must be smaller than 1048576 bytes",
    ],
    [
      "an unknown invocation type",
      { FunctionName: "Echo", InvocationType: "Later" as "Event" },
      "ValidationException",
      400,
      "[RequestResponse, Event, DryRun]",
    ],
  ])("refuses %s", async (_title, input, error, status, message) => {
    await expect(aws.client.send(new InvokeCommand(input))).rejects.toMatchObject({
      name: error,
      message: expect.stringContaining(message),
      $metadata: { httpStatusCode: status },
    });
  });

  it("asks IAM: a role needs lambda:InvokeFunction on the function", async () => {
    const { arn: roleArn, roleName } = aws.iam.createRole({
      roleName: "Caller",
      assumeRolePolicyDocument: LAMBDA_TRUST,
    });
    const { accessKeyId, secretAccessKey, sessionToken } = aws.iam.assumeRole({
      roleArn,
      service: "lambda.amazonaws.com",
      sessionName: "caller",
    });
    const client = new LambdaClient({
      ...aws.clientOptions,
      credentials: { accessKeyId, secretAccessKey, sessionToken },
    });
    const call = () => client.send(new InvokeCommand({ FunctionName: name, InvocationType: "DryRun" }));

    await expect(call()).rejects.toMatchObject({
      name: "AccessDeniedException",
      message: expect.stringContaining(
        `assumed-role/Caller/caller is not authorized to perform: lambda:InvokeFunction on resource: ${arn} because no identity-based policy allows the lambda:InvokeFunction action`,
      ),
      $metadata: { httpStatusCode: 403 },
    });
    aws.iam.putRolePolicy({
      roleName,
      policyName: "Invoke",
      policyDocument: JSON.stringify({
        Version: "2012-10-17",
        Statement: [{ Effect: "Allow", Action: "lambda:InvokeFunction", Resource: arn }],
      }),
    });
    await expect(call()).resolves.toMatchObject({ StatusCode: 204 });
    client.destroy();
  });
});

describe("descriptions", () => {
  it("show a function as it was created", async () => {
    const { Configuration, Code, Concurrency } = await aws.client.send(new GetFunctionCommand({ FunctionName: name }));

    expect(Configuration).toMatchObject({
      FunctionName: "Echo",
      FunctionArn: arn,
      Runtime: "nodejs24.x",
      Handler: "index.handler",
      MemorySize: 256,
      Timeout: 10,
      Environment: { Variables: { STAGE: "x" } },
      Architectures: ["arm64"],
      State: "Active",
      CodeSize: expect.any(Number),
      CodeSha256: expect.stringMatching(/^[A-Za-z0-9+/]{43}=$/),
      LoggingConfig: { LogFormat: "Text", LogGroup: "/aws/lambda/Echo" },
    });
    expect(Code?.Location).toMatch(/^http:.*&X-Amz-Signature=[0-9a-f]{64}$/);
    expect(Concurrency).toEqual({ ReservedConcurrentExecutions: 3 });
    const { $metadata, ...configuration } = await aws.client.send(
      new GetFunctionConfigurationCommand({ FunctionName: name }),
    );
    expect(configuration).toEqual(Configuration);
    await expect(aws.client.send(new GetFunctionConcurrencyCommand({ FunctionName: name }))).resolves.toMatchObject({
      ReservedConcurrentExecutions: 3,
    });
  });

  it("list functions by name, in pages", async () => {
    await aws.createFunction(ECHO, { FunctionName: "Alpha" });
    await aws.createFunction(ECHO, { FunctionName: "Zulu" });

    const all = await aws.client.send(new ListFunctionsCommand({}));
    const pages: (string | undefined)[][] = [];
    for await (const { Functions } of paginateListFunctions({ client: aws.client, pageSize: 2 }, {})) {
      pages.push((Functions ?? []).map(({ FunctionName }) => FunctionName));
    }

    expect(all.Functions?.map(({ FunctionName }) => FunctionName)).toEqual(["Alpha", "Echo", "Zulu"]);
    expect(pages).toEqual([["Alpha", "Echo"], ["Zulu"]]);
    for (const wrong of ["0x5", "1e1", "", " 5", "5.0"]) {
      const MaxItems = wrong as unknown as number;
      await expect(aws.client.send(new ListFunctionsCommand({ MaxItems }))).rejects.toMatchObject({
        name: "InvalidParameterValueException",
        message: `MaxItems must be an integer (given "${wrong}")`,
      });
    }
    for (const MaxItems of [0, 10_001]) {
      await expect(aws.client.send(new ListFunctionsCommand({ MaxItems }))).rejects.toMatchObject({
        name: "ValidationException",
        message: `Value '${MaxItems}' at 'maxItems' must be 1 to 10000`,
      });
    }
  });

  it("show a function's policy, and say that there is none", async () => {
    const guarded = await aws.createFunction(ECHO);
    const get = () => aws.client.send(new GetPolicyCommand({ FunctionName: guarded }));
    await expect(get()).rejects.toMatchObject({ name: "ResourceNotFoundException" });
    await aws.call("AddPermission", {
      FunctionName: guarded,
      StatementId: "AllowPhotos",
      Action: "lambda:InvokeFunction",
      Principal: "s3.amazonaws.com",
      SourceArn: "arn:aws:s3:::photos",
      SourceAccount: "111122223333",
    });

    expect(JSON.parse((await get()).Policy ?? "")).toEqual({
      Version: "2012-10-17",
      Id: "default",
      Statement: [
        {
          Sid: "AllowPhotos",
          Effect: "Allow",
          Principal: { Service: "s3.amazonaws.com" },
          Action: "lambda:InvokeFunction",
          Resource: `arn:aws:lambda:eu-west-1:111122223333:function:${guarded}`,
          Condition: {
            StringEquals: { "AWS:SourceAccount": "111122223333" },
            ArnLike: { "AWS:SourceArn": "arn:aws:s3:::photos" },
          },
        },
      ],
    });
  });

  it("show what asynchronous invocations do when they fail", async () => {
    const get = (FunctionName: string) => aws.client.send(new GetFunctionEventInvokeConfigCommand({ FunctionName }));
    await expect(get("Echo")).rejects.toMatchObject({ name: "ResourceNotFoundException" });
    await aws.call("PutFunctionEventInvokeConfig", { FunctionName: "Echo", MaximumRetryAttempts: 1 });

    expect(await get("Echo")).toMatchObject({
      FunctionArn: `${arn}:$LATEST`,
      MaximumRetryAttempts: 1,
      LastModified: expect.any(Date),
    });
  });

  it("list no event source mappings where there are none", async () => {
    const answer = await aws.client.send(new ListEventSourceMappingsCommand({ FunctionName: "Echo" }));

    expect(answer.EventSourceMappings).toEqual([]);
  });
});

describe("UpdateFunctionConfiguration", () => {
  const WHAT = `export const handler = async () => ({ text: process.env.TEXT, memory: process.env.AWS_LAMBDA_FUNCTION_MEMORY_SIZE });`;
  const update = (input: Omit<UpdateFunctionConfigurationCommandInput, "FunctionName">, FunctionName = "Changing") =>
    aws.client.send(new UpdateFunctionConfigurationCommand({ FunctionName, ...input }));
  beforeAll(async () => {
    await aws.createFunction(WHAT, {
      FunctionName: "Changing",
      Environment: { Variables: { TEXT: "old", OTHER: "x" } },
    });
  });

  it("changes what the next invocation runs with, and leaves the rest", async () => {
    expect((await aws.invoke("Changing")).payload).toEqual({ text: "old", memory: "256" });
    const before = await aws.client.send(new GetFunctionConfigurationCommand({ FunctionName: "Changing" }));
    const { $metadata, ...after } = await update({ Environment: { Variables: { TEXT: "new" } }, Timeout: 7 });

    expect(after).toMatchObject({ Environment: { Variables: { TEXT: "new" } }, Timeout: 7, MemorySize: 256 });
    expect(after).toMatchObject({ LastUpdateStatus: "Successful", State: "Active", Handler: before.Handler });
    expect(after.RevisionId).not.toBe(before.RevisionId);
    expect((await aws.invoke("Changing")).payload).toEqual({ text: "new", memory: "256" });
    await update({ MemorySize: 300, RevisionId: after.RevisionId });
    expect((await aws.invoke("Changing")).payload).toEqual({ text: "new", memory: "300" });
  });

  it("lets what runs end with what it began with", async () => {
    const slow = `export const handler = async () => { console.log("begun"); await new Promise((end) => setTimeout(end, 300)); return process.env.TEXT; };`;
    const functionName = await aws.createFunction(slow, { Environment: { Variables: { TEXT: "old" } } });
    const begun = new Promise<void>((resolve) => {
      aws.activity.subscribe(({ action, resource }) => action === "Start" && resource === functionName && resolve());
    });
    const running = aws.invoke(functionName);
    await begun;
    await update({ Environment: { Variables: { TEXT: "new" } } }, functionName);

    expect(await Promise.all([running, aws.invoke(functionName)])).toMatchObject([
      { payload: "old" },
      { payload: "new" },
    ]);
    await aws.lambda.idle();
  });

  it.each<[string, Record<string, unknown>, string, string]>([
    ["what CreateFunction would", { Timeout: 901 }, "ValidationException", "less than or equal to 900"],
    [
      "a reserved variable",
      { Environment: { Variables: { AWS_REGION: "x" } } },
      "InvalidParameterValueException",
      "reserved keys",
    ],
    [
      "what is not played, by name",
      { Layers: ["arn:aws:lambda:eu-west-1:1:layer:x:1"] },
      "InvalidParameterValueException",
      "Layers must be empty",
    ],
    [
      "a revision that is not the latest",
      { RevisionId: "old" },
      "PreconditionFailedException",
      "does not match the latest",
    ],
    ["an unknown function", { FunctionName: "Nobody" }, "ResourceNotFoundException", "function:Nobody"],
  ])("refuses %s", async (_title, input, error, message) => {
    await expect(update(input)).rejects.toMatchObject({ name: error, message: expect.stringContaining(message) });
  });

  it("asks IAM for lambda:UpdateFunctionConfiguration on the function", async () => {
    const { arn: roleArn } = aws.iam.createRole({ roleName: "Unrelated", assumeRolePolicyDocument: LAMBDA_TRUST });
    const { accessKeyId, secretAccessKey, sessionToken } = aws.iam.assumeRole({
      roleArn,
      service: "lambda.amazonaws.com",
      sessionName: "someone",
    });
    const client = new LambdaClient({
      ...aws.clientOptions,
      credentials: { accessKeyId, secretAccessKey, sessionToken },
    });
    await expect(
      client.send(new UpdateFunctionConfigurationCommand({ FunctionName: "Changing", Timeout: 3 })),
    ).rejects.toMatchObject({
      name: "AccessDeniedException",
      message: expect.stringContaining("not authorized to perform: lambda:UpdateFunctionConfiguration on resource:"),
    });
    client.destroy();
  });
});

it("refuses an operation that it does not have by its path", async () => {
  await expect(aws.client.send(new ListAliasesCommand({ FunctionName: "Echo" }))).rejects.toMatchObject({
    name: "UnknownOperationException",
    message: expect.stringContaining("no GET /2015-03-31/functions/Echo/aliases; it has Invoke, AddPermission,"),
  });
});
