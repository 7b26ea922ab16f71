// The inline policies of a role: https://docs.aws.amazon.com/IAM/latest/APIReference/API_PutRolePolicy.html

import { operation } from "../../api/operation";
import { count, required, string } from "../../api/shapes";
import type { RoleStore } from "../roles";
import { encodeDocument, onRole } from "./describe-role";

const POLICY = { RoleName: required(string), PolicyName: required(string) };

export const putRolePolicy = operation({
  name: "PutRolePolicy",
  input: { ...POLICY, PolicyDocument: required(string) },
  resources: onRole,
  run(roles: RoleStore, { RoleName, PolicyName, PolicyDocument }) {
    roles.putPolicy({ roleName: RoleName, policyName: PolicyName, policyDocument: PolicyDocument });
  },
});

export const getRolePolicy = operation({
  name: "GetRolePolicy",
  input: POLICY,
  resources: onRole,
  run(roles: RoleStore, { RoleName, PolicyName }) {
    const { policyDocument } = roles.getPolicy({ roleName: RoleName, policyName: PolicyName });
    return { RoleName, PolicyName, PolicyDocument: encodeDocument(policyDocument) };
  },
});

export const deleteRolePolicy = operation({
  name: "DeleteRolePolicy",
  input: POLICY,
  resources: onRole,
  run(roles: RoleStore, { RoleName, PolicyName }) {
    roles.removePolicy({ roleName: RoleName, policyName: PolicyName });
  },
});

export const listRolePolicies = operation({
  name: "ListRolePolicies",
  input: { RoleName: required(string), Marker: string, MaxItems: count },
  resources: onRole,
  // Within the limits of a role's inline policies one page holds them all.
  run: (roles: RoleStore, { RoleName }) => ({ PolicyNames: roles.policyNames(RoleName), IsTruncated: false }),
});
