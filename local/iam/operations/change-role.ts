// UpdateRole, UpdateAssumeRolePolicy, DeleteRole: https://docs.aws.amazon.com/IAM/latest/APIReference/API_UpdateRole.html

import { operation } from "../../api/operation";
import { number, required, string } from "../../api/shapes";
import type { RoleStore } from "../roles";
import { onRole } from "./describe-role";

export const updateRole = operation({
  name: "UpdateRole",
  input: { RoleName: required(string), Description: string, MaxSessionDuration: number },
  resources: onRole,
  run(roles: RoleStore, { RoleName, Description, MaxSessionDuration }) {
    const role = roles.get(RoleName);
    role.description = Description ?? role.description;
    role.maxSessionDuration = MaxSessionDuration ?? role.maxSessionDuration;
    return {};
  },
});

export const updateAssumeRolePolicy = operation({
  name: "UpdateAssumeRolePolicy",
  input: { RoleName: required(string), PolicyDocument: required(string) },
  resources: onRole,
  run(roles: RoleStore, { RoleName, PolicyDocument }) {
    roles.updateTrust(RoleName, PolicyDocument);
  },
});

export const deleteRole = operation({
  name: "DeleteRole",
  input: { RoleName: required(string) },
  resources: onRole,
  run(roles: RoleStore, { RoleName }) {
    roles.remove(RoleName);
  },
});
