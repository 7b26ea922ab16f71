// Access control lists, where a bucket's Object Ownership lets them count: with AWS's own client, of two accounts.

import {
  CopyObjectCommand,
  CreateBucketCommand,
  type CreateBucketCommandInput,
  DeleteObjectCommand,
  DeletePublicAccessBlockCommand,
  GetBucketAclCommand,
  GetObjectAclCommand,
  GetObjectCommand,
  GetObjectTaggingCommand,
  type Grant,
  HeadBucketCommand,
  ListBucketsCommand,
  ListObjectsCommand,
  ListObjectsV2Command,
  PutBucketAclCommand,
  PutBucketOwnershipControlsCommand,
  PutBucketPolicyCommand,
  PutObjectAclCommand,
  PutObjectCommand,
  PutPublicAccessBlockCommand,
  type S3Client,
} from "@aws-sdk/client-s3";
import { policyOf } from "../iam/account";
import { refusal, startS3, type TestS3 } from "./harness";

const OWNER = "111122223333".padStart(64, "0");
const OTHER = "444455556666".padStart(64, "0");
const ALL_USERS = "http://acs.amazonaws.com/groups/global/AllUsers";

let aws: TestS3;
let owner: S3Client;
let other: S3Client;
let number = 0;
beforeAll(async () => {
  aws = await startS3();
  owner = aws.client;
  other = aws.other;
});
afterAll(() => aws.close());
afterEach(() => expect(aws.bugs).toEqual([]));

/** A bucket with lists, and without the block of public access that it is made with. */
async function newBucket(more: Partial<CreateBucketCommandInput> = {}): Promise<string> {
  number += 1;
  const Bucket = `listed-${number}`;
  const CreateBucketConfiguration = { LocationConstraint: "eu-west-1" } as const;
  await owner.send(
    new CreateBucketCommand({ Bucket, CreateBucketConfiguration, ObjectOwnership: "ObjectWriter", ...more }),
  );
  await owner.send(new DeletePublicAccessBlockCommand({ Bucket }));
  return Bucket;
}

const put = (client: S3Client, Bucket: string, more = {}) =>
  client.send(new PutObjectCommand({ Bucket, Key: "a", Body: "a", ...more }));
const get = (client: S3Client, Bucket: string) => client.send(new GetObjectCommand({ Bucket, Key: "a" }));
const aclOf = (client: S3Client, Bucket: string) => client.send(new GetObjectAclCommand({ Bucket, Key: "a" }));
const granted = ({ Grants = [] }: { Grants?: Grant[] }) =>
  Grants.map(({ Grantee, Permission }) => [Grantee?.URI ?? Grantee?.ID, Permission]);
const anonymous = async (Bucket: string, Key = "a") => (await aws.send("GET", `/${Bucket}/${Key}`)).status;

describe("a bucket's list", () => {
  it("is the owner's alone from the start, and lets others list and write as it says", async () => {
    const Bucket = await newBucket();
    expect(granted(await owner.send(new GetBucketAclCommand({ Bucket })))).toEqual([[OWNER, "FULL_CONTROL"]]);
    const list = () => other.send(new ListObjectsV2Command({ Bucket }));
    expect(await refusal(list())).toBe("AccessDenied");
    await owner.send(new PutBucketAclCommand({ Bucket, ACL: "public-read" }));
    await list();
    expect(await refusal(put(other, Bucket))).toBe("AccessDenied");
    await owner.send(new PutBucketAclCommand({ Bucket, GrantWrite: `id="${OTHER}"` }));
    expect(granted(await owner.send(new GetBucketAclCommand({ Bucket })))).toEqual([[OTHER, "WRITE"]]);
    expect(await refusal(list())).toBe("AccessDenied");
    await put(other, Bucket);
    await put(other, Bucket, { ACL: "public-read" });
    expect(await anonymous(Bucket)).toBe(200);
    expect((await aws.send("PUT", `/${Bucket}/b`, { body: "b" })).status).toBe(403);
  });

  it("comes with its creation, unless it is public: a new bucket blocks that", async () => {
    const Bucket = await newBucket({ GrantRead: `id=${OTHER}` });
    await other.send(new HeadBucketCommand({ Bucket }));
    expect(await refusal(newBucket({ ACL: "public-read" }))).toBe("InvalidBucketAclWithBlockPublicAccessError");
    expect(await refusal(newBucket({ GrantRead: `id=${OTHER}`, ObjectOwnership: "BucketOwnerEnforced" }))).toBe(
      "InvalidBucketAclWithObjectOwnership",
    );
  });

  it("must let nobody else in before Object Ownership turns lists off", async () => {
    const Bucket = await newBucket({ GrantRead: `id=${OTHER}` });
    const Rules = [{ ObjectOwnership: "BucketOwnerEnforced" as const }];
    const enforce = () => owner.send(new PutBucketOwnershipControlsCommand({ Bucket, OwnershipControls: { Rules } }));
    expect(await refusal(enforce())).toBe("InvalidBucketAclWithObjectOwnership");
    await owner.send(new PutBucketAclCommand({ Bucket, ACL: "private" }));
    await put(owner, Bucket, { ACL: "public-read" });
    expect(await anonymous(Bucket)).toBe(200);
    await enforce();
    expect(await anonymous(Bucket)).toBe(403);
    expect(await refusal(owner.send(new PutBucketAclCommand({ Bucket, ACL: "public-read" })))).toBe(
      "AccessControlListNotSupported",
    );
    expect(granted(await aclOf(owner, Bucket))).toEqual([[OWNER, "FULL_CONTROL"]]);
  });

  it.each<[string, object]>([
    ["InvalidArgument", { ACL: "public" }],
    ["NotImplemented", { ACL: "aws-exec-read" }],
    ["InvalidRequest", { ACL: "private", GrantRead: `uri="${ALL_USERS}"` }],
    ["InvalidArgument", { GrantRead: 'uri="http://acs.amazonaws.com/groups/global/Nobody"' }],
    ["InvalidArgument", { GrantRead: `id="${"777788889999".padStart(64, "0")}"` }],
    ["MethodNotAllowed", { GrantRead: 'emailAddress="a@example.com"' }],
    ["AccessDenied", { AccessControlPolicy: { Owner: { ID: OTHER }, Grants: [] } }],
  ])("is refused with %s: %j", async (code, acl) => {
    expect(await refusal(owner.send(new PutBucketAclCommand({ Bucket: await newBucket(), ...acl })))).toBe(code);
  });
});

describe("an object's list", () => {
  it.each(["private", "public-read", "public-read-write", "authenticated-read"] as const)(
    "%s lets in whom it says",
    async (ACL) => {
      const Bucket = await newBucket();
      await put(owner, Bucket, { ACL });
      const isPublic = ACL.startsWith("public");
      expect(await anonymous(Bucket)).toBe(isPublic ? 200 : 403);
      expect(await refusal(get(other, Bucket))).toBe(ACL === "private" ? "AccessDenied" : "accepted");
      expect(await refusal(get(aws.asRole(), Bucket))).toBe(ACL === "private" ? "AccessDenied" : "accepted");
      expect(await refusal(other.send(new GetObjectTaggingCommand({ Bucket, Key: "a" })))).toBe("AccessDenied");
    },
  );

  it("belongs to its writer, and so does the object: the bucket's owner may delete it, not read it", async () => {
    const Bucket = await newBucket({ GrantWrite: `id=${OTHER}` });
    await put(other, Bucket);
    expect(await aclOf(other, Bucket)).toMatchObject({ Owner: { ID: OTHER } });
    expect(await refusal(get(owner, Bucket))).toBe("AccessDenied");
    await owner.send(
      new PutBucketPolicyCommand({
        Bucket,
        Policy: policyOf({ Effect: "Allow", Principal: "*", Action: "s3:*", Resource: `arn:aws:s3:::${Bucket}/*` }),
      }),
    );
    expect(await refusal(get(owner, Bucket))).toBe("AccessDenied");
    const { Contents } = await owner.send(new ListObjectsCommand({ Bucket }));
    expect(Contents?.[0]?.Owner?.ID).toBe(OTHER);
    await other.send(new PutObjectAclCommand({ Bucket, Key: "a", ACL: "bucket-owner-read" }));
    await get(owner, Bucket);
    expect(await refusal(owner.send(new PutObjectAclCommand({ Bucket, Key: "a", ACL: "private" })))).toBe(
      "AccessDenied",
    );
    await owner.send(new DeleteObjectCommand({ Bucket, Key: "a" }));
  });

  it("gives the object away under BucketOwnerPreferred, when its writer says so", async () => {
    const Bucket = await newBucket({ GrantWrite: `id=${OTHER}`, ObjectOwnership: "BucketOwnerPreferred" });
    await put(other, Bucket);
    expect((await aclOf(other, Bucket)).Owner?.ID).toBe(OTHER);
    await put(other, Bucket, { ACL: "bucket-owner-full-control" });
    expect((await aclOf(owner, Bucket)).Owner?.ID).toBe(OWNER);
    await get(owner, Bucket);
  });

  it("is not copied along, and is replaced without a new version", async () => {
    const Bucket = await newBucket();
    await put(owner, Bucket, { ACL: "public-read" });
    await owner.send(new CopyObjectCommand({ Bucket, Key: "b", CopySource: `${Bucket}/a` }));
    expect(await anonymous(Bucket, "b")).toBe(403);
    const Grants: Grant[] = [
      { Grantee: { Type: "Group", URI: ALL_USERS }, Permission: "READ_ACP" },
      { Grantee: { Type: "CanonicalUser", ID: OTHER }, Permission: "READ" },
    ];
    const AccessControlPolicy = { Owner: { ID: OWNER }, Grants };
    await owner.send(new PutObjectAclCommand({ Bucket, Key: "a", AccessControlPolicy }));
    expect(granted(await aclOf(other, Bucket))).toEqual([
      [ALL_USERS, "READ_ACP"],
      [OTHER, "READ"],
    ]);
    await get(other, Bucket);
    expect(await anonymous(Bucket)).toBe(403);
  });

  it("does not stand against a policy that denies, nor against the block of public access", async () => {
    const Bucket = await newBucket();
    await put(owner, Bucket, { ACL: "public-read" });
    const block = (more: object) =>
      owner.send(new PutPublicAccessBlockCommand({ Bucket, PublicAccessBlockConfiguration: more }));
    await block({ IgnorePublicAcls: true });
    expect(await anonymous(Bucket)).toBe(403);
    await block({ BlockPublicAcls: true });
    expect(await anonymous(Bucket)).toBe(200);
    expect(await refusal(put(owner, Bucket, { ACL: "authenticated-read" }))).toBe("AccessDenied");
    const Statement = { Effect: "Deny", Principal: "*", Action: "s3:GetObject", Resource: `arn:aws:s3:::${Bucket}/*` };
    await owner.send(new PutBucketPolicyCommand({ Bucket, Policy: policyOf(Statement) }));
    expect(await anonymous(Bucket)).toBe(403);
  });
});

it("another account has buckets of its own, whose names are taken", async () => {
  const Bucket = "of-another-account";
  const CreateBucketConfiguration = { LocationConstraint: "eu-west-1" } as const;
  await other.send(new CreateBucketCommand({ Bucket, CreateBucketConfiguration }));
  expect(await refusal(newBucket({ Bucket }))).toBe("BucketAlreadyExists");
  expect((await other.send(new ListBucketsCommand({}))).Buckets?.map(({ Name }) => Name)).toEqual([Bucket]);
  expect(await refusal(put(owner, Bucket))).toBe("AccessDenied");
  expect(await refusal(owner.send(new HeadBucketCommand({ Bucket })))).toBe("Unknown");
  await put(other, Bucket);
  await other.send(
    new PutBucketPolicyCommand({
      Bucket,
      Policy: policyOf({
        Effect: "Allow",
        Principal: { AWS: "arn:aws:iam::111122223333:root" },
        Action: "s3:GetObject",
        Resource: `arn:aws:s3:::${Bucket}/*`,
      }),
    }),
  );
  await get(owner, Bucket);
  // Across accounts both sides must allow.
  expect(await refusal(get(aws.asRole(), Bucket))).toBe("AccessDenied");
});
