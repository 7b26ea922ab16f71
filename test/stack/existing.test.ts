import { type SynthesizedStack, synthesizeStack } from "./synthesized-stack";

let stack: SynthesizedStack;
beforeAll(() => {
  stack = synthesizeStack({ stage: "test", existingBucket: "their-photos", existingTable: "their-people" });
});

test("an existing bucket and table are looked up under their own names, without the stage", () => {
  expect(stack.json.data).toMatchObject({
    aws_s3_bucket: { images: { bucket: "their-photos" } },
    aws_dynamodb_table: { user_profile: { name: "their-people" } },
  });
  expect(stack.resources("aws_dynamodb_table")).toEqual([]);
  expect(stack.resources("aws_s3_bucket")).toEqual([
    expect.objectContaining({ bucket: expect.stringMatching("failures") }),
  ]);
});

test("of an existing bucket the stack has the notification, and leaves the rest to its owner", () => {
  const ofTheBucket = Object.values(stack.json.resource)
    .flatMap((named) => Object.entries(named))
    .filter(([, { bucket }]) => bucket === "${data.aws_s3_bucket.images.bucket}")
    .map(([name]) => name);
  expect(ofTheBucket).toEqual(["uploads_notification"]);
  expect(stack.resource("aws_lambda_permission.uploads_permission").source_arn).toBe(
    "${data.aws_s3_bucket.images.arn}",
  );
});

test("the stream of an existing table is read, by a role that may read no other", () => {
  const stream = "${data.aws_dynamodb_table.user_profile.stream_arn}";
  expect(stack.resource("aws_lambda_event_source_mapping.profile_changes_mapping").event_source_arn).toBe(stream);
  expect(stack.resource("aws_iam_role_policy.create_thumbnail_role_policy").policy).toContain(stream);
  expect(stack.resource("aws_iam_role_policy.set_profile_image_role_policy").policy).toContain(
    "${data.aws_dynamodb_table.user_profile.arn}",
  );
});

test("an existing table without the right key or stream is named before anything is made", () => {
  const { lifecycle } = (stack.json.data as { aws_dynamodb_table: Record<string, { lifecycle: unknown }> })
    .aws_dynamodb_table.user_profile as { lifecycle: unknown };
  expect(lifecycle).toEqual({
    postcondition: [
      {
        condition: '${self.hash_key == "id"}',
        error_message: "The table their-people must have the hash key id.",
      },
      {
        condition: '${anytrue([for each in self.attribute : each.name == "id" && each.type == "N"])}',
        error_message:
          "The table their-people must have a hash key that is a number (N), as the setting profileId says.",
      },
      {
        condition: "${try(length(self.range_key), 0) == 0}",
        error_message: "The table their-people must have no range key.",
      },
      {
        condition: '${self.stream_view_type == "NEW_AND_OLD_IMAGES"}',
        error_message: "The table their-people must have a stream of NEW_AND_OLD_IMAGES.",
      },
    ],
  });
});

test("the outputs name what is used", () => {
  expect(stack.json.output).toMatchObject({
    bucket: { value: "${data.aws_s3_bucket.images.bucket}" },
    table: { value: "${data.aws_dynamodb_table.user_profile.name}" },
  });
});
