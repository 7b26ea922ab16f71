// The tags of tables: https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_TagResource.html

import { operation } from "../../api/operation";
import { list, required, string } from "../../api/shapes";
import { AwsError } from "../../aws-error";
import { refuseTags } from "../tag-restrictions";
import { nameOf, type TableState, tableNamed } from "./state";
import { TAGS } from "./table-input";

const ARN = { ResourceArn: required(string) };
const onArn = ({ ResourceArn }: { readonly ResourceArn: string }) => [{ resource: ResourceArn }];

function tagsOf(state: TableState, arn: string): Map<string, string> {
  if (!arn.startsWith("arn:")) throw new AwsError("ValidationException", `ARNs must start with 'arn:': ${arn}`);
  const name = nameOf(state.account, arn);
  if (name === arn || name.includes("/")) {
    throw new AwsError("ValidationException", `Invalid TableArn: Invalid ResourceArn provided as input ${arn}`);
  }
  return state.tables.settingsOf(tableNamed(state, name).TableName).tags;
}

export const tagResource = operation({
  name: "TagResource",
  input: { ...ARN, Tags: required(TAGS) },
  resources: onArn,
  run(state: TableState, { ResourceArn, Tags }) {
    const tags = tagsOf(state, ResourceArn);
    refuseTags(Tags, tags);
    for (const { Key, Value } of Tags) tags.set(Key, Value);
  },
});

export const untagResource = operation({
  name: "UntagResource",
  input: { ...ARN, TagKeys: required(list(string)) },
  resources: onArn,
  run(state: TableState, { ResourceArn, TagKeys }) {
    const tags = tagsOf(state, ResourceArn);
    for (const key of TagKeys) tags.delete(key);
  },
});

export const listTagsOfResource = operation({
  name: "ListTagsOfResource",
  input: { ...ARN, NextToken: string },
  resources: onArn,
  run: (state: TableState, { ResourceArn }) => ({
    Tags: [...tagsOf(state, ResourceArn)].map(([Key, Value]) => ({ Key, Value })),
  }),
});
