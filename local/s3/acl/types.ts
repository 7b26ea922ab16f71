// Access control lists: https://docs.aws.amazon.com/AmazonS3/latest/userguide/acl-overview.html

export const PERMISSIONS = ["FULL_CONTROL", "READ", "READ_ACP", "WRITE", "WRITE_ACP"] as const;
export type Permission = (typeof PERMISSIONS)[number];

/** Who owns things and is granted permissions: an account by its id, or whoever calls without a signature. */
export type Owner = string;

export const ANONYMOUS: Owner = "anonymous";

export type Grantee = { readonly owner: Owner } | { readonly group: string };

export interface Grant {
  readonly grantee: Grantee;
  readonly permission: Permission;
}

/** Whose an object is, and what others may do with it. */
export interface Acl {
  readonly owner: Owner;
  readonly grants: readonly Grant[];
}

export const ALL_USERS = "http://acs.amazonaws.com/groups/global/AllUsers";
export const AUTHENTICATED_USERS = "http://acs.amazonaws.com/groups/global/AuthenticatedUsers";
export const LOG_DELIVERY = "http://acs.amazonaws.com/groups/s3/LogDelivery";
export const GROUPS: readonly string[] = [ALL_USERS, AUTHENTICATED_USERS, LOG_DELIVERY];

/** Whether a list lets in more than accounts by name: https://docs.aws.amazon.com/AmazonS3/latest/userguide/access-control-block-public-access.html#access-control-block-public-access-policy-status */
export const isPublic = (grants: readonly Grant[]): boolean =>
  grants.some(({ grantee }) => "group" in grantee && grantee.group !== LOG_DELIVERY);

/** The list of everything new. */
export const ownersAlone = (owner: Owner): readonly Grant[] => [{ grantee: { owner }, permission: "FULL_CONTROL" }];

export const isOwnersAlone = (grants: readonly Grant[], owner: Owner): boolean =>
  grants.every(({ grantee }) => "owner" in grantee && grantee.owner === owner) &&
  grants.some(({ permission }) => permission === "FULL_CONTROL");
