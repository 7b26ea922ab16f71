// What a stack looks up instead of making: who it is, and tables and buckets that the account has already.

import type { Account } from "../account";
import type { ApplyResource } from "./resources";
import { StackError } from "./stack-error";

export const DATA_SOURCES: Readonly<Record<string, ApplyResource>> = {
  "data.aws_caller_identity": (_args, { account }) => ({
    account_id: account.accountId,
    arn: `arn:aws:iam::${account.accountId}:user/administrator`,
    user_id: account.accountId,
  }),

  "data.aws_region": (_args, { account }) => ({ region: account.region, name: account.region, id: account.region }),

  "data.aws_partition": () => ({ partition: "aws", dns_suffix: "amazonaws.com" }),

  // https://registry.terraform.io/providers/hashicorp/aws/latest/docs/data-sources/dynamodb_table
  "data.aws_dynamodb_table"(args, { dynamodb }) {
    const name = args.string("name");
    const table = dynamodb.findTable(name);
    if (table === undefined) throw notFound(args.address, `DynamoDB Table (${name})`);
    return {
      arn: table.arn,
      id: name,
      name,
      hash_key: table.hashKey,
      attribute: table.attributes,
      range_key: table.rangeKey ?? "",
      stream_enabled: table.streamArn !== undefined,
      stream_view_type: table.streamViewType ?? "",
      stream_arn: table.streamArn ?? "",
      stream_label: table.streamLabel ?? "",
    };
  },

  // https://registry.terraform.io/providers/hashicorp/aws/latest/docs/data-sources/s3_bucket
  "data.aws_s3_bucket"(args, { s3, account }) {
    const bucket = args.string("bucket");
    const found = s3.findBucket(bucket);
    if (found === undefined) throw notFound(args.address, `S3 Bucket (${bucket})`);
    return bucketAttributes(bucket, found, account);
  },
};

/** What references read of a bucket, made by the stack or there already. */
export const bucketAttributes = (bucket: string, { arn }: { arn: string }, { region }: Account) => ({
  arn,
  bucket,
  id: bucket,
  bucket_region: region,
  bucket_domain_name: `${bucket}.s3.amazonaws.com`,
  bucket_regional_domain_name: `${bucket}.s3.${region}.amazonaws.com`,
});

/** In the words of Terraform's provider. */
const notFound = (address: string, what: string) =>
  new StackError(
    `${address}: reading ${what}: couldn't find resource: the account of the embedded AWS does not have it`,
  );
