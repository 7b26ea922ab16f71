import { ADMINISTRATOR, startEdge } from "./fixture";
import { codeOf, messageOf, presign, type Signed, type Signing, send, signHeaders } from "./signing";

const NOW = Date.parse("2026-11-24T12:00:00Z");
const MINUTE = 60_000;
const TARGET = { "x-amz-target": "DynamoDB_20120810.ListTables", "content-type": "application/x-amz-json-1.0" };

/** An edge whose clock stands still at NOW, for signatures of any age. */
let still: Awaited<ReturnType<typeof startEdge>>;
let host: string;
beforeAll(async () => {
  still = await startEdge({ clock: () => NOW });
  host = `127.0.0.1:${still.port}`;
});
afterAll(() => still.close());

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
