// What the setting `events` adds to the stack: who is told, who may tell, and that telling never starts itself.

import { statementsOf, synthesizeStack } from "./synthesized-stack";

const stack = synthesizeStack({ events: true, stage: "test" });
const BUS =
  "arn:${data.aws_partition.partition.partition}:events:eu-west-1:${data.aws_caller_identity.current.account_id}:event-bus/default";
const FAILURES = "${aws_s3_bucket.failures_bucket.arn}";
const REPORT = "${aws_lambda_function.report_failure_function.function_name}";

test("without it there is nothing of it", () => {
  const { json } = synthesizeStack({ stage: "test" });
  expect(JSON.stringify(json)).not.toMatch(/events:PutEvents|report_failure|ReportFailure|IMAGES_BUCKET_ARN|partition/);
});

test("it adds resources and outputs, and changes the function and role that send alone", () => {
  const { json: without } = synthesizeStack({ stage: "test" });
  const addressesOf = ({ resource }: typeof without) =>
    Object.entries(resource).flatMap(([type, named]) => Object.keys(named).map((name) => `${type}.${name}`));
  const added = addressesOf(stack.json).filter((address) => !addressesOf(without).includes(address));
  expect(added.sort()).toEqual([
    "aws_cloudwatch_log_group.report_failure_log_group",
    "aws_iam_role.report_failure_role",
    "aws_iam_role_policy.create_thumbnail_events_policy",
    "aws_iam_role_policy.report_failure_role_policy",
    "aws_lambda_function.report_failure_function",
    "aws_lambda_function_event_invoke_config.failure_reports_retries",
    "aws_lambda_permission.failure_reports_permission",
    "aws_s3_bucket_notification.failure_reports_notification",
  ]);
  const changed = addressesOf(without).filter((address) => {
    const [type = "", name = ""] = address.split(".");
    return JSON.stringify(without.resource[type]?.[name]) !== JSON.stringify(stack.json.resource[type]?.[name]);
  });
  expect(changed).toEqual(["aws_lambda_function.create_thumbnail_function"]);
  expect(stack.json.output).toMatchObject({ report_failure_function: { value: REPORT } });
});

test.each([
  ["create_thumbnail_events_policy", "Photo ready"],
  ["report_failure_role_policy", "Photo failed"],
])("%s lets its function send one kind of event to the default bus", (name, type) => {
  const sending = statementsOf(stack.resource(`aws_iam_role_policy.${name}`).policy).filter(({ Action }) =>
    [Action].flat().some((action) => action.startsWith("events:")),
  );
  expect(sending).toEqual([
    {
      Sid: "SendEvents",
      Effect: "Allow",
      Action: "events:PutEvents",
      Resource: BUS,
      Condition: { StringEquals: { "events:source": "profile-image", "events:detail-type": type } },
    },
  ]);
});

test.each([
  ["aws_lambda_function.create_thumbnail_function", "aws_iam_role_policy.create_thumbnail_events_policy"],
  ["aws_lambda_function.report_failure_function", "aws_iam_role_policy.report_failure_role_policy"],
  ["aws_lambda_function_event_invoke_config.failure_reports_retries", "aws_iam_role_policy.report_failure_role_policy"],
  ["aws_s3_bucket_notification.failure_reports_notification", "aws_lambda_permission.failure_reports_permission"],
])("%s comes after %s", (later, earlier) => {
  expect(stack.resource(later).depends_on).toContain(earlier);
});

test("ReportFailure is called for the records of the others, and its own lie where it is not", () => {
  const { lambda_function } = stack.resource("aws_s3_bucket_notification.failure_reports_notification") as {
    lambda_function: { filter_prefix: string }[];
  };
  const prefixes = lambda_function.map(({ filter_prefix }) => filter_prefix);
  expect(prefixes).toEqual([
    "SetProfileImage/",
    "CreateThumbnail/",
    "aws/lambda/async/${aws_lambda_function.set_profile_image_function.function_name}/",
    "aws/lambda/${aws_lambda_event_source_mapping.profile_changes_mapping.uuid}/",
  ]);
  const own = `aws/lambda/async/${REPORT}/2026/11/26/2026-11-26T12.00.00-x`;
  for (const prefix of prefixes) expect(own.startsWith(prefix)).toBe(false);
  expect(stack.resource("aws_lambda_function_event_invoke_config.failure_reports_retries")).toMatchObject({
    maximum_retry_attempts: 2,
    destination_config: { on_failure: { destination: FAILURES } },
  });
});

test("only the failures bucket of the account may call it", () => {
  expect(stack.resource("aws_lambda_permission.failure_reports_permission")).toMatchObject({
    function_name: REPORT,
    principal: "s3.amazonaws.com",
    source_arn: FAILURES,
    source_account: "${data.aws_caller_identity.current.account_id}",
  });
});

test("with alarms, an event that cannot be sent is one", () => {
  const named = (context: object) =>
    synthesizeStack({ alarmEmail: "on-call@example.com", ...context })
      .resources("aws_cloudwatch_metric_alarm")
      .map(({ alarm_name }) => String(alarm_name))
      .filter((name) => name.includes("ReportFailure"));
  expect(named({ events: true })).toEqual(["ReportFailure-DestinationDeliveryFailures", "ReportFailure-Errors"]);
  expect(named({})).toEqual([]);
});
