// Who is let into a bucket, as its owner says it through the API, with AWS's own client.

import {
  CreateBucketCommand,
  type CreateBucketCommandInput,
  DeleteBucketCommand,
  DeleteBucketOwnershipControlsCommand,
  DeleteBucketPolicyCommand,
  DeletePublicAccessBlockCommand,
  GetBucketOwnershipControlsCommand,
  GetBucketPolicyCommand,
  GetBucketPolicyStatusCommand,
  GetPublicAccessBlockCommand,
  PutBucketOwnershipControlsCommand,
  PutBucketPolicyCommand,
  PutBucketTaggingCommand,
  PutBucketVersioningCommand,
  PutObjectCommand,
  PutPublicAccessBlockCommand,
  type S3Client,
} from "@aws-sdk/client-s3";
import { refusal, startS3, type TestS3 } from "./harness";

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

const policyFor = (Bucket: string, Principal: unknown = { AWS: "111122223333" }) =>
  JSON.stringify({
    Version: "2012-10-17",
    Statement: [{ Effect: "Allow", Principal, Action: "s3:GetObject", Resource: `arn:aws:s3:::${Bucket}/*` }],
  });

describe("who is let into a bucket", () => {
  it("ownership controls and public access block", async () => {
    const Bucket = await newBucket();
    const put = (ObjectOwnership: string) =>
      s3.send(
        new PutBucketOwnershipControlsCommand({
          Bucket,
          OwnershipControls: { Rules: [{ ObjectOwnership: ObjectOwnership as "ObjectWriter" }] },
        }),
      );
    await put("ObjectWriter");
    expect(await refusal(put("Nobody"))).toBe("InvalidArgument");
    await s3.send(new DeleteBucketOwnershipControlsCommand({ Bucket }));
    const owned = await refusal(s3.send(new GetBucketOwnershipControlsCommand({ Bucket })));
    expect(owned).toBe("OwnershipControlsNotFoundError");
    const PublicAccessBlockConfiguration = { BlockPublicAcls: true, BlockPublicPolicy: false };
    await s3.send(new PutPublicAccessBlockCommand({ Bucket, PublicAccessBlockConfiguration }));
    const found = await s3.send(new GetPublicAccessBlockCommand({ Bucket }));
    expect(found.PublicAccessBlockConfiguration).toEqual({
      BlockPublicAcls: true,
      IgnorePublicAcls: false,
      BlockPublicPolicy: false,
      RestrictPublicBuckets: false,
    });
    await s3.send(new DeletePublicAccessBlockCommand({ Bucket }));
    const block = await refusal(s3.send(new GetPublicAccessBlockCommand({ Bucket })));
    expect(block).toBe("NoSuchPublicAccessBlockConfiguration");
  });

  it("policy: the public is let in only once nothing blocks it", async () => {
    const Bucket = await newBucket();
    await s3.send(new PutObjectCommand({ Bucket, Key: "a", Body: "a" }));
    const put = (Policy: string) => s3.send(new PutBucketPolicyCommand({ Bucket, Policy }));
    await put(policyFor(Bucket));
    expect((await s3.send(new GetBucketPolicyCommand({ Bucket }))).Policy).toBe(policyFor(Bucket));
    const isPublic = async () => (await s3.send(new GetBucketPolicyStatusCommand({ Bucket }))).PolicyStatus?.IsPublic;
    expect(await isPublic()).toBe(false);
    expect(await refusal(put(policyFor(Bucket, "*")))).toBe("AccessDenied");
    expect(await refusal(put("{"))).toBe("MalformedPolicy");
    await s3.send(new DeletePublicAccessBlockCommand({ Bucket }));
    await put(policyFor(Bucket, "*"));
    expect(await isPublic()).toBe(true);
    expect((await aws.send("GET", `/${Bucket}/a`)).status).toBe(200);
    await s3.send(new DeleteBucketPolicyCommand({ Bucket }));
    expect((await aws.send("GET", `/${Bucket}/a`)).status).toBe(403);
    expect(await refusal(s3.send(new GetBucketPolicyStatusCommand({ Bucket })))).toBe("NoSuchBucketPolicy");
  });
});

test("a role does what its policy says of buckets, and nothing else", async () => {
  const Bucket = await newBucket();
  const allowed = aws.asRole({ Effect: "Allow", Action: ["s3:CreateBucket", "s3:PutBucketPolicy"], Resource: "*" });
  await allowed.send(new CreateBucketCommand({ Bucket: "made-by-a-role", CreateBucketConfiguration }));
  await allowed.send(new PutBucketPolicyCommand({ Bucket, Policy: policyFor(Bucket) }));
  const TagSet = [{ Key: "a", Value: "b" }];
  const Rules = [{ ObjectOwnership: "ObjectWriter" }] as const;
  const refused = [
    () => allowed.send(new DeleteBucketCommand({ Bucket })),
    () => allowed.send(new DeleteBucketPolicyCommand({ Bucket })),
    () => allowed.send(new PutBucketVersioningCommand({ Bucket, VersioningConfiguration: { Status: "Enabled" } })),
    () => allowed.send(new PutBucketTaggingCommand({ Bucket, Tagging: { TagSet } })),
    () => allowed.send(new PutBucketOwnershipControlsCommand({ Bucket, OwnershipControls: { Rules: [...Rules] } })),
    () => allowed.send(new DeletePublicAccessBlockCommand({ Bucket })),
    () => aws.asRole().send(new CreateBucketCommand({ Bucket: "made-by-nobody", CreateBucketConfiguration })),
  ];
  for (const call of refused) expect(await refusal(call())).toBe("AccessDenied");
});
