// The aws_iam_… resource types. https://registry.terraform.io/providers/hashicorp/aws/latest/docs/resources/iam_role

import type { ApplyResource } from "./call";

export const IAM_RESOURCES: Readonly<Record<string, ApplyResource>> = {
  async aws_iam_role(args, { call }) {
    const RoleName = args.string("name");
    const input = {
      RoleName,
      AssumeRolePolicyDocument: args.string("assume_role_policy"),
      Description: args.optionalString("description"),
    };
    const { Role } = await call<{ Role: { Arn: string; RoleId: string } }>("iam", "CreateRole", input);
    return { arn: Role.Arn, name: RoleName, id: RoleName, unique_id: Role.RoleId };
  },

  async aws_iam_role_policy(args, { call }) {
    const [RoleName, PolicyName] = [args.string("role"), args.string("name")];
    await call("iam", "PutRolePolicy", { RoleName, PolicyName, PolicyDocument: args.string("policy") });
    return { id: `${RoleName}:${PolicyName}`, name: PolicyName };
  },
};
