// The tags of resources: the provider's default_tags and each resource's own, set by the tagging operations of its service.
// https://registry.terraform.io/providers/hashicorp/aws/latest/docs/guides/resource-tagging

import type { Attributes, CallApi } from "./call";
import type { Block, Stack } from "./read-stack";
import { isRecord } from "./stack-error";

export type Tags = Readonly<Record<string, string>>;

/** How one type of resource is tagged. */
interface Tagging {
  readonly service: string;
  /** Sets tags, or those that are new or have another value; its operation and input. */
  tag(resource: Attributes, tags: Tags): readonly [operation: string, input: object];
  /** Takes tags away by their keys; absent where setting them replaces all. */
  untag?(resource: Attributes, TagKeys: readonly string[]): readonly [operation: string, input: object];
}

const listOf = (tags: Tags) => Object.entries(tags).map(([Key, Value]) => ({ Key, Value }));

/** By ARN, as most services do it. */
const byArn = (service: string, member: string, tagsOf: (tags: Tags) => unknown = listOf): Tagging => ({
  service,
  tag: ({ arn }, tags) => ["TagResource", { [member]: arn, Tags: tagsOf(tags) }],
  untag: ({ arn }, TagKeys) => ["UntagResource", { [member]: arn, TagKeys }],
});
const asMap = (tags: Tags) => tags;

/** Types of resources that have tags. */
const TAGGING: Readonly<Record<string, Tagging>> = {
  aws_cloudfront_distribution: {
    service: "cloudfront",
    tag: ({ arn: Resource }, tags) => ["TagResource", { Resource, Tags: { Items: listOf(tags) } }],
    untag: ({ arn: Resource }, Items) => ["UntagResource", { Resource, TagKeys: { Items } }],
  },
  aws_cloudwatch_log_group: {
    service: "logs",
    tag: ({ arn }, tags) => ["TagResource", { resourceArn: arn, tags }],
    untag: ({ arn }, tagKeys) => ["UntagResource", { resourceArn: arn, tagKeys }],
  },
  aws_cloudwatch_metric_alarm: byArn("cloudwatch", "ResourceARN"),
  aws_dynamodb_table: byArn("dynamodb", "ResourceArn"),
  aws_iam_role: {
    service: "iam",
    tag: ({ name }, tags) => ["TagRole", { RoleName: name, Tags: listOf(tags) }],
    untag: ({ name }, TagKeys) => ["UntagRole", { RoleName: name, TagKeys }],
  },
  aws_kms_key: {
    service: "kms",
    tag: ({ key_id: KeyId }, tags) => [
      "TagResource",
      { KeyId, Tags: Object.entries(tags).map(([TagKey, TagValue]) => ({ TagKey, TagValue })) },
    ],
    untag: ({ key_id: KeyId }, TagKeys) => ["UntagResource", { KeyId, TagKeys }],
  },
  aws_lambda_event_source_mapping: byArn("lambda", "Resource", asMap),
  aws_lambda_function: byArn("lambda", "Resource", asMap),
  aws_s3_bucket: {
    service: "s3",
    tag: ({ bucket: Bucket }, tags) => ["PutBucketTagging", { Bucket, Tagging: { TagSet: listOf(tags) } }],
  },
  aws_sns_topic: byArn("sns", "ResourceArn"),
  aws_ssm_parameter: {
    service: "ssm",
    tag: ({ name }, tags) => ["AddTagsToResource", { ResourceType: "Parameter", ResourceId: name, Tags: listOf(tags) }],
    untag: ({ name }, TagKeys) => ["RemoveTagsFromResource", { ResourceType: "Parameter", ResourceId: name, TagKeys }],
  },
};

export const hasTags = (type: string): boolean => Object.hasOwn(TAGGING, type);

/** A resource with the provider's default tags among its own, which win. */
export function withDefaultTags(block: Block, defaults: Stack["defaultTags"]): Block {
  const { tags: own = {} } = block.body;
  // What is not a map is refused when it is read.
  if (!hasTags(block.type) || Object.keys(defaults).length === 0 || !isRecord(own)) return block;
  return { ...block, body: { ...block.body, tags: { ...defaults, ...own } } };
}

/** Makes the tags of a resource what is wanted; `before` may name tags that it does not have. */
export async function setTags(
  call: CallApi,
  type: string,
  resource: Attributes,
  { before, wanted }: { readonly before: Tags; readonly wanted: Tags },
): Promise<void> {
  const tagging = TAGGING[type];
  if (tagging === undefined) return;
  const { service, tag, untag } = tagging;
  const gone = Object.keys(before).filter((key) => !Object.hasOwn(wanted, key));
  const isChanged = Object.entries(wanted).some(([key, value]) => before[key] !== value);
  if (gone.length > 0 && untag !== undefined) await call(service, ...untag(resource, gone));
  if (isChanged || (gone.length > 0 && untag === undefined)) await call(service, ...tag(resource, wanted));
}
