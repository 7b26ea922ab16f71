// Object Lock: versions that cannot be deleted until their time has come, with AWS's own client.

import {
  CompleteMultipartUploadCommand,
  CreateBucketCommand,
  CreateMultipartUploadCommand,
  DeleteObjectCommand,
  DeleteObjectsCommand,
  GetBucketVersioningCommand,
  GetObjectLegalHoldCommand,
  GetObjectLockConfigurationCommand,
  GetObjectRetentionCommand,
  HeadObjectCommand,
  PutBucketVersioningCommand,
  PutObjectCommand,
  type PutObjectCommandInput,
  PutObjectLegalHoldCommand,
  PutObjectLockConfigurationCommand,
  PutObjectRetentionCommand,
  type S3Client,
  UploadPartCommand,
} from "@aws-sdk/client-s3";
import { refusal, startS3, type TestS3 } from "./harness";

const Key = "a";
const DAY_MS = 24 * 60 * 60 * 1000;
const inDays = (days: number) => new Date(Math.floor(Date.now() / 1000) * 1000 + days * DAY_MS);

let aws: TestS3;
let s3: S3Client;
let number = 0;
beforeAll(async () => {
  aws = await startS3();
  s3 = aws.client;
});
afterAll(() => aws.close());
afterEach(() => expect(aws.bugs).toEqual([]));

async function newBucket(ObjectLockEnabledForBucket = true): Promise<string> {
  number += 1;
  const Bucket = `locked-${number}`;
  const CreateBucketConfiguration = { LocationConstraint: "eu-west-1" } as const;
  await s3.send(new CreateBucketCommand({ Bucket, CreateBucketConfiguration, ObjectLockEnabledForBucket }));
  return Bucket;
}

const put = (Bucket: string, more: Partial<PutObjectCommandInput> = {}) =>
  s3.send(new PutObjectCommand({ Bucket, Key, Body: "a", ...more }));
const remove = (Bucket: string, VersionId: string | undefined, more = {}, client = s3) =>
  client.send(new DeleteObjectCommand({ Bucket, Key, VersionId, ...more }));
const configure = (Bucket: string, DefaultRetention?: object, ObjectLockEnabled = "Enabled") =>
  s3.send(
    new PutObjectLockConfigurationCommand({
      Bucket,
      ObjectLockConfiguration: {
        ObjectLockEnabled: ObjectLockEnabled as "Enabled",
        ...(DefaultRetention && { Rule: { DefaultRetention } }),
      },
    }),
  );
const retain = (Bucket: string, Mode: "COMPLIANCE" | "GOVERNANCE", days: number, more = {}) =>
  s3.send(new PutObjectRetentionCommand({ Bucket, Key, Retention: { Mode, RetainUntilDate: inDays(days) }, ...more }));

describe("a bucket with Object Lock", () => {
  it("keeps versions from its beginning, and cannot stop", async () => {
    const Bucket = await newBucket();
    expect((await s3.send(new GetBucketVersioningCommand({ Bucket }))).Status).toBe("Enabled");
    const { ObjectLockConfiguration } = await s3.send(new GetObjectLockConfigurationCommand({ Bucket }));
    expect(ObjectLockConfiguration).toEqual({ ObjectLockEnabled: "Enabled" });
    const VersioningConfiguration = { Status: "Suspended" } as const;
    expect(await refusal(s3.send(new PutBucketVersioningCommand({ Bucket, VersioningConfiguration })))).toBe(
      "InvalidBucketState",
    );
  });

  it("may be one that keeps versions already, and none that does not", async () => {
    const Bucket = await newBucket(false);
    const DefaultRetention = { Mode: "GOVERNANCE", Years: 2 };
    expect(await refusal(configure(Bucket, DefaultRetention))).toBe("InvalidBucketState");
    expect(await refusal(put(Bucket, { ObjectLockLegalHoldStatus: "ON" }))).toBe("InvalidRequest");
    await s3.send(new PutBucketVersioningCommand({ Bucket, VersioningConfiguration: { Status: "Enabled" } }));
    await configure(Bucket, DefaultRetention);
    const { ObjectLockConfiguration } = await s3.send(new GetObjectLockConfigurationCommand({ Bucket }));
    expect(ObjectLockConfiguration?.Rule?.DefaultRetention).toEqual(DefaultRetention);
  });

  it.each<[string, object, string]>([
    ["MalformedXML", { Mode: "GOVERNANCE" }, "Enabled"],
    ["MalformedXML", { Mode: "GOVERNANCE", Days: 1, Years: 1 }, "Enabled"],
    ["MalformedXML", { Mode: "governance", Days: 1 }, "Enabled"],
    ["MalformedXML", { Mode: "GOVERNANCE", Days: 1 }, "Disabled"],
    ["InvalidRetentionPeriod", { Mode: "GOVERNANCE", Days: 0 }, "Enabled"],
    ["InvalidRetentionPeriod", { Mode: "COMPLIANCE", Years: 101 }, "Enabled"],
  ])("is refused with %s: %j, %s", async (code, retention, enabled) => {
    expect(await refusal(configure(await newBucket(), retention, enabled))).toBe(code);
  });
});

describe("a version", () => {
  it("under governance goes only for those who may go past it and say so; a delete marker hides it for anyone", async () => {
    const Bucket = await newBucket();
    await configure(Bucket, { Mode: "GOVERNANCE", Days: 1 });
    const { VersionId } = await put(Bucket);
    const { ObjectLockMode, ObjectLockRetainUntilDate } = await s3.send(new HeadObjectCommand({ Bucket, Key }));
    expect(ObjectLockMode).toBe("GOVERNANCE");
    expect(Math.abs(Number(ObjectLockRetainUntilDate) - Number(inDays(1)))).toBeLessThan(60_000);
    expect((await remove(Bucket, undefined)).DeleteMarker).toBe(true);
    expect(await refusal(remove(Bucket, VersionId))).toBe("AccessDenied");
    const allowed = aws.asRole({ Effect: "Allow", Action: "s3:DeleteObjectVersion", Resource: "*" });
    const BypassGovernanceRetention = true;
    expect(await refusal(remove(Bucket, VersionId, { BypassGovernanceRetention }, allowed))).toBe("AccessDenied");
    const { Errors } = await s3.send(
      new DeleteObjectsCommand({ Bucket, Delete: { Objects: [{ Key, VersionId }], Quiet: true } }),
    );
    expect(Errors).toMatchObject([{ Code: "AccessDenied", Key, VersionId }]);
    await remove(Bucket, VersionId, { BypassGovernanceRetention });
  });

  it("under compliance goes for nobody, and is kept longer at most", async () => {
    const Bucket = await newBucket();
    const { VersionId } = await put(Bucket, { ObjectLockMode: "COMPLIANCE", ObjectLockRetainUntilDate: inDays(2) });
    const BypassGovernanceRetention = true;
    expect(await refusal(remove(Bucket, VersionId, { BypassGovernanceRetention }))).toBe("AccessDenied");
    expect(await refusal(retain(Bucket, "COMPLIANCE", 1))).toBe("AccessDenied");
    expect(await refusal(retain(Bucket, "GOVERNANCE", 3, { BypassGovernanceRetention }))).toBe("AccessDenied");
    await retain(Bucket, "COMPLIANCE", 3);
    const { Retention } = await s3.send(new GetObjectRetentionCommand({ Bucket, Key }));
    expect(Retention).toEqual({ Mode: "COMPLIANCE", RetainUntilDate: inDays(3) });
  });

  it("loses a governance retention, or some of it, by those who go past it", async () => {
    const Bucket = await newBucket();
    const { VersionId } = await put(Bucket);
    expect(await refusal(s3.send(new GetObjectRetentionCommand({ Bucket, Key })))).toBe(
      "NoSuchObjectLockConfiguration",
    );
    await retain(Bucket, "GOVERNANCE", 2);
    expect(await refusal(retain(Bucket, "GOVERNANCE", 1))).toBe("AccessDenied");
    expect(await refusal(retain(Bucket, "GOVERNANCE", -1))).toBe("InvalidArgument");
    const BypassGovernanceRetention = true;
    await retain(Bucket, "GOVERNANCE", 1, { BypassGovernanceRetention });
    await s3.send(new PutObjectRetentionCommand({ Bucket, Key, Retention: {}, BypassGovernanceRetention }));
    await remove(Bucket, VersionId);
  });

  it("with a legal hold stays until it is lifted", async () => {
    const Bucket = await newBucket();
    const { VersionId } = await put(Bucket, { ObjectLockLegalHoldStatus: "ON" });
    expect(await refusal(remove(Bucket, VersionId, { BypassGovernanceRetention: true }))).toBe("AccessDenied");
    const hold = (Status: "OFF") => s3.send(new PutObjectLegalHoldCommand({ Bucket, Key, LegalHold: { Status } }));
    await hold("OFF");
    expect((await s3.send(new GetObjectLegalHoldCommand({ Bucket, Key }))).LegalHold).toEqual({ Status: "OFF" });
    await remove(Bucket, VersionId);
  });

  it("is made of parts with what its upload was created with", async () => {
    const Bucket = await newBucket();
    const { UploadId } = await s3.send(
      new CreateMultipartUploadCommand({ Bucket, Key, ObjectLockLegalHoldStatus: "ON" }),
    );
    const { ETag } = await s3.send(new UploadPartCommand({ Bucket, Key, UploadId, PartNumber: 1, Body: "a" }));
    const MultipartUpload = { Parts: [{ ETag, PartNumber: 1 }] };
    const { VersionId } = await s3.send(new CompleteMultipartUploadCommand({ Bucket, Key, UploadId, MultipartUpload }));
    expect(await refusal(remove(Bucket, VersionId))).toBe("AccessDenied");
  });

  it.each<[string, Partial<PutObjectCommandInput>]>([
    ["InvalidArgument", { ObjectLockMode: "GOVERNANCE" }],
    ["InvalidArgument", { ObjectLockRetainUntilDate: inDays(1) }],
    ["InvalidArgument", { ObjectLockMode: "GOVERNANCE", ObjectLockRetainUntilDate: inDays(-1) }],
    ["InvalidArgument", { ObjectLockLegalHoldStatus: "MAYBE" as "ON" }],
  ])("is refused with %s: %j", async (code, more) => {
    expect(await refusal(put(await newBucket(), more))).toBe(code);
  });
});
