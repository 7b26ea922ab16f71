// The tags of functions and mappings: https://docs.aws.amazon.com/lambda/latest/api/API_TagResource.html

import { operation } from "../../api/operation";
import { list, map, required, string } from "../../api/shapes";
import type { LambdaState } from "./state";

const NAMED = { Resource: required(string) };

/** The ARN that is tagged, and its tags. */
function taggedOf({ functions, mappings }: LambdaState, Resource: string) {
  const [, uuid] = /:event-source-mapping:([^:]+)$/.exec(Resource) ?? [];
  return uuid === undefined ? functions.get(Resource) : mappings.get(uuid);
}

const onTagged = ({ Resource }: { readonly Resource: string }, state: LambdaState) => [
  { resource: taggedOf(state, Resource).arn },
];

export const tagResource = operation({
  name: "TagResource",
  input: { ...NAMED, Tags: required(map(string)) },
  resources: onTagged,
  run(state, { Resource, Tags }) {
    const { tags } = taggedOf(state, Resource);
    for (const [key, value] of Object.entries(Tags)) tags.set(key, value);
  },
});

export const untagResource = operation({
  name: "UntagResource",
  input: { ...NAMED, TagKeys: required(list(string)) },
  resources: onTagged,
  run(state, { Resource, TagKeys }) {
    const { tags } = taggedOf(state, Resource);
    for (const key of TagKeys) tags.delete(key);
  },
});

export const listTags = operation({
  name: "ListTags",
  input: NAMED,
  resources: onTagged,
  run: (state, { Resource }) => ({ Tags: Object.fromEntries(taggedOf(state, Resource).tags) }),
});
