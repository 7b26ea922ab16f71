// The tags of roles: https://docs.aws.amazon.com/IAM/latest/APIReference/API_TagRole.html

import { operation } from "../../api/operation";
import { count, list, required, string } from "../../api/shapes";
import type { RoleStore } from "../roles";
import { TAGS } from "./create-role";
import { onRole, tagsOf } from "./describe-role";

export const tagRole = operation({
  name: "TagRole",
  input: { RoleName: required(string), Tags: required(TAGS) },
  resources: onRole,
  run(roles: RoleStore, { RoleName, Tags }) {
    const { tags } = roles.get(RoleName);
    for (const { Key, Value } of Tags) tags.set(Key, Value);
  },
});

export const untagRole = operation({
  name: "UntagRole",
  input: { RoleName: required(string), TagKeys: required(list(string)) },
  resources: onRole,
  run(roles: RoleStore, { RoleName, TagKeys }) {
    const { tags } = roles.get(RoleName);
    for (const key of TagKeys) tags.delete(key);
  },
});

export const listRoleTags = operation({
  name: "ListRoleTags",
  input: { RoleName: required(string), Marker: string, MaxItems: count },
  resources: onRole,
  run: (roles: RoleStore, { RoleName }) => ({ Tags: tagsOf(roles.get(RoleName)), IsTruncated: false }),
});
