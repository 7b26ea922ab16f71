import { type SynthesizedStack, synthesizeStack } from "./synthesized-stack";

const ACCOUNT = "${data.aws_caller_identity.current.account_id}";
const LONGEST_STAGE = "s".repeat(16);
const FULL = { alarmEmail: "on-call@example.com", tracing: true, events: true };

/** What names a thing: the argument, for which types, and the most characters that AWS takes. */
const NAMES: readonly [type: RegExp, argument: string, limit: number][] = [
  [/^aws_s3_bucket$/, "bucket", 63],
  [/^aws_dynamodb_table$/, "name", 255],
  [/^aws_lambda_function$/, "function_name", 64],
  [/^aws_iam_role$/, "name", 64],
  [/^aws_iam_role_policy$/, "name", 128],
  [/^aws_cloudwatch_log_group$/, "name", 512],
  [/^aws_cloudwatch_log_metric_filter$/, "name", 512],
  [/^aws_cloudwatch_metric_alarm$/, "alarm_name", 255],
  [/^aws_cloudwatch_dashboard$/, "dashboard_name", 255],
  [/^aws_sns_topic$/, "name", 256],
  [/^aws_ssm_parameter$/, "name", 1011],
];

const namesOf = ({ json }: SynthesizedStack) =>
  Object.entries(json.resource).flatMap(([type, named]) =>
    NAMES.filter(([pattern]) => pattern.test(type)).flatMap(([, argument, limit]) =>
      Object.values(named).map((block) => ({ type, name: String(block[argument]), limit })),
    ),
  );

const sorted = (stack: SynthesizedStack) =>
  namesOf(stack)
    .map(({ name }) => name)
    .sort();

test("names are the article's, with buckets made unique by the account", () => {
  expect(sorted(synthesizeStack())).toEqual([
    "/aws/lambda/CreateThumbnail",
    "/aws/lambda/SetProfileImage",
    "/profile-image/tinypng-key",
    "CreateThumbnail",
    "CreateThumbnailRole",
    "CreateThumbnailRoleInlinePolicy",
    "PhotosDone-CreateThumbnail",
    "PhotosFailed-CreateThumbnail",
    "PhotosFailed-SetProfileImage",
    "PhotosSkipped-CreateThumbnail",
    "PhotosSkipped-SetProfileImage",
    "SetProfileImage",
    "SetProfileImageRole",
    "SetProfileImageRoleInlinePolicy",
    "user-profile",
    `user-profile-failures-${ACCOUNT}`,
    `user-profile-images-${ACCOUNT}`,
  ]);
});

test("every name ends in the stage, so that two stages have nothing in common", () => {
  const one = synthesizeStack({ ...FULL, stage: "test", bucketName: "photos", tableName: "people" });
  const other = synthesizeStack({ ...FULL, stage: "prod", bucketName: "photos", tableName: "people" });
  const names = sorted(one);
  expect(names).toHaveLength(42);
  for (const name of names) expect(name).toMatch(/-test(\/tinypng-key)?$/);
  expect(names).toEqual(expect.arrayContaining(["photos-test", "people-test"]));
  expect(names.filter((name) => sorted(other).includes(name))).toEqual([]);
});

test.each([
  ["the longest stage", {}],
  ["the longest stage, bucket and table", { bucketName: "b".repeat(46), tableName: "t".repeat(200) }],
])("with %s every name is within AWS's limit", (_what, names) => {
  const all = namesOf(synthesizeStack({ ...FULL, ...names, stage: LONGEST_STAGE }));
  expect(new Set(all.map(({ type }) => type)).size).toBe(NAMES.length);
  for (const { type, name, limit } of all) {
    const length = name.replace(ACCOUNT, "111122223333").length;
    expect({ type, name, isWithin: length <= limit }).toEqual({ type, name, isWithin: true });
  }
});
