// What KMS keeps: keys with their policies, rotation and tags, and aliases.

import type { Account } from "../account";
import { AwsError } from "../aws-error";

export interface Key {
  readonly id: string;
  readonly arn: string;
  readonly created: Date;
  readonly tags: Map<string, string>;
  description: string;
  policy: string;
  isEnabled: boolean;
  /** Days between two rotations, while it rotates. */
  rotationDays?: number;
  /** When it goes, once its deletion is scheduled. */
  deletion?: Date;
}

export interface KmsState {
  readonly account: Account;
  /** By id. */
  readonly keys: Map<string, Key>;
  /** Name → key id. */
  readonly aliases: Map<string, string>;
}

/** By id, ARN or alias. */
export function keyOf({ account, keys, aliases }: KmsState, reference: string): Key {
  const id = reference.replace(/^arn:aws:kms:.*:key\//, "");
  const alias = reference.replace(/^arn:aws:kms:.*:(?=alias\/)/, "");
  const key = keys.get(id) ?? keys.get(aliases.get(alias) ?? "");
  if (key !== undefined) return key;
  const arn = `arn:aws:kms:${account.region}:${account.accountId}:${id.startsWith("alias/") ? id : `key/${id}`}`;
  throw new AwsError("NotFoundException", `${id.startsWith("alias/") ? "Alias" : "Key"} '${arn}' does not exist`);
}

/** A key whose deletion is scheduled takes no changes. */
export function changeableKeyOf(state: KmsState, reference: string): Key {
  const key = keyOf(state, reference);
  if (key.deletion === undefined) return key;
  throw new AwsError("KMSInvalidStateException", `${key.arn} is pending deletion.`);
}

export const onKey = ({ KeyId }: { readonly KeyId: string }, state: KmsState) => [
  { resource: keyOf(state, KeyId).arn },
];
