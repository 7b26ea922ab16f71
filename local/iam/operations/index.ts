// The operations of IAM: roles with inline policies. https://docs.aws.amazon.com/IAM/latest/APIReference/API_Operations.html

import { listAttachedRolePolicies, listInstanceProfilesForRole } from "./attachments";
import { deleteRole, updateAssumeRolePolicy, updateRole } from "./change-role";
import { createRole } from "./create-role";
import { getRole, listRoles } from "./read-roles";
import { deleteRolePolicy, getRolePolicy, listRolePolicies, putRolePolicy } from "./role-policies";
import { listRoleTags, tagRole, untagRole } from "./role-tags";

export const OPERATIONS = [
  createRole,
  deleteRole,
  deleteRolePolicy,
  getRole,
  getRolePolicy,
  listAttachedRolePolicies,
  listInstanceProfilesForRole,
  listRolePolicies,
  listRoles,
  listRoleTags,
  putRolePolicy,
  tagRole,
  untagRole,
  updateAssumeRolePolicy,
  updateRole,
];
