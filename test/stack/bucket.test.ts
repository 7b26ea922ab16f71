import { type SynthesizedStack, statementsOf, synthesizeStack } from "./synthesized-stack";

let stack: SynthesizedStack;
beforeAll(() => {
  stack = synthesizeStack();
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
      rule: [
        {
          apply_server_side_encryption_by_default: { sse_algorithm: "aws:kms", kms_master_key_id: "alias/aws/s3" },
          bucket_key_enabled: true,
          blocked_encryption_types: ["SSE-C"],
        },
      ],
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
    expect(stack.resource(`aws_s3_bucket_lifecycle_configuration.${id}_lifecycle`).rule).toContainEqual({
      id: "abort-abandoned-uploads",
      status: "Enabled",
      filter: [{ prefix: "" }],
      abort_incomplete_multipart_upload: [{ days_after_initiation: 1 }],
    });
  });
});

describe("the images' bucket", () => {
  const bucket = `\${aws_s3_bucket.images_bucket.bucket}`;

  test("keeps what was replaced or deleted for 30 days, and then nothing of it", () => {
    expect(stack.resources("aws_s3_bucket_versioning")).toEqual([
      { bucket, versioning_configuration: { status: "Enabled" } },
    ]);
    const lifecycle = stack.resource("aws_s3_bucket_lifecycle_configuration.images_lifecycle");
    expect(lifecycle.depends_on).toEqual(["aws_s3_bucket_versioning.images_versioning"]);
    expect(lifecycle.rule).toContainEqual({
      id: "expire-old-versions",
      status: "Enabled",
      filter: [{ prefix: "" }],
      noncurrent_version_expiration: [{ noncurrent_days: 30 }],
      expiration: [{ expired_object_delete_marker: true }],
    });
  });

  test("can be opened to everyone, as the article does, and to nothing but TLS", () => {
    const { resource } = synthesizeStack({ publicBucket: true });
    expect(resource("aws_s3_bucket_public_access_block.images_public_access_block")).toEqual({
      bucket,
      block_public_acls: true,
      block_public_policy: false,
      ignore_public_acls: true,
      restrict_public_buckets: false,
    });
    expect(resource("aws_s3_bucket_server_side_encryption_configuration.images_encryption").rule).toEqual([
      {
        apply_server_side_encryption_by_default: { sse_algorithm: "AES256" },
        blocked_encryption_types: ["SSE-C"],
      },
    ]);
    const policy = resource("aws_s3_bucket_policy.images_policy");
    expect(policy.depends_on).toEqual(["aws_s3_bucket_public_access_block.images_public_access_block"]);
    expect(statementsOf(policy.policy)).toEqual([
      expect.objectContaining({
        Effect: "Allow",
        Principal: "*",
        Action: ["s3:GetObject", "s3:PutObject", "s3:DeleteObject"],
        Resource: [`\${aws_s3_bucket.images_bucket.arn}/*`],
      }),
      expect.objectContaining({ Effect: "Deny", Condition: { Bool: { "aws:SecureTransport": "false" } } }),
    ]);
  });

  test("leaves the failures private when it is public", () => {
    const { resource } = synthesizeStack({ publicBucket: true });
    for (const address of [
      "aws_s3_bucket_public_access_block.failures_public_access_block",
      "aws_s3_bucket_policy.failures_policy",
    ]) {
      expect(resource(address)).toEqual(stack.resource(address));
    }
  });

  test("serves no page of another origin, until there are upload origins", () => {
    expect(stack.resources("aws_s3_bucket_cors_configuration")).toEqual([]);
    const { resources } = synthesizeStack({ uploadOrigins: ["https://a.example", "http://localhost:3000"] });
    expect(resources("aws_s3_bucket_cors_configuration")).toEqual([
      {
        bucket,
        cors_rule: [
          {
            allowed_methods: ["POST", "PUT"],
            allowed_origins: ["https://a.example", "http://localhost:3000"],
            allowed_headers: ["content-type", "if-none-match", "x-amz-*"],
            expose_headers: ["ETag"],
            max_age_seconds: 3600,
          },
        ],
      },
    ]);
  });

  test("removes originals, and them alone, when their time is up", () => {
    const { resource } = synthesizeStack({ originalsRetentionDays: 90 });
    expect(resource("aws_s3_bucket_lifecycle_configuration.images_lifecycle").rule).toContainEqual({
      id: "expire-originals",
      status: "Enabled",
      filter: [{ prefix: "original/" }],
      expiration: [{ days: 90 }],
    });
    expect(resource("aws_s3_bucket_lifecycle_configuration.failures_lifecycle")).toEqual(
      stack.resource("aws_s3_bucket_lifecycle_configuration.failures_lifecycle"),
    );
  });

  test("removes failure records, and them alone, when their time is up, and the alarm says so", () => {
    const { resource } = synthesizeStack({ failuresRetentionDays: 90, alarmEmail: "on-call@example.com" });
    expect(resource("aws_s3_bucket_lifecycle_configuration.failures_lifecycle").rule).toContainEqual({
      id: "expire-failures",
      status: "Enabled",
      filter: [{ prefix: "" }],
      expiration: [{ days: 90 }],
    });
    expect(resource("aws_s3_bucket_lifecycle_configuration.images_lifecycle")).toEqual(
      stack.resource("aws_s3_bucket_lifecycle_configuration.images_lifecycle"),
    );
    expect(resource("aws_cloudwatch_metric_alarm.alarms_failures_waiting").alarm_description).toContain(
      "They are removed 90 days after they were written.",
    );
  });
});

describe.each([
  [undefined, false],
  ["prod", false],
  ["developers", false],
  ["dev", true],
  ["dev-ann", true],
])("the stage %s", (stage, isDevelopment) => {
  test(`${isDevelopment ? "can" : "cannot"} be destroyed with all that is in it`, () => {
    const staged = synthesizeStack(stage === undefined ? {} : { stage });
    expect(staged.resources("aws_s3_bucket").map((each) => each.force_destroy)).toEqual([isDevelopment, isDevelopment]);
    expect(staged.resource("aws_dynamodb_table.user_profile")).toMatchObject({
      point_in_time_recovery: { enabled: !isDevelopment },
      deletion_protection_enabled: !isDevelopment,
    });
  });
});
