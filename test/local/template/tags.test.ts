// The tags of a stack: the provider's default ones and each resource's own, as AWS's clients read them back.

import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { zipSync } from "fflate";
import { type EmbeddedAws, startEmbeddedAws } from "../../../local";
import { readStack } from "../../../local/template/read-stack";
import { describeTags } from "../../describe-tags";

const folder = mkdtempSync(join(tmpdir(), "tagged stack "));
writeFileSync(
  join(folder, "f.zip"),
  zipSync({ "index.mjs": new TextEncoder().encode("export const handler = () => {};") }),
);
afterAll(() => rmSync(folder, { recursive: true }));

const TRUST = JSON.stringify({
  Version: "2012-10-17",
  Statement: [{ Effect: "Allow", Principal: { Service: "lambda.amazonaws.com" }, Action: "sts:AssumeRole" }],
});
const READ_STREAM = JSON.stringify({
  Version: "2012-10-17",
  Statement: [{ Effect: "Allow", Action: "dynamodb:*", Resource: "*" }],
});

/** One resource of each type that has tags, with what a mapping needs. */
function stack(defaults: object | undefined, tags: object | undefined) {
  const tagged = <T extends object>(body: T) => ({ x: { ...body, tags } });
  return {
    provider: { aws: [{ region: "eu-west-1", ...(defaults && { default_tags: [{ tags: defaults }] }) }] },
    resource: {
      aws_s3_bucket: tagged({ bucket: "tagged-bucket" }),
      aws_s3_bucket_versioning: {
        x: { bucket: "${aws_s3_bucket.x.bucket}", versioning_configuration: { status: "Enabled" } },
      },
      aws_dynamodb_table: tagged({
        name: "people",
        hash_key: "id",
        attribute: [{ name: "id", type: "N" }],
        billing_mode: "PAY_PER_REQUEST",
        stream_enabled: true,
        stream_view_type: "NEW_IMAGE",
      }),
      aws_iam_role: tagged({ name: "Runner", assume_role_policy: TRUST }),
      aws_iam_role_policy: { x: { name: "Read", role: "${aws_iam_role.x.name}", policy: READ_STREAM } },
      aws_lambda_function: tagged({
        function_name: "Tagged",
        role: "${aws_iam_role.x.arn}",
        handler: "index.handler",
        runtime: "nodejs22.x",
        filename: "f.zip",
      }),
      aws_lambda_event_source_mapping: tagged({
        event_source_arn: "${aws_dynamodb_table.x.stream_arn}",
        function_name: "${aws_lambda_function.x.arn}",
        starting_position: "LATEST",
        depends_on: ["aws_iam_role_policy.x"],
      }),
      aws_cloudwatch_log_group: tagged({ name: "/a/group" }),
      aws_cloudwatch_metric_alarm: tagged({
        alarm_name: "errors",
        comparison_operator: "GreaterThanThreshold",
        evaluation_periods: 1,
        metric_name: "Errors",
        namespace: "AWS/Lambda",
        period: 300,
        statistic: "Sum",
        threshold: 1,
      }),
      aws_sns_topic: tagged({ name: "alarms" }),
      aws_kms_key: tagged({}),
      aws_ssm_parameter: tagged({ name: "/a/parameter", type: "String", value: "v" }),
    },
  };
}

const write = (json: object) => writeFileSync(join(folder, "cdk.tf.json"), JSON.stringify(json));

let aws: EmbeddedAws;
beforeAll(async () => {
  write(stack({ team: "profiles", stage: "dev" }, { stage: "test", "cost centre": "4/2" }));
  aws = await startEmbeddedAws({ stackDirectory: folder, tinypngKey: "k" });
});
afterAll(() => aws?.close());

async function applied(json: object) {
  write(json);
  await aws.apply(folder);
  return described();
}

const described = () => describeTags(aws.account.endpoint);

const EACH = ["bucket", "table", "function", "mapping", "role", "log group", "parameter", "topic", "alarm", "key"];

const allWith = (tags: object) => EACH.map((what) => [expect.stringMatching(`^${what} `), tags]);

test("each resource has the provider's and its own, which wins", async () => {
  expect(await described()).toEqual(allWith({ team: "profiles", stage: "test", "cost centre": "4/2" }));
});

test("another version of the stack adds, changes and takes them away", async () => {
  expect(await applied(stack({ team: "faces" }, { "cost centre": "4/2" }))).toEqual(
    allWith({ team: "faces", "cost centre": "4/2" }),
  );
  expect(await applied(stack(undefined, undefined))).toEqual(allWith({}));
});

test("a version that is refused leaves them as they were", async () => {
  await applied(stack({ team: "profiles" }, undefined));
  const refused = stack({ stage: "prod" }, undefined);
  // AWS keeps this beginning for itself; the others are changed before it is refused.
  const others = Object.keys(refused.resource).filter((type) => !type.startsWith("aws_s3_"));
  const bucket = { ...refused.resource.aws_s3_bucket.x, depends_on: others.map((type) => `${type}.x`) };
  refused.resource.aws_s3_bucket = { x: { ...bucket, tags: { "aws:mine": "x" } } };
  await expect(applied(refused)).rejects.toThrow("Your TagKey cannot be prefixed with aws:");
  expect(await described()).toEqual(allWith({ team: "profiles" }));
});

test("default tags in another form are refused by name", () => {
  const json = stack(undefined, undefined);
  write({ ...json, provider: { aws: [{ region: "eu-west-1", default_tags: [{ tagged: {} }] }] } });
  expect(() => readStack(folder)).toThrow('"default_tags" must be a block with "tags" (given [{"tagged":{}}])');
});
