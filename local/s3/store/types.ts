// What is stored: buckets, the versions of their keys, and uploads.

import type { PolicyDocument } from "../../iam/types";
import type { Acl, Grant, Owner } from "../acl/types";
import type { Checksum, ChecksumAlgorithm, ChecksumType } from "../body/checksums";
import type {
  CorsRule,
  LambdaFunctionConfiguration,
  Lifecycle,
  PublicAccessBlock,
  VersioningStatus,
} from "../bucket/types";
import type { Lock, LockConfiguration } from "../lock/types";
import type { Content } from "./content";

/** What describes an object's bytes and is written together with them. */
export interface ObjectDescription extends Lock {
  /** Content-Type, Cache-Control and the like, by lower-case header name. */
  readonly headers: Readonly<Record<string, string>>;
  /** User metadata, by name without `x-amz-meta-`. */
  readonly metadata: ReadonlyMap<string, string>;
  readonly tags: ReadonlyMap<string, string>;
  /** What its writer asked for, or else the bucket's default. */
  readonly sseAlgorithm: string;
  /** Its owner and its access control list; absent where it is the bucket owner's alone. */
  readonly acl?: Acl;
}

export interface NewObject extends ObjectDescription {
  readonly key: string;
  readonly content: Content;
  /** Without quotes. */
  readonly etag: string;
  readonly checksum: Checksum;
  /** Sizes of the parts of a multipart upload. */
  readonly partSizes?: readonly number[];
  /** Their checksums, of the object's algorithm. */
  readonly partChecksums?: readonly string[];
  readonly uploadId?: string;
}

export interface StoredObject extends NewObject {
  readonly kind: "object";
  readonly versionId: string;
  readonly size: number;
  readonly lastModified: Date;
  /** Orders the events of one key: fixed width, hexadecimal, ever growing. */
  readonly sequencer: string;
}

export interface UploadedPart {
  readonly partNumber: number;
  readonly content: Content;
  readonly etag: string;
  readonly lastModified: Date;
  /** The checksum of the upload's algorithm. */
  readonly checksum: string;
}

export interface Upload extends ObjectDescription {
  readonly uploadId: string;
  readonly key: string;
  readonly initiated: Date;
  readonly initiator: { readonly id: string; readonly name: string };
  readonly algorithm: ChecksumAlgorithm;
  readonly checksumType: ChecksumType;
  /** Whether the creator named the algorithm: then every part must bring its checksum. */
  readonly checksumRequired: boolean;
  readonly parts: Map<number, UploadedPart>;
}

export interface Bucket {
  readonly name: string;
  readonly owner: Owner;
  /** Its access control list; absent where it is the owner's alone. */
  grants?: readonly Grant[];
  readonly arn: string;
  readonly created: Date;
  /** Every version of each key, newest first; `versions.ts` alone changes it. */
  readonly versions: Map<string, readonly Version[]>;
  readonly uploads: Map<string, Upload>;
  /** Absent where versions cannot be locked. */
  objectLock?: LockConfiguration;
  /** Absent until somebody turned versioning on. */
  versioning?: VersioningStatus;
  /** None once it is deleted; a new bucket has one. */
  publicAccessBlock: PublicAccessBlock | undefined;
  objectOwnership: string | undefined;
  tags: ReadonlyMap<string, string>;
  /** For objects whose writer asks for none. */
  sseAlgorithm: string;
  /** Kept, and read back: nothing is encrypted with a key of KMS. */
  kmsMasterKeyId: string | undefined;
  bucketKeyEnabled: boolean;
  /** Which no client may bring; nothing here takes a client's key. */
  blockedEncryptionTypes: readonly string[] | undefined;
  cors: readonly CorsRule[];
  policy?: PolicyDocument;
  lifecycle?: Lifecycle;
  notifications: readonly LambdaFunctionConfiguration[];
}

/** What a DELETE without a version leaves in a bucket with versioning. */
export interface DeleteMarker {
  readonly kind: "delete marker";
  readonly key: string;
  readonly versionId: string;
  readonly lastModified: Date;
  readonly sequencer: string;
}

export type Version = StoredObject | DeleteMarker;
