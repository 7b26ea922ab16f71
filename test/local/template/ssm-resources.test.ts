import { Arguments } from "../../../local/template/arguments";
import type { Services } from "../../../local/template/resources";
import { SSM_RESOURCES } from "../../../local/template/ssm-resources";

const putParameter = jest.fn(() => ({ arn: "arn:aws:ssm:p", version: 1 }));
beforeEach(() => putParameter.mockClear());

const apply = (body: object) =>
  Arguments.read("aws_ssm_parameter.p", { name: "/app/key", type: "SecureString", ...body }, (args) =>
    SSM_RESOURCES.aws_ssm_parameter?.(args, { ssm: { putParameter } } as unknown as Services, {} as never),
  );

describe("aws_ssm_parameter", () => {
  it.each([{ value_wo: "v", value_wo_version: 1 }, { value: "v" }, { insecure_value: "v" }])(
    "writes the value of %j",
    (given) => {
      const attributes = { arn: "arn:aws:ssm:p", name: "/app/key", id: "/app/key", type: "SecureString", version: 1 };
      expect(apply({ ...given, description: "d", tier: "Standard" })).toEqual(attributes);
      expect(putParameter).toHaveBeenCalledWith({
        name: "/app/key",
        type: "SecureString",
        value: "v",
        overwrite: false,
      });
    },
  );

  it.each<[string, object, string]>([
    ["no value", {}, 'exactly one of "value", "insecure_value", "value_wo" (given 0)'],
    ["two values", { value: "v", value_wo: "w", value_wo_version: 1 }, "(given 2)"],
    ["a write-only value that could never change", { value_wo: "v" }, '"value_wo_version" must come together'],
    ["a version of nothing", { value: "v", value_wo_version: 1 }, '"value_wo_version" must come together'],
    ["another type", { value: "v", type: "Number" }, 'String, StringList, SecureString (given "Number")'],
    ["a key of one's own", { value: "v", key_id: "alias/mine" }, '"key_id" must be "alias/aws/ssm"'],
    ["another tier", { value: "v", tier: "Advanced" }, '"tier" must be "Standard"'],
  ])("with %s is refused", (_what, body, message) => {
    expect(() => apply(body)).toThrow(message);
    expect(putParameter).not.toHaveBeenCalled();
  });
});
