// The owner of a new object, and what others may do with it: what its writer asks for under the bucket's Object Ownership.
// https://docs.aws.amazon.com/AmazonS3/latest/userguide/about-object-ownership.html

import { AwsError } from "../../aws-error";
import type { Call, State } from "../call";
import { accessDenied } from "../errors";
import type { Bucket } from "../store/types";
import { cannedObjectGrants } from "./canned";
import { hasAcls } from "./decide";
import { ownerOfCaller } from "./owners";
import { readAclHeaders } from "./read-grants";
import { type Acl, type Grant, isOwnersAlone, isPublic, ownersAlone } from "./types";

/** The list of a new object; none where it is the bucket owner's alone. */
export function readObjectAcl({ account, iam }: State, { bucket, header, query, context }: Call): Acl | undefined {
  const asked = readAclHeaders(header, query, iam);
  const canned = asked !== undefined && "canned" in asked ? asked.canned : undefined;
  if (!hasAcls(bucket)) {
    if (asked === undefined || canned === "bucket-owner-full-control") return undefined;
    throw aclsNotSupported();
  }
  const isGivenAway = bucket.objectOwnership === "BucketOwnerPreferred" && canned === "bucket-owner-full-control";
  const owner = isGivenAway ? bucket.owner : ownerOfCaller(context.caller, account.accountId);
  const grants =
    asked === undefined
      ? ownersAlone(owner)
      : "grants" in asked
        ? asked.grants
        : cannedObjectGrants(asked.canned, owner, bucket.owner);
  checkPublic(bucket, grants);
  return owner === bucket.owner && isOwnersAlone(grants, owner) ? undefined : { owner, grants };
}

/** Whether a list gives anything to others than the owners of the object and the bucket. */
export const letsOthersIn = ({ grants, owner }: Acl, bucket: Bucket): boolean =>
  grants.some(({ grantee }) => "group" in grantee || ![owner, bucket.owner].includes(grantee.owner));

/** https://docs.aws.amazon.com/AmazonS3/latest/userguide/access-control-block-public-access.html */
export function checkPublic({ publicAccessBlock }: Bucket, grants: readonly Grant[]): void {
  if (publicAccessBlock?.blockPublicAcls && isPublic(grants)) throw accessDenied();
}

export const aclsNotSupported = () =>
  new AwsError("AccessControlListNotSupported", "The bucket does not allow ACLs", 400);
