// What may be attached to a role. Managed policies and instance profiles are not here, and so none ever is.

import { operation } from "../../api/operation";
import { count, required, string } from "../../api/shapes";
import type { RoleStore } from "../roles";
import { onRole } from "./describe-role";

const PAGE = { RoleName: required(string), Marker: string, MaxItems: count };

/** https://docs.aws.amazon.com/IAM/latest/APIReference/API_ListAttachedRolePolicies.html */
export const listAttachedRolePolicies = operation({
  name: "ListAttachedRolePolicies",
  input: PAGE,
  resources: onRole,
  run(roles: RoleStore, { RoleName }) {
    roles.get(RoleName);
    return { AttachedPolicies: [], IsTruncated: false };
  },
});

/** https://docs.aws.amazon.com/IAM/latest/APIReference/API_ListInstanceProfilesForRole.html */
export const listInstanceProfilesForRole = operation({
  name: "ListInstanceProfilesForRole",
  input: PAGE,
  resources: onRole,
  run(roles: RoleStore, { RoleName }) {
    roles.get(RoleName);
    return { InstanceProfiles: [], IsTruncated: false };
  },
});
