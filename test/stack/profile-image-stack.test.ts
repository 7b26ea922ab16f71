import { type SynthesizedStack, synthesizeStack } from "./synthesized-stack";

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
  // But for the demands on variables, which are conditions.
  const { variable: _, ...json } = stack.json;
  const expressions = [...JSON.stringify(json).matchAll(/\$\{([^}]*)\}/g)].map(([, inner]) => inner);
  expect(expressions.length).toBeGreaterThan(50);
  for (const inner of expressions) expect(inner).toMatch(/^(data\.)?[a-z0-9_]+\.[a-z0-9_]+(\.[a-z0-9_]+)?$/);
});
