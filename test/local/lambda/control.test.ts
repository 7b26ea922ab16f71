// Functions as Terraform and the CLI make, change and remove them.

import { DescribeTableCommand, DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { DeleteRoleCommand, DeleteRolePolicyCommand, IAMClient } from "@aws-sdk/client-iam";
import {
  AddPermissionCommand,
  CreateEventSourceMappingCommand,
  CreateFunctionCommand,
  DeleteEventSourceMappingCommand,
  DeleteFunctionCommand,
  DeleteFunctionConcurrencyCommand,
  DeleteFunctionEventInvokeConfigCommand,
  GetEventSourceMappingCommand,
  GetFunctionCodeSigningConfigCommand,
  GetFunctionCommand,
  GetFunctionConcurrencyCommand,
  GetFunctionEventInvokeConfigCommand,
  GetPolicyCommand,
  InvokeCommand,
  LambdaClient,
  ListFunctionsCommand,
  ListTagsCommand,
  ListVersionsByFunctionCommand,
  PutFunctionConcurrencyCommand,
  PutFunctionEventInvokeConfigCommand,
  RemovePermissionCommand,
  TagResourceCommand,
  UntagResourceCommand,
  UpdateEventSourceMappingCommand,
  UpdateFunctionCodeCommand,
  UpdateFunctionConfigurationCommand,
} from "@aws-sdk/client-lambda";
import { type EmbeddedAws, startEmbeddedAws } from "../../../local";
import { LAMBDA_TRUST } from "../iam/account";
import { zipOf } from "./zip";

const FunctionName = "greet";
const ARN = `arn:aws:lambda:eu-west-1:111122223333:function:${FunctionName}`;
const zipOfCode = (code: string) => zipOf({ "index.mjs": code });
const SAYS = (word: string) => zipOfCode(`export const handler = async () => "${word} " + process.env.NAME;`);

let aws: EmbeddedAws;
let lambda: LambdaClient;
let Role: string;
let streamArn: string;
beforeAll(async () => {
  const table = {
    tableName: "things",
    hashKey: "id",
    attributeDefinitions: [{ attributeName: "id", attributeType: "N" }],
    billingMode: "PAY_PER_REQUEST",
    streamViewType: "NEW_IMAGE",
  } as const;
  aws = await startEmbeddedAws({ tinypngKey: "k", existing: { tables: [table] } });
  const { endpoint, region } = aws.account;
  const credentials = { accessKeyId: "test", secretAccessKey: "test" };
  lambda = new LambdaClient({ endpoint, region, credentials, maxAttempts: 1 });
  ({ arn: Role } = aws.iam.createRole({ roleName: "greeter", assumeRolePolicyDocument: LAMBDA_TRUST }));
  const policyDocument = JSON.stringify({ Statement: [{ Effect: "Allow", Action: "*", Resource: "*" }] });
  aws.iam.putRolePolicy({ roleName: "greeter", policyName: "p", policyDocument });
  const dynamodb = new DynamoDBClient({ endpoint, region, credentials });
  const { Table } = await dynamodb.send(new DescribeTableCommand({ TableName: "things" }));
  streamArn = Table?.LatestStreamArn ?? "";
  dynamodb.destroy();
});
afterAll(async () => {
  lambda.destroy();
  await aws.close();
});
beforeEach(() =>
  lambda.send(
    new CreateFunctionCommand({
      FunctionName,
      Role,
      Runtime: "nodejs24.x",
      Handler: "index.handler",
      Code: { ZipFile: SAYS("Hello") },
      Environment: { Variables: { NAME: "Pete" } },
      Tags: { a: "1" },
    }),
  ),
);
afterEach(async () => {
  const { Functions = [] } = await lambda.send(new ListFunctionsCommand({}));
  for (const { FunctionName: name } of Functions) await lambda.send(new DeleteFunctionCommand({ FunctionName: name }));
});

const said = async () => {
  const { Payload } = await lambda.send(new InvokeCommand({ FunctionName }));
  return JSON.parse(Buffer.from(Payload ?? []).toString());
};

describe("a function", () => {
  it("is made, changed and removed, and runs what it was given last", async () => {
    expect(await said()).toBe("Hello Pete");
    await lambda.send(new UpdateFunctionCodeCommand({ FunctionName, ZipFile: SAYS("Goodbye") }));
    await lambda.send(
      new UpdateFunctionConfigurationCommand({
        FunctionName,
        Description: "says goodbye",
        MemorySize: 256,
        Environment: { Variables: { NAME: "Tom" } },
      }),
    );
    expect(await said()).toBe("Goodbye Tom");
    const { Configuration, Code, Tags } = await lambda.send(new GetFunctionCommand({ FunctionName }));
    expect(Configuration).toMatchObject({ Description: "says goodbye", MemorySize: 256, Timeout: 3, State: "Active" });
    expect(Code?.Location).toMatch(/^http:.*&X-Amz-Signature=[0-9a-f]{64}$/);
    expect(Tags).toEqual({ a: "1" });
    await lambda.send(new DeleteFunctionCommand({ FunctionName }));
    await expect(said()).rejects.toMatchObject({ name: "ResourceNotFoundException" });
  });

  it("runs the code that it shares with another also when the other is gone, or has new code", async () => {
    const shared = { Role, Runtime: "nodejs24.x", Handler: "index.handler", Code: { ZipFile: SAYS("Hello") } } as const;
    for (const name of ["deleted", "changed"]) {
      await lambda.send(new CreateFunctionCommand({ FunctionName: name, ...shared }));
    }
    await lambda.send(new DeleteFunctionCommand({ FunctionName: "deleted" }));
    await lambda.send(new UpdateFunctionCodeCommand({ FunctionName: "changed", ZipFile: SAYS("Goodbye") }));
    expect(await said()).toBe("Hello Pete");
  });

  it("has one version, no code signing, and the tags that came and went", async () => {
    const { Versions } = await lambda.send(new ListVersionsByFunctionCommand({ FunctionName }));
    expect(Versions).toMatchObject([{ Version: "$LATEST", FunctionArn: `${ARN}:$LATEST` }]);
    const signing = await lambda.send(new GetFunctionCodeSigningConfigCommand({ FunctionName }));
    expect(signing.CodeSigningConfigArn).toBe("");
    await lambda.send(new TagResourceCommand({ Resource: ARN, Tags: { b: "2" } }));
    await lambda.send(new UntagResourceCommand({ Resource: ARN, TagKeys: ["a"] }));
    expect((await lambda.send(new ListTagsCommand({ Resource: ARN }))).Tags).toEqual({ b: "2" });
  });

  it("whose role Lambda cannot be is refused", async () => {
    const create = new CreateFunctionCommand({
      FunctionName: "other",
      Role: Role.replace("greeter", "nobody"),
      Runtime: "nodejs24.x",
      Handler: "index.handler",
      Code: { ZipFile: SAYS("Hello") },
    });
    await expect(lambda.send(create)).rejects.toMatchObject({
      name: "InvalidParameterValueException",
      message: expect.stringContaining("cannot be assumed by Lambda"),
    });
  });

  it("that is removed takes its instances and its waiting events along", async () => {
    await lambda.send(
      new UpdateFunctionCodeCommand({
        FunctionName,
        ZipFile: zipOfCode("export const handler = () => new Promise((r) => setTimeout(r, 2_000));"),
      }),
    );
    await lambda.send(new PutFunctionConcurrencyCommand({ FunctionName, ReservedConcurrentExecutions: 1 }));
    const started = new Promise<void>((resolve) => {
      const stop = aws.activity.subscribe(({ service, action }) => {
        if (service !== "lambda" || action !== "Start") return;
        stop();
        resolve();
      });
    });
    for (let event = 0; event < 5; event++) {
      await lambda.send(new InvokeCommand({ FunctionName, InvocationType: "Event" }));
    }
    await started;
    const starts: string[] = [];
    const stop = aws.activity.subscribe(({ service, action }) => {
      if (service === "lambda" && action === "Start") starts.push(action);
    });
    await lambda.send(new DeleteFunctionCommand({ FunctionName }));
    // Nothing is on its way any more, neither what ran nor the four that waited.
    await aws.idle();
    stop();
    expect(starts).toEqual([]);
  });
});

describe("a function whose role is gone", () => {
  const RoleName = "short-lived";
  const asked: unknown[] = [];
  let iam: IAMClient;
  let stop: () => void;
  beforeEach(async () => {
    iam = new IAMClient({
      endpoint: aws.account.endpoint,
      region: aws.account.region,
      credentials: { accessKeyId: "test", secretAccessKey: "test" },
    });
    const role = aws.iam.createRole({ roleName: RoleName, assumeRolePolicyDocument: LAMBDA_TRUST });
    const policyDocument = JSON.stringify({ Statement: [{ Effect: "Allow", Action: "logs:*", Resource: "*" }] });
    aws.iam.putRolePolicy({ roleName: RoleName, policyName: "p", policyDocument });
    await lambda.send(new UpdateFunctionConfigurationCommand({ FunctionName, Role: role.arn }));
    await iam.send(new DeleteRolePolicyCommand({ RoleName, PolicyName: "p" }));
    await iam.send(new DeleteRoleCommand({ RoleName }));
    asked.length = 0;
    stop = aws.activity.subscribe(({ service, action, error, detail }) => {
      if (service !== "lambda") return;
      if (action === "AsyncRetry") asked.push([error, detail?.waitSeconds]);
      if (action === "AsyncDiscard") asked.push([error, detail?.failures]);
    });
  });
  afterEach(() => {
    stop();
    iam.destroy();
  });

  it("is asked again ever later, up to every five minutes, until its event is too old", async () => {
    await lambda.send(new PutFunctionEventInvokeConfigCommand({ FunctionName, MaximumEventAgeInSeconds: 900 }));
    await lambda.send(new InvokeCommand({ FunctionName, InvocationType: "Event" }));
    await aws.idle();
    // The function has never seen the event: it has not failed once.
    const waits = [1, 2, 4, 8, 16, 32, 64, 128, 256, 300, 300].map((seconds) => ["AccessDenied", seconds]);
    expect(asked).toEqual([...waits, ["EventAgeExceeded", 0]]);
  });
});

describe("permissions, failures and concurrency", () => {
  it("are given, read back and taken away", async () => {
    const permission = { Action: "lambda:InvokeFunction", Principal: "s3.amazonaws.com", SourceArn: "arn:aws:s3:::b" };
    const { Statement } = await lambda.send(
      new AddPermissionCommand({ FunctionName, StatementId: "one", ...permission }),
    );
    expect(JSON.parse(Statement ?? "")).toMatchObject({ Sid: "one", Resource: ARN });
    const { Policy } = await lambda.send(new GetPolicyCommand({ FunctionName }));
    expect(JSON.parse(Policy ?? "").Statement).toHaveLength(1);
    const remove = () => lambda.send(new RemovePermissionCommand({ FunctionName, StatementId: "one" }));
    await remove();
    await expect(remove()).rejects.toMatchObject({ name: "ResourceNotFoundException" });
    await expect(lambda.send(new GetPolicyCommand({ FunctionName }))).rejects.toMatchObject({
      name: "ResourceNotFoundException",
    });

    await lambda.send(new PutFunctionEventInvokeConfigCommand({ FunctionName, MaximumRetryAttempts: 1 }));
    const config = () => lambda.send(new GetFunctionEventInvokeConfigCommand({ FunctionName }));
    expect(await config()).toMatchObject({ MaximumRetryAttempts: 1, LastModified: expect.any(Date) });
    await lambda.send(new DeleteFunctionEventInvokeConfigCommand({ FunctionName }));
    await expect(config()).rejects.toMatchObject({ name: "ResourceNotFoundException" });

    const reserved = async () =>
      (await lambda.send(new GetFunctionConcurrencyCommand({ FunctionName }))).ReservedConcurrentExecutions;
    await lambda.send(new PutFunctionConcurrencyCommand({ FunctionName, ReservedConcurrentExecutions: 2 }));
    expect(await reserved()).toBe(2);
    await lambda.send(new DeleteFunctionConcurrencyCommand({ FunctionName }));
    expect(await reserved()).toBeUndefined();
  });
});

describe("an event source mapping", () => {
  it("is made, changed, disabled, enabled and removed", async () => {
    const { UUID, State } = await lambda.send(
      new CreateEventSourceMappingCommand({
        FunctionName,
        EventSourceArn: streamArn,
        StartingPosition: "TRIM_HORIZON",
        BatchSize: 5,
      }),
    );
    expect(State).toBe("Creating");
    const mapping = () => lambda.send(new GetEventSourceMappingCommand({ UUID }));
    expect(await mapping()).toMatchObject({
      State: "Enabled",
      BatchSize: 5,
      MaximumRetryAttempts: -1,
      FunctionArn: ARN,
    });
    const change = (more: object) => lambda.send(new UpdateEventSourceMappingCommand({ UUID, ...more }));
    await change({ BatchSize: 7, MaximumRetryAttempts: 3 });
    expect(await mapping()).toMatchObject({ State: "Enabled", BatchSize: 7, MaximumRetryAttempts: 3 });
    await change({ MetricsConfig: { Metrics: ["EventCount"] } });
    expect(await mapping()).toMatchObject({ MetricsConfig: { Metrics: ["EventCount"] } });
    await change({ MetricsConfig: { Metrics: [] } });
    expect(await mapping()).not.toHaveProperty("MetricsConfig");
    await change({ Enabled: false });
    expect(await mapping()).toMatchObject({ State: "Disabled", BatchSize: 7 });
    await change({ Enabled: true });
    expect((await mapping()).State).toBe("Enabled");
    expect((await lambda.send(new DeleteEventSourceMappingCommand({ UUID }))).State).toBe("Deleting");
    await expect(mapping()).rejects.toMatchObject({ name: "ResourceNotFoundException" });
  });
});
