// GetRole, ListRoles: https://docs.aws.amazon.com/IAM/latest/APIReference/API_GetRole.html

import { operation } from "../../api/operation";
import { pageByToken } from "../../api/pages";
import { count, only, required, string } from "../../api/shapes";
import type { RoleStore } from "../roles";
import { describeRole, listedRole, onRole } from "./describe-role";

const PAGE = 100;

export const getRole = operation({
  name: "GetRole",
  input: { RoleName: required(string) },
  resources: onRole,
  run: (roles: RoleStore, { RoleName }) => ({ Role: describeRole(roles.get(RoleName)) }),
});

export const listRoles = operation({
  name: "ListRoles",
  input: { PathPrefix: only("/"), Marker: string, MaxItems: count },
  resources: () => [{ resource: "*" }],
  run(roles: RoleStore, { Marker, MaxItems = PAGE }) {
    const { items, nextToken } = pageByToken(roles.list(), ({ roleName }) => roleName, MaxItems, Marker);
    return { Roles: items.map(listedRole), IsTruncated: nextToken !== undefined, Marker: nextToken };
  },
});
