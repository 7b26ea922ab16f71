import { synthesizeStack } from "./synthesized-stack";

const PARAMETER = "aws_ssm_parameter.tinypng_key_parameter";

describe("TinyPNG's key", () => {
  const { json, resource } = synthesizeStack();
  const variables = json.variable as Record<string, unknown>;

  test("comes from a variable that Terraform keeps nowhere and prints nowhere, and that has no default", () => {
    expect(variables.tinypng_key).toEqual({
      type: "string",
      sensitive: true,
      ephemeral: true,
      nullable: false,
      description: expect.any(String),
      validation: [
        {
          condition: "${length(trimspace(var.tinypng_key)) > 0}",
          error_message: expect.stringContaining("TF_VAR_tinypng_key"),
        },
      ],
    });
  });

  test("goes to an encrypted parameter by a write-only argument, and beside the check of it nowhere else", () => {
    // And nothing else: the provider's update of any other argument would write an empty value.
    expect(resource(PARAMETER)).toEqual({
      name: "/profile-image/tinypng-key",
      type: "SecureString",
      value_wo: `\${var.tinypng_key}`,
      value_wo_version: 1,
    });
    expect(JSON.stringify(json).match(/var\.tinypng_key\b/g)).toHaveLength(2);
  });

  test("is written again when the setting tinypngKeyVersion changes, which Terraform does keep", () => {
    expect(resource(PARAMETER).value_wo_version).toBe(1);
    expect(synthesizeStack({ tinypngKeyVersion: 2 }).resource(PARAMETER).value_wo_version).toBe(2);
  });

  test("is known to the function by the parameter's name alone, and readable for it alone", () => {
    const { environment } = resource("aws_lambda_function.create_thumbnail_function");
    expect(environment).toMatchObject({ variables: { TINYPNG_KEY_PARAMETER: `\${${PARAMETER}.name}` } });
    expect(resource("aws_iam_role_policy.create_thumbnail_role_policy").policy).toContain(`\${${PARAMETER}.arn}`);
    expect(resource("aws_iam_role_policy.set_profile_image_role_policy").policy).not.toContain("ssm:");
  });

  test("has a place of its own in each stage", () => {
    expect(resource(PARAMETER).name).toBe("/profile-image/tinypng-key");
    expect(synthesizeStack({ stage: "test" }).resource(PARAMETER).name).toBe("/profile-image-test/tinypng-key");
  });
});
