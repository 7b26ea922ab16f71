// The resource types of a stack: each is one call, or a few, of the services' own API.

import { ALARM_RESOURCES } from "./alarm-resources";
import type { ApplyResource } from "./call";
import { CLOUDFRONT_RESOURCES } from "./cloudfront-resources";
import { DATA_SOURCES } from "./data-sources";
import { DYNAMODB_RESOURCES } from "./dynamodb-resources";
import { IAM_RESOURCES } from "./iam-resources";
import { LAMBDA_RESOURCES } from "./lambda-resources";
import { LOGS_RESOURCES } from "./logs-resources";
import { S3_RESOURCES } from "./s3-resources";
import { SSM_RESOURCES } from "./ssm-resources";

export const RESOURCES: Readonly<Record<string, ApplyResource>> = {
  ...DATA_SOURCES,
  ...S3_RESOURCES,
  ...DYNAMODB_RESOURCES,
  ...LAMBDA_RESOURCES,
  ...SSM_RESOURCES,
  ...CLOUDFRONT_RESOURCES,
  ...IAM_RESOURCES,
  ...LOGS_RESOURCES,
  ...ALARM_RESOURCES,

  /** Terraform's own: it makes nothing on AWS. */
  terraform_data(args) {
    args.inert("input", "triggers_replace");
    return {};
  },
};
