// What access control lists say of a request: which permission of which list each action needs.
// https://docs.aws.amazon.com/AmazonS3/latest/userguide/acl-overview.html#acl-access-policy-permission-mapping

import { accountIdOf } from "../../iam";
import type { AuthorizationRequest } from "../../iam/types";
import type { Caller } from "../../service";
import type { Bucket, Version } from "../store/types";
import { ALL_USERS, AUTHENTICATED_USERS, type Grant, ownersAlone, type Permission } from "./types";

const BUCKET_PERMISSIONS: Readonly<Record<string, Permission>> = {
  "s3:ListBucket": "READ",
  "s3:ListBucketVersions": "READ",
  "s3:ListBucketMultipartUploads": "READ",
  "s3:PutObject": "WRITE",
  "s3:GetBucketAcl": "READ_ACP",
  "s3:PutBucketAcl": "WRITE_ACP",
};
const OBJECT_PERMISSIONS: Readonly<Record<string, Permission>> = {
  "s3:GetObject": "READ",
  "s3:GetObjectVersion": "READ",
  "s3:GetObjectAcl": "READ_ACP",
  "s3:GetObjectVersionAcl": "READ_ACP",
  "s3:PutObjectAcl": "WRITE_ACP",
  "s3:PutObjectVersionAcl": "WRITE_ACP",
};
/** Who may list a bucket may learn that a key is missing, and who may write to it says what others may do with the new object. */
const WITHOUT_OBJECT: Readonly<Partial<Record<Permission, Permission>>> = { READ: "READ", WRITE_ACP: "WRITE" };
/** What the owner of a bucket does in it, whoever owns the object. */
const OF_BUCKET =
  /^s3:(PutObject|DeleteObject|DeleteObjectVersion|AbortMultipartUpload|ListMultipartUploadParts|BypassGovernanceRetention)$/;

type Said = Pick<AuthorizationRequest, "acl" | "isForeign" | "owner">;

/** Whether its lists count: https://docs.aws.amazon.com/AmazonS3/latest/userguide/about-object-ownership.html */
export const hasAcls = ({ objectOwnership }: Bucket): boolean => objectOwnership !== "BucketOwnerEnforced";

/**
 * What the lists of a bucket and its object say of an action.
 * @param version what a request for an object works on, where it is there
 */
export function consultAcls(bucket: Bucket, action: string, caller: Caller, version: Version | undefined): Said {
  const ownGrants = bucket.grants ?? ownersAlone(bucket.owner);
  const acl = version?.kind === "object" ? version.acl : undefined;
  const ofBucket = BUCKET_PERMISSIONS[action];
  if (ofBucket !== undefined) return { owner: bucket.owner, acl: whom(bucket, ownGrants, ofBucket, caller) };
  if (OF_BUCKET.test(action)) return { owner: bucket.owner };
  const needed = OBJECT_PERMISSIONS[action];
  if (version === undefined) {
    const instead = needed === undefined ? undefined : WITHOUT_OBJECT[needed];
    return { owner: bucket.owner, acl: instead && whom(bucket, ownGrants, instead, caller) };
  }
  const owner = acl?.owner ?? bucket.owner;
  const grants = acl?.grants ?? ownersAlone(bucket.owner);
  const isForeign = owner !== bucket.owner;
  return { owner, isForeign, acl: needed === undefined ? undefined : whom(bucket, grants, needed, caller) };
}

function whom(bucket: Bucket, grants: readonly Grant[], needed: Permission, caller: Caller): Said["acl"] {
  const accountId = accountIdOf(caller);
  const ignoresPublic = bucket.publicAccessBlock?.ignorePublicAcls ?? false;
  const granted = grants.filter(({ permission }) => permission === needed || permission === "FULL_CONTROL");
  const isInGroup = (group: string) =>
    group === ALL_USERS || (group === AUTHENTICATED_USERS && accountId !== undefined);
  if (!ignoresPublic && granted.some(({ grantee }) => "group" in grantee && isInGroup(grantee.group))) {
    return "everybody";
  }
  return granted.some(({ grantee }) => "owner" in grantee && grantee.owner === accountId) ? "account" : undefined;
}
