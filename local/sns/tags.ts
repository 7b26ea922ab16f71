// The tags of topics: https://docs.aws.amazon.com/sns/latest/api/API_TagResource.html

import { operation } from "../api/operation";
import { list, required, string, structure } from "../api/shapes";
import { type SnsState, topicOf } from "./state";

const ARN = { ResourceArn: required(string) };
const onArn = ({ ResourceArn }: { readonly ResourceArn: string }) => [{ resource: ResourceArn }];

export const tagResource = operation({
  name: "TagResource",
  input: { ...ARN, Tags: required(list(structure({ Key: required(string), Value: required(string) }))) },
  resources: onArn,
  run(state: SnsState, { ResourceArn, Tags }) {
    const { tags } = topicOf(state, ResourceArn);
    for (const { Key, Value } of Tags) tags.set(Key, Value);
    return {};
  },
});

export const untagResource = operation({
  name: "UntagResource",
  input: { ...ARN, TagKeys: required(list(string)) },
  resources: onArn,
  run(state: SnsState, { ResourceArn, TagKeys }) {
    const { tags } = topicOf(state, ResourceArn);
    for (const key of TagKeys) tags.delete(key);
    return {};
  },
});

export const listTagsForResource = operation({
  name: "ListTagsForResource",
  input: ARN,
  resources: onArn,
  run: (state: SnsState, { ResourceArn }) => ({
    Tags: [...topicOf(state, ResourceArn).tags].map(([Key, Value]) => ({ Key, Value })),
  }),
});
