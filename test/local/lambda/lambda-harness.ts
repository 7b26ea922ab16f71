// A Lambda behind the real edge, with real IAM and Logs, for handlers that a test writes as text.

import { type CreateFunctionCommandInput, InvokeCommand, LambdaClient } from "@aws-sdk/client-lambda";
import { type Activity, createActivityStream } from "../../../local/activity";
import { createCall } from "../../../local/api/perform";
import { AwsError } from "../../../local/aws-error";
import { createEdge } from "../../../local/edge";
import { createGuard } from "../../../local/guard";
import { createIam } from "../../../local/iam";
import { createLambda, type LambdaOptions } from "../../../local/lambda";
import { createLogs } from "../../../local/logs";
import type { LogEvent, Logs } from "../../../local/logs/types";
import { callerName, type Service } from "../../../local/service";
import { ADMINISTRATOR, LAMBDA_TRUST } from "../iam/account";
import { zipOf } from "./zip";

export interface PutObject {
  readonly caller: string;
  readonly bucket: string;
  readonly key: string;
  // biome-ignore lint/suspicious/noExplicitAny: asserted member by member
  readonly record: any;
}

const LOG_STATEMENT = { Effect: "Allow", Action: ["logs:CreateLogStream", "logs:PutLogEvents"], Resource: "*" };
/** A statement of a handler's that never ends and leaves no room for another, as an endless loop does, without its heat. */
export const BLOCK = "Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0);";

export const WRITE_FAILURES = { Effect: "Allow", Action: ["s3:PutObject", "s3:ListBucket"], Resource: "*" };

/** Files of a zip as text, or the text of index.mjs alone. */
export type Code = string | Readonly<Record<string, string>>;

/** As CreateFunction takes them, and what PutFunctionConcurrency does. */
export type Settings = Partial<CreateFunctionCommandInput> & { readonly ReservedConcurrentExecutions?: number };

/** Starts an account with a Lambda on a free port; close it in afterAll. */
export async function startTestLambda(
  options: Partial<LambdaOptions> & { services?: Readonly<Record<string, Service>> } = {},
) {
  const account = { accountId: "111122223333", region: "eu-west-1", endpoint: "" };
  const activity = createActivityStream();
  const activities: Activity[] = [];
  activity.subscribe((each) => activities.push(each));
  const iam = createIam({ account, activity });
  const realLogs = createLogs({ account, iam });
  const written: { group: string; stream: string; events: readonly LogEvent[] }[] = [];
  const logs: Logs = {
    ...realLogs,
    write(caller, group, stream, events) {
      written.push({ group, stream, events });
      realLogs.write(caller, group, stream, events);
    },
  };
  const objects: PutObject[] = [];
  const failureStore: LambdaOptions["failureStore"] = {
    async putObject(caller, { bucket, key, body }) {
      iam.authorize({ caller, action: "s3:PutObject", resource: `arn:aws:s3:::${bucket}/${key}` });
      objects.push({ caller: callerName(caller), bucket, key, record: JSON.parse(body.toString()) });
    },
  };
  const dynamodb: LambdaOptions["dynamodb"] = {
    stream(arn) {
      throw new AwsError("ResourceNotFoundException", `Requested resource not found: Stream: ${arn} not found`);
    },
  };
  const guard = createGuard();
  const packages: LambdaOptions["packages"] = {
    readObject: () => Promise.reject(new AwsError("NoSuchBucket", "The specified bucket does not exist", 404)),
  };
  const lambda = createLambda({ account, activity, iam, logs, dynamodb, failureStore, packages, guard, ...options });
  const edge = createEdge({ account, activity, iam, services: { lambda, logs, ...options.services } });
  await edge.listen(0);

  const clientOptions = {
    endpoint: account.endpoint,
    region: account.region,
    credentials: { accessKeyId: "test", secretAccessKey: "test" },
    maxAttempts: 1,
  };
  const client = new LambdaClient(clientOptions);
  const callApi = createCall([lambda.api, logs.api], iam, activity);
  /** Calls an operation of Lambda as the account's administrator. */
  const call = (operation: string, input: object) => callApi("lambda", operation, input, ADMINISTRATOR);
  let functions = 0;

  /** Creates a function and its role, whose policy has the given statements besides those for its logs. */
  async function createFunction(
    code: Code,
    { ReservedConcurrentExecutions, ...settings }: Settings = {},
    statements: readonly object[] = [],
  ): Promise<string> {
    functions++;
    const FunctionName = settings.FunctionName ?? `function-${functions}`;
    const files = typeof code === "string" ? { "index.mjs": code } : code;
    const ZipFile = zipOf(files);
    const { arn, roleName } = iam.createRole({
      roleName: `role-${functions}`,
      assumeRolePolicyDocument: LAMBDA_TRUST,
    });
    const policyDocument = JSON.stringify({ Version: "2012-10-17", Statement: [LOG_STATEMENT, ...statements] });
    iam.putRolePolicy({ roleName, policyName: "Inline", policyDocument });
    await call("CreateFunction", {
      FunctionName,
      Role: arn,
      Handler: "index.handler",
      Runtime: "nodejs24.x",
      Architectures: ["arm64"],
      Code: { ZipFile },
      MemorySize: 256,
      Timeout: 10,
      ...settings,
    });
    if (ReservedConcurrentExecutions !== undefined) {
      await call("PutFunctionConcurrency", { FunctionName, ReservedConcurrentExecutions });
    }
    await callApi("logs", "CreateLogGroup", { logGroupName: `/aws/lambda/${FunctionName}` }, ADMINISTRATOR);
    return FunctionName;
  }

  return {
    account,
    activities,
    activity,
    call,
    client,
    clientOptions,
    createFunction,
    iam,
    lambda,
    objects,
    logs,
    /** Invokes with a payload through the API, and reads the answer. */
    async invoke(functionName: string, payload?: unknown) {
      const answer = await client.send(
        new InvokeCommand({
          FunctionName: functionName,
          LogType: "Tail",
          ...(payload !== undefined && { Payload: JSON.stringify(payload) }),
        }),
      );
      return {
        requestId: answer.$metadata.requestId ?? "",
        status: answer.StatusCode,
        version: answer.ExecutedVersion,
        error: answer.FunctionError,
        // biome-ignore lint/suspicious/noExplicitAny: each test knows what its handler answers
        payload: JSON.parse(Buffer.from(answer.Payload ?? []).toString()) as any,
        log: Buffer.from(answer.LogResult ?? "", "base64").toString(),
      };
    },
    /** Every event in a function's log group, oldest first. */
    logOf: (functionName: string): string[] =>
      written
        .filter(({ group }) => group === `/aws/lambda/${functionName}`)
        .flatMap(({ events }) => events.map(({ message }) => message)),
    logStreamsOf: (functionName: string): string[] => [
      ...new Set(written.filter(({ group }) => group === `/aws/lambda/${functionName}`).map(({ stream }) => stream)),
    ],
    async close() {
      client.destroy();
      await edge.close();
      await lambda.close();
      await logs.close();
      await guard.close();
    },
  };
}

export type TestLambda = Awaited<ReturnType<typeof startTestLambda>>;
