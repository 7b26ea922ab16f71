// Every resource type and data source that the embedded AWS knows, each as the call that Terraform's provider would
// make. One function a type; what it does not read is refused.

import type { Account } from "../account";
import type { Cloudfront } from "../cloudfront/types";
import type { Dynamodb } from "../dynamodb/types";
import type { Iam } from "../iam/types";
import type { Lambda } from "../lambda/types";
import type { Logs } from "../logs/types";
import type { S3 } from "../s3/types";
import type { Ssm } from "../ssm/types";
import type { Arguments } from "./arguments";
import { CLOUDFRONT_RESOURCES } from "./cloudfront-resources";
import { DATA_SOURCES } from "./data-sources";
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
  readonly cloudfront: Cloudfront;
}

/** Makes the resource and returns the attributes that references can read. */
export type ApplyResource = (
  args: Arguments,
  services: Services,
  stack: Stack,
) => Readonly<Record<string, unknown>> | Promise<Readonly<Record<string, unknown>>>;

export const RESOURCES: Readonly<Record<string, ApplyResource>> = {
  ...DATA_SOURCES,
  ...S3_RESOURCES,
  ...DYNAMODB_RESOURCES,
  ...LAMBDA_RESOURCES,
  ...SSM_RESOURCES,
  ...CLOUDFRONT_RESOURCES,

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
