// The tags of parameters: https://docs.aws.amazon.com/systems-manager/latest/APIReference/API_AddTagsToResource.html

import { operation } from "../../api/operation";
import { list, only, required, string, structure } from "../../api/shapes";
import { AwsError } from "../../aws-error";
import type { Parameter, ParameterStore } from "../store";

const TAGGED = { ResourceType: required(only("Parameter")), ResourceId: required(string) };

export const addTagsToResource = operation({
  name: "AddTagsToResource",
  input: { ...TAGGED, Tags: required(list(structure({ Key: required(string), Value: required(string) }))) },
  resources: ({ ResourceId }, store: ParameterStore) => [{ resource: store.arnOf(ResourceId) }],
  run(store, { ResourceId, Tags }) {
    const { tags } = existing(store, ResourceId);
    for (const { Key, Value } of Tags) tags.set(Key, Value);
    return {};
  },
});

export const removeTagsFromResource = operation({
  name: "RemoveTagsFromResource",
  input: { ...TAGGED, TagKeys: required(list(string)) },
  resources: ({ ResourceId }, store: ParameterStore) => [{ resource: store.arnOf(ResourceId) }],
  run(store, { ResourceId, TagKeys }) {
    const { tags } = existing(store, ResourceId);
    for (const key of TagKeys) tags.delete(key);
    return {};
  },
});

export const listTagsForResource = operation({
  name: "ListTagsForResource",
  input: TAGGED,
  resources: ({ ResourceId }, store: ParameterStore) => [{ resource: store.arnOf(ResourceId) }],
  run: (store, { ResourceId }) => ({
    TagList: [...existing(store, ResourceId).tags].map(([Key, Value]) => ({ Key, Value })),
  }),
});

function existing(store: ParameterStore, name: string): Parameter {
  const parameter = store.find(name);
  if (parameter !== undefined) return parameter;
  throw new AwsError("InvalidResourceId", `The resource ID "${name}" is not valid: there is no such parameter.`);
}
