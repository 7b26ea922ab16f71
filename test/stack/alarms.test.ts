import { type SynthesizedStack, statementsOf, synthesizeStack } from "./synthesized-stack";

const ACCOUNT = "${data.aws_caller_identity.current.account_id}";
const TOPIC = "${aws_sns_topic.alarm_topic.arn}";
const SET = { FunctionName: "${aws_lambda_function.set_profile_image_function.function_name}" };
const CREATE = { FunctionName: "${aws_lambda_function.create_thumbnail_function.function_name}" };

let stack: SynthesizedStack;
beforeAll(() => {
  stack = synthesizeStack({ alarmEmail: "on-call@example.com" });
});

test("without an e-mail address there is nothing that costs while idle: no alarm, topic, key or dashboard", () => {
  const { json } = synthesizeStack();
  const types = Object.keys(json.resource);
  expect(types.filter((type) => /alarm|sns|kms|dashboard/.test(type))).toEqual([]);
  expect(JSON.stringify(json)).not.toContain("metrics_config");
});

test.each([
  ["SetProfileImage-Errors", "Errors", SET],
  ["SetProfileImage-Throttles", "Throttles", SET],
  ["SetProfileImage-DestinationDeliveryFailures", "DestinationDeliveryFailures", SET],
  ["SetProfileImage-InvocationSpike", "Invocations", SET],
  ["SetProfileImage-AsyncEventAge", "AsyncEventAge", SET],
  ["CreateThumbnail-Errors", "Errors", CREATE],
  ["CreateThumbnail-Throttles", "Throttles", CREATE],
  ["CreateThumbnail-DestinationDeliveryFailures", "DestinationDeliveryFailures", CREATE],
  ["CreateThumbnail-InvocationSpike", "Invocations", CREATE],
  ["CreateThumbnail-IteratorAge", "IteratorAge", CREATE],
  ["profile-image-PhotosFailed", "PhotosFailed", undefined],
  [
    "profile-image-RetriesExhausted",
    "OnFailureDestinationDeliveredEventCount",
    { EventSourceMappingUUID: "${aws_lambda_event_source_mapping.profile_changes_mapping.uuid}" },
  ],
  [
    "profile-image-FailuresWaiting",
    "NumberOfObjects",
    { BucketName: "${aws_s3_bucket.failures_bucket.bucket}", StorageType: "AllStorageTypes" },
  ],
])("the alarm %s watches %s", (name, metric, dimensions) => {
  const [alarm, ...others] = stack
    .resources("aws_cloudwatch_metric_alarm")
    .filter(({ alarm_name }) => alarm_name === name);
  expect(others).toEqual([]);
  expect(alarm).toMatchObject({
    metric_name: metric,
    comparison_operator: "GreaterThanOrEqualToThreshold",
    treat_missing_data: "notBreaching",
    alarm_actions: [TOPIC],
    ok_actions: [TOPIC],
    alarm_description: expect.stringMatching(/\.$|\?$/),
  });
  expect(alarm?.dimensions).toEqual(dimensions);
});

test("there is no alarm beyond those, and CloudWatch takes each one's periods", () => {
  const alarms = stack.resources("aws_cloudwatch_metric_alarm");
  expect(alarms).toHaveLength(13);
  for (const { period, evaluation_periods } of alarms) {
    expect(Number(period) * Number(evaluation_periods)).toBeLessThanOrEqual(86_400);
  }
});

test("the mapping counts what Lambda gives up", () => {
  expect(stack.resource("aws_lambda_event_source_mapping.profile_changes_mapping").metrics_config).toEqual({
    metrics: ["EventCount"],
  });
});

test("the topic is encrypted, takes alarms of this account alone, and sends them by e-mail", () => {
  expect(stack.resources("aws_sns_topic")).toEqual([
    { name: "profile-image-alarms", kms_master_key_id: "${aws_kms_key.alarm_key.arn}" },
  ]);
  const [policy] = stack.resources("aws_sns_topic_policy");
  expect(policy?.arn).toBe(TOPIC);
  expect(statementsOf(policy?.policy)).toEqual([
    expect.objectContaining({
      Effect: "Allow",
      Principal: { Service: "cloudwatch.amazonaws.com" },
      Action: "sns:Publish",
      Resource: TOPIC,
      Condition: { StringEquals: { "aws:SourceAccount": ACCOUNT } },
    }),
    expect.objectContaining({ Effect: "Deny", Condition: { Bool: { "aws:SecureTransport": "false" } } }),
  ]);
  expect(stack.resources("aws_sns_topic_subscription")).toEqual([
    { topic_arn: TOPIC, protocol: "email", endpoint: "on-call@example.com" },
  ]);
});

test("the topic's key rotates, is the account's to manage, and CloudWatch's to use for this account", () => {
  const [key] = stack.resources("aws_kms_key");
  expect(key).toMatchObject({ enable_key_rotation: true, deletion_window_in_days: 7 });
  expect(statementsOf(key?.policy)).toEqual([
    expect.objectContaining({ Principal: { AWS: ACCOUNT }, Action: "kms:*" }),
    expect.objectContaining({
      Principal: { Service: "cloudwatch.amazonaws.com" },
      Action: ["kms:Decrypt", "kms:GenerateDataKey*"],
      Condition: { StringEquals: { "aws:SourceAccount": ACCOUNT } },
    }),
  ]);
});

test("one dashboard shows the metrics of the alarms and those of the photos", () => {
  const [dashboard, ...others] = stack.resources("aws_cloudwatch_dashboard");
  expect(others).toEqual([]);
  expect(dashboard?.dashboard_name).toBe("profile-image");
  const { widgets } = JSON.parse(String(dashboard?.dashboard_body));
  const shown: unknown[] = widgets.flatMap(({ properties }: { properties: { metrics: string[][] } }) =>
    properties.metrics.map(([namespace, metric]) => `${namespace} ${metric}`),
  );
  const watched = stack
    .resources("aws_cloudwatch_metric_alarm")
    .map(({ namespace, metric_name }) => `${namespace} ${metric_name}`);
  const photos = ["PhotosDone", "PhotosFailed", "PhotosSkipped"].map((metric) => `ProfileImage ${metric}`);
  expect(shown).toEqual(expect.arrayContaining([...watched, ...photos]));
  for (const { properties } of widgets) expect(properties.region).toBe("eu-west-1");
  // More than that, and a dashboard is not one of the free ones.
  expect(shown.length).toBeLessThanOrEqual(50);
});
