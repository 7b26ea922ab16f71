// https://docs.aws.amazon.com/IAM/latest/APIReference/API_CreateRole.html

import { operation } from "../../api/operation";
import { list, number, only, required, string, structure } from "../../api/shapes";
import type { RoleStore } from "../roles";
import { describeRole, onRole } from "./describe-role";

/** Of roles: https://docs.aws.amazon.com/IAM/latest/APIReference/API_Tag.html */
export const TAGS = list(structure({ Key: required(string), Value: required(string) }));

export const createRole = operation({
  name: "CreateRole",
  input: {
    RoleName: required(string),
    AssumeRolePolicyDocument: required(string),
    Description: string,
    MaxSessionDuration: number,
    Path: only("/"),
    Tags: TAGS,
  },
  resources: onRole,
  run(roles: RoleStore, { RoleName, AssumeRolePolicyDocument, Description, MaxSessionDuration, Tags = [] }) {
    const role = roles.create({
      roleName: RoleName,
      assumeRolePolicyDocument: AssumeRolePolicyDocument,
      description: Description,
      maxSessionDuration: MaxSessionDuration,
      tags: Object.fromEntries(Tags.map((tag) => [tag.Key, tag.Value])),
    });
    return { Role: describeRole(role) };
  },
});
