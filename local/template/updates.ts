// What can be changed of a resource that is there, with the call that Terraform's provider makes for it. Any other change would
// replace the resource, and delete what is in it.

import type { ApplyResource } from "./call";
import {
  updateAccessControl,
  updateCachePolicy,
  updateDistribution,
  updateHeadersPolicy,
} from "./cloudfront-resources";
import { updateTable } from "./dynamodb-resources";
import { updateFunction, updateMapping } from "./lambda-resources";
import { updateLogGroup } from "./logs-resources";
import type { Block } from "./read-stack";
import { RESOURCES } from "./resources";
import { updateParameter } from "./ssm-resources";
import { StackError } from "./stack-error";

interface Update {
  /** The arguments that may change. */
  readonly arguments: readonly string[];
  readonly apply: ApplyResource;
}

/** Of every resource: they do nothing here. */
const INERT = ["//", "depends_on", "description"];
/** Set apart from the others: see tags.ts. */
const TAGS = "tags";

/** A call that replaces the whole configuration is the same one at the first time as later. */
const put = (type: string, ...names: string[]): readonly [string, Update] => [
  type,
  { arguments: names, apply: (...given) => RESOURCES[type]?.(...given) ?? {} },
];

/** For changes that ask nothing of the service; the rest was read when the resource was made. */
const nothing: ApplyResource = (args) => {
  args.alreadyRead();
  return {};
};

/** What takes changes of inert arguments only: the attributes stay. */
const keep = (type: string, ...names: string[]): readonly [string, Update] => [
  type,
  { arguments: names, apply: nothing },
];

const UPDATES: ReadonlyMap<string, Update> = new Map([
  put(
    "aws_s3_bucket_public_access_block",
    "block_public_acls",
    "block_public_policy",
    "ignore_public_acls",
    "restrict_public_buckets",
  ),
  put("aws_s3_bucket_ownership_controls", "rule"),
  put("aws_s3_bucket_server_side_encryption_configuration", "rule"),
  put("aws_s3_bucket_cors_configuration", "cors_rule"),
  put("aws_s3_bucket_policy", "policy"),
  put("aws_s3_bucket_notification", "lambda_function"),
  put("aws_iam_role_policy", "policy"),
  put(
    "aws_lambda_function_event_invoke_config",
    "maximum_retry_attempts",
    "maximum_event_age_in_seconds",
    "destination_config",
  ),
  keep("aws_s3_bucket", "force_destroy"),
  put("aws_s3_bucket_lifecycle_configuration", "rule"),
  put("aws_cloudwatch_log_metric_filter", "pattern", "metric_transformation"),
  put("aws_cloudwatch_dashboard", "dashboard_body"),
  put(
    "aws_cloudwatch_metric_alarm",
    "alarm_actions",
    "alarm_description",
    "comparison_operator",
    "dimensions",
    "evaluation_periods",
    "metric_name",
    "namespace",
    "ok_actions",
    "period",
    "statistic",
    "threshold",
    "treat_missing_data",
  ),
  put("aws_sns_topic_policy", "policy"),
  [
    "aws_dynamodb_table",
    {
      arguments: ["point_in_time_recovery", "deletion_protection_enabled", "server_side_encryption"],
      apply: updateTable,
    },
  ],
  keep("aws_iam_role"),
  [
    "aws_cloudfront_origin_access_control",
    {
      arguments: ["name", "origin_access_control_origin_type", "signing_behavior", "signing_protocol"],
      apply: updateAccessControl,
    },
  ],
  [
    "aws_cloudfront_cache_policy",
    {
      arguments: [
        "name",
        "comment",
        "min_ttl",
        "default_ttl",
        "max_ttl",
        "parameters_in_cache_key_and_forwarded_to_origin",
      ],
      apply: updateCachePolicy,
    },
  ],
  [
    "aws_cloudfront_response_headers_policy",
    {
      arguments: ["name", "comment", "security_headers_config", "custom_headers_config", "remove_headers_config"],
      apply: updateHeadersPolicy,
    },
  ],
  [
    "aws_cloudfront_distribution",
    {
      arguments: [
        "comment",
        "enabled",
        "is_ipv6_enabled",
        "http_version",
        "price_class",
        "aliases",
        "origin",
        "default_cache_behavior",
        "ordered_cache_behavior",
        "restrictions",
        "viewer_certificate",
      ],
      apply: updateDistribution,
    },
  ],
  ["aws_cloudwatch_log_group", { arguments: ["retention_in_days"], apply: updateLogGroup }],
  [
    "aws_ssm_parameter",
    {
      arguments: ["value", "insecure_value", "value_wo", "value_wo_version"],
      apply: updateParameter,
    },
  ],
  [
    "aws_lambda_function",
    {
      arguments: [
        "filename",
        "s3_bucket",
        "s3_key",
        "s3_object_version",
        "source_code_hash",
        "handler",
        "runtime",
        "architectures",
        "memory_size",
        "timeout",
        "environment",
        "reserved_concurrent_executions",
        "logging_config",
        "tracing_config",
      ],
      apply: updateFunction,
    },
  ],
  [
    "aws_lambda_event_source_mapping",
    {
      arguments: [
        "batch_size",
        "maximum_batching_window_in_seconds",
        "bisect_batch_on_function_error",
        "function_response_types",
        "maximum_retry_attempts",
        "maximum_record_age_in_seconds",
        "parallelization_factor",
        "filter_criteria",
        "destination_config",
        "metrics_config",
      ],
      apply: updateMapping,
    },
  ],
]);

/**
 * The call that makes what is there what is wanted; none where nothing differs that matters here.
 * @throws StackError that names an argument which cannot change while the resource exists
 */
export function updateOf(before: Block, block: Block): ApplyResource | undefined {
  const changed = changedArguments(before, block).filter((name) => !INERT.includes(name));
  if (changed.length === 0) return undefined;
  const update = UPDATES.get(block.type);
  const others = changed.filter((name) => name !== TAGS);
  const fixed = others.find((name) => !update?.arguments.includes(name));
  if (fixed !== undefined) throw new StackError(`${block.address}: "${fixed}" ${NEEDS_RESTART}`);
  return others.length === 0 ? nothing : update?.apply;
}

const NEEDS_RESTART = "cannot be changed while the embedded AWS runs; stop it and start it again";

/** @throws StackError for a resource of which nothing may be left */
export function refuseRemoval({ address }: Block): never {
  throw new StackError(`${address} is not in the stack any more, which ${NEEDS_RESTART}`);
}

function changedArguments({ body: before }: Block, { body: after }: Block): string[] {
  const names = new Set([...Object.keys(before), ...Object.keys(after)]);
  return [...names].filter((name) => JSON.stringify(before[name]) !== JSON.stringify(after[name]));
}
