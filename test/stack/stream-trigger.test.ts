import { type SynthesizedStack, synthesizeStack } from "./synthesized-stack";

let stack: SynthesizedStack;
beforeAll(() => {
  stack = synthesizeStack();
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

  test("are read in other batches, and so many at a time, by the settings", () => {
    const { resource } = synthesizeStack({ createThumbnail: { batchSize: 4, parallelizationFactor: 3 } });
    expect(resource("aws_lambda_event_source_mapping.profile_changes_mapping")).toMatchObject({
      batch_size: 4,
      parallelization_factor: 3,
    });
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
