// The tags of log groups: https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_TagResource.html

import { operation } from "../../api/operation";
import { list, map, required, string } from "../../api/shapes";
import { groupOf, nameOfArn } from "../resource";
import type { LogStore } from "../store";

const ARN = { resourceArn: required(string) };
const onArn = ({ resourceArn }: { readonly resourceArn: string }) => [{ resource: resourceArn }];

const tagsOf = (store: LogStore, resourceArn: string) => groupOf(store, { logGroupName: nameOfArn(resourceArn) }).tags;

export const tagResource = operation({
  name: "TagResource",
  input: { ...ARN, tags: required(map(string)) },
  resources: onArn,
  run(store: LogStore, { resourceArn, tags: added }) {
    const tags = tagsOf(store, resourceArn);
    for (const [key, value] of Object.entries(added)) tags.set(key, value);
  },
});

export const untagResource = operation({
  name: "UntagResource",
  input: { ...ARN, tagKeys: required(list(string)) },
  resources: onArn,
  run(store: LogStore, { resourceArn, tagKeys }) {
    const tags = tagsOf(store, resourceArn);
    for (const key of tagKeys) tags.delete(key);
  },
});

export const listTagsForResource = operation({
  name: "ListTagsForResource",
  input: ARN,
  resources: onArn,
  run: (store: LogStore, { resourceArn }) => ({ tags: Object.fromEntries(tagsOf(store, resourceArn)) }),
});
