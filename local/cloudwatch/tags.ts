// The tags of alarms: https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_TagResource.html

import { operation } from "../api/operation";
import { list, required, string, structure } from "../api/shapes";
import { AwsError } from "../aws-error";
import type { CloudWatchState } from "./state";

const ARN = { ResourceARN: required(string) };
const onArn = ({ ResourceARN }: { readonly ResourceARN: string }) => [{ resource: ResourceARN }];

export const tagResource = operation({
  name: "TagResource",
  input: { ...ARN, Tags: required(list(structure({ Key: required(string), Value: required(string) }))) },
  resources: onArn,
  run(state: CloudWatchState, { ResourceARN, Tags }) {
    for (const { Key, Value } of Tags) tagsOf(state, ResourceARN).set(Key, Value);
    return {};
  },
});

export const untagResource = operation({
  name: "UntagResource",
  input: { ...ARN, TagKeys: required(list(string)) },
  resources: onArn,
  run(state: CloudWatchState, { ResourceARN, TagKeys }) {
    for (const key of TagKeys) tagsOf(state, ResourceARN).delete(key);
    return {};
  },
});

export const listTagsForResource = operation({
  name: "ListTagsForResource",
  input: ARN,
  resources: onArn,
  run: (state: CloudWatchState, { ResourceARN }) => ({
    Tags: [...tagsOf(state, ResourceARN)].map(([Key, Value]) => ({ Key, Value })),
  }),
});

function tagsOf({ tags }: CloudWatchState, arn: string): Map<string, string> {
  const found = tags.get(arn);
  if (found !== undefined) return found;
  throw new AwsError("ResourceNotFoundException", `Unknown resource ${arn}`, 404);
}
