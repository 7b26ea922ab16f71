// What a stack looks up instead of making: who it is, and tables and buckets that the account has already.

import type { Account } from "../account";
import { AwsError } from "../aws-error";
import type { ApplyResource } from "./call";
import { StackError } from "./stack-error";

interface Identity {
  readonly Account: string;
  readonly Arn: string;
  readonly UserId: string;
}

interface Described {
  readonly Table: {
    readonly TableArn: string;
    readonly KeySchema: readonly { readonly AttributeName: string; readonly KeyType: string }[];
    readonly AttributeDefinitions: readonly { readonly AttributeName: string; readonly AttributeType: string }[];
    readonly StreamSpecification?: { readonly StreamViewType: string };
    readonly LatestStreamArn?: string;
    readonly LatestStreamLabel?: string;
  };
}

export const DATA_SOURCES: Readonly<Record<string, ApplyResource>> = {
  async "data.aws_caller_identity"(_args, { call }) {
    const identity = await call<Identity>("sts", "GetCallerIdentity", {});
    return { account_id: identity.Account, arn: identity.Arn, user_id: identity.UserId };
  },

  "data.aws_region": (_args, { account }) => ({ region: account.region, name: account.region, id: account.region }),

  "data.aws_partition": () => ({ partition: "aws", dns_suffix: "amazonaws.com" }),

  // https://registry.terraform.io/providers/hashicorp/aws/latest/docs/data-sources/dynamodb_table
  async "data.aws_dynamodb_table"(args, { call }) {
    const name = args.string("name");
    const described = call<Described>("dynamodb", "DescribeTable", { TableName: name });
    const { Table: table } = await found(described, args.address, `DynamoDB Table (${name})`);
    const keyOf = (type: string) => table.KeySchema.find(({ KeyType }) => KeyType === type)?.AttributeName ?? "";
    return {
      arn: table.TableArn,
      id: name,
      name,
      hash_key: keyOf("HASH"),
      attribute: table.AttributeDefinitions.map((each) => ({ name: each.AttributeName, type: each.AttributeType })),
      range_key: keyOf("RANGE"),
      stream_enabled: table.StreamSpecification !== undefined,
      stream_view_type: table.StreamSpecification?.StreamViewType ?? "",
      stream_arn: table.LatestStreamArn ?? "",
      stream_label: table.LatestStreamLabel ?? "",
    };
  },

  // https://registry.terraform.io/providers/hashicorp/aws/latest/docs/data-sources/s3_bucket
  async "data.aws_s3_bucket"(args, { call, account }) {
    const Bucket = args.string("bucket");
    await found(call("s3", "HeadBucket", { Bucket }), args.address, `S3 Bucket (${Bucket})`);
    return bucketAttributes(Bucket, account);
  },
};

/** What references read of a bucket, made by the stack or there already. */
export const bucketAttributes = (bucket: string, { region }: Account) => ({
  arn: `arn:aws:s3:::${bucket}`,
  bucket,
  id: bucket,
  bucket_region: region,
  bucket_domain_name: `${bucket}.s3.amazonaws.com`,
  bucket_regional_domain_name: `${bucket}.s3.${region}.amazonaws.com`,
});

/** What is absent is reported in the words of Terraform's provider. */
function found<T>(reading: Promise<T>, address: string, what: string): Promise<T> {
  return reading.catch((error: unknown) => {
    if (!(error instanceof AwsError)) throw error;
    throw new StackError(
      `${address}: reading ${what}: couldn't find resource: the account of the embedded AWS does not have it`,
    );
  });
}
