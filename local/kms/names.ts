// The aliases and tags of keys: https://docs.aws.amazon.com/kms/latest/APIReference/API_CreateAlias.html

import { operation } from "../api/operation";
import { list, number, required, string } from "../api/shapes";
import { AwsError } from "../aws-error";
import { TAGS } from "./keys";
import { changeableKeyOf, type KmsState, keyOf, onKey } from "./state";

const KEY = { KeyId: required(string) };
const ALIAS = /^alias\/(?!aws\/)[a-zA-Z0-9/_-]{1,250}$/;

const arnOfAlias = ({ account: { accountId, region } }: KmsState, name: string) =>
  `arn:aws:kms:${region}:${accountId}:${name}`;

export const createAlias = operation({
  name: "CreateAlias",
  input: { AliasName: required(string), TargetKeyId: required(string) },
  resources: ({ AliasName, TargetKeyId }, state: KmsState) => [
    { resource: arnOfAlias(state, AliasName) },
    { resource: keyOf(state, TargetKeyId).arn },
  ],
  run(state, { AliasName, TargetKeyId }) {
    if (!ALIAS.test(AliasName)) {
      throw new AwsError("InvalidAliasNameException", `AliasName must match ${ALIAS.source} (given "${AliasName}")`);
    }
    if (state.aliases.has(AliasName)) {
      const message = `An alias with the name ${arnOfAlias(state, AliasName)} already exists`;
      throw new AwsError("AlreadyExistsException", message);
    }
    state.aliases.set(AliasName, changeableKeyOf(state, TargetKeyId).id);
  },
});

export const deleteAlias = operation({
  name: "DeleteAlias",
  input: { AliasName: required(string) },
  resources: ({ AliasName }, state: KmsState) => [{ resource: arnOfAlias(state, AliasName) }],
  run(state, { AliasName }) {
    keyOf(state, AliasName);
    state.aliases.delete(AliasName);
  },
});

export const listAliases = operation({
  name: "ListAliases",
  input: { KeyId: string, Limit: number, Marker: string },
  resources: () => [{ resource: "*" }],
  run(state: KmsState, { KeyId }) {
    const id = KeyId && keyOf(state, KeyId).id;
    const found = [...state.aliases].filter(([, target]) => id === undefined || target === id);
    return {
      Aliases: found.map(([name, TargetKeyId]) => ({
        AliasName: name,
        AliasArn: arnOfAlias(state, name),
        TargetKeyId,
      })),
      Truncated: false,
    };
  },
});

export const tagResource = operation({
  name: "TagResource",
  input: { ...KEY, Tags: required(TAGS) },
  resources: onKey,
  run(state: KmsState, { KeyId, Tags }) {
    const { tags } = changeableKeyOf(state, KeyId);
    for (const { TagKey, TagValue } of Tags) tags.set(TagKey, TagValue);
  },
});

export const untagResource = operation({
  name: "UntagResource",
  input: { ...KEY, TagKeys: required(list(string)) },
  resources: onKey,
  run(state: KmsState, { KeyId, TagKeys }) {
    const { tags } = changeableKeyOf(state, KeyId);
    for (const key of TagKeys) tags.delete(key);
  },
});

export const listResourceTags = operation({
  name: "ListResourceTags",
  input: { ...KEY, Limit: number, Marker: string },
  resources: onKey,
  run: (state: KmsState, { KeyId }) => ({
    Tags: [...keyOf(state, KeyId).tags].map(([TagKey, TagValue]) => ({ TagKey, TagValue })),
    Truncated: false,
  }),
});
