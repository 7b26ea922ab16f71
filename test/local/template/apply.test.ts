import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { AwsError } from "../../../local/aws-error";
import { applyStack, type State } from "../../../local/template/apply";
import type { Services } from "../../../local/template/call";
import { readStack } from "../../../local/template/read-stack";

const directory = mkdtempSync(join(tmpdir(), "stack-"));
mkdirSync(join(directory, "assets"));
for (const zip of ["assets/f.zip", "f.zip"]) writeFileSync(join(directory, zip), "code");
afterAll(() => rmSync(directory, { recursive: true }));

const PROVIDER = { provider: { aws: [{ region: "eu-west-1" }] } };

/** Notes each operation that is called, and answers with what a stack reads of the outputs. */
function recordingServices(refusal?: AwsError | { readonly of: string; error: AwsError }) {
  let isRefused = refusal !== undefined;
  const calls: [operation: string, input: Record<string, unknown>][] = [];
  const outputs: Readonly<Record<string, object>> = {
    CreateFunction: { FunctionArn: "arn:aws:lambda:f" },
    CreateKey: { KeyMetadata: { KeyId: "1", Arn: "arn:aws:kms:1" } },
    CreateTopic: { TopicArn: "arn:aws:sns:alarms" },
    GetCallerIdentity: { Account: "111122223333" },
    Subscribe: { SubscriptionArn: "arn:aws:sns:alarms:1" },
  };
  const services = {
    account: { accountId: "111122223333", region: "eu-west-1", endpoint: "" },
    async call(_service: string, operation: string, input: Record<string, unknown>) {
      if (refusal instanceof AwsError) throw refusal;
      if (isRefused && refusal?.of === operation) {
        isRefused = false;
        throw refusal.error;
      }
      // A data source is read, and changes nothing.
      if (operation !== "GetCallerIdentity") calls.push([operation, input]);
      return outputs[operation] ?? {};
    },
  } as unknown as Services;
  return { calls, services };
}

function stackOf(json: object) {
  writeFileSync(join(directory, "cdk.tf.json"), JSON.stringify({ ...PROVIDER, ...json }));
  return readStack(directory);
}

const encryption = (byDefault: object) => ({
  resource: {
    aws_s3_bucket_server_side_encryption_configuration: {
      images: { bucket: "b", rule: [{ apply_server_side_encryption_by_default: byDefault, bucket_key_enabled: true }] },
    },
  },
});

const bucket = (body: object) => ({ resource: { aws_s3_bucket: { images: body } } });

describe("applying a stack", () => {
  it("makes the resources and resolves references, variables, data sources and outputs", async () => {
    const { calls, services } = recordingServices();
    const stack = stackOf({
      variable: { suffix: { type: "string" } },
      data: { aws_caller_identity: { me: {} } },
      resource: {
        aws_s3_bucket_policy: {
          policy: { bucket: "${aws_s3_bucket.images.bucket}", policy: "on ${aws_s3_bucket.images.arn}" },
        },
        aws_s3_bucket: { images: { bucket: "images-${data.aws_caller_identity.me.account_id}-${var.suffix}" } },
      },
      output: { bucket: { value: "${aws_s3_bucket.images.bucket}" } },
    });
    const { outputs } = await applyStack(stack, services, { suffix: "x" });
    expect(calls).toEqual([
      [
        "CreateBucket",
        { Bucket: "images-111122223333-x", CreateBucketConfiguration: { LocationConstraint: "eu-west-1" } },
      ],
      ["PutBucketPolicy", { Bucket: "images-111122223333-x", Policy: "on arn:aws:s3:::images-111122223333-x" }],
    ]);
    expect(outputs).toEqual({ bucket: "images-111122223333-x" });
  });

  it("finds a function's zip beside the JSON, and takes Lambda's defaults where the stack says nothing", async () => {
    const { calls, services } = recordingServices();
    const f = {
      function_name: "F",
      role: "r",
      handler: "index.handler",
      runtime: "nodejs24.x",
      filename: "assets/f.zip",
    };
    await applyStack(stackOf({ resource: { aws_lambda_function: { f } } }), services, {});
    expect(calls).toEqual([
      [
        "CreateFunction",
        expect.objectContaining({ Code: { ZipFile: Buffer.from("code") }, Timeout: 3, MemorySize: 128 }),
      ],
    ]);
  });

  it("takes a function's zip from S3 where the stack says so", async () => {
    const { calls, services } = recordingServices();
    const object = { s3_bucket: "b", s3_key: "f.zip", s3_object_version: "1" };
    const f = { function_name: "F", role: "r", handler: "index.handler", runtime: "nodejs24.x", ...object };
    await applyStack(stackOf({ resource: { aws_lambda_function: { f } } }), services, {});
    const Code = { S3Bucket: "b", S3Key: "f.zip", S3ObjectVersion: "1" };
    expect(calls).toEqual([["CreateFunction", expect.objectContaining({ Code })]]);
  });

  it("encrypts with AWS's own key", async () => {
    const { calls, services } = recordingServices();
    const stack = stackOf(encryption({ sse_algorithm: "aws:kms", kms_master_key_id: "alias/aws/s3" }));
    await applyStack(stack, services, {});
    const byDefault = { SSEAlgorithm: "aws:kms", KMSMasterKeyID: "alias/aws/s3" };
    const Rules = [expect.objectContaining({ ApplyServerSideEncryptionByDefault: byDefault, BucketKeyEnabled: true })];
    expect(calls).toEqual([["PutBucketEncryption", { Bucket: "b", ServerSideEncryptionConfiguration: { Rules } }]]);
  });

  it.each<[string, object, string]>([
    ["an argument", bucket({ bucket: "b-${var.key}" }), 'the argument "bucket" of aws_s3_bucket.images'],
    ["an output", { output: { key: { value: "${var.key}" } } }, 'the output "key"'],
  ])("refuses an ephemeral variable in %s, which Terraform would have to keep", async (_what, json, place) => {
    const { calls, services } = recordingServices();
    const stack = stackOf({ ...json, variable: { key: { type: "string", ephemeral: true } } });
    await expect(applyStack(stack, services, { key: "k" })).rejects.toThrow(
      `Ephemeral values are not valid for ${place}, because it is not write-only and would be kept (given \${var.key})`,
    );
    expect(calls).toEqual([]);
  });

  it("keeps what is not played here, and says so", async () => {
    const { calls, services } = recordingServices();
    const rule = [{ id: "old", status: "Enabled", filter: [{ prefix: "original/" }], expiration: [{ days: 30 }] }];
    const stack = stackOf({ resource: { aws_s3_bucket_lifecycle_configuration: { old: { bucket: "b", rule } } } });
    const { notPlayed } = await applyStack(stack, services, {});
    expect([...notPlayed]).toEqual([["aws_s3_bucket_lifecycle_configuration.old", expect.stringContaining("expire")]]);
    const Rules = [expect.objectContaining({ ID: "old", Filter: { Prefix: "original/" }, Expiration: { Days: 30 } })];
    expect(calls).toEqual([["PutBucketLifecycleConfiguration", { Bucket: "b", LifecycleConfiguration: { Rules } }]]);
  });

  it("resolves what refers to a resource that is not played", async () => {
    const { calls, services } = recordingServices();
    const alarm = {
      alarm_name: "errors",
      alarm_actions: ["${aws_sns_topic.alarms.arn}"],
      comparison_operator: "GreaterThanThreshold",
      evaluation_periods: 1,
      metric_name: "Errors",
      namespace: "AWS/Lambda",
      period: 300,
      statistic: "Sum",
      threshold: 1,
    };
    const mail = { topic_arn: "${aws_sns_topic.alarms.arn}", protocol: "email", endpoint: "a@example.com" };
    const stack = stackOf({
      resource: {
        aws_sns_topic: { alarms: { name: "alarms" } },
        aws_cloudwatch_metric_alarm: { errors: alarm },
        aws_sns_topic_subscription: { mail },
        aws_kms_key: { key: {} },
      },
      output: {
        alarm: { value: "${aws_cloudwatch_metric_alarm.errors.arn}" },
        key: { value: "${aws_kms_key.key.arn}" },
      },
    });
    const { outputs, notPlayed } = await applyStack(stack, services, {});
    expect(notPlayed.size).toBe(4);
    expect(outputs).toEqual({
      alarm: "arn:aws:cloudwatch:eu-west-1:111122223333:alarm:errors",
      key: "arn:aws:kms:1",
    });
    expect(calls).toContainEqual([
      "PutMetricAlarm",
      expect.objectContaining({ AlarmName: "errors", AlarmActions: ["arn:aws:sns:alarms"] }),
    ]);
  });

  it.each([
    ["Enabled", [["PutBucketVersioning", { Bucket: "b", VersioningConfiguration: { Status: "Enabled" } }]]],
    ["Suspended", [["PutBucketVersioning", { Bucket: "b", VersioningConfiguration: { Status: "Suspended" } }]]],
    ["Disabled", []],
  ])("makes of versioning with the status %s the calls %j", async (status, made) => {
    const { calls, services } = recordingServices();
    const versioning = { bucket: "b", versioning_configuration: { status } };
    await applyStack(stackOf({ resource: { aws_s3_bucket_versioning: { versioning } } }), services, {});
    expect(calls).toEqual(made);
  });

  it.each<[string, object, string]>([
    [
      "an unknown type",
      { resource: { aws_sqs_queue: { q: {} } } },
      "aws_sqs_queue.q is of a type that the embedded AWS does not know",
    ],
    ["an unknown data source", { data: { aws_vpc: { v: {} } } }, "data.aws_vpc.v is of a type"],
    ["an unknown argument", bucket({ bucket: "b", acl: "public" }), 'aws_s3_bucket.images has the argument "acl"'],
    [
      "another key than AWS's own",
      encryption({ sse_algorithm: "aws:kms", kms_master_key_id: "alias/ours" }),
      '"kms_master_key_id" must be "alias/aws/s3" in the embedded AWS (given "alias/ours")',
    ],
    ["an unknown attribute", bucket({ bucket: "${data.aws_region.r.x}" }), "data.aws_region.r"],
    [
      "a variable without a value",
      { ...bucket({ bucket: "${var.v}" }), variable: { v: {} } },
      'The variable "v" has no default',
    ],
    ["an undeclared variable", bucket({ bucket: "${var.v}" }), "does not declare"],
  ])("refuses %s by name", async (_what, json, message) => {
    const { services } = recordingServices();
    await expect(async () => applyStack(stackOf(json), services, {})).rejects.toThrow(message);
  });

  it("names the resource that a service refused, with AWS's reason", async () => {
    const { services } = recordingServices(new AwsError("BucketAlreadyExists", "The name is taken", 409));
    await expect(applyStack(stackOf(bucket({ bucket: "b" })), services, {})).rejects.toThrow(
      "aws_s3_bucket.images was refused: BucketAlreadyExists: The name is taken",
    );
  });
});

describe("applying another version of a stack", () => {
  const f = { function_name: "F", role: "r", handler: "index.handler", runtime: "nodejs24.x", filename: "f.zip" };
  const version = ({ policy = "old", memory = 128 as number | string, name = "b", more = {} }) => ({
    resource: {
      aws_s3_bucket: { images: { bucket: name } },
      aws_s3_bucket_policy: { policy: { bucket: "${aws_s3_bucket.images.bucket}", policy } },
      aws_lambda_function: { f: { ...f, memory_size: memory, depends_on: ["aws_s3_bucket_policy.policy"] } },
      ...more,
    },
    output: { bucket: { value: "${aws_s3_bucket.images.bucket}" } },
  });

  async function applied(refusal?: { of: string; error: AwsError }) {
    const { calls, services } = recordingServices(refusal);
    const state: State = new Map();
    const apply = async (json: object) => applyStack(stackOf(json), services, {}, state);
    await apply(version({}));
    calls.length = 0;
    return { calls, apply };
  }

  it("calls for what differs and nothing else, and resolves as before", async () => {
    const { calls, apply } = await applied();
    expect((await apply(version({}))).outputs).toEqual({ bucket: "b" });
    expect(calls).toEqual([]);
    expect((await apply(version({ policy: "new", memory: 256 }))).outputs).toEqual({ bucket: "b" });
    expect(calls).toEqual([
      ["PutBucketPolicy", { Bucket: "b", Policy: "new" }],
      ["UpdateFunctionConfiguration", expect.objectContaining({ FunctionName: "F", MemorySize: 256 })],
      ["UpdateFunctionCode", expect.objectContaining({ FunctionName: "F", ZipFile: Buffer.from("code") })],
      ["DeleteFunctionConcurrency", { FunctionName: "F" }],
    ]);
    calls.length = 0;
    await apply(version({ policy: "new", memory: 256 }));
    expect(calls).toEqual([]);
  });

  it("makes what is new", async () => {
    const { calls, apply } = await applied();
    const more = { aws_s3_bucket_versioning: { v: { bucket: "b", versioning_configuration: { status: "Enabled" } } } };
    await apply(version({ more }));
    await apply(version({ more }));
    expect(calls).toEqual([["PutBucketVersioning", { Bucket: "b", VersioningConfiguration: { Status: "Enabled" } }]]);
  });

  it("takes back what came before a refusal, and tries all of it again at the next version", async () => {
    const error = new AwsError("InvalidParameterValueException", "No such code");
    const { calls, apply } = await applied({ of: "UpdateFunctionCode", error });
    await expect(apply(version({ policy: "new", memory: 256 }))).rejects.toThrow(
      "aws_lambda_function.f was refused: InvalidParameterValueException: No such code",
    );
    expect(calls).toEqual([
      ["PutBucketPolicy", { Bucket: "b", Policy: "new" }],
      ["UpdateFunctionConfiguration", expect.objectContaining({ MemorySize: 256 })],
      ["UpdateFunctionConfiguration", expect.objectContaining({ MemorySize: 128 })],
      ["UpdateFunctionCode", expect.objectContaining({ FunctionName: "F" })],
      ["DeleteFunctionConcurrency", { FunctionName: "F" }],
      ["PutBucketPolicy", { Bucket: "b", Policy: "old" }],
    ]);
    calls.length = 0;
    await apply(version({ policy: "newer" }));
    expect(calls).toEqual([["PutBucketPolicy", { Bucket: "b", Policy: "newer" }]]);
  });

  it("sees that a variable has another default, and takes it back with the one from before", async () => {
    const error = new AwsError("InvalidParameterValueException", "No such code");
    const { calls, apply } = await applied({ of: "UpdateFunctionCode", error });
    const ofDefault = (memory: number) => ({
      variable: { memory: { default: memory } },
      ...version({ memory: "${var.memory}" }),
    });
    await apply(ofDefault(128));
    expect(calls).toEqual([]);
    await expect(apply(ofDefault(256))).rejects.toThrow("No such code");
    expect(calls.map(([name, { MemorySize }]) => [name, MemorySize])).toEqual([
      ["UpdateFunctionConfiguration", 256],
      ["UpdateFunctionConfiguration", 128],
      ["UpdateFunctionCode", undefined],
      ["DeleteFunctionConcurrency", undefined],
    ]);
  });

  it.each<[string, object, string]>([
    ["a name", version({ policy: "new", name: "c" }), 'aws_s3_bucket.images: "bucket" cannot be changed while'],
    [
      "the end of a resource",
      { resource: { aws_s3_bucket: { images: { bucket: "b" } } } },
      "aws_s3_bucket_policy.policy is not in the stack any more",
    ],
  ])("refuses %s before anything is done", async (_what, json, message) => {
    const { calls, apply } = await applied();
    await expect(apply(json)).rejects.toThrow(message);
    expect(calls).toEqual([]);
  });
});
