import { DynamoDBClient, ListTablesCommand } from "@aws-sdk/client-dynamodb";
import { GetObjectCommand, ListObjectsV2Command, PutObjectCommand, S3Client } from "@aws-sdk/client-s3";
import { getSignedUrl } from "@aws-sdk/s3-request-presigner";
import { ADMINISTRATOR, issueRoleKeys, REGION, startEdge } from "./fixture";
import { codeOf, presign, type Signed, send, signHeaders } from "./signing";

let fixture: Awaited<ReturnType<typeof startEdge>>;
beforeAll(async () => {
  fixture = await startEdge();
});
afterAll(() => fixture.close());
beforeEach(() => {
  fixture.received.length = 0;
});

describe("What the AWS SDK signs is accepted", () => {
  const clientOf = (credentials: object, forcePathStyle = true) =>
    new S3Client({ endpoint: fixture.endpoint, region: REGION, credentials: credentials as never, forcePathStyle });

  const KEYS = ["original/1.jpg", "original/a b+c.jpg", "ü/(1)'!*~.jpg", "a//b", "%41", "=&?#;:@$,"];
  test.each(KEYS)("for the key %s, in headers and in a presigned URL", async (Key) => {
    const client = clientOf(ADMINISTRATOR);
    await client.send(
      new PutObjectCommand({ Bucket: "photos", Key, Body: "photo", Metadata: { "user-profile-id": "1" } }),
    );
    const url = await getSignedUrl(client, new PutObjectCommand({ Bucket: "photos", Key }));
    expect((await fetch(url, { method: "PUT", body: "photo" })).status).toBe(200);
    client.destroy();
    expect(fixture.received.map(({ service, body }) => `${service} ${body}`)).toEqual(["s3 photo", "s3 photo"]);
    expect(fixture.received[0]?.context.caller).toMatchObject({
      kind: "administrator",
      arn: "arn:aws:iam::111122223333:user/administrator",
    });
  });

  test("for lists with every kind of query", async () => {
    const client = clientOf(ADMINISTRATOR);
    await client.send(new ListObjectsV2Command({ Bucket: "photos", Prefix: "a b+/ü", Delimiter: "/" }));
    client.destroy();
    expect(fixture.received[0]?.context.query.get("prefix")).toBe("a b+/ü");
  });

  test("for buckets in the host name", async () => {
    // bucket.localhost may resolve to IPv6 first, so the name is only sent, not looked up.
    const signed = signHeaders(`photos.localhost:${fixture.port}`, { path: "/1.jpg" });
    expect((await send(fixture.port, signed)).status).toBe(200);
  });

  test("for a role's keys, whose requests are the role's", async () => {
    const keys = issueRoleKeys(fixture);
    const client = clientOf(keys);
    await client.send(new GetObjectCommand({ Bucket: "photos", Key: "1.jpg" }));
    expect((await fetch(await getSignedUrl(client, new GetObjectCommand({ Bucket: "photos", Key: "1" })))).status).toBe(
      200,
    );
    client.destroy();
    expect(fixture.received.map(({ context }) => context.caller)).toMatchObject([keys.caller, keys.caller]);
  });

  test("for DynamoDB, whose body is signed too", async () => {
    const client = new DynamoDBClient({ endpoint: fixture.endpoint, region: REGION, credentials: ADMINISTRATOR });
    await client.send(new ListTablesCommand({ Limit: 7 }));
    client.destroy();
    expect(fixture.received[0]).toMatchObject({ service: "dynamodb" });
    expect(String(fixture.received[0]?.body)).toBe('{"Limit":7}');
  });

  test("the service gets what it takes to check a streamed body", async () => {
    const signed = signHeaders(`127.0.0.1:${fixture.port}`, {
      headers: { "x-amz-content-sha256": "UNSIGNED-PAYLOAD" },
    });
    await send(fixture.port, signed);
    const signature = fixture.received[0]?.context.signature;
    expect(signature).toMatchObject({
      payloadHash: "UNSIGNED-PAYLOAD",
      signature: signed.headers.authorization?.split("Signature=")[1],
      date: signed.headers["x-amz-date"],
      scope: `${signed.headers["x-amz-date"]?.slice(0, 8)}/eu-west-1/s3/aws4_request`,
    });
    expect(signature?.sign("text")).toMatch(/^[0-9a-f]{64}$/);
  });

  test("unsigned requests to S3 are anonymous", async () => {
    expect((await fetch(`${fixture.endpoint}/photos/1.jpg`)).status).toBe(200);
    expect(fixture.received[0]?.context).toMatchObject({ caller: { kind: "anonymous" }, signature: undefined });
  });
});

test("a role's keys without, with another, and after revocation with their token", async () => {
  const edge = await startEdge();
  try {
    const host = `127.0.0.1:${edge.port}`;
    const keys = issueRoleKeys(edge);
    const { accessKeyId, secretAccessKey } = keys;
    const codes = async (signed: Signed) => codeOf((await send(edge.port, signed)).body);
    expect(await codes(signHeaders(host, { keys: { accessKeyId, secretAccessKey } }))).toBe("InvalidAccessKeyId");
    expect(await codes(signHeaders(host, { keys: { ...keys, sessionToken: "other" } }))).toBe("InvalidToken");
    expect(await codes(presign(host, { keys: { ...keys, sessionToken: "other" } }))).toBe("InvalidToken");
    expect(await codes(signHeaders(host, { keys }))).toBe("");
    edge.iam.revoke(accessKeyId);
    expect(await codes(signHeaders(host, { keys }))).toBe("InvalidAccessKeyId");
  } finally {
    await edge.close();
  }
});

test("the Date header serves where x-amz-date is missing", async () => {
  const signed = signHeaders(`127.0.0.1:${fixture.port}`, { headers: { date: new Date().toUTCString() } });
  delete signed.headers["x-amz-date"];
  expect(codeOf((await send(fixture.port, signed)).body)).toBe("SignatureDoesNotMatch");
});
