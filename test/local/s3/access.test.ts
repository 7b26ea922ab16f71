import {
  CopyObjectCommand,
  DeleteObjectCommand,
  GetObjectCommand,
  HeadObjectCommand,
  ListObjectsV2Command,
  PutObjectCommand,
} from "@aws-sdk/client-s3";
import { getSignedUrl } from "@aws-sdk/s3-request-presigner";
import { policyOf } from "../iam/account";
import { BUCKET, OPEN, startS3, type TestS3 } from "./harness";

const ARN = `arn:aws:s3:::${BUCKET}`;
const allow = (Action: string | string[], Resource: string, more = {}) => ({
  Effect: "Allow",
  Action,
  Resource,
  ...more,
});
const PUBLIC_READ = policyOf({ ...allow("s3:GetObject", `${ARN}/public/*`), Principal: "*" });
let aws: TestS3;
beforeEach(async () => {
  aws = await startS3();
  for (const Key of ["original/a.jpg", "public/a.jpg"]) {
    await aws.client.send(new PutObjectCommand({ Bucket: BUCKET, Key, Body: "x", Tagging: "t=1" }));
  }
});
afterEach(() => aws.close());

describe("a role", () => {
  it("gets what its policy allows and AWS's refusal for the rest", async () => {
    const client = aws.asRole(allow("s3:GetObject", `${ARN}/original/*`));
    await client.send(new GetObjectCommand({ Bucket: BUCKET, Key: "original/a.jpg" }));
    await expect(client.send(new GetObjectCommand({ Bucket: BUCKET, Key: "public/a.jpg" }))).rejects.toMatchObject({
      name: "AccessDenied",
      message: expect.stringMatching(
        /^User: arn:aws:sts::111122223333:assumed-role\/Role\d\/function is not authorized to perform: s3:GetObject on resource: "arn:aws:s3:::[^"]*\/public\/a\.jpg" because no identity-based policy allows the s3:GetObject action$/,
      ),
    });
    await expect(client.send(new DeleteObjectCommand({ Bucket: BUCKET, Key: "original/a.jpg" }))).rejects.toMatchObject(
      {
        name: "AccessDenied",
      },
    );
  });

  it("learns that a key is missing only when it may list the bucket", async () => {
    const head = new HeadObjectCommand({ Bucket: BUCKET, Key: "original/none.jpg" });
    const blind = aws.asRole(allow("s3:GetObject", `${ARN}/*`));
    await expect(blind.send(head)).rejects.toMatchObject({ $metadata: { httpStatusCode: 403 } });
    const seeing = aws.asRole(allow("s3:GetObject", `${ARN}/*`), allow("s3:ListBucket", ARN));
    await expect(seeing.send(head)).rejects.toMatchObject({ $metadata: { httpStatusCode: 404 } });
  });

  it("needs s3:GetObject too to delete what has a given ETag", async () => {
    const at = { Bucket: BUCKET, Key: "original/a.jpg" };
    const { ETag } = await aws.client.send(new HeadObjectCommand(at));
    const conditional = new DeleteObjectCommand({ ...at, IfMatch: ETag });
    await expect(aws.asRole(allow("s3:DeleteObject", `${ARN}/*`)).send(conditional)).rejects.toMatchObject({
      message: expect.stringContaining("s3:GetObject"),
    });
    await aws.asRole(allow(["s3:DeleteObject", "s3:GetObject"], `${ARN}/*`)).send(conditional);
  });

  it("needs s3:PutObjectTagging to put tags along, and sees their number only with s3:GetObjectTagging", async () => {
    const put = (client: typeof aws.client, Tagging?: string) =>
      client.send(new PutObjectCommand({ Bucket: BUCKET, Key: "thumbnails/a.jpg", Body: "x", Tagging }));
    const writer = aws.asRole(allow(["s3:PutObject", "s3:GetObject"], `${ARN}/thumbnails/*`));
    await put(writer);
    await expect(put(writer, "Thumbnail=true")).rejects.toMatchObject({
      message: expect.stringContaining("s3:PutObjectTagging"),
    });
    const tagger = aws.asRole(allow(["s3:PutObject", "s3:PutObjectTagging"], `${ARN}/thumbnails/*`));
    await put(tagger, "Thumbnail=true");
    const read = new GetObjectCommand({ Bucket: BUCKET, Key: "thumbnails/a.jpg" });
    expect((await writer.send(read)).TagCount).toBeUndefined();
    expect((await aws.client.send(read)).TagCount).toBe(1);
  });

  it("lists under the prefix of its condition only", async () => {
    const Condition = { StringLike: { "s3:prefix": "original/*" } };
    const client = aws.asRole(allow("s3:ListBucket", ARN, { Condition }));
    await client.send(new ListObjectsV2Command({ Bucket: BUCKET, Prefix: "original/" }));
    await expect(client.send(new ListObjectsV2Command({ Bucket: BUCKET, Prefix: "public/" }))).rejects.toMatchObject({
      name: "AccessDenied",
    });
    await expect(client.send(new ListObjectsV2Command({ Bucket: BUCKET }))).rejects.toMatchObject({
      name: "AccessDenied",
    });
  });

  it("copies with rights on both ends, and on the tags", async () => {
    const copy = new CopyObjectCommand({ Bucket: BUCKET, Key: "copy", CopySource: `${BUCKET}/original/a.jpg` });
    const actions = ["s3:GetObject", "s3:GetObjectTagging", "s3:PutObject", "s3:PutObjectTagging"];
    await aws.asRole(allow(actions, `${ARN}/*`)).send(copy);
    for (const missing of actions) {
      const client = aws.asRole(
        allow(
          actions.filter((action) => action !== missing),
          `${ARN}/*`,
        ),
      );
      await expect(client.send(copy)).rejects.toMatchObject({ message: expect.stringContaining(`${missing} on`) });
    }
  });

  it("needs s3:GetObject too for a write on condition of what is there", async () => {
    const put = (IfMatch: string) =>
      new PutObjectCommand({ Bucket: BUCKET, Key: "original/a.jpg", Body: "y", IfMatch });
    const client = aws.asRole(allow("s3:PutObject", `${ARN}/*`));
    await expect(client.send(put('"x"'))).rejects.toMatchObject({ name: "AccessDenied" });
  });
});

describe("the public", () => {
  const statusOf = async (key: string) => (await aws.send("GET", `/${BUCKET}/${key}`)).status;

  it("is refused by default, and so is a policy that would let it in", async () => {
    expect(await statusOf("public/a.jpg")).toBe(403);
    await expect(aws.call("PutBucketPolicy", { Policy: PUBLIC_READ })).rejects.toMatchObject({
      code: "AccessDenied",
      status: 403,
      message: expect.stringContaining("BlockPublicPolicy"),
    });
  });

  it("reads what an unblocked policy opens, and nothing else", async () => {
    await aws.call("PutPublicAccessBlock", { PublicAccessBlockConfiguration: OPEN });
    await aws.call("PutBucketPolicy", { Policy: PUBLIC_READ });
    expect(await statusOf("public/a.jpg")).toBe(200);
    expect(await statusOf("original/a.jpg")).toBe(403);
    expect(await statusOf("public/none.jpg")).toBe(403);
    expect((await aws.send("PUT", `/${BUCKET}/public/b.jpg`, { body: "x" })).status).toBe(403);
    const overridden = await aws.send("GET", `/${BUCKET}/public/a.jpg?response-content-type=text/html`);
    expect(overridden.body).toContain("cannot be used for anonymous GET requests");
  });

  it("comes from the page that the policy names, or gets nothing", async () => {
    await aws.call("PutPublicAccessBlock", { PublicAccessBlockConfiguration: OPEN });
    const Condition = { StringLike: { "aws:Referer": "https://www.example.com/*" } };
    const Statement = { ...allow("s3:GetObject", `${ARN}/*`, { Condition }), Principal: "*" };
    await aws.call("PutBucketPolicy", { Policy: policyOf(Statement) });
    const from = async (headers: { referer?: string }) =>
      (await aws.send("GET", `/${BUCKET}/public/a.jpg`, { headers })).status;
    expect(await from({ referer: "https://www.example.com/page" })).toBe(200);
    expect(await from({ referer: "https://example.org/" })).toBe(403);
    expect(await from({})).toBe(403);
  });

  it("gets nothing that is encrypted with AWS's own KMS key", async () => {
    const Key = "public/kms.jpg";
    await aws.client.send(new PutObjectCommand({ Bucket: BUCKET, Key, Body: "x", ServerSideEncryption: "aws:kms" }));
    await aws.call("PutPublicAccessBlock", { PublicAccessBlockConfiguration: OPEN });
    await aws.call("PutBucketPolicy", { Policy: PUBLIC_READ });
    expect(await aws.send("GET", `/${BUCKET}/${Key}`)).toMatchObject({
      status: 400,
      body: expect.stringContaining("require AWS Signature Version 4"),
    });
  });

  it("is shut out again by RestrictPublicBuckets", async () => {
    await aws.call("PutPublicAccessBlock", { PublicAccessBlockConfiguration: OPEN });
    await aws.call("PutBucketPolicy", { Policy: PUBLIC_READ });
    await aws.call("PutPublicAccessBlock", {
      PublicAccessBlockConfiguration: { ...OPEN, RestrictPublicBuckets: true },
    });
    expect(await statusOf("public/a.jpg")).toBe(403);
    await aws.asRole().send(new GetObjectCommand({ Bucket: BUCKET, Key: "public/a.jpg" }));
  });
});

describe("access control lists", () => {
  const put = (more: object) =>
    aws.client.send(new PutObjectCommand({ Bucket: BUCKET, Key: "acl", Body: "x", ...more }));

  it("are refused, but for the one that says what holds anyway", async () => {
    await put({ ACL: "bucket-owner-full-control" });
    await expect(put({ ACL: "public-read" })).rejects.toMatchObject({
      name: "AccessControlListNotSupported",
      message: "The bucket does not allow ACLs",
    });
    await expect(put({ GrantRead: 'uri="http://acs.amazonaws.com/groups/global/AllUsers"' })).rejects.toMatchObject({
      name: "AccessControlListNotSupported",
    });
  });
});

describe("a presigned URL", () => {
  it("lets its bearer upload with the metadata in it; the SDK's checksum of an empty body is ignored, as on S3", async () => {
    const put = new PutObjectCommand({ Bucket: BUCKET, Key: "original/b.jpg", Metadata: { "user-profile-id": "5" } });
    const url = await getSignedUrl(aws.client, put);
    expect(url).toContain("x-amz-checksum-crc32=AAAAAA%3D%3D");
    expect((await fetch(url, { method: "PUT", body: "photo" })).status).toBe(200);
    const object = await aws.client.send(new GetObjectCommand({ Bucket: BUCKET, Key: "original/b.jpg" }));
    expect(object).toMatchObject({ ContentLength: 5, Metadata: { "user-profile-id": "5" } });
  });

  it("lets its bearer download under another type and name", async () => {
    const get = new GetObjectCommand({
      Bucket: BUCKET,
      Key: "original/a.jpg",
      ResponseContentType: "image/png",
      ResponseContentDisposition: 'attachment; filename="me.png"',
    });
    const response = await fetch(await getSignedUrl(aws.client, get));
    expect(response.headers.get("content-type")).toBe("image/png");
    expect(response.headers.get("content-disposition")).toBe('attachment; filename="me.png"');
  });
});
