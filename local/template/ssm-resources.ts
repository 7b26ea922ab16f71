// The aws_ssm_… resource types. https://registry.terraform.io/providers/hashicorp/aws/latest/docs/resources/ssm_parameter

import { PARAMETER_TYPES, type Ssm } from "../ssm/types";
import type { Arguments } from "./arguments";
import type { ApplyResource } from "./resources";
import { StackError } from "./stack-error";

export const SSM_RESOURCES: Readonly<Record<string, ApplyResource>> = {
  aws_ssm_parameter: (args, { ssm }) => putParameter(args, ssm, false),
};

/** @param overwrite whether it is there */
export function putParameter(args: Arguments, ssm: Ssm, overwrite: boolean) {
  args.inert("description");
  args.only("tier", "Standard");
  args.only("data_type", "text");
  args.only("key_id", "alias/aws/ssm");
  const name = args.string("name");
  const given = args.string("type");
  const type = PARAMETER_TYPES.find((each) => each === given);
  if (type === undefined) {
    throw new StackError(`${args.address}: "type" must be one of ${PARAMETER_TYPES.join(", ")} (given "${given}")`);
  }
  const { arn, version } = ssm.putParameter({ name, type, value: givenValue(args), overwrite });
  return { arn, name, id: name, type, version };
}

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
