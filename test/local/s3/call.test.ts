// S3's operations as they are called from within the process, in the shapes of AWS's client, and read with that client.

import {
  GetBucketCorsCommand,
  GetBucketEncryptionCommand,
  GetBucketNotificationConfigurationCommand,
  GetBucketOwnershipControlsCommand,
  GetBucketPolicyCommand,
  GetBucketVersioningCommand,
  GetPublicAccessBlockCommand,
  type S3Client,
} from "@aws-sdk/client-s3";
import { createActivityStream } from "../../../local/activity";
import { type Call, createCall } from "../../../local/api/perform";
import type { Caller } from "../../../local/service";
import { ADMINISTRATOR, policyOf } from "../iam/account";
import { FUNCTION_ARN, refusal, startS3, type TestS3 } from "./harness";

const Bucket = "made-from-within";
const NOBODY: Caller = {
  kind: "role",
  roleName: "Nobody",
  arn: "arn:aws:sts::111122223333:assumed-role/Nobody/session",
};

let aws: TestS3;
let s3: S3Client;
let call: Call;
beforeAll(async () => {
  aws = await startS3();
  s3 = aws.client;
  call = createCall([aws.s3.api], aws.iam, createActivityStream());
  const CreateBucketConfiguration = { LocationConstraint: "eu-west-1" };
  expect(await call("s3", "CreateBucket", { Bucket, CreateBucketConfiguration }, ADMINISTRATOR)).toEqual({
    Location: `/${Bucket}`,
  });
});
afterAll(() => aws.close());

const Resource = `arn:aws:s3:::${Bucket}/*`;
const Statement = { Effect: "Allow", Principal: { AWS: "111122223333" }, Action: "s3:GetObject", Resource };
const PublicAccessBlockConfiguration = {
  BlockPublicAcls: true,
  IgnorePublicAcls: true,
  BlockPublicPolicy: true,
  RestrictPublicBuckets: false,
};
const CORSRules = [{ AllowedMethods: ["PUT"], AllowedOrigins: ["https://example.com"], MaxAgeSeconds: 60 }];
const ServerSideEncryptionConfiguration = {
  Rules: [{ ApplyServerSideEncryptionByDefault: { SSEAlgorithm: "aws:kms" }, BucketKeyEnabled: true }],
};
const LambdaFunctionConfigurations = [
  {
    Id: "a",
    LambdaFunctionArn: FUNCTION_ARN,
    Events: ["s3:ObjectCreated:*"],
    Filter: { Key: { FilterRules: [{ Name: "Prefix", Value: "original/" }] } },
  },
];

it.each<[string, object, () => Promise<object>]>([
  [
    "PutPublicAccessBlock",
    { PublicAccessBlockConfiguration },
    () => s3.send(new GetPublicAccessBlockCommand({ Bucket })),
  ],
  [
    "PutBucketOwnershipControls",
    { OwnershipControls: { Rules: [{ ObjectOwnership: "BucketOwnerPreferred" }] } },
    () => s3.send(new GetBucketOwnershipControlsCommand({ Bucket })),
  ],
  [
    "PutBucketVersioning",
    { VersioningConfiguration: { Status: "Enabled" } },
    async () => ({ VersioningConfiguration: await s3.send(new GetBucketVersioningCommand({ Bucket })) }),
  ],
  [
    "PutBucketEncryption",
    { ServerSideEncryptionConfiguration },
    () => s3.send(new GetBucketEncryptionCommand({ Bucket })),
  ],
  [
    "PutBucketCors",
    { CORSConfiguration: { CORSRules } },
    async () => ({ CORSConfiguration: await s3.send(new GetBucketCorsCommand({ Bucket })) }),
  ],
  ["PutBucketPolicy", { Policy: policyOf(Statement) }, () => s3.send(new GetBucketPolicyCommand({ Bucket }))],
  [
    "PutBucketNotificationConfiguration",
    { NotificationConfiguration: { LambdaFunctionConfigurations } },
    async () => ({
      NotificationConfiguration: await s3.send(new GetBucketNotificationConfigurationCommand({ Bucket })),
    }),
  ],
])("%s takes what the client would send, and IAM is asked", async (name, input, read) => {
  expect(await refusal(call("s3", name, { Bucket, ...input }, NOBODY))).toBe("AwsError");
  await call("s3", name, { Bucket, ...input }, ADMINISTRATOR);
  expect(await read()).toMatchObject(input);
});

it("names a member that the operation does not have, and a bucket that is not there", async () => {
  const put = (input: object) =>
    call("s3", "PutBucketPolicy", { Policy: policyOf(Statement), ...input }, ADMINISTRATOR);
  await expect(put({ Bucket, Colour: "red" })).rejects.toMatchObject({
    message: 'The embedded AWS does not know the parameter "Colour"',
  });
  await expect(put({ Bucket: "not-there" })).rejects.toMatchObject({ code: "NoSuchBucket" });
});
