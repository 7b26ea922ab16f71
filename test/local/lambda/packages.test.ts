// Deployment packages: where GetFunction says that one lies, and those that come from S3, as AWS's own clients use them.

import { CreateRoleCommand, IAMClient } from "@aws-sdk/client-iam";
import {
  CreateFunctionCommand,
  type CreateFunctionCommandInput,
  GetFunctionCommand,
  InvokeCommand,
  LambdaClient,
  UpdateFunctionCodeCommand,
} from "@aws-sdk/client-lambda";
import {
  CreateBucketCommand,
  GetObjectCommand,
  PutBucketPolicyCommand,
  PutBucketVersioningCommand,
  PutObjectCommand,
  S3Client,
} from "@aws-sdk/client-s3";
import { type EmbeddedAws, startEmbeddedAws } from "../../../local";
import { LAMBDA_TRUST } from "../iam/account";
import { zipOf } from "./zip";

const Bucket = "packages-of-functions";
const Role = "arn:aws:iam::111122223333:role/greeter";
const says = (word: string) => zipOf({ "index.mjs": `export const handler = async () => "${word}";` });

let aws: EmbeddedAws;
let lambda: LambdaClient;
let s3: S3Client;
beforeAll(async () => {
  aws = await startEmbeddedAws({ tinypngKey: "k" });
  const { endpoint, region } = aws.account;
  const options = { endpoint, region, credentials: { accessKeyId: "test", secretAccessKey: "test" }, maxAttempts: 1 };
  lambda = new LambdaClient(options);
  s3 = new S3Client({ ...options, forcePathStyle: true });
  const iam = new IAMClient(options);
  await iam.send(new CreateRoleCommand({ RoleName: "greeter", AssumeRolePolicyDocument: LAMBDA_TRUST }));
  iam.destroy();
  await s3.send(new CreateBucketCommand({ Bucket, CreateBucketConfiguration: { LocationConstraint: "eu-west-1" } }));
  await s3.send(new PutBucketVersioningCommand({ Bucket, VersioningConfiguration: { Status: "Enabled" } }));
});
afterAll(async () => {
  lambda.destroy();
  s3.destroy();
  await aws.close();
});

const EVERYTHING_BUT_DATE = [
  ...(["hrtime", "nextTick", "performance", "queueMicrotask", "setImmediate", "clearImmediate"] as const),
  ...(["setInterval", "clearInterval", "setTimeout", "clearTimeout"] as const),
];

const put = async (Key: string, word: string) =>
  (await s3.send(new PutObjectCommand({ Bucket, Key, Body: says(word) }))).VersionId;

const create = (FunctionName: string, Code: CreateFunctionCommandInput["Code"]) =>
  lambda.send(new CreateFunctionCommand({ FunctionName, Role, Runtime: "nodejs22.x", Handler: "index.handler", Code }));

async function said(FunctionName: string) {
  const { Payload } = await lambda.send(new InvokeCommand({ FunctionName }));
  return JSON.parse(Buffer.from(Payload ?? []).toString());
}

const locationOf = async (FunctionName: string) =>
  (await lambda.send(new GetFunctionCommand({ FunctionName }))).Code?.Location ?? "";

describe("the location of a package", () => {
  const NAME = "downloaded";
  beforeAll(() => create(NAME, { ZipFile: says("hello") }));

  it("is a presigned URL of ten minutes, by which anyone downloads what was uploaded", async () => {
    const url = new URL(await locationOf(NAME));
    expect(url.origin).toBe(aws.account.endpoint);
    expect(url.pathname).toMatch(/^\/awslambda-eu-west-1-tasks\/snapshots\/111122223333\/downloaded-[0-9a-f-]{36}$/);
    expect(url.searchParams.get("X-Amz-Expires")).toBe("600");
    const response = await fetch(url);
    expect(response.status).toBe(200);
    expect(Buffer.from(await response.arrayBuffer()).equals(says("hello"))).toBe(true);
  });

  it.each<[string, (url: URL) => void, string]>([
    ["another path", (url) => Object.assign(url, { pathname: `${url.pathname}0` }), "SignatureDoesNotMatch"],
    ["a longer life", (url) => url.searchParams.set("X-Amz-Expires", "6000"), "SignatureDoesNotMatch"],
    ["no signature", (url) => Object.assign(url, { search: "" }), "AccessDenied"],
  ])("with %s is refused", async (_what, change, code) => {
    const url = new URL(await locationOf(NAME));
    change(url);
    const response = await fetch(url);
    expect([response.status, await response.text()]).toEqual([403, expect.stringContaining(`<Code>${code}</Code>`)]);
  });

  it("is refused once it has expired", async () => {
    const ago = Date.now() - 601_000;
    jest.useFakeTimers({ now: ago, doNotFake: EVERYTHING_BUT_DATE });
    // The client's own signature may be off by a quarter of an hour.
    const url = await locationOf(NAME).finally(() => jest.useRealTimers());
    const response = await fetch(url);
    expect([response.status, await response.text()]).toEqual([403, expect.stringContaining("Request has expired")]);
  });

  it("leads to nobody's bucket: not even the administrator may list or read it", async () => {
    const { pathname } = new URL(await locationOf(NAME));
    const Key = pathname.replace("/awslambda-eu-west-1-tasks/", "");
    await expect(s3.send(new GetObjectCommand({ Bucket: "awslambda-eu-west-1-tasks", Key }))).rejects.toThrow(
      "Access Denied",
    );
  });
});

describe("a package in S3", () => {
  it("is what a function is made of and changed to, in the version that is named", async () => {
    const first = await put("greeter.zip", "first");
    await put("greeter.zip", "second");
    const S3 = { S3Bucket: Bucket, S3Key: "greeter.zip" };
    await create("from-s3", S3);
    expect(await said("from-s3")).toBe("second");
    await lambda.send(new UpdateFunctionCodeCommand({ FunctionName: "from-s3", ...S3, S3ObjectVersion: first }));
    expect(await said("from-s3")).toBe("first");
  });

  it.each<[string, CreateFunctionCommandInput["Code"], string, string]>([
    [
      "a key that is not there",
      { S3Bucket: Bucket, S3Key: "none.zip" },
      "InvalidParameterValueException",
      "S3 Error Code: NoSuchKey",
    ],
    [
      "a bucket that is not there",
      { S3Bucket: "no-such-bucket", S3Key: "x" },
      "InvalidParameterValueException",
      "S3 Error Code: NoSuchBucket",
    ],
    [
      "a zip besides",
      { S3Bucket: Bucket, S3Key: "x", ZipFile: says("x") },
      "InvalidParameterValueException",
      "Please do not provide other FunctionCode parameters when providing a ZipFile.",
    ],
    ["no key", { S3Bucket: Bucket }, "InvalidParameterValueException", "Please provide a source for function code."],
    ["nothing", {}, "InvalidParameterValueException", "Please provide a source for function code."],
  ])("with %s is refused", async (_what, code, name, message) => {
    await expect(create("refused", code)).rejects.toMatchObject({ name, message: expect.stringContaining(message) });
  });

  it("is read in the name of who calls, and refused where S3 refuses them", async () => {
    await put("greeter.zip", "hello");
    const deny = { Effect: "Deny", Principal: "*", Action: "s3:GetObject", Resource: `arn:aws:s3:::${Bucket}/*` };
    const Policy = JSON.stringify({ Version: "2012-10-17", Statement: [deny] });
    await s3.send(new PutBucketPolicyCommand({ Bucket, Policy }));
    await expect(create("refused", { S3Bucket: Bucket, S3Key: "greeter.zip" })).rejects.toMatchObject({
      name: "AccessDeniedException",
      message: expect.stringContaining(
        "Your access has been denied by S3, please make sure your request credentials have permission to GetObject for packages-of-functions/greeter.zip. S3 Error Code: AccessDenied.",
      ),
    });
  });
});
