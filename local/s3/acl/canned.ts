// The lists that S3 has a name for: https://docs.aws.amazon.com/AmazonS3/latest/userguide/acl-overview.html#canned-acl

import { headerNotImplemented, invalidArgument } from "../errors";
import { ALL_USERS, AUTHENTICATED_USERS, type Grant, LOG_DELIVERY, type Owner, ownersAlone } from "./types";

const GROUP_GRANTS: Readonly<Record<string, readonly Grant[]>> = {
  private: [],
  "public-read": [{ grantee: { group: ALL_USERS }, permission: "READ" }],
  "public-read-write": [
    { grantee: { group: ALL_USERS }, permission: "READ" },
    { grantee: { group: ALL_USERS }, permission: "WRITE" },
  ],
  "authenticated-read": [{ grantee: { group: AUTHENTICATED_USERS }, permission: "READ" }],
};
const LOG_GRANTS: readonly Grant[] = [
  { grantee: { group: LOG_DELIVERY }, permission: "WRITE" },
  { grantee: { group: LOG_DELIVERY }, permission: "READ_ACP" },
];

/** The grants that a canned list of a bucket stands for. */
export function cannedBucketGrants(name: string, owner: Owner): readonly Grant[] {
  const known = Object.hasOwn(GROUP_GRANTS, name) ? GROUP_GRANTS[name] : undefined;
  const grants = name === "log-delivery-write" ? LOG_GRANTS : known;
  if (grants === undefined) throw unknownCanned(name);
  return [...grants, ...ownersAlone(owner)];
}

/** The grants that a canned list of an object stands for. */
export function cannedObjectGrants(name: string, owner: Owner, bucketOwner: Owner): readonly Grant[] {
  if (name === "bucket-owner-read" || name === "bucket-owner-full-control") {
    if (owner === bucketOwner) return ownersAlone(owner);
    const permission = name === "bucket-owner-read" ? "READ" : "FULL_CONTROL";
    return [...ownersAlone(owner), { grantee: { owner: bucketOwner }, permission }];
  }
  const grants = Object.hasOwn(GROUP_GRANTS, name) ? GROUP_GRANTS[name] : undefined;
  if (grants === undefined) throw unknownCanned(name);
  return [...grants, ...ownersAlone(owner)];
}

/** Known to S3, and not here: it names an account of AWS's own. */
const unknownCanned = (name: string) =>
  name === "aws-exec-read"
    ? headerNotImplemented("x-amz-acl", name)
    : invalidArgument(`x-amz-acl must be one of ${Object.keys(GROUP_GRANTS).join(", ")}`, "x-amz-acl", name);
