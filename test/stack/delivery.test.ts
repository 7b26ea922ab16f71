// What CloudFront may reach, and how it answers. That other paths are refused, test/local/cloudfront tries.

import { statementsOf, synthesizeStack } from "./synthesized-stack";

const stack = synthesizeStack({ stage: "test", delivery: "cloudfront" });
const distribution = stack.resource("aws_cloudfront_distribution.delivery_distribution");
const BUCKET = "${aws_s3_bucket.images_bucket.arn}";
const DISTRIBUTION = "${aws_cloudfront_distribution.delivery_distribution.arn}";

const CERTIFICATE = "arn:aws:acm:us-east-1:111122223333:certificate/7b5a2c1e-90f4-4d0a-8a8e-0c1d2e3f4a5b";

interface Behaviour {
  readonly target_origin_id: string;
  readonly path_pattern?: string;
}

const behaviours = [distribution.ordered_cache_behavior, distribution.default_cache_behavior].flat() as Behaviour[];

test("there is none until it is asked for", () => {
  const { json } = synthesizeStack();
  expect(Object.keys(json.resource).filter((type) => type.includes("cloudfront"))).toEqual([]);
  expect(json.output).not.toHaveProperty("thumbnail_base_url");
});

test("the whole bucket is behind one path, and every other path leads where nothing lies", () => {
  const domain_name = "${aws_s3_bucket.images_bucket.bucket_regional_domain_name}";
  const origin_access_control_id = "${aws_cloudfront_origin_access_control.delivery_origin_access_control.id}";
  expect(distribution.origin).toEqual([
    { origin_id: "thumbnails", domain_name, origin_access_control_id },
    { origin_id: "nothing", domain_name, origin_access_control_id, origin_path: "/nothing" },
  ]);
  expect(behaviours.map(({ path_pattern, target_origin_id }) => [path_pattern, target_origin_id])).toEqual([
    ["/thumbnails/*", "thumbnails"],
    [undefined, "nothing"],
  ]);
});

test("every behaviour takes HTTPS and reading only, and nothing of a request but its path", () => {
  for (const behaviour of behaviours) {
    expect(behaviour).toMatchObject({
      viewer_protocol_policy: "https-only",
      allowed_methods: ["GET", "HEAD"],
      cache_policy_id: "${aws_cloudfront_cache_policy.delivery_cache_policy.id}",
      response_headers_policy_id: "${aws_cloudfront_response_headers_policy.delivery_headers.id}",
    });
  }
  expect(stack.resource("aws_cloudfront_cache_policy.delivery_cache_policy")).toMatchObject({
    min_ttl: 0,
    parameters_in_cache_key_and_forwarded_to_origin: {
      cookies_config: { cookie_behavior: "none" },
      headers_config: { header_behavior: "none" },
      query_strings_config: { query_string_behavior: "none" },
    },
  });
});

test("what its user has deleted is gone from CloudFront after a day, whatever browsers may keep", () => {
  expect(stack.resource("aws_cloudfront_cache_policy.delivery_cache_policy").max_ttl).toBe(86_400);
});

test("the distribution signs what it asks for, and this one distribution may read thumbnails, and no more", () => {
  expect(stack.resource("aws_cloudfront_origin_access_control.delivery_origin_access_control")).toEqual({
    name: "profile-image-thumbnails-test",
    origin_access_control_origin_type: "s3",
    signing_behavior: "always",
    signing_protocol: "sigv4",
  });
  const policy = stack.resource("aws_s3_bucket_policy.images_policy").policy;
  expect(statementsOf(policy).filter(({ Effect }) => Effect === "Allow")).toEqual([
    {
      Sid: "AllowDistributionToReadThumbnails",
      Effect: "Allow",
      Principal: { Service: "cloudfront.amazonaws.com" },
      Action: "s3:GetObject",
      Resource: `${BUCKET}/thumbnails/*`,
      Condition: { StringEquals: { "aws:SourceArn": DISTRIBUTION } },
    },
  ]);
});

test("all else that the bucket's policy says stays", () => {
  for (const publicBucket of [false, true]) {
    const policyOf = (context: Record<string, unknown>) =>
      statementsOf(synthesizeStack({ ...context, publicBucket }).resource("aws_s3_bucket_policy.images_policy").policy);
    const [without, delivered] = [policyOf({}), policyOf({ delivery: "cloudfront" })];
    expect(delivered.slice(0, -1)).toEqual(without);
  }
});

test("thumbnails are encrypted so that CloudFront can read them, and photos as ever", () => {
  const { environment } = stack.resource("aws_lambda_function.create_thumbnail_function") as {
    environment: { variables: Record<string, string> };
  };
  expect(environment.variables.THUMBNAIL_ENCRYPTION).toBe("AES256");
  const encryption = "aws_s3_bucket_server_side_encryption_configuration.images_encryption";
  expect(stack.resource(encryption).rule).toEqual(synthesizeStack({ stage: "test" }).resource(encryption).rule);
});

test("whose a picture is, nobody learns from its headers", () => {
  const { remove_headers_config } = stack.resource("aws_cloudfront_response_headers_policy.delivery_headers") as {
    remove_headers_config: { items: { header: string }[] };
  };
  expect(remove_headers_config.items.map(({ header }) => header)).toEqual(
    expect.arrayContaining(["x-amz-meta-user-profile-id", "x-amz-meta-original-etag", "x-amz-version-id"]),
  );
});

test("apps are told where thumbnails are", () => {
  const url = "https://${aws_cloudfront_distribution.delivery_distribution.domain_name}";
  expect(stack.json.output).toMatchObject({
    thumbnail_base_url: { value: url },
    thumbnail_distribution_arn: { value: DISTRIBUTION },
  });
});

test("a domain of one's own comes with its certificate, and TLS 1.2 at least", () => {
  const cloudfront = { domain: "faces.example.com", certificateArn: CERTIFICATE, priceClass: "PriceClass_200" };
  const own = synthesizeStack({ delivery: "cloudfront", cloudfront });
  expect(own.resource("aws_cloudfront_distribution.delivery_distribution")).toMatchObject({
    aliases: ["faces.example.com"],
    price_class: "PriceClass_200",
    viewer_certificate: {
      acm_certificate_arn: CERTIFICATE,
      minimum_protocol_version: "TLSv1.2_2021",
      ssl_support_method: "sni-only",
    },
  });
  expect(own.json.output).toMatchObject({ thumbnail_base_url: { value: "https://faces.example.com" } });
});

test("of an existing bucket the policy stays its owner's", () => {
  const existing = synthesizeStack({ existingBucket: "their-photos", delivery: "cloudfront" });
  expect(existing.json.resource.aws_s3_bucket_policy).toEqual({ failures_policy: expect.anything() });
  expect(existing.resource("aws_cloudfront_distribution.delivery_distribution").origin).toContainEqual(
    expect.objectContaining({ domain_name: "${data.aws_s3_bucket.images.bucket_regional_domain_name}" }),
  );
});
