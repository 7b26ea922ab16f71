// The operations on buckets for callers within this process, in the members of S3's API. Requests bring the same as XML.
// https://docs.aws.amazon.com/AmazonS3/latest/API/API_Operations_Amazon_Simple_Storage_Service.html

import { operation } from "../../api/operation";
import { boolean, document, list, number, oneOf, required, type Shape, string, structure } from "../../api/shapes";
import { AwsError } from "../../aws-error";
import type { Store } from "../store/store";
import type { Configuration } from "../types";
import { type LifecycleRule, renderLifecycle } from "./lifecycle-document";

export interface BucketState {
  readonly configuration: Configuration;
  readonly store: Store;
}

const BUCKET = { Bucket: required(string) };
const onBucket = ({ Bucket }: { readonly Bucket: string }) => [{ resource: `arn:aws:s3:::${Bucket}` }];
const as = (action: string) => (input: { readonly Bucket: string }) =>
  onBucket(input).map((each) => ({ ...each, action }));

const createBucket = operation({
  name: "CreateBucket",
  input: { ...BUCKET, CreateBucketConfiguration: structure({ LocationConstraint: string }) },
  resources: onBucket,
  run({ configuration }: BucketState, { Bucket }) {
    configuration.createBucket({ bucket: Bucket });
    configuration.putBucketOwnershipControls(Bucket, "BucketOwnerEnforced");
    return { Location: `/${Bucket}` };
  },
});

const headBucket = operation({
  name: "HeadBucket",
  input: BUCKET,
  resources: as("ListBucket"),
  run({ configuration }: BucketState, { Bucket }) {
    const found = configuration.findBucket(Bucket);
    if (found === undefined) throw new AwsError("NotFound", "Not Found", 404);
    return { BucketArn: found.arn };
  },
});

const putPublicAccessBlock = operation({
  name: "PutPublicAccessBlock",
  input: {
    ...BUCKET,
    PublicAccessBlockConfiguration: required(
      structure({
        BlockPublicAcls: boolean,
        BlockPublicPolicy: boolean,
        IgnorePublicAcls: boolean,
        RestrictPublicBuckets: boolean,
      }),
    ),
  },
  resources: as("PutBucketPublicAccessBlock"),
  run({ configuration }: BucketState, { Bucket, PublicAccessBlockConfiguration: block }) {
    configuration.putPublicAccessBlock(Bucket, {
      blockPublicAcls: block.BlockPublicAcls ?? false,
      blockPublicPolicy: block.BlockPublicPolicy ?? false,
      ignorePublicAcls: block.IgnorePublicAcls ?? false,
      restrictPublicBuckets: block.RestrictPublicBuckets ?? false,
    });
  },
});

const putBucketOwnershipControls = operation({
  name: "PutBucketOwnershipControls",
  input: {
    ...BUCKET,
    OwnershipControls: required(structure({ Rules: required(one({ ObjectOwnership: required(string) })) })),
  },
  resources: onBucket,
  run({ configuration }: BucketState, { Bucket, OwnershipControls }) {
    const [rule] = OwnershipControls.Rules;
    configuration.putBucketOwnershipControls(Bucket, rule?.ObjectOwnership ?? "");
  },
});

const putBucketEncryption = operation({
  name: "PutBucketEncryption",
  input: {
    ...BUCKET,
    ServerSideEncryptionConfiguration: required(
      structure({
        Rules: required(
          one({
            ApplyServerSideEncryptionByDefault: required(
              structure({ SSEAlgorithm: required(string), KMSMasterKeyID: oneOf("alias/aws/s3") }),
            ),
            BucketKeyEnabled: boolean,
            BlockedEncryptionTypes: structure({ EncryptionType: list(oneOf("SSE-C", "NONE")) }),
          }),
        ),
      }),
    ),
  },
  resources: as("PutEncryptionConfiguration"),
  run({ configuration, store }: BucketState, { Bucket, ServerSideEncryptionConfiguration: { Rules } }) {
    const [rule] = Rules;
    const byDefault = rule?.ApplyServerSideEncryptionByDefault;
    configuration.putBucketEncryption(Bucket, byDefault?.SSEAlgorithm ?? "");
    Object.assign(store.bucket(Bucket), {
      kmsMasterKeyId: byDefault?.KMSMasterKeyID,
      bucketKeyEnabled: rule?.BucketKeyEnabled ?? false,
      blockedEncryptionTypes: rule?.BlockedEncryptionTypes?.EncryptionType,
    });
  },
});

const putBucketVersioning = operation({
  name: "PutBucketVersioning",
  input: {
    ...BUCKET,
    VersioningConfiguration: required(structure({ Status: required(oneOf("Enabled", "Suspended")) })),
  },
  resources: onBucket,
  run: ({ configuration }: BucketState, { Bucket, VersioningConfiguration: { Status } }) =>
    configuration.putBucketVersioning(Bucket, Status),
});

const putBucketCors = operation({
  name: "PutBucketCors",
  input: {
    ...BUCKET,
    CORSConfiguration: required(
      structure({
        CORSRules: required(
          list(
            structure({
              ID: string,
              AllowedMethods: required(list(string)),
              AllowedOrigins: required(list(string)),
              AllowedHeaders: list(string),
              ExposeHeaders: list(string),
              MaxAgeSeconds: number,
            }),
          ),
        ),
      }),
    ),
  },
  resources: as("PutBucketCORS"),
  run({ configuration }: BucketState, { Bucket, CORSConfiguration: { CORSRules } }) {
    const rules = CORSRules.map((rule) => ({
      id: rule.ID,
      allowedMethods: rule.AllowedMethods,
      allowedOrigins: rule.AllowedOrigins,
      allowedHeaders: rule.AllowedHeaders,
      exposeHeaders: rule.ExposeHeaders,
      maxAgeSeconds: rule.MaxAgeSeconds,
    }));
    configuration.putBucketCors(Bucket, rules);
  },
});

const putBucketPolicy = operation({
  name: "PutBucketPolicy",
  input: { ...BUCKET, Policy: required(string) },
  resources: onBucket,
  run: ({ configuration }: BucketState, { Bucket, Policy }) => configuration.putBucketPolicy(Bucket, Policy),
});

const putBucketLifecycleConfiguration = operation({
  name: "PutBucketLifecycleConfiguration",
  input: { ...BUCKET, LifecycleConfiguration: required(structure({ Rules: required(document) })) },
  resources: as("PutLifecycleConfiguration"),
  run({ store }: BucketState, { Bucket, LifecycleConfiguration: { Rules } }) {
    store.bucket(Bucket).lifecycle = {
      document: renderLifecycle(Rules as readonly LifecycleRule[]),
      minimumSize: "all_storage_classes_128K",
    };
  },
});

const putBucketNotificationConfiguration = operation({
  name: "PutBucketNotificationConfiguration",
  input: {
    ...BUCKET,
    NotificationConfiguration: required(
      structure({
        LambdaFunctionConfigurations: list(
          structure({
            Id: required(string),
            LambdaFunctionArn: required(string),
            Events: required(list(string)),
            Filter: structure({
              Key: structure({
                FilterRules: list(structure({ Name: required(oneOf("prefix", "suffix")), Value: required(string) })),
              }),
            }),
          }),
        ),
      }),
    ),
  },
  resources: as("PutBucketNotification"),
  run({ configuration }: BucketState, { Bucket, NotificationConfiguration }) {
    const targets = (NotificationConfiguration.LambdaFunctionConfigurations ?? []).map((target) => {
      const rules = target.Filter?.Key?.FilterRules ?? [];
      return {
        id: target.Id,
        lambdaFunctionArn: target.LambdaFunctionArn,
        events: target.Events,
        prefix: rules.find(({ Name }) => Name === "prefix")?.Value,
        suffix: rules.find(({ Name }) => Name === "suffix")?.Value,
      };
    });
    configuration.putBucketNotificationConfiguration(Bucket, targets);
  },
});

/** A list of rules, which here has one. */
function one<M extends Readonly<Record<string, Shape>>>(members: M) {
  return list(structure(members));
}

export const BUCKET_OPERATIONS = [
  createBucket,
  headBucket,
  putBucketCors,
  putBucketEncryption,
  putBucketLifecycleConfiguration,
  putBucketNotificationConfiguration,
  putBucketOwnershipControls,
  putBucketPolicy,
  putBucketVersioning,
  putPublicAccessBlock,
];
