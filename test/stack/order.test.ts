// What Terraform must not do in any order it likes, and what must stay as it is from one synthesis to the next.

import { type SynthesizedStack, synthesizeStack } from "./synthesized-stack";

const FULL = {
  alarmEmail: "on-call@example.com",
  tracing: true,
  uploadOrigins: ["https://www.example.com"],
  originalsRetentionDays: 90,
};

let stack: SynthesizedStack;
beforeAll(() => {
  stack = synthesizeStack(FULL);
});

const dependenciesOf = (address: string) => stack.resource(address).depends_on;

test.each([
  ["aws_s3_bucket_policy.images_policy", "aws_s3_bucket_public_access_block.images_public_access_block"],
  ["aws_s3_bucket_policy.failures_policy", "aws_s3_bucket_public_access_block.failures_public_access_block"],
  ["aws_s3_bucket_notification.uploads_notification", "aws_lambda_permission.uploads_permission"],
  ["aws_lambda_function_event_invoke_config.uploads_retries", "aws_iam_role_policy.set_profile_image_role_policy"],
  ["aws_lambda_event_source_mapping.profile_changes_mapping", "aws_iam_role_policy.create_thumbnail_role_policy"],
  ["aws_lambda_function.set_profile_image_function", "aws_cloudwatch_log_group.set_profile_image_log_group"],
  ["aws_lambda_function.set_profile_image_function", "aws_iam_role_policy.set_profile_image_role_policy"],
  ["aws_lambda_function.set_profile_image_function", "aws_iam_role_policy.set_profile_image_tracing_policy"],
  ["aws_lambda_function.create_thumbnail_function", "aws_cloudwatch_log_group.create_thumbnail_log_group"],
  ["aws_lambda_function.create_thumbnail_function", "aws_iam_role_policy.create_thumbnail_role_policy"],
  ["aws_lambda_function.create_thumbnail_function", "aws_iam_role_policy.create_thumbnail_tracing_policy"],
])("%s comes after %s", (later, earlier) => {
  expect(dependenciesOf(later)).toContain(earlier);
});

test.each(["aws_s3_bucket_notification", "aws_cloudwatch_dashboard", "aws_sns_topic", "aws_dynamodb_table"])(
  "there is one %s",
  (type) => {
    expect(stack.resources(type)).toHaveLength(1);
  },
);

test.each([
  "aws_s3_bucket_policy",
  "aws_s3_bucket_public_access_block",
  "aws_s3_bucket_ownership_controls",
  "aws_s3_bucket_server_side_encryption_configuration",
  "aws_s3_bucket_lifecycle_configuration",
])("each bucket has one %s: two would undo each other for ever", (type) => {
  const buckets = stack.resources(type).map(({ bucket }) => bucket);
  expect(buckets).toHaveLength(2);
  expect(new Set(buckets).size).toBe(2);
});

test("the addresses, under which the state keeps everything, stay as they are", () => {
  const addresses = Object.entries(stack.json.resource).flatMap(([type, named]) =>
    Object.keys(named).map((name) => `${type}.${name}`),
  );
  expect(addresses.sort()).toMatchSnapshot();
});
