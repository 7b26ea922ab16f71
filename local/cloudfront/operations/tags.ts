// The tags of distributions: https://docs.aws.amazon.com/cloudfront/latest/APIReference/API_TagResource.html

import { operation } from "../../api/operation";
import { type InputOf, list, required, string, structure } from "../../api/shapes";
import { AwsError } from "../../aws-error";
import { arnOf, type CloudfrontState, type Deployed } from "./state";

/** The member `Items` alone: how many they are is not said. */
export const TAGS = { Items: list(structure({ Key: required(string), Value: string })) };

const RESOURCE = { Resource: required(string) };
const onResource = ({ Resource }: { Resource: string }) => [{ resource: Resource }];

export const tagResource = operation({
  name: "TagResource",
  input: { ...RESOURCE, Tags: required(structure(TAGS)) },
  resources: onResource,
  run(state: CloudfrontState, { Resource, Tags }) {
    const { tags } = taggedOf(state, Resource);
    for (const [key, value] of readTags(Tags)) tags.set(key, value);
  },
});

export const untagResource = operation({
  name: "UntagResource",
  input: { ...RESOURCE, TagKeys: required(structure({ Items: list(string) })) },
  resources: onResource,
  run(state: CloudfrontState, { Resource, TagKeys: { Items = [] } }) {
    const { tags } = taggedOf(state, Resource);
    for (const key of Items) tags.delete(key);
  },
});

export const listTagsForResource = operation({
  name: "ListTagsForResource",
  input: RESOURCE,
  resources: onResource,
  run(state: CloudfrontState, { Resource }) {
    const { tags } = taggedOf(state, Resource);
    return { Tags: { Items: [...tags].map(([Key, Value]) => ({ Key, Value })) } };
  },
});

export const readTags = ({ Items = [] }: InputOf<typeof TAGS>): Map<string, string> =>
  new Map(Items.map(({ Key, Value = "" }) => [Key, Value]));

function taggedOf(state: CloudfrontState, arn: string): Deployed {
  const found = [...state.distributions.values()].find(({ id }) => arnOf(state, "distribution", id) === arn);
  if (found !== undefined) return found;
  throw new AwsError("NoSuchResource", `The resource does not exist, or has no tags in the embedded AWS: ${arn}`, 404);
}
