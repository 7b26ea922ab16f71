// Keys are kept and read back; nothing is encrypted with them here.
// https://docs.aws.amazon.com/kms/latest/APIReference/API_CreateKey.html

import { randomUUID } from "node:crypto";
import { operation } from "../api/operation";
import { boolean, list, number, only, required, string, structure } from "../api/shapes";
import { AwsError } from "../aws-error";
import { changeableKeyOf, type Key, type KmsState, keyOf, onKey } from "./state";

const DAY_MS = 24 * 60 * 60 * 1000;
export const TAGS = list(structure({ TagKey: required(string), TagValue: required(string) }));
const KEY = { KeyId: required(string) };

export const createKey = operation({
  name: "CreateKey",
  input: {
    Policy: string,
    Description: string,
    KeyUsage: only("ENCRYPT_DECRYPT"),
    KeySpec: only("SYMMETRIC_DEFAULT"),
    CustomerMasterKeySpec: only("SYMMETRIC_DEFAULT"),
    Origin: only("AWS_KMS"),
    MultiRegion: only(false),
    BypassPolicyLockoutSafetyCheck: boolean,
    Tags: TAGS,
  },
  resources: () => [{ resource: "*" }],
  run({ account: { accountId, region }, keys }: KmsState, { Policy, Description = "", Tags = [] }) {
    const id = randomUUID();
    const key: Key = {
      id,
      arn: `arn:aws:kms:${region}:${accountId}:key/${id}`,
      created: new Date(),
      description: Description,
      policy: checkedPolicy(Policy ?? defaultPolicy(accountId)),
      isEnabled: true,
      tags: new Map(Tags.map(({ TagKey, TagValue }) => [TagKey, TagValue])),
    };
    keys.set(id, key);
    return { KeyMetadata: describe(key) };
  },
});

export const describeKey = operation({
  name: "DescribeKey",
  input: KEY,
  resources: onKey,
  run: (state: KmsState, { KeyId }) => ({ KeyMetadata: describe(keyOf(state, KeyId)) }),
});

export const listKeys = operation({
  name: "ListKeys",
  input: { Limit: number, Marker: string },
  resources: () => [{ resource: "*" }],
  run: ({ keys }: KmsState) => ({
    Keys: [...keys.values()].map(({ id, arn }) => ({ KeyId: id, KeyArn: arn })),
    Truncated: false,
  }),
});

export const updateKeyDescription = operation({
  name: "UpdateKeyDescription",
  input: { ...KEY, Description: required(string) },
  resources: onKey,
  run(state: KmsState, { KeyId, Description }) {
    changeableKeyOf(state, KeyId).description = Description;
  },
});

export const enableKey = operation({
  name: "EnableKey",
  input: KEY,
  resources: onKey,
  run(state: KmsState, { KeyId }) {
    changeableKeyOf(state, KeyId).isEnabled = true;
  },
});

export const disableKey = operation({
  name: "DisableKey",
  input: KEY,
  resources: onKey,
  run(state: KmsState, { KeyId }) {
    changeableKeyOf(state, KeyId).isEnabled = false;
  },
});

/** It stays until then, and can be looked at; here it never goes. */
export const scheduleKeyDeletion = operation({
  name: "ScheduleKeyDeletion",
  input: { ...KEY, PendingWindowInDays: number },
  resources: onKey,
  run(state: KmsState, { KeyId, PendingWindowInDays: days = 30 }) {
    const key = changeableKeyOf(state, KeyId);
    if (!Number.isInteger(days) || days < 7 || days > 30) {
      throw new AwsError("ValidationException", `PendingWindowInDays must be 7 to 30 (given ${days})`);
    }
    key.deletion = new Date(Date.now() + days * DAY_MS);
    return { KeyId: key.arn, DeletionDate: key.deletion, KeyState: "PendingDeletion", PendingWindowInDays: days };
  },
});

export const getKeyPolicy = operation({
  name: "GetKeyPolicy",
  input: { ...KEY, PolicyName: only("default") },
  resources: onKey,
  run: (state: KmsState, { KeyId }) => ({ Policy: keyOf(state, KeyId).policy, PolicyName: "default" }),
});

export const putKeyPolicy = operation({
  name: "PutKeyPolicy",
  input: {
    ...KEY,
    Policy: required(string),
    PolicyName: only("default"),
    BypassPolicyLockoutSafetyCheck: boolean,
  },
  resources: onKey,
  run(state: KmsState, { KeyId, Policy }) {
    changeableKeyOf(state, KeyId).policy = checkedPolicy(Policy);
  },
});

const describe = (key: Key) => ({
  AWSAccountId: key.arn.split(":")[4],
  KeyId: key.id,
  Arn: key.arn,
  CreationDate: key.created,
  Enabled: key.isEnabled && key.deletion === undefined,
  Description: key.description,
  KeyUsage: "ENCRYPT_DECRYPT",
  KeyState: key.deletion !== undefined ? "PendingDeletion" : key.isEnabled ? "Enabled" : "Disabled",
  DeletionDate: key.deletion,
  Origin: "AWS_KMS",
  KeyManager: "CUSTOMER",
  CustomerMasterKeySpec: "SYMMETRIC_DEFAULT",
  KeySpec: "SYMMETRIC_DEFAULT",
  EncryptionAlgorithms: ["SYMMETRIC_DEFAULT"],
  MultiRegion: false,
});

function checkedPolicy(policy: string): string {
  try {
    JSON.parse(policy);
    return policy;
  } catch {
    throw new AwsError("MalformedPolicyDocumentException", "The key policy is not JSON");
  }
}

/** https://docs.aws.amazon.com/kms/latest/developerguide/key-policy-default.html */
const defaultPolicy = (accountId: string): string =>
  JSON.stringify({
    Version: "2012-10-17",
    Id: "key-default-1",
    Statement: [
      {
        Sid: "Enable IAM User Permissions",
        Effect: "Allow",
        Principal: { AWS: `arn:aws:iam::${accountId}:root` },
        Action: "kms:*",
        Resource: "*",
      },
    ],
  });
