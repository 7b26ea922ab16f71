// Every resource type and data source that the embedded AWS knows, each as the call that Terraform's provider would
// make, and the explicit list of those that cannot matter locally. One function a type; what it does not read is refused.

import type { Account } from "../account";
import type { Dynamodb } from "../dynamodb/types";
import type { Iam } from "../iam/types";
import type { Lambda } from "../lambda/types";
import type { Logs } from "../logs/types";
import type { S3 } from "../s3/types";
import type { Ssm } from "../ssm/types";
import type { Arguments } from "./arguments";
import { DYNAMODB_RESOURCES } from "./dynamodb-resources";
import { LAMBDA_RESOURCES } from "./lambda-resources";
import type { Stack } from "./read-stack";
import { S3_RESOURCES } from "./s3-resources";
import { SSM_RESOURCES } from "./ssm-resources";

/** The services that a stack is applied to. */
export interface Services {
  readonly account: Account;
  readonly iam: Iam;
  readonly s3: S3;
  readonly dynamodb: Dynamodb;
  readonly lambda: Lambda;
  readonly logs: Logs;
  readonly ssm: Ssm;
}

/** Makes the resource and returns the attributes that references can read. */
export type ApplyResource = (
  args: Arguments,
  services: Services,
  stack: Stack,
) => Readonly<Record<string, unknown>> | Promise<Readonly<Record<string, unknown>>>;

/** Type → why it is ignored; printed at start for each resource it applies to. */
export const IGNORED_TYPES: Readonly<Record<string, string>> = {
  aws_cloudwatch_dashboard: "there are no metrics",
  aws_cloudwatch_metric_alarm: "there are no metrics",
  aws_s3_bucket_lifecycle_configuration: "nothing local lives long enough to expire",
};

export const RESOURCES: Readonly<Record<string, ApplyResource>> = {
  ...S3_RESOURCES,
  ...DYNAMODB_RESOURCES,
  ...LAMBDA_RESOURCES,
  ...SSM_RESOURCES,

  "data.aws_caller_identity": (_args, { account }) => ({
    account_id: account.accountId,
    arn: `arn:aws:iam::${account.accountId}:user/administrator`,
    user_id: account.accountId,
  }),

  "data.aws_region": (_args, { account }) => ({ region: account.region, name: account.region, id: account.region }),

  "data.aws_partition": () => ({ partition: "aws", dns_suffix: "amazonaws.com" }),

  aws_iam_role(args, { iam }) {
    args.inert("description");
    const roleName = args.string("name");
    const { arn } = iam.createRole({ roleName, assumeRolePolicyDocument: args.string("assume_role_policy") });
    return { arn, name: roleName, id: roleName };
  },

  aws_iam_role_policy(args, { iam }) {
    const input = {
      roleName: args.string("role"),
      policyName: args.string("name"),
      policyDocument: args.string("policy"),
    };
    iam.putRolePolicy(input);
    return { id: `${input.roleName}:${input.policyName}`, name: input.policyName };
  },

  aws_cloudwatch_log_group(args, { logs }) {
    const logGroupName = args.string("name");
    const { arn } = logs.createLogGroup({ logGroupName, retentionInDays: args.optionalNumber("retention_in_days") });
    return { arn, name: logGroupName, id: logGroupName };
  },
};
