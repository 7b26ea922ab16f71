import { stateDirectoryFor } from "../../stack/profile-image-stack";
import { type SynthesizedStack, synthesizeStack } from "./synthesized-stack";

interface Statement {
  readonly Effect: string;
  readonly Action: string | readonly string[];
  readonly Resource: string | readonly string[];
  readonly Condition?: unknown;
}

const statementsOf = (document: unknown): Statement[] => JSON.parse(String(document)).Statement;

let stack: SynthesizedStack;
beforeAll(() => {
  stack = synthesizeStack();
});

test("the whole stack is as reviewed", () => {
  const [aws] = Object.values((stack.json.terraform as { required_providers: object }).required_providers);
  expect(aws.version).toMatch(/^\d+\.\d+\.\d+$/);
  aws.version = "<the version that @cdktf/provider-aws is made for>";
  expect(stack.json).toMatchSnapshot();
});

describe("uploads", () => {
  test("start SetProfileImage under original/ with the suffix .jpg only, whatever way they were made", () => {
    expect(stack.resources("aws_s3_bucket_notification")).toEqual([
      expect.objectContaining({
        bucket: `\${aws_s3_bucket.images_bucket.bucket}`,
        lambda_function: [
          {
            id: "original-jpg",
            lambda_function_arn: `\${aws_lambda_function.set_profile_image_function.arn}`,
            events: ["s3:ObjectCreated:*"],
            filter_prefix: "original/",
            filter_suffix: ".jpg",
          },
        ],
      }),
    ]);
  });

  test("are announced after S3 may invoke the function, for this bucket of this account alone", () => {
    const notification = stack.resource("aws_s3_bucket_notification.uploads_notification");
    expect(notification.depends_on).toContain("aws_lambda_permission.uploads_permission");
    expect(stack.resource("aws_lambda_permission.uploads_permission")).toMatchObject({
      action: "lambda:InvokeFunction",
      principal: "s3.amazonaws.com",
      source_arn: `\${aws_s3_bucket.images_bucket.arn}`,
      source_account: `\${data.aws_caller_identity.current.account_id}`,
    });
  });

  test("that fail are retried twice and then kept in the failures bucket", () => {
    expect(stack.resource("aws_lambda_function_event_invoke_config.uploads_retries")).toMatchObject({
      maximum_retry_attempts: 2,
      destination_config: { on_failure: { destination: `\${aws_s3_bucket.failures_bucket.arn}` } },
      depends_on: ["aws_iam_role_policy.set_profile_image_role_policy"],
    });
  });

  test("of several suffixes are in the one notification that S3 keeps for a bucket", () => {
    const { resources } = synthesizeStack({ uploadSuffixes: [".jpg", ".JPG", ".png"] });
    const notifications = resources("aws_s3_bucket_notification");
    expect(notifications).toHaveLength(1);
    expect(notifications[0]?.lambda_function).toMatchObject([
      { id: "original-jpg", filter_prefix: "original/", filter_suffix: ".jpg" },
      { id: "original-JPG", filter_prefix: "original/", filter_suffix: ".JPG" },
      { id: "original-png", filter_prefix: "original/", filter_suffix: ".png" },
    ]);
  });
});

describe("changes of profiles", () => {
  test("are read from the stream's beginning in batches of ten", () => {
    expect(stack.resources("aws_lambda_event_source_mapping")).toEqual([
      expect.objectContaining({
        event_source_arn: `\${aws_dynamodb_table.user_profile.stream_arn}`,
        function_name: `\${aws_lambda_function.create_thumbnail_function.function_name}`,
        batch_size: 10,
        starting_position: "TRIM_HORIZON",
      }),
    ]);
  });

  test("that fail hold up the others for a bounded time and end in the failures bucket", () => {
    expect(stack.resource("aws_lambda_event_source_mapping.profile_changes_mapping")).toMatchObject({
      function_response_types: ["ReportBatchItemFailures"],
      bisect_batch_on_function_error: true,
      maximum_retry_attempts: 5,
      maximum_record_age_in_seconds: 3600,
      destination_config: { on_failure: { destination_arn: `\${aws_s3_bucket.failures_bucket.arn}` } },
    });
  });

  test("are read after the role may read them", () => {
    expect(stack.resource("aws_lambda_event_source_mapping.profile_changes_mapping").depends_on).toEqual([
      "aws_iam_role_policy.create_thumbnail_role_policy",
    ]);
  });

  test("carry the old and the new profile", () => {
    expect(stack.resource("aws_dynamodb_table.user_profile")).toMatchObject({
      name: "user-profile",
      hash_key: "id",
      attribute: [{ name: "id", type: "N" }],
      billing_mode: "PAY_PER_REQUEST",
      stream_enabled: true,
      stream_view_type: "NEW_AND_OLD_IMAGES",
    });
  });
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

  test("has a role of its own that only Lambda can take, with exactly one inline policy", () => {
    expect(stack.resource(`aws_lambda_function.${id}_function`).role).toBe(`\${aws_iam_role.${id}_role.arn}`);
    const role = stack.resource(`aws_iam_role.${id}_role`);
    expect(role.name).toBe(`${name}Role`);
    expect(statementsOf(role.assume_role_policy)).toEqual([
      { Effect: "Allow", Principal: { Service: "lambda.amazonaws.com" }, Action: "sts:AssumeRole" },
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

test("every role has its one policy and every policy its role", () => {
  expect(stack.resources("aws_iam_role_policy")).toHaveLength(stack.resources("aws_iam_role").length);
});

describe("the functions' environment", () => {
  test("names what SetProfileImage works on", () => {
    expect(stack.resource("aws_lambda_function.set_profile_image_function").environment).toEqual({
      variables: {
        TABLE_NAME: `\${aws_dynamodb_table.user_profile.name}`,
        FAILURES_BUCKET: `\${aws_s3_bucket.failures_bucket.bucket}`,
      },
    });
  });

  test("tells CreateThumbnail its buckets, the thumbnail's size and what becomes of previous ones", () => {
    const { resource } = synthesizeStack({ thumbnail: { width: 64, method: "cover" }, keepPreviousThumbnails: true });
    expect(resource("aws_lambda_function.create_thumbnail_function").environment).toEqual({
      variables: {
        BUCKET_NAME: `\${aws_s3_bucket.images_bucket.bucket}`,
        FAILURES_BUCKET: `\${aws_s3_bucket.failures_bucket.bucket}`,
        TINYPNG_KEY_PARAMETER: `\${aws_ssm_parameter.tinypng_key_parameter.name}`,
        THUMBNAIL_WIDTH: "64",
        THUMBNAIL_HEIGHT: "150",
        THUMBNAIL_METHOD: "cover",
        KEEP_PREVIOUS_THUMBNAILS: "true",
      },
    });
  });
});

describe.each(["images", "failures"])("the bucket for %s", (id) => {
  const bucket = `\${aws_s3_bucket.${id}_bucket.bucket}`;

  test("is closed to the public, without ACLs, encrypted", () => {
    expect(stack.resource(`aws_s3_bucket_public_access_block.${id}_public_access_block`)).toEqual({
      bucket,
      block_public_acls: true,
      block_public_policy: true,
      ignore_public_acls: true,
      restrict_public_buckets: true,
    });
    expect(stack.resource(`aws_s3_bucket_ownership_controls.${id}_ownership_controls`)).toEqual({
      bucket,
      rule: { object_ownership: "BucketOwnerEnforced" },
    });
    expect(stack.resource(`aws_s3_bucket_server_side_encryption_configuration.${id}_encryption`)).toEqual({
      bucket,
      rule: [{ apply_server_side_encryption_by_default: { sse_algorithm: "AES256" } }],
    });
  });

  test("takes TLS only, by a policy that comes after the public access block", () => {
    const policy = stack.resource(`aws_s3_bucket_policy.${id}_policy`);
    expect(policy.depends_on).toEqual([`aws_s3_bucket_public_access_block.${id}_public_access_block`]);
    expect(statementsOf(policy.policy)).toEqual([
      expect.objectContaining({
        Effect: "Deny",
        Principal: "*",
        Action: "s3:*",
        Resource: [`\${aws_s3_bucket.${id}_bucket.arn}`, `\${aws_s3_bucket.${id}_bucket.arn}/*`],
        Condition: { Bool: { "aws:SecureTransport": "false" } },
      }),
    ]);
  });

  test("forgets uploads that were never finished", () => {
    expect(stack.resource(`aws_s3_bucket_lifecycle_configuration.${id}_lifecycle`).rule).toEqual([
      expect.objectContaining({
        status: "Enabled",
        filter: [{ prefix: "" }],
        abort_incomplete_multipart_upload: [{ days_after_initiation: 1 }],
      }),
    ]);
  });
});

describe("names", () => {
  const account = `\${data.aws_caller_identity.current.account_id}`;
  const namesOf = ({ json }: SynthesizedStack): unknown[] =>
    Object.values(json.resource)
      .flatMap((named) => Object.values(named))
      .flatMap((block) => [block.name, block.function_name, block.bucket])
      .filter((name) => name !== undefined && !String(name).match(/^\$\{[^}]*\}$/))
      .sort();

  test("are the article's, with buckets made unique by the account", () => {
    expect(namesOf(stack)).toEqual([
      "/aws/lambda/CreateThumbnail",
      "/aws/lambda/SetProfileImage",
      "/profile-image/tinypng-key",
      "CreateThumbnail",
      "CreateThumbnailRole",
      "CreateThumbnailRoleInlinePolicy",
      "SetProfileImage",
      "SetProfileImageRole",
      "SetProfileImageRoleInlinePolicy",
      "user-profile",
      `user-profile-failures-${account}`,
      `user-profile-images-${account}`,
    ]);
  });

  test("all end in the stage when there is one, and so does the state's file", () => {
    const staged = synthesizeStack({ stage: "test", bucketName: "photos", tableName: "people" });
    const names = namesOf(staged);
    expect(names).toHaveLength(12);
    for (const name of names) expect(name).toMatch(/-test(\/tinypng-key)?$/);
    expect(names).toEqual(expect.arrayContaining(["photos-test", "people-test"]));
    expect(staged.json.terraform).toMatchObject({
      backend: { local: { path: "../../../terraform.profile-image-test.tfstate" } },
    });
  });
});

test("the outputs name the buckets, the table and the functions", () => {
  expect(stack.json.output).toEqual({
    bucket: { value: `\${aws_s3_bucket.images_bucket.bucket}` },
    failures_bucket: { value: `\${aws_s3_bucket.failures_bucket.bucket}` },
    table: { value: `\${aws_dynamodb_table.user_profile.name}` },
    set_profile_image_function: { value: `\${aws_lambda_function.set_profile_image_function.function_name}` },
    create_thumbnail_function: { value: `\${aws_lambda_function.create_thumbnail_function.function_name}` },
  });
});

test("everything is in the region of the settings", () => {
  expect(synthesizeStack({ region: "us-west-2" }).json.provider).toEqual({ aws: [{ region: "us-west-2" }] });
  expect(stack.json.provider).toEqual({ aws: [{ region: "eu-west-1" }] });
});

test("the expressions are references alone, which every reader of the JSON can resolve", () => {
  const expressions = [...JSON.stringify(stack.json).matchAll(/\$\{([^}]*)\}/g)].map(([, inner]) => inner);
  expect(expressions.length).toBeGreaterThan(50);
  for (const inner of expressions) expect(inner).toMatch(/^(data\.)?[a-z0-9_]+\.[a-z0-9_]+(\.[a-z0-9_]+)?$/);
});

test.each([
  ["/home/me/project/cdktf.out", "../../.."],
  ["/home/me/project/out/cdktf", "../../../.."],
  ["/tmp/elsewhere", "../../.."],
])("the state for the output %s is kept in %s, seen from the stack", (outdir, expected) => {
  expect(stateDirectoryFor(outdir, "/home/me/project")).toBe(expected);
});
