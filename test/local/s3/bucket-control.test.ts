// Buckets as their owner makes, configures and removes them through the API, with AWS's own client.

import {
  CreateBucketCommand,
  type CreateBucketCommandInput,
  DeleteBucketCommand,
  DeleteBucketCorsCommand,
  DeleteBucketEncryptionCommand,
  DeleteBucketLifecycleCommand,
  DeleteBucketTaggingCommand,
  DeleteObjectCommand,
  GetBucketAccelerateConfigurationCommand,
  GetBucketAclCommand,
  GetBucketCorsCommand,
  GetBucketEncryptionCommand,
  GetBucketLifecycleConfigurationCommand,
  GetBucketLoggingCommand,
  GetBucketNotificationConfigurationCommand,
  GetBucketOwnershipControlsCommand,
  GetBucketReplicationCommand,
  GetBucketRequestPaymentCommand,
  GetBucketTaggingCommand,
  GetBucketVersioningCommand,
  GetBucketWebsiteCommand,
  GetObjectLockConfigurationCommand,
  GetPublicAccessBlockCommand,
  HeadBucketCommand,
  ListBucketsCommand,
  ListObjectVersionsCommand,
  PutBucketCorsCommand,
  PutBucketEncryptionCommand,
  PutBucketLifecycleConfigurationCommand,
  PutBucketNotificationConfigurationCommand,
  PutBucketTaggingCommand,
  PutBucketVersioningCommand,
  PutObjectCommand,
  type S3Client,
} from "@aws-sdk/client-s3";
import { FUNCTION_ARN, refusal, startS3, type TestS3 } from "./harness";

const CreateBucketConfiguration = { LocationConstraint: "eu-west-1" } as const;

let aws: TestS3;
let s3: S3Client;
let number = 0;
beforeAll(async () => {
  aws = await startS3();
  s3 = aws.client;
});
afterAll(() => aws.close());

async function newBucket(more: Partial<CreateBucketCommandInput> = {}): Promise<string> {
  number += 1;
  const Bucket = `bucket-${number}`;
  await s3.send(new CreateBucketCommand({ Bucket, CreateBucketConfiguration, ...more }));
  return Bucket;
}

describe("a bucket", () => {
  it("is made, found, filled, and removed once it is empty", async () => {
    const Bucket = await newBucket();
    await s3.send(new HeadBucketCommand({ Bucket }));
    const { Buckets = [] } = await s3.send(new ListBucketsCommand({}));
    expect(Buckets.map(({ Name }) => Name)).toContain(Bucket);
    await s3.send(new PutObjectCommand({ Bucket, Key: "a", Body: "a" }));
    expect(await refusal(s3.send(new DeleteBucketCommand({ Bucket })))).toBe("BucketNotEmpty");
    await s3.send(new DeleteObjectCommand({ Bucket, Key: "a" }));
    await s3.send(new DeleteBucketCommand({ Bucket }));
    expect(await refusal(s3.send(new DeleteBucketCommand({ Bucket })))).toBe("NoSuchBucket");
    await s3.send(new CreateBucketCommand({ Bucket, CreateBucketConfiguration }));
  });

  it("with versions is not empty while there is one, or a delete marker", async () => {
    const Bucket = await newBucket();
    const VersioningConfiguration = { Status: "Enabled" } as const;
    await s3.send(new PutBucketVersioningCommand({ Bucket, VersioningConfiguration }));
    await s3.send(new PutObjectCommand({ Bucket, Key: "a", Body: "a" }));
    await s3.send(new DeleteObjectCommand({ Bucket, Key: "a" }));
    expect(await refusal(s3.send(new DeleteBucketCommand({ Bucket })))).toBe("BucketNotEmpty");
    const { Versions = [], DeleteMarkers = [] } = await s3.send(new ListObjectVersionsCommand({ Bucket }));
    for (const { Key, VersionId } of [...Versions, ...DeleteMarkers]) {
      await s3.send(new DeleteObjectCommand({ Bucket, Key, VersionId }));
    }
    await s3.send(new DeleteBucketCommand({ Bucket }));
  });

  it.each<[string, Partial<CreateBucketCommandInput>]>([
    ["BucketAlreadyOwnedByYou", { Bucket: "user-profile-images-111122223333" }],
    ["IllegalLocationConstraintException", { CreateBucketConfiguration: { LocationConstraint: "us-west-2" } }],
    ["InvalidBucketName", { Bucket: "Not_A_Name" }],
    ["InvalidBucketAclWithObjectOwnership", { ACL: "public-read" }],
    ["InvalidBucketAclWithBlockPublicAccessError", { ACL: "public-read", ObjectOwnership: "ObjectWriter" }],
    ["MalformedXML", { CreateBucketConfiguration: { ...CreateBucketConfiguration, Tags: [{ Key: "a", Value: "b" }] } }],
  ])("is refused with %s: %j", async (code, more) => {
    expect(await refusal(newBucket(more))).toBe(code);
  });
});

describe("what a bucket is set to", () => {
  it("is its own from the start, as on AWS", async () => {
    const Bucket = await newBucket({ ObjectOwnership: "BucketOwnerPreferred" });
    const { OwnershipControls } = await s3.send(new GetBucketOwnershipControlsCommand({ Bucket }));
    expect(OwnershipControls?.Rules).toEqual([{ ObjectOwnership: "BucketOwnerPreferred" }]);
    const { PublicAccessBlockConfiguration } = await s3.send(new GetPublicAccessBlockCommand({ Bucket }));
    expect(Object.values(PublicAccessBlockConfiguration ?? {})).toEqual([true, true, true, true]);
    const { ServerSideEncryptionConfiguration } = await s3.send(new GetBucketEncryptionCommand({ Bucket }));
    expect(ServerSideEncryptionConfiguration?.Rules?.[0]?.ApplyServerSideEncryptionByDefault?.SSEAlgorithm).toBe(
      "AES256",
    );
  });

  it("is put, read back and taken away: versioning", async () => {
    const Bucket = await newBucket();
    const status = async () => (await s3.send(new GetBucketVersioningCommand({ Bucket }))).Status;
    const put = (Status: "Enabled" | "Suspended") =>
      s3.send(new PutBucketVersioningCommand({ Bucket, VersioningConfiguration: { Status } }));
    expect(await status()).toBeUndefined();
    await put("Enabled");
    expect(await status()).toBe("Enabled");
    await put("Suspended");
    expect(await status()).toBe("Suspended");
    expect(await refusal(put("Off" as never))).toBe("MalformedXML");
  });

  it("CORS", async () => {
    const Bucket = await newBucket();
    const CORSRules = [
      { ID: "one", AllowedMethods: ["GET", "PUT"], AllowedOrigins: ["https://a.example", "https://*.b.example"] },
      {
        AllowedMethods: ["POST"],
        AllowedOrigins: ["*"],
        AllowedHeaders: ["x-amz-*"],
        ExposeHeaders: ["etag"],
        MaxAgeSeconds: 9,
      },
    ];
    await s3.send(new PutBucketCorsCommand({ Bucket, CORSConfiguration: { CORSRules } }));
    expect((await s3.send(new GetBucketCorsCommand({ Bucket }))).CORSRules).toEqual(CORSRules);
    const wrong = { CORSRules: [{ AllowedMethods: ["PATCH"], AllowedOrigins: ["*"] }] };
    expect(await refusal(s3.send(new PutBucketCorsCommand({ Bucket, CORSConfiguration: wrong })))).toBe(
      "InvalidRequest",
    );
    await s3.send(new DeleteBucketCorsCommand({ Bucket }));
    expect(await refusal(s3.send(new GetBucketCorsCommand({ Bucket })))).toBe("NoSuchCORSConfiguration");
  });

  it("encryption", async () => {
    const Bucket = await newBucket();
    const put = (rule: object) =>
      s3.send(new PutBucketEncryptionCommand({ Bucket, ServerSideEncryptionConfiguration: { Rules: [rule] } }));
    const rule = async () => {
      const { ServerSideEncryptionConfiguration: found } = await s3.send(new GetBucketEncryptionCommand({ Bucket }));
      return found?.Rules?.[0];
    };
    const written = {
      ApplyServerSideEncryptionByDefault: { SSEAlgorithm: "aws:kms", KMSMasterKeyID: "alias/aws/s3" },
      BucketKeyEnabled: true,
      BlockedEncryptionTypes: { EncryptionType: ["SSE-C"] },
    };
    await put(written);
    expect(await rule()).toEqual(written);
    const ownKey = { SSEAlgorithm: "aws:kms", KMSMasterKeyID: "arn:aws:kms:eu-west-1:111122223333:key/1" };
    expect(await refusal(put({ ApplyServerSideEncryptionByDefault: ownKey }))).toBe("NotImplemented");
    await s3.send(new DeleteBucketEncryptionCommand({ Bucket }));
    expect(await rule()).toEqual({
      ApplyServerSideEncryptionByDefault: { SSEAlgorithm: "AES256" },
      BucketKeyEnabled: false,
    });
  });

  it("a lifecycle, read back as it was written", async () => {
    const Bucket = await newBucket();
    const Rules = [
      {
        ID: "a",
        Status: "Enabled",
        Filter: { Prefix: "thumbnails/" },
        NoncurrentVersionExpiration: { NoncurrentDays: 1 },
      },
      {
        ID: "b",
        Status: "Disabled",
        Filter: { Prefix: "" },
        AbortIncompleteMultipartUpload: { DaysAfterInitiation: 7 },
      },
    ] as const;
    const put = (rules: readonly object[]) =>
      s3.send(
        new PutBucketLifecycleConfigurationCommand({ Bucket, LifecycleConfiguration: { Rules: rules as never } }),
      );
    const get = () => s3.send(new GetBucketLifecycleConfigurationCommand({ Bucket }));
    expect(await refusal(get())).toBe("NoSuchLifecycleConfiguration");
    await put(Rules);
    expect(await get()).toMatchObject({
      Rules,
      TransitionDefaultMinimumObjectSize: "all_storage_classes_128K",
    });
    expect(await refusal(put([]))).toBe("MalformedXML");
    expect(await refusal(put([{ ...Rules[0], Status: "On" }]))).toBe("MalformedXML");
    expect(await refusal(put([Rules[0], Rules[0]]))).toBe("InvalidArgument");
    expect(await refusal(put([{ ID: "c", Status: "Enabled", Filter: { Prefix: "" } }]))).toBe("MalformedXML");
    await s3.send(new DeleteBucketLifecycleCommand({ Bucket }));
    expect(await refusal(get())).toBe("NoSuchLifecycleConfiguration");
  });

  it("what nobody can set otherwise here", async () => {
    const Bucket = await newBucket();
    const { Owner, Grants } = await s3.send(new GetBucketAclCommand({ Bucket }));
    expect(Grants).toEqual([{ Grantee: { Type: "CanonicalUser", ...Owner }, Permission: "FULL_CONTROL" }]);
    expect((await s3.send(new GetBucketRequestPaymentCommand({ Bucket }))).Payer).toBe("BucketOwner");
    expect(await s3.send(new GetBucketLoggingCommand({ Bucket }))).not.toHaveProperty("LoggingEnabled");
    expect((await s3.send(new GetBucketAccelerateConfigurationCommand({ Bucket }))).Status).toBeUndefined();
    expect(await refusal(s3.send(new GetBucketReplicationCommand({ Bucket })))).toBe(
      "ReplicationConfigurationNotFoundError",
    );
    expect(await refusal(s3.send(new GetBucketWebsiteCommand({ Bucket })))).toBe("NoSuchWebsiteConfiguration");
    expect(await refusal(s3.send(new GetObjectLockConfigurationCommand({ Bucket })))).toBe(
      "ObjectLockConfigurationNotFoundError",
    );
  });

  it("notifications, which begin and end with it", async () => {
    const Bucket = await newBucket();
    const put = (configuration: object) =>
      s3.send(
        new PutBucketNotificationConfigurationCommand({ Bucket, NotificationConfiguration: configuration as never }),
      );
    const FilterRules = [
      { Name: "Prefix", Value: "original/" },
      { Name: "Suffix", Value: ".jpg" },
    ];
    const target = {
      Id: "one",
      LambdaFunctionArn: FUNCTION_ARN,
      Events: ["s3:ObjectCreated:*"],
      Filter: { Key: { FilterRules } },
    };
    await put({ LambdaFunctionConfigurations: [target] });
    const found = await s3.send(new GetBucketNotificationConfigurationCommand({ Bucket }));
    expect(found.LambdaFunctionConfigurations).toEqual([target]);
    await s3.send(new PutObjectCommand({ Bucket, Key: "original/a.jpg", Body: "a" }));
    expect(aws.records.at(-1)?.s3.object.key).toBe("original/a.jpg");
    const stranger = { ...target, LambdaFunctionArn: FUNCTION_ARN.replace("SetProfileImage", "Other") };
    expect(await refusal(put({ LambdaFunctionConfigurations: [stranger] }))).toBe("InvalidArgument");
    const topic = { TopicArn: "arn:aws:sns:eu-west-1:111122223333:t", Events: ["s3:ObjectCreated:*"] };
    expect(await refusal(put({ TopicConfigurations: [topic] }))).toBe("NotImplemented");
    await put({});
    await s3.send(new PutObjectCommand({ Bucket, Key: "original/b.jpg", Body: "b" }));
    expect(aws.records.at(-1)?.s3.object.key).toBe("original/a.jpg");
  });

  it("tags", async () => {
    const Bucket = await newBucket();
    const TagSet = Array.from({ length: 12 }, (_, index) => ({ Key: `key ${index}`, Value: "ü" }));
    await s3.send(new PutBucketTaggingCommand({ Bucket, Tagging: { TagSet } }));
    expect((await s3.send(new GetBucketTaggingCommand({ Bucket }))).TagSet).toEqual(TagSet);
    await s3.send(new DeleteBucketTaggingCommand({ Bucket }));
    expect(await refusal(s3.send(new GetBucketTaggingCommand({ Bucket })))).toBe("NoSuchTagSet");
  });
});
