import { type SynthesizedStack, synthesizeStack } from "./synthesized-stack";

const SUFFIXES = [
  ...[".jpg", ".JPG", ".Jpg", ".jpeg", ".JPEG", ".Jpeg"],
  ...[".jfif", ".JFIF", ".Jfif", ".png", ".PNG", ".Png"],
  ...[".webp", ".WEBP", ".Webp", ".avif", ".AVIF", ".Avif"],
  ...[".heic", ".HEIC", ".Heic", ".heif", ".HEIF", ".Heif"],
  ...[".gif", ".GIF", ".Gif", ".tif", ".TIF", ".Tif"],
  ...[".tiff", ".TIFF", ".Tiff", ".bmp", ".BMP", ".Bmp"],
];

let stack: SynthesizedStack;
beforeAll(() => {
  stack = synthesizeStack();
});

describe("uploads", () => {
  test("start SetProfileImage under original/ with one of the suffixes, whatever way they were made", () => {
    expect(stack.resources("aws_s3_bucket_notification")).toEqual([
      expect.objectContaining({
        bucket: `\${aws_s3_bucket.images_bucket.bucket}`,
        lambda_function: SUFFIXES.map((suffix) => ({
          id: `original-${suffix.slice(1)}`,
          lambda_function_arn: `\${aws_lambda_function.set_profile_image_function.arn}`,
          events: ["s3:ObjectCreated:*"],
          filter_prefix: "original/",
          filter_suffix: suffix,
        })),
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

  test("of other suffixes are in the one notification that S3 keeps for a bucket", () => {
    const { resources } = synthesizeStack({ uploadSuffixes: [".avif"] });
    const notifications = resources("aws_s3_bucket_notification");
    expect(notifications).toHaveLength(1);
    expect(notifications[0]?.lambda_function).toMatchObject([
      { id: "original-avif", filter_prefix: "original/", filter_suffix: ".avif" },
      { id: "original-AVIF", filter_prefix: "original/", filter_suffix: ".AVIF" },
      { id: "original-Avif", filter_prefix: "original/", filter_suffix: ".Avif" },
    ]);
  });
});
