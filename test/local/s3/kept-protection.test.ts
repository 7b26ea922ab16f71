// What a data directory keeps of an object: also whose it is, and what keeps it.

import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  DeletePublicAccessBlockCommand,
  GetObjectAclCommand,
  GetObjectRetentionCommand,
  PutBucketOwnershipControlsCommand,
  PutBucketVersioningCommand,
  PutObjectCommand,
  PutObjectLockConfigurationCommand,
  S3Client,
} from "@aws-sdk/client-s3";
import { type EmbeddedAws, startEmbeddedAws } from "../../../local";

const Bucket = "kept";
const Key = "a";
const Retention = { Mode: "COMPLIANCE", RetainUntilDate: new Date("2100-01-01T00:00:00Z") } as const;
const ALL_USERS = "http://acs.amazonaws.com/groups/global/AllUsers";

const dataDirectory = mkdtempSync(join(tmpdir(), "kept-protection-"));
let aws: EmbeddedAws;
let s3: S3Client;

async function start(): Promise<void> {
  aws = await startEmbeddedAws({ tinypngKey: "", dataDirectory, existing: { buckets: [Bucket] } });
  s3 = new S3Client({
    endpoint: aws.account.endpoint,
    region: aws.account.region,
    credentials: { accessKeyId: "test", secretAccessKey: "test" },
    forcePathStyle: true,
  });
  // What a bucket is set to is the stack's to say, at each start.
  const Rules = [{ ObjectOwnership: "ObjectWriter" as const }];
  await s3.send(new PutBucketOwnershipControlsCommand({ Bucket, OwnershipControls: { Rules } }));
  await s3.send(new DeletePublicAccessBlockCommand({ Bucket }));
  await s3.send(new PutBucketVersioningCommand({ Bucket, VersioningConfiguration: { Status: "Enabled" } }));
  const ObjectLockConfiguration = { ObjectLockEnabled: "Enabled" } as const;
  await s3.send(new PutObjectLockConfigurationCommand({ Bucket, ObjectLockConfiguration }));
}

async function stop(): Promise<void> {
  s3.destroy();
  await aws.close();
}

afterAll(async () => {
  await stop();
  rmSync(dataDirectory, { recursive: true });
});

it("an object has its access control list and its retention after a restart", async () => {
  await start();
  const { Mode: ObjectLockMode, RetainUntilDate: ObjectLockRetainUntilDate } = Retention;
  const protection = { ACL: "public-read", ObjectLockMode, ObjectLockRetainUntilDate } as const;
  await s3.send(new PutObjectCommand({ Bucket, Key, Body: "a", ...protection }));
  await stop();
  await start();
  const { Grants } = await s3.send(new GetObjectAclCommand({ Bucket, Key }));
  expect(Grants).toContainEqual({ Grantee: { Type: "Group", URI: ALL_USERS }, Permission: "READ" });
  expect((await s3.send(new GetObjectRetentionCommand({ Bucket, Key }))).Retention).toEqual(Retention);
});
