// How a role looks to clients: https://docs.aws.amazon.com/IAM/latest/APIReference/API_Role.html

import type { Role, RoleStore } from "../roles";

/** Lists have neither tags nor a time of last use. */
export const listedRole = (role: Role) => ({
  Path: "/",
  RoleName: role.roleName,
  RoleId: role.roleId,
  Arn: role.arn,
  CreateDate: role.createDate,
  AssumeRolePolicyDocument: encodeDocument(role.assumeRolePolicyDocument),
  Description: role.description,
  MaxSessionDuration: role.maxSessionDuration,
});

export const describeRole = (role: Role) => ({
  ...listedRole(role),
  ...(role.tags.size > 0 && { Tags: tagsOf(role) }),
  RoleLastUsed: {},
});

export const tagsOf = ({ tags }: Role) => [...tags].map(([Key, Value]) => ({ Key, Value }));

/** Documents are URL-encoded after RFC 3986: https://docs.aws.amazon.com/IAM/latest/APIReference/API_GetRolePolicy.html */
export const encodeDocument = (text: string): string =>
  encodeURIComponent(text).replace(/[!'()*]/g, (char) => `%${char.charCodeAt(0).toString(16).toUpperCase()}`);

/** The role that an operation names, by its ARN: whether it is there is seen only when the caller may know. */
export const onRole = ({ RoleName }: { readonly RoleName: string }, { arnOf }: Pick<RoleStore, "arnOf">) => [
  { resource: arnOf(RoleName) },
];
