import { Arguments } from "../../../local/template/arguments";
import type { Services } from "../../../local/template/call";
import { SSM_RESOURCES } from "../../../local/template/ssm-resources";

const call = jest.fn(async () => ({ Version: 1 }));
beforeEach(() => call.mockClear());

const account = { accountId: "111122223333", region: "eu-west-1" };
const apply = async (body: object) =>
  SSM_RESOURCES.aws_ssm_parameter?.(
    new Arguments("aws_ssm_parameter.p", { name: "/app/key", type: "SecureString", ...body }),
    { account, call } as unknown as Services,
    {} as never,
  );

describe("aws_ssm_parameter", () => {
  it.each([{ value_wo: "v", value_wo_version: 1 }, { value: "v" }, { insecure_value: "v" }])(
    "writes the value of %j",
    async (given) => {
      const arn = "arn:aws:ssm:eu-west-1:111122223333:parameter/app/key";
      const attributes = { arn, name: "/app/key", id: "/app/key", type: "SecureString", version: 1 };
      expect(await apply({ ...given, description: "d", tier: "Standard" })).toEqual(attributes);
      const input = { Name: "/app/key", Type: "SecureString", Value: "v", Overwrite: false, Description: "d" };
      expect(call).toHaveBeenCalledWith("ssm", "PutParameter", input);
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
  ])("with %s is refused", async (_what, body, message) => {
    await expect(apply(body)).rejects.toThrow(message);
    expect(call).not.toHaveBeenCalled();
  });
});
