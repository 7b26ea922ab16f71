// The aws_ssm_… resource types. https://registry.terraform.io/providers/hashicorp/aws/latest/docs/resources/ssm_parameter

import { PARAMETER_TYPES } from "../ssm/types";
import { type Arguments, oneOf } from "./arguments";
import type { ApplyResource } from "./call";
import { StackError } from "./stack-error";

/** @param Overwrite whether it is there */
const putParameter =
  (Overwrite: boolean): ApplyResource =>
  async (args, { call, account }) => {
    args.only("tier", "Standard");
    args.only("data_type", "text");
    args.only("key_id", "alias/aws/ssm");
    const Name = args.string("name");
    const Type = oneOf(args, "type", args.string("type"), PARAMETER_TYPES);
    const Description = args.optionalString("description");
    const input = { Name, Type, Value: givenValue(args), Overwrite, Description };
    const { Version } = await call<{ Version: number }>("ssm", "PutParameter", input);
    const path = Name.replace(/^\//, "");
    const arn = `arn:aws:ssm:${account.region}:${account.accountId}:parameter/${path}`;
    return { arn, name: Name, id: Name, type: Type, version: Version };
  };

export const SSM_RESOURCES: Readonly<Record<string, ApplyResource>> = { aws_ssm_parameter: putParameter(false) };

export const updateParameter: ApplyResource = putParameter(true);

/** The provider wants exactly one of three, and a version beside the one that it does not keep. */
function givenValue(args: Arguments): string {
  const writeOnly = args.optionalString("value_wo");
  const values = [args.optionalString("value"), args.optionalString("insecure_value"), writeOnly].filter(
    (value) => value !== undefined,
  );
  const [value] = values;
  if (value === undefined || values.length > 1) {
    throw new StackError(
      `${args.address} must have exactly one of "value", "insecure_value", "value_wo" (given ${values.length})`,
    );
  }
  if ((writeOnly === undefined) !== (args.optionalNumber("value_wo_version") === undefined)) {
    throw new StackError(`${args.address}: "value_wo" and "value_wo_version" must come together`);
  }
  return value;
}
