import { ADMINISTRATOR, startEdge } from "./fixture";
import { codeOf, messageOf, presign, type Signed, type Signing, send, signHeaders } from "./signing";

const NOW = Date.parse("2026-11-24T12:00:00Z");
const MINUTE = 60_000;

/** An edge whose clock stands still at NOW, for signatures of any age. */
let still: Awaited<ReturnType<typeof startEdge>>;
let host: string;
beforeAll(async () => {
  still = await startEdge({ clock: () => NOW });
  host = `127.0.0.1:${still.port}`;
});
afterAll(() => still.close());

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
  /** As boto3 presigns by default in eu-west-1. */
  const versionTwo = (change: Record<string, string>): Signed => {
    const { method, path, body } = sign();
    const signature = { AWSAccessKeyId: "test", Signature: "c2lnbmF0dXJl", Expires: String(NOW / 1000 + 60) };
    return { method, path, body, headers: { host }, query: { ...signature, ...change } };
  };
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
    ["a version 2 URL", () => versionTwo({}), 400, "InvalidRequest", /Please use AWS4-HMAC-SHA256/],
    [
      "a version 2 URL whose time is over",
      () => versionTwo({ Expires: "1" }),
      400,
      "InvalidRequest",
      /Please use AWS4-HMAC-SHA256/,
    ],
    [
      "a version 2 URL beside a header",
      () => tampered(sign(), (s) => Object.assign(s.query, versionTwo({}).query)),
      400,
      "InvalidArgument",
      /Only one auth mechanism allowed/,
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
      "a malformed payload hash",
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
});
