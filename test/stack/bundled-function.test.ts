import { type SynthesizedStack, statementsOf, synthesizeStack } from "./synthesized-stack";

let stack: SynthesizedStack;
beforeAll(() => {
  stack = synthesizeStack();
});

describe.each([
  ["set_profile_image", "SetProfileImage"],
  ["create_thumbnail", "CreateThumbnail"],
])("%s", (id, name) => {
  test("runs on Node 24 on arm64 with memory and time of its own choice", () => {
    const lambda = stack.resource(`aws_lambda_function.${id}_function`);
    expect(lambda).toMatchObject({
      function_name: name,
      handler: "index.handler",
      runtime: "nodejs24.x",
      architectures: ["arm64"],
      memory_size: expect.any(Number),
      timeout: expect.any(Number),
    });
    expect(lambda.timeout).toBeGreaterThan(3);
  });

  test("is its zip and changes with the zip's content alone", () => {
    expect(stack.resource(`aws_lambda_function.${id}_function`)).toMatchObject({
      filename: expect.stringMatching(new RegExp(`^assets/${id}_bundle/[0-9A-F]{32}/${name}\\.zip$`)),
      source_code_hash: `sha256 of ${name}`,
    });
  });

  test("comes after its log group and what its role may do", () => {
    expect(stack.resource(`aws_lambda_function.${id}_function`)).toMatchObject({
      depends_on: [`aws_cloudwatch_log_group.${id}_log_group`, `aws_iam_role_policy.${id}_role_policy`],
      logging_config: { log_format: "JSON", log_group: `\${aws_cloudwatch_log_group.${id}_log_group.name}` },
    });
    expect(stack.resource(`aws_cloudwatch_log_group.${id}_log_group`)).toEqual({
      name: `/aws/lambda/${name}`,
      retention_in_days: 30,
    });
  });

  test("has a role of its own that only Lambda can take, for this account, with exactly one inline policy", () => {
    expect(stack.resource(`aws_lambda_function.${id}_function`).role).toBe(`\${aws_iam_role.${id}_role.arn}`);
    const role = stack.resource(`aws_iam_role.${id}_role`);
    expect(role.name).toBe(`${name}Role`);
    expect(statementsOf(role.assume_role_policy)).toEqual([
      {
        Effect: "Allow",
        Principal: { Service: "lambda.amazonaws.com" },
        Action: "sts:AssumeRole",
        Condition: { StringEquals: { "aws:SourceAccount": `\${data.aws_caller_identity.current.account_id}` } },
      },
    ]);
    const policies = stack
      .resources("aws_iam_role_policy")
      .filter(({ role }) => role === `\${aws_iam_role.${id}_role.name}`);
    expect(policies).toEqual([expect.objectContaining({ name: `${name}RoleInlinePolicy` })]);
  });

  test("may act on nothing but what the stack owns", () => {
    const statements = statementsOf(stack.resource(`aws_iam_role_policy.${id}_role_policy`).policy);
    for (const { Effect, Action, Resource } of statements) {
      expect(Effect).toBe("Allow");
      // The one action that AWS knows no narrower resource for.
      const allowed = Action === "dynamodb:ListStreams" ? /^\*$/ : /^\$\{aws_[a-z0-9_]+\.[a-z_]+\.(arn|stream_arn)\}/;
      for (const resource of [Resource].flat()) expect(resource).toMatch(allowed);
      for (const action of [Action].flat()) expect(action).toMatch(/^(s3|dynamodb|logs|ssm):[A-Za-z]+$/);
    }
  });
});

describe("a setting of", () => {
  const given = { memorySize: 1024, timeout: 300, reservedConcurrentExecutions: 9 };
  let changed: readonly (readonly [id: string, other: string, stack: SynthesizedStack])[];
  beforeAll(() => {
    changed = [
      ["set_profile_image", "create_thumbnail", synthesizeStack({ setProfileImage: given })],
      ["create_thumbnail", "set_profile_image", synthesizeStack({ createThumbnail: given })],
    ];
  });

  test.each([
    ["memorySize", "memory_size"],
    ["timeout", "timeout"],
    ["reservedConcurrentExecutions", "reserved_concurrent_executions"],
  ] as const)("%s changes its own function alone", (setting, argument) => {
    for (const [id, other, { resource }] of changed) {
      expect(resource(`aws_lambda_function.${id}_function`)[argument]).toBe(given[setting]);
      const address = `aws_lambda_function.${other}_function`;
      expect(resource(address)[argument]).toBe(stack.resource(address)[argument]);
    }
  });

  test("logRetentionDays is for both log groups", () => {
    const { resources } = synthesizeStack({ logRetentionDays: 7 });
    expect(resources("aws_cloudwatch_log_group").map((group) => group.retention_in_days)).toEqual([7, 7]);
  });

  test("tracing lets both functions send to X-Ray, before they run for the first time", () => {
    const { resource } = synthesizeStack({ tracing: true });
    for (const id of ["set_profile_image", "create_thumbnail"]) {
      const lambda = resource(`aws_lambda_function.${id}_function`);
      expect(lambda.tracing_config).toEqual({ mode: "Active" });
      expect(lambda.depends_on).toContain(`aws_iam_role_policy.${id}_tracing_policy`);
      const policy = resource(`aws_iam_role_policy.${id}_tracing_policy`);
      expect(policy.role).toBe(`\${aws_iam_role.${id}_role.name}`);
      expect(statementsOf(policy.policy)).toEqual([
        expect.objectContaining({ Action: ["xray:PutTraceSegments", "xray:PutTelemetryRecords"], Resource: "*" }),
      ]);
      expect(stack.resource(`aws_lambda_function.${id}_function`).tracing_config).toEqual({ mode: "PassThrough" });
    }
  });
});

test("every role has its one policy and every policy its role", () => {
  expect(stack.resources("aws_iam_role_policy")).toHaveLength(stack.resources("aws_iam_role").length);
});

describe("the functions' environment", () => {
  test("names what SetProfileImage works on", () => {
    expect(stack.resource("aws_lambda_function.set_profile_image_function").environment).toEqual({
      variables: {
        TABLE_NAME: `\${aws_dynamodb_table.user_profile.name}`,
        PROFILE_ID_TYPE: "number",
        FAILURES_BUCKET: `\${aws_s3_bucket.failures_bucket.bucket}`,
      },
    });
  });

  test("tells CreateThumbnail its buckets, the thumbnail's size and what becomes of previous ones", () => {
    const { resource } = synthesizeStack({ thumbnail: { width: 64, method: "cover" }, keepPreviousThumbnails: true });
    expect(resource("aws_lambda_function.create_thumbnail_function").environment).toEqual({
      variables: {
        BUCKET_NAME: `\${aws_s3_bucket.images_bucket.bucket}`,
        TABLE_NAME: `\${aws_dynamodb_table.user_profile.name}`,
        PROFILE_ID_TYPE: "number",
        FAILURES_BUCKET: `\${aws_s3_bucket.failures_bucket.bucket}`,
        TINYPNG_KEY_PARAMETER: `\${aws_ssm_parameter.tinypng_key_parameter.name}`,
        THUMBNAIL_WIDTH: "64",
        THUMBNAIL_HEIGHT: "150",
        THUMBNAIL_METHOD: "cover",
        KEEP_PREVIOUS_THUMBNAILS: "true",
        THUMBNAIL_ENCRYPTION: "bucket-default",
      },
    });
  });
});
