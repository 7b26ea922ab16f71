import { DynamoDBClient, ListTablesCommand } from "@aws-sdk/client-dynamodb";
import { GetObjectCommand, ListObjectsV2Command, PutObjectCommand, S3Client } from "@aws-sdk/client-s3";
import { getSignedUrl } from "@aws-sdk/s3-request-presigner";
import { ADMINISTRATOR, issueRoleKeys, REGION, startEdge } from "./fixture";
import { presign, type Signed, type Signing, send, signHeaders } from "./signing";

type Fixture = Awaited<ReturnType<typeof startEdge>>;

const NOW = Date.parse("2026-11-24T12:00:00Z");
const MINUTE = 60_000;
const TARGET = { "x-amz-target": "DynamoDB_20120810.ListTables", "content-type": "application/x-amz-json-1.0" };

/** An edge whose clock stands still at NOW, for signatures of any age. */
let still: Fixture;
let host: string;
beforeAll(async () => {
  still = await startEdge({ clock: () => NOW });
  host = `127.0.0.1:${still.port}`;
});
afterAll(() => still.close());

const codeOf = (body: string) => /<Code>(.*?)<\/Code>/.exec(body)?.[1] ?? (body && JSON.parse(body).__type);
const messageOf = (body: string) => /<Message>(.*?)<\/Message>/s.exec(body)?.[1] ?? JSON.parse(body).message;

describe("What the AWS SDK signs is accepted", () => {
  let fixture: Fixture;
  beforeAll(async () => {
    fixture = await startEdge();
  });
  afterAll(() => fixture.close());
  beforeEach(() => {
    fixture.received.length = 0;
  });
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
    expect(fixture.received[0]?.context.caller).toEqual({
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
    expect(fixture.received.map(({ context }) => context.caller)).toEqual([keys.caller, keys.caller]);
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

describe("S3 refuses in its own words", () => {
  const sign = (signing: Signing = {}) => signHeaders(host, { atMs: NOW, ...signing });
  const query = (signing: Signing = {}) => presign(host, { atMs: NOW, ...signing });
  const tampered = (signed: Signed, change: (signed: Signed) => void): Signed => {
    change(signed);
    return signed;
  };
  const withAuthorization = (authorization: string) =>
    tampered(sign(), (signed) => {
      signed.headers.authorization = authorization;
    });
  const withoutParameter = (name: string) =>
    tampered(query(), (signed) => {
      delete signed.query[name];
    });

  test.each<[string, () => Signed]>([
    ["14 minutes ago", () => sign({ atMs: NOW - 14 * MINUTE })],
    ["in 14 minutes", () => sign({ atMs: NOW + 14 * MINUTE })],
    ["presigned an hour ago for a week", () => query({ atMs: NOW - 60 * MINUTE, expires: "604800" })],
    [
      "without spaces in the header",
      () => withAuthorization((sign().headers.authorization ?? "").replaceAll(", ", ",")),
    ],
  ])("but not a request signed %s", async (_name, request) => {
    expect((await send(still.port, request())).status).toBe(200);
  });

  test.each<[string, () => Signed, number, string, RegExp]>([
    [
      "another path",
      () => tampered(sign(), (s) => (s.path = "/photos/2.jpg")),
      403,
      "SignatureDoesNotMatch",
      /Check your key/,
    ],
    [
      "another method",
      () => tampered(sign(), (s) => (s.method = "DELETE")),
      403,
      "SignatureDoesNotMatch",
      /signing method/,
    ],
    [
      "another query",
      () => tampered(sign({ query: { a: "1" } }), (s) => (s.query.a = "2")),
      403,
      "SignatureDoesNotMatch",
      /./,
    ],
    ["one query parameter more", () => tampered(query(), (s) => (s.query.acl = "")), 403, "SignatureDoesNotMatch", /./],
    [
      "another value of a signed header",
      () => tampered(sign({ headers: { "x-amz-meta-a": "1" } }), (s) => (s.headers["x-amz-meta-a"] = "2")),
      403,
      "SignatureDoesNotMatch",
      /./,
    ],
    [
      "another payload hash",
      () => tampered(sign(), (s) => (s.headers["x-amz-content-sha256"] = "0".repeat(64))),
      403,
      "SignatureDoesNotMatch",
      /./,
    ],
    [
      "a longer life",
      () => tampered(query(), (s) => (s.query["X-Amz-Expires"] = "61")),
      403,
      "SignatureDoesNotMatch",
      /./,
    ],
    [
      "a wrong secret",
      () => sign({ keys: { accessKeyId: "test", secretAccessKey: "guess" } }),
      403,
      "SignatureDoesNotMatch",
      /./,
    ],
    [
      "half a signature",
      () => withAuthorization((sign().headers.authorization ?? "").slice(0, -32)),
      403,
      "SignatureDoesNotMatch",
      /./,
    ],
    [
      "an unknown key",
      () => sign({ keys: { accessKeyId: "AKIAUNKNOWN", secretAccessKey: "test" } }),
      403,
      "InvalidAccessKeyId",
      /does not exist in our records/,
    ],
    [
      "an unsigned x-amz header",
      () => sign({ headers: { "x-amz-meta-a": "1" }, unsigned: ["x-amz-meta-a"] }),
      403,
      "AccessDenied",
      /headers present in the request which were not signed/,
    ],
    [
      "an x-amz header beside a presigned URL",
      () => tampered(query(), (s) => (s.headers["x-amz-acl"] = "public-read")),
      403,
      "AccessDenied",
      /not signed/,
    ],
    ["an unsigned host", () => sign({ unsigned: ["host"] }), 403, "AccessDenied", /not signed/],
    [
      "a signature of 16 minutes ago",
      () => sign({ atMs: NOW - 16 * MINUTE }),
      403,
      "RequestTimeTooSkewed",
      /too large/,
    ],
    ["a signature of the future", () => sign({ atMs: NOW + 16 * MINUTE }), 403, "RequestTimeTooSkewed", /too large/],
    ["an expired URL", () => query({ atMs: NOW - 61_000 }), 403, "AccessDenied", /^Request has expired$/],
    ["a URL of the future", () => query({ atMs: NOW + 16 * MINUTE }), 403, "AccessDenied", /not valid yet/],
    [
      "a URL for more than a week",
      () => query({ expires: "604801" }),
      400,
      "AuthorizationQueryParametersError",
      /less than a week/,
    ],
    [
      "a URL for a negative time",
      () => query({ expires: "-1" }),
      400,
      "AuthorizationQueryParametersError",
      /non-negative/,
    ],
    [
      "a URL for no time",
      () => query({ expires: "soon" }),
      400,
      "AuthorizationQueryParametersError",
      /should be a number/,
    ],
    [
      "a URL of another date format",
      () => tampered(query(), (s) => (s.query["X-Amz-Date"] = "2026-11-24")),
      400,
      "AuthorizationQueryParametersError",
      /ISO8601/,
    ],
    ...["X-Amz-Credential", "X-Amz-Date", "X-Amz-Expires", "X-Amz-SignedHeaders", "X-Amz-Signature"].map(
      (name): [string, () => Signed, number, string, RegExp] => [
        `a URL without ${name}`,
        () => withoutParameter(name),
        400,
        "AuthorizationQueryParametersError",
        /requires the X-Amz-Algorithm, X-Amz-Credential/,
      ],
    ),
    [
      "a URL for another region",
      () => query({ region: "us-east-1" }),
      400,
      "AuthorizationQueryParametersError",
      /the region 'us-east-1' is wrong; expecting 'eu-west-1'/,
    ],
    [
      "another region",
      () => sign({ region: "us-east-1" }),
      400,
      "AuthorizationHeaderMalformed",
      /the region 'us-east-1' is wrong; expecting 'eu-west-1'/,
    ],
    [
      "another day than its own",
      () => sign({ date: "20261123" }),
      400,
      "AuthorizationHeaderMalformed",
      /credential date "20261123"/,
    ],
    [
      "another terminator",
      () => sign({ terminator: "aws5_request" }),
      400,
      "AuthorizationHeaderMalformed",
      /terminal "aws5_request"/,
    ],
    [
      "a credential with a part too few",
      () =>
        withAuthorization("AWS4-HMAC-SHA256 Credential=test/20261124/s3/aws4_request, SignedHeaders=host, Signature=0"),
      400,
      "AuthorizationHeaderMalformed",
      /the Credential is mal-formed; expecting/,
    ],
    [
      "a header without a signature",
      () =>
        withAuthorization("AWS4-HMAC-SHA256 Credential=test/20261124/eu-west-1/s3/aws4_request, SignedHeaders=host"),
      400,
      "AuthorizationHeaderMalformed",
      /three components: Credential, SignedHeaders, and Signature; missing Signature/,
    ],
    [
      "an empty header of the scheme",
      () => withAuthorization("AWS4-HMAC-SHA256"),
      400,
      "AuthorizationHeaderMalformed",
      /missing Credential/,
    ],
    [
      "an unknown scheme",
      () => withAuthorization("Basic dGVzdDp0ZXN0"),
      400,
      "InvalidArgument",
      /Unsupported Authorization Type/,
    ],
    [
      "a version 2 header",
      () => withAuthorization("AWS test:c2lnbmF0dXJl"),
      400,
      "InvalidRequest",
      /Please use AWS4-HMAC-SHA256/,
    ],
    [
      "a header and a query at once",
      () => tampered(query(), (s) => (s.headers.authorization = sign().headers.authorization ?? "")),
      400,
      "InvalidArgument",
      /Only one auth mechanism allowed/,
    ],
    [
      "no date at all",
      () => tampered(sign(), (s) => delete s.headers["x-amz-date"]),
      403,
      "AccessDenied",
      /requires a valid Date or x-amz-date header/,
    ],
    [
      "no payload hash",
      () => tampered(sign(), (s) => delete s.headers["x-amz-content-sha256"]),
      400,
      "InvalidRequest",
      /Missing required header for this request: x-amz-content-sha256/,
    ],
    [
      "a payload hash that is none",
      () => sign({ headers: { "x-amz-content-sha256": "STREAMING-SOMETHING" } }),
      400,
      "InvalidArgument",
      /x-amz-content-sha256 must be UNSIGNED-PAYLOAD/,
    ],
    [
      "a token with long-term keys",
      () => sign({ keys: { ...ADMINISTRATOR, sessionToken: "token" } }),
      400,
      "InvalidToken",
      /malformed or otherwise invalid/,
    ],
  ])("%s", async (_name, request, status, code, message) => {
    const answer = await send(still.port, request());
    expect([answer.status, codeOf(answer.body)]).toEqual([status, code]);
    expect(messageOf(answer.body)).toMatch(message);
  });

  test("a mismatch shows what was compared", async () => {
    const answer = await send(still.port, sign({ keys: { accessKeyId: "test", secretAccessKey: "guess" } }));
    expect(answer.body).toContain("<AWSAccessKeyId>test</AWSAccessKeyId>");
    expect(answer.body).toMatch(
      /<StringToSign>AWS4-HMAC-SHA256\n20261124T120000Z\n20261124\/eu-west-1\/s3\/aws4_request\n/,
    );
    expect(answer.body).toMatch(/<CanonicalRequest>GET\n\/photos\/1.jpg\n\nhost:127.0.0.1:/);
  });

  test("a wrong region names the right one, so that the CLI can follow", async () => {
    const answer = await send(still.port, sign({ region: "us-east-1" }));
    expect(answer.body).toContain("<Region>eu-west-1</Region>");
  });

  test("a role's keys without, with another, and after revocation with their token", async () => {
    const keys = issueRoleKeys(still);
    const { accessKeyId, secretAccessKey } = keys;
    const codes = async (signed: Signed) => codeOf((await send(still.port, signed)).body);
    expect(await codes(sign({ keys: { accessKeyId, secretAccessKey } }))).toBe("InvalidAccessKeyId");
    expect(await codes(sign({ keys: { ...keys, sessionToken: "other" } }))).toBe("InvalidToken");
    expect(await codes(query({ keys: { ...keys, sessionToken: "other" } }))).toBe("InvalidToken");
    expect(await codes(sign({ keys }))).toBe("");
    still.iam.revoke(accessKeyId);
    expect(await codes(sign({ keys }))).toBe("InvalidAccessKeyId");
  });

  test("the Date header serves where x-amz-date is missing", async () => {
    const signed = sign({ headers: { date: new Date(NOW).toUTCString() } });
    delete signed.headers["x-amz-date"];
    expect(codeOf((await send(still.port, signed)).body)).toBe("SignatureDoesNotMatch");
  });
});

describe("The JSON services refuse in their own words", () => {
  const sign = (signing: Signing = {}) =>
    signHeaders(host, {
      atMs: NOW,
      method: "POST",
      path: "/",
      service: "dynamodb",
      headers: TARGET,
      body: "{}",
      ...signing,
    });
  const unsigned = (path: string, headers: Record<string, string>): Signed => ({
    method: "POST",
    path,
    query: {},
    headers: { host, ...headers },
    body: "{}",
  });
  const changed = (signed: Signed, changes: Partial<Signed>): Signed => ({ ...signed, ...changes });

  test.each<[string, () => Signed, number, string, RegExp]>([
    [
      "no signature for DynamoDB",
      () => unsigned("/", TARGET),
      400,
      "MissingAuthenticationTokenException",
      /missing Auth/,
    ],
    [
      "no signature for Lambda",
      () => unsigned("/2015-03-31/functions/", {}),
      403,
      "MissingAuthenticationTokenException",
      /^Missing Auth/,
    ],
    [
      "another body",
      () => changed(sign(), { body: '{"a":1}' }),
      400,
      "InvalidSignatureException",
      /does not match.*Canonical String/s,
    ],
    [
      "an unknown key",
      () => sign({ keys: { accessKeyId: "nobody", secretAccessKey: "x" } }),
      400,
      "UnrecognizedClientException",
      /security token included in the request is invalid/,
    ],
    [
      "an unknown key for Lambda",
      () =>
        sign({
          keys: { accessKeyId: "nobody", secretAccessKey: "x" },
          service: "lambda",
          headers: {},
          path: "/2015-03-31/functions/",
        }),
      403,
      "UnrecognizedClientException",
      /security token/,
    ],
    [
      "an old signature",
      () => sign({ atMs: NOW - 16 * MINUTE }),
      400,
      "InvalidSignatureException",
      /^Signature expired: 20261124T114400Z is now earlier than 20261124T114500Z \(20261124T120000Z - 15 min\.\)$/,
    ],
    [
      "a signature of the future",
      () => sign({ atMs: NOW + 16 * MINUTE }),
      400,
      "InvalidSignatureException",
      /^Signature not yet current: 20261124T121600Z/,
    ],
    [
      "another region",
      () => sign({ region: "us-east-1" }),
      400,
      "InvalidSignatureException",
      /valid region, not 'us-east-1'/,
    ],
    [
      "another service",
      () => sign({ service: "logs" }),
      400,
      "InvalidSignatureException",
      /correct service: 'dynamodb'/,
    ],
    [
      "another terminator",
      () => sign({ terminator: "x" }),
      400,
      "InvalidSignatureException",
      /valid terminator: 'aws4_request', not 'x'/,
    ],
    ["another day", () => sign({ date: "20261123" }), 400, "InvalidSignatureException", /'20261123' != '20261124'/],
    [
      "an unsigned host",
      () => sign({ unsigned: ["host"] }),
      400,
      "InvalidSignatureException",
      /'host' must be a 'SignedHeader'/,
    ],
    [
      "a credential with a part too few",
      () =>
        changed(sign(), {
          headers: {
            host,
            ...TARGET,
            authorization: "AWS4-HMAC-SHA256 Credential=a/b, SignedHeaders=host, Signature=0",
          },
        }),
      400,
      "IncompleteSignatureException",
      /exactly 5 slash-delimited elements.*'a\/b'/,
    ],
    [
      "a header without its parts",
      () => changed(sign(), { headers: { host, ...TARGET, authorization: "AWS4-HMAC-SHA256 x" } }),
      400,
      "IncompleteSignatureException",
      /requires 'Credential' parameter\. .*requires 'SignedHeaders' parameter\. .*requires 'Signature' parameter/,
    ],
    [
      "another algorithm",
      () => changed(sign(), { headers: { host, ...TARGET, authorization: "AWS3 x" } }),
      400,
      "IncompleteSignatureException",
      /Unsupported AWS 'algorithm': 'AWS3'/,
    ],
    [
      "a token with long-term keys",
      () => sign({ keys: { ...ADMINISTRATOR, sessionToken: "token" } }),
      400,
      "UnrecognizedClientException",
      /security token/,
    ],
  ])("%s", async (_name, request, status, code, message) => {
    const answer = await send(still.port, request());
    expect([answer.status, codeOf(answer.body)]).toEqual([status, code]);
    expect(messageOf(answer.body)).toMatch(message);
  });

  test("a presigned URL serves as well, with the hash of the body that comes", async () => {
    const signing: Signing = { service: "lambda", path: "/2015-03-31/functions/", atMs: NOW };
    const emptyHash = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";
    expect((await send(still.port, presign(host, { ...signing, payloadHash: emptyHash }))).status).toBe(200);
    expect(codeOf((await send(still.port, presign(host, signing))).body)).toBe("InvalidSignatureException");
  });
});
