// Who may do what: every operation asks IAM with the bucket's policy, after the bucket's public access block and
// ownership controls are applied.

import type { Account } from "../account";
import type { Authorization } from "../api/operation";
import { AwsError } from "../aws-error";
import { accountIdOf, isPublicPolicy } from "../iam";
import type { Iam } from "../iam/types";
import type { Caller } from "../service";
import { consultAcls, hasAcls } from "./acl/decide";
import { invalidVersionId, markerNotReadable, noSuchKey, noSuchVersion } from "./errors";
import type { Store } from "./store/store";
import type { Bucket, StoredObject, Version } from "./store/types";
import { currentObject, findVersion, isVersionId, NULL_VERSION } from "./store/versions";
import type { Tags } from "./tags";

/** Condition keys of one request. */
export type Conditions = Readonly<Record<string, string | readonly string[]>>;

/** Who asks, from where. */
export interface Asker {
  readonly caller: Caller;
  readonly sourceIp?: string;
  /** The header, which says where a browser comes from, and anybody else whatever they like. */
  readonly referer?: string;
}

export type Access = ReturnType<typeof createAccess>;

export function createAccess({ accountId }: Account, iam: Iam, store: Pick<Store, "bucket">) {
  /** Returns when allowed; throws AccessDenied when not. Without a key it is about the bucket itself. */
  function authorize(
    asker: Asker,
    action: string,
    bucket: Bucket,
    key?: string,
    conditions: Conditions = {},
    /** What it is about, where that is not the key's current object; null for what is not there yet. */
    version: Version | null | undefined = key === undefined ? undefined : currentObject(bucket, key),
  ): void {
    const resourcePolicy = effectivePolicy(bucket, asker.caller);
    iam.authorize({
      ...(hasAcls(bucket) ? consultAcls(bucket, action, asker.caller, version ?? undefined) : { owner: bucket.owner }),
      caller: asker.caller,
      action,
      resource: key === undefined ? bucket.arn : `${bucket.arn}/${key}`,
      ...(resourcePolicy === undefined ? {} : { resourcePolicy }),
      context: {
        ...(asker.sourceIp === undefined ? {} : { "aws:SourceIp": asker.sourceIp }),
        ...(asker.referer === undefined ? {} : { "aws:Referer": asker.referer }),
        ...conditions,
      },
    });
  }

  return {
    authorize,

    /** What an operation that is called from within asks of its caller, by name of the bucket. */
    authorizationOf(action: string, name: string): Authorization {
      const { arn, owner, policy } = store.bucket(name);
      return { action, resource: arn, owner, resourcePolicy: policy };
    },

    /** An action on a bucket that may not be there. */
    authorizeName: ({ caller }: Asker, action: string, name: string): void =>
      iam.authorize({ caller, action, resource: `arn:aws:s3:::${name}`, owner: accountIdOf(caller) ?? accountId }),

    /** Actions on no bucket, such as s3:ListAllMyBuckets. */
    authorizeAccount: ({ caller }: Asker, action: string): void =>
      iam.authorize({ caller, action, resource: "*", owner: accountIdOf(caller) ?? accountId }),

    allows(asker: Asker, action: string, bucket: Bucket, version: Version, conditions?: Conditions): boolean {
      try {
        authorize(asker, action, bucket, version.key, conditions, version);
        return true;
      } catch (error) {
        if (error instanceof AwsError) return false;
        throw error;
      }
    },

    /**
     * An object for reading: of the version asked for, or the current one. Who may not list the bucket does not learn
     * that a key is missing: https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetObject.html
     * @param action for the current version, such as `s3:GetObject`
     */
    readObject(asker: Asker, action: string, bucket: Bucket, key: string, versionId: string | undefined): StoredObject {
      const version = findVersion(bucket, key, versionId);
      authorize(
        asker,
        versionAction(action, versionId),
        bucket,
        key,
        versionConditions(version, versionId),
        version ?? null,
      );
      if (version?.kind === "object") return version;
      authorize(asker, "s3:ListBucket", bucket);
      if (versionId === undefined) throw noSuchKey(key, version);
      throw version === undefined ? noSuchVersion(key, versionId) : markerNotReadable("GET", version);
    },
  };
}

/** A bucket with a public policy lets in nobody from outside while its public access is restricted. */
function effectivePolicy({ policy, publicAccessBlock, owner }: Bucket, caller: Caller) {
  const isOutside = caller.kind !== "service" && accountIdOf(caller) !== owner;
  const restricted = publicAccessBlock?.restrictPublicBuckets && isOutside;
  return restricted && policy !== undefined && isPublicPolicy(policy) ? undefined : policy;
}

/** Which version a request names; in a bucket that never had versioning only `null` is one. */
export function readVersionId({ versioning }: Bucket, versionId: string | null | undefined): string | undefined {
  if (versionId === null || versionId === undefined) return undefined;
  if (versioning === undefined ? versionId !== NULL_VERSION : !isVersionId(versionId))
    throw invalidVersionId(versionId);
  return versionId;
}

/** Who names a version needs another permission: https://docs.aws.amazon.com/AmazonS3/latest/userguide/VersionedGetObject.html */
export const versionAction = (action: string, versionId: string | undefined): string =>
  versionId === undefined ? action : action.replace("Object", "ObjectVersion");

/** The condition keys of a request for a version. */
export const versionConditions = (version: Version | undefined, versionId: string | undefined): Conditions => ({
  ...(version?.kind === "object" ? existingTags(version.tags) : {}),
  ...(versionId === undefined ? {} : { "s3:VersionId": versionId }),
});

export const existingTags = (tags: Tags): Conditions =>
  Object.fromEntries([...tags].map(([key, value]) => [`s3:ExistingObjectTag/${key}`, value]));

export const requestTags = (tags: Tags): Conditions =>
  tags.size === 0
    ? {}
    : {
        "s3:RequestObjectTagKeys": [...tags.keys()],
        ...Object.fromEntries([...tags].map(([key, value]) => [`s3:RequestObjectTag/${key}`, value])),
      };
