// Asynchronous invocation: retries, ages, the failure destination, and who may send events.

import { InvokeCommand } from "@aws-sdk/client-lambda";
import { startTestLambda, type TestLambda, WRITE_FAILURES } from "./lambda-harness";

const FAILING = "export const handler = async () => { throw new Error('no photo'); };";
const LISTENING = "export const handler = async (event) => { console.log('got ' + event.name); };";
const S3 = "s3.amazonaws.com";
const PERMISSION = { StatementId: "s3", Action: "lambda:InvokeFunction", Principal: S3 };
const TO_FAILURES = { DestinationConfig: { OnFailure: { Destination: "arn:aws:s3:::failures" } } };
const BUCKET = { sourceArn: "arn:aws:s3:::photos", sourceAccount: "111122223333" };

let aws: TestLambda;

beforeEach(async () => {
  aws = await startTestLambda();
});
afterEach(() => aws.close());

const arnOf = (name: string) => `arn:aws:lambda:eu-west-1:111122223333:function:${name}`;

async function send(name: string, event: object): Promise<string> {
  const answer = await aws.client.send(
    new InvokeCommand({ FunctionName: name, InvocationType: "Event", Payload: JSON.stringify(event) }),
  );
  expect(answer.StatusCode).toBe(202);
  return answer.$metadata.requestId ?? "";
}

const gotOf = (name: string) => aws.logOf(name).flatMap((line) => /got (\S+)/.exec(line)?.[1] ?? []);
const actionsOf = (action: string) =>
  aws.activities.filter((each) => each.service === "lambda" && each.action === action);

it("runs the function after the client has its response", async () => {
  const name = await aws.createFunction(LISTENING);

  await send(name, { name: "a.jpg" });
  await aws.lambda.idle();

  expect(gotOf(name)).toEqual(["a.jpg"]);
});

it("tries a failing function twice more under the same request id, then writes the record in the role's name", async () => {
  const name = await aws.createFunction(FAILING, {}, [WRITE_FAILURES]);
  await aws.call("PutFunctionEventInvokeConfig", { FunctionName: name, ...TO_FAILURES });

  const requestId = await send(name, { name: "a.jpg" });
  await aws.lambda.idle();

  const starts = aws.logOf(name).filter((line) => line.startsWith("START"));
  expect(starts).toEqual(Array(3).fill(`START RequestId: ${requestId} Version: $LATEST`));
  expect(actionsOf("AsyncRetry").map(({ detail }) => detail)).toEqual([
    { failures: 1, waitSeconds: 60 },
    { failures: 2, waitSeconds: 120 },
  ]);
  const [object, ...others] = aws.objects;
  expect(others).toEqual([]);
  expect(object?.caller).toMatch(new RegExp(`^arn:aws:sts::111122223333:assumed-role/role-1/${name}$`));
  expect(object?.bucket).toBe("failures");
  expect(object?.key).toMatch(
    new RegExp(
      `^aws/lambda/async/${name}/\\d{4}/\\d\\d/\\d\\d/\\d{4}-\\d\\d-\\d\\dT\\d\\d\\.\\d\\d\\.\\d\\d-[0-9a-f-]{36}$`,
    ),
  );
  expect(object?.record).toEqual({
    version: "1.0",
    timestamp: expect.stringMatching(/^\d{4}-\d\d-\d\dT.*Z$/),
    requestContext: {
      requestId,
      functionArn: `${arnOf(name)}:$LATEST`,
      condition: "RetriesExhausted",
      approximateInvokeCount: 3,
    },
    requestPayload: { name: "a.jpg" },
    responseContext: { statusCode: 200, executedVersion: "$LATEST", functionError: "Unhandled" },
    responsePayload: { errorType: "Error", errorMessage: "no photo", trace: expect.any(Array) },
  });
});

it("tries only as often as the function's settings say", async () => {
  const name = await aws.createFunction(FAILING);
  await aws.call("PutFunctionEventInvokeConfig", { FunctionName: name, MaximumRetryAttempts: 0 });

  await send(name, {});
  await aws.lambda.idle();

  expect(aws.logOf(name).filter((line) => line.startsWith("START"))).toHaveLength(1);
  expect(actionsOf("AsyncDiscard")).toMatchObject([{ error: "RetriesExhausted", detail: { failures: 1 } }]);
});

it("gives up an event whose next try would come after its greatest age", async () => {
  const name = await aws.createFunction(FAILING, {}, [WRITE_FAILURES]);
  await aws.call("PutFunctionEventInvokeConfig", {
    FunctionName: name,
    MaximumEventAgeInSeconds: 100,
    ...TO_FAILURES,
  });

  await send(name, {});
  await aws.lambda.idle();

  // After one minute it is tried again; two minutes more are too many.
  expect(aws.objects[0]?.record.requestContext).toMatchObject({
    condition: "EventAgeExceeded",
    approximateInvokeCount: 2,
  });
});

it("never runs a function whose reserved concurrency is zero: its events go to the destination", async () => {
  const name = await aws.createFunction(LISTENING, { ReservedConcurrentExecutions: 0 }, [WRITE_FAILURES]);
  await aws.call("PutFunctionEventInvokeConfig", { FunctionName: name, ...TO_FAILURES });

  await send(name, { name: "a.jpg" });
  await aws.lambda.idle();

  expect(gotOf(name)).toEqual([]);
  expect(aws.objects[0]?.record).toMatchObject({ requestPayload: { name: "a.jpg" } });
});

it("lets events wait for a free place, which is not a failure", async () => {
  const name = await aws.createFunction(LISTENING, { ReservedConcurrentExecutions: 1 });

  for (const each of ["a", "b", "c", "d"]) await send(name, { name: each });
  await aws.lambda.idle();

  expect(gotOf(name).sort()).toEqual(["a", "b", "c", "d"]);
  expect(aws.logStreamsOf(name)).toHaveLength(1);
  expect(actionsOf("AsyncRetry")).toEqual([]);
});

it("publishes that a record could not be written when the role lost its permission meanwhile", async () => {
  const name = await aws.createFunction(FAILING, {}, [WRITE_FAILURES]);
  await aws.call("PutFunctionEventInvokeConfig", { FunctionName: name, MaximumRetryAttempts: 0, ...TO_FAILURES });
  aws.iam.putRolePolicy({
    roleName: "role-1",
    policyName: "Inline",
    policyDocument: JSON.stringify({
      Version: "2012-10-17",
      Statement: [{ Effect: "Allow", Action: ["s3:PutObject", "logs:*"], Resource: "*" }],
    }),
  });

  await send(name, {});
  await aws.lambda.idle();

  expect(aws.objects).toEqual([]);
  expect(actionsOf("DestinationDeliveryFailures")).toMatchObject([
    { error: "AccessDenied", resource: name, detail: { message: expect.stringContaining("s3:ListBucket") } },
  ]);
  expect(aws.logOf(name).at(-1)).toMatch(/Could not write aws\/lambda\/async\/.*AwsError: .*s3:ListBucket/);
});

it.each(["s3:PutObject", "s3:ListBucket"])("refuses a destination when the role lacks %s", async (action) => {
  const other = { "s3:PutObject": "s3:ListBucket", "s3:ListBucket": "s3:PutObject" }[action];
  const name = await aws.createFunction(FAILING, {}, [{ Effect: "Allow", Action: other, Resource: "*" }]);

  await expect(aws.call("PutFunctionEventInvokeConfig", { FunctionName: name, ...TO_FAILURES })).rejects.toMatchObject({
    code: "InvalidParameterValueException",
    message: expect.stringContaining(`does not have permissions to call ${action.slice(3)} on S3`),
  });
});

describe("a service", () => {
  it("may send events for the bucket and the account that the permission names, and for no other", async () => {
    const name = await aws.createFunction(LISTENING);
    const arn = arnOf(name);
    const { sourceArn: SourceArn, sourceAccount: SourceAccount } = BUCKET;
    await aws.call("AddPermission", { FunctionName: name, ...PERMISSION, SourceArn, SourceAccount });

    expect(aws.lambda.mayInvoke(arn, S3, BUCKET)).toBe(true);
    expect(aws.lambda.mayInvoke(arn, "sns.amazonaws.com", BUCKET)).toBe(false);
    expect(aws.lambda.mayInvoke(arn, S3, { ...BUCKET, sourceArn: "arn:aws:s3:::photos2" })).toBe(false);
    expect(aws.lambda.mayInvoke(arn, S3, { ...BUCKET, sourceAccount: "999999999999" })).toBe(false);
  });

  it("is asked for its permission at each delivery; an event without it is lost, and seen", async () => {
    const name = await aws.createFunction(LISTENING);
    await aws.call("AddPermission", { FunctionName: name, ...PERMISSION, SourceArn: "arn:aws:s3:::pho*" });

    aws.lambda.invokeAsService(arnOf(name), { name: "mine.jpg" }, S3, BUCKET);
    aws.lambda.invokeAsService(arnOf(name), { name: "theirs.jpg" }, S3, { ...BUCKET, sourceArn: "arn:aws:s3:::other" });
    await aws.lambda.idle();

    expect(gotOf(name)).toEqual(["mine.jpg"]);
    expect(actionsOf("Deliver")).toMatchObject([{ error: "AccessDenied", caller: S3, resource: arnOf(name) }]);
    expect(aws.activities.filter(({ action, caller }) => action === "Authorize" && caller === S3)).toMatchObject([
      { resource: arnOf(name), detail: { action: "lambda:InvokeFunction", decision: "Allow" } },
      { resource: arnOf(name), detail: { action: "lambda:InvokeFunction", decision: "Deny" } },
    ]);
  });

  it("must be a service: the embedded AWS refuses other principals, and a statement id that is taken", async () => {
    const name = await aws.createFunction(LISTENING);
    const add = (change: object) => aws.call("AddPermission", { FunctionName: name, ...PERMISSION, ...change });
    await add({});

    await expect(add({})).rejects.toThrow(/statement id \(s3\) provided already exists/);
    await expect(add({ StatementId: "b", Principal: "*" })).rejects.toThrow(/principals of services/);
  });
});

it("delivers each event twice and later ones first, when switched to", async () => {
  const twice = await startTestLambda({ deliverTwiceAndOutOfOrder: true });
  const name = await twice.createFunction(LISTENING, { ReservedConcurrentExecutions: 1 });
  await twice.call("AddPermission", { FunctionName: name, ...PERMISSION });

  for (const each of ["old", "new", "last"]) twice.lambda.invokeAsService(arnOf(name), { name: each }, S3, BUCKET);
  await twice.lambda.idle();
  const got = twice.logOf(name).flatMap((line) => /got (\S+)/.exec(line)?.[1] ?? []);
  await twice.close();

  expect(got).toEqual(["new", "old", "new", "old", "last", "last"]);
});

it.each([
  ["while a function runs", "export const handler = () => new Promise((resolve) => setTimeout(resolve, 60_000));"],
  ["while an event waits for its next try", FAILING],
])("that it closes %s, whoever waits for its rest is told at once, and whoever asks later", async (_when, code) => {
  const name = await aws.createFunction(code);
  await send(name, { name: "a.jpg" });
  const idle = aws.lambda.idle();
  const told = expect(idle).rejects.toThrow("the embedded AWS was closed before it was idle");

  await Promise.all([aws.close(), told]);

  await expect(aws.lambda.idle()).rejects.toThrow("closed");
});
