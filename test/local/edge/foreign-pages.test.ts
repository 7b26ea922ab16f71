// What a web page can make its user's browser send: the key pair is known to all, so a signature proves nothing here.

import { createHash } from "node:crypto";
import { once } from "node:events";
import { type IncomingMessage, request } from "node:http";
import { startEdge } from "./fixture";
import { codeOf, messageOf, presign, type Signed, send, signHeaders } from "./signing";

type Fixture = Awaited<ReturnType<typeof startEdge>>;

let fixture: Fixture;
let host: string;
beforeAll(async () => {
  fixture = await startEdge();
  host = `127.0.0.1:${fixture.port}`;
});
afterAll(() => fixture.close());
beforeEach(() => {
  fixture.received.length = 0;
});

/** Other than S3, Lambda wants the body's hash signed in a query, too. */
const LAMBDA = { service: "lambda", payloadHash: createHash("sha256").digest("hex") };

/** Signed in the query, as a page does with the public keys: no header of it needs a preflight. */
const REQUESTS: readonly [string, () => Signed][] = [
  ["lambda", () => presign(host, { ...LAMBDA, method: "POST", path: "/2015-03-31/functions/A/invocations" })],
  ["lambda", () => presign(host, { ...LAMBDA, path: "/2015-03-31/functions" })],
  [
    "dynamodb",
    () =>
      signHeaders(host, {
        service: "dynamodb",
        method: "POST",
        path: "/",
        headers: { "x-amz-target": "DynamoDB_20120810.Scan" },
      }),
  ],
  [
    "tinify",
    () => ({ method: "POST", path: "/shrink", query: {}, headers: { host: "api.tinify.com" }, body: "photo" }),
  ],
];
const requestTo = (service: string) => (REQUESTS.find(([name]) => name === service) as [string, () => Signed])[1]();

const from = (signed: Signed, headers: Record<string, string>): Signed => ({
  ...signed,
  headers: { ...signed.headers, ...headers },
});

const FOREIGN: readonly Record<string, string>[] = [
  { origin: "https://evil.example" },
  { origin: "http://localhost:3000" },
  { origin: "null" },
  { "sec-fetch-site": "cross-site", "sec-fetch-dest": "image" },
  { "sec-fetch-site": "same-site", "sec-fetch-dest": "document" },
];

describe("A page of another origin", () => {
  test.each(REQUESTS.flatMap(([service, request]) => FOREIGN.map((headers) => [service, headers, request] as const)))(
    "reaches no %s with %j",
    async (service, headers, request) => {
      const { status, body } = await send(fixture.port, from(request(), headers));
      expect(status).toBe(service === "lambda" ? 403 : 400);
      expect(codeOf(body)).toBe("AccessDeniedException");
      expect(messageOf(body)).toBe(
        `The embedded AWS takes no ${request().method} from web pages of other origins (given ${
          headers.origin === undefined ? `Sec-Fetch-Site ${headers["sec-fetch-site"]}` : `Origin ${headers.origin}`
        })`,
      );
      expect(fixture.received).toEqual([]);
    },
  );

  test("is refused before its body is read", async () => {
    const { method, path, headers } = from(requestTo("tinify"), { origin: "null", "content-length": "1000" });
    const outgoing = request({ host: "127.0.0.1", port: fixture.port, method, path, headers });
    outgoing.flushHeaders();
    const [{ statusCode }] = (await once(outgoing, "response")) as [IncomingMessage];
    expect(statusCode).toBe(400);
    outgoing.destroy();
  });

  test("reaches S3 with a preflight alone, whose signature in the query does not matter", async () => {
    const signed = presign(host, { method: "PUT", headers: { "if-none-match": "*" } });
    const preflight = { ...signed, method: "OPTIONS", headers: { host, "access-control-request-method": "PUT" } };
    expect(await send(fixture.port, preflight)).toMatchObject({ status: 200 });
    expect(fixture.received).toMatchObject([{ service: "s3", context: { caller: { kind: "anonymous" } } }]);
    const inHeader = signHeaders(host, { method: "OPTIONS" });
    inHeader.headers.authorization += "0";
    expect((await send(fixture.port, inHeader)).status).toBe(200);
  });
});

describe("Who is not a page of another origin notices nothing:", () => {
  test.each<[string, Record<string, string>]>([
    ["a client that is not a browser", {}],
    ["Node's fetch", { "sec-fetch-mode": "cors" }],
    ["an address that was typed", { "sec-fetch-site": "none", "sec-fetch-dest": "document" }],
    ["a request of the endpoint's own origin", { "sec-fetch-site": "same-origin", origin: "OWN" }],
  ])("%s", async (_who, { origin, ...headers }) => {
    for (const [, request] of REQUESTS) {
      const signed = request();
      const own: Record<string, string> = origin === undefined ? {} : { origin: `http://${signed.headers.host}` };
      expect(await send(fixture.port, from(signed, { ...headers, ...own }))).toMatchObject({ status: 200 });
    }
    expect(fixture.received).toHaveLength(REQUESTS.length);
  });
});

describe("A response is nothing but bytes to a browser", () => {
  test.each<[string, () => Signed]>([
    ["S3's", () => signHeaders(host, {})],
    ["S3's refusal", () => presign(host, { keys: { accessKeyId: "nobody", secretAccessKey: "x" } })],
    ["DynamoDB's", () => requestTo("dynamodb")],
    ["Lambda's", () => requestTo("lambda")],
    ["TinyPNG's", () => requestTo("tinify")],
    ["of no service", () => signHeaders(host, { service: "sts" })],
    ["of no host of this machine", () => ({ ...requestTo("lambda"), headers: { host: "evil.example" } })],
  ])("%s", async (_whose, request) => {
    expect((await send(fixture.port, request())).headers).toMatchObject({
      "x-content-type-options": "nosniff",
      "content-security-policy": "sandbox; default-src 'none'",
      "cross-origin-resource-policy": "same-origin",
    });
  });
});
