import { startEdge } from "./fixture";
import { type Signed, send, signHeaders } from "./signing";

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

const plain = (changes: Partial<Signed>): Signed => ({
  method: "GET",
  path: "/",
  query: {},
  headers: { host },
  body: "",
  ...changes,
});
const signed = (service: string, path: string, headers: Record<string, string> = {}) =>
  signHeaders(host, { service, path, method: "POST", headers, body: "{}" });

describe("One port serves all services", () => {
  test.each<[string, string, () => Signed]>([
    ["s3", "a signature for s3", () => signed("s3", "/photos/1.jpg")],
    ["s3", "no sign of another service", () => plain({ path: "/photos/1.jpg" })],
    ["s3", "a bucket in the host", () => plain({ headers: { host: `photos.localhost:${fixture.port}` } })],
    ["s3", "a bucket named like Lambda's API", () => signed("s3", "/2015-03-31/functions/1.jpg")],
    ["dynamodb", "DynamoDB's target", () => signed("dynamodb", "/", { "x-amz-target": "DynamoDB_20120810.GetItem" })],
    [
      "streams",
      "the streams' target",
      () => signed("dynamodb", "/", { "x-amz-target": "DynamoDBStreams_20120810.GetRecords" }),
    ],
    ["logs", "the target of Logs", () => signed("logs", "/", { "x-amz-target": "Logs_20140328.FilterLogEvents" })],
    ["ssm", "the target of SSM", () => signed("ssm", "/", { "x-amz-target": "AmazonSSM.GetParameter" })],
    ["lambda", "a signature for lambda", () => signed("lambda", "/2015-03-31/functions/A/invocations")],
    ["tinify", "TinyPNG's host", () => plain({ method: "POST", path: "/shrink", headers: { host: "api.tinify.com" } })],
    [
      "tinify",
      "TinyPNG's host with a port",
      () => plain({ headers: { host: "API.tinify.com:443", authorization: "Basic YQ==" } }),
    ],
  ])("%s by %s", async (service, _sign, request) => {
    expect(await send(fixture.port, request())).toMatchObject({ status: 200 });
    expect(fixture.received.map((each) => each.service)).toEqual([service]);
  });

  test.each<[string, () => Signed, RegExp]>([
    [
      "in the query protocol's XML",
      () => signed("sts", "/", { "content-type": "application/x-www-form-urlencoded" }),
      /^<\?xml[^\n]*\n<ErrorResponse><Error><Type>Sender<\/Type><Code>NotImplemented<\/Code><Message>The embedded AWS has no service &quot;sts&quot;; it has s3, dynamodb, streams, lambda, logs, ssm, tinify</,
    ],
    [
      "in JSON",
      () => signed("sqs", "/", { "x-amz-target": "AmazonSQS.SendMessage" }),
      /^\{"__type":"NotImplemented","message":"The embedded AWS has no service \\"sqs\\"/,
    ],
    [
      "by its target alone",
      () => plain({ headers: { host, "x-amz-target": "Kinesis_20131202.PutRecord" } }),
      /Kinesis_20131202/,
    ],
    ["even when its name is JavaScript's", () => signed("constructor", "/"), /constructor/],
  ])("a service that is not here is refused by name, %s", async (_name, request, body) => {
    const answer = await send(fixture.port, request());
    expect(answer.status).toBe(501);
    expect(answer.body).toMatch(body);
  });
});

describe("Only names of this machine are served", () => {
  test.each(["localhost", "LOCALHOST:80", "photos.localhost", "127.0.0.1", "[::1]:4566"])("%s is one", async (name) => {
    expect((await send(fixture.port, plain({ headers: { host: name } }))).status).toBe(200);
  });

  test.each([
    "evil.example",
    "localhost.evil.example",
    "evillocalhost",
    "10.0.0.1",
    "api.tinify.com.evil.example",
    "a b",
  ])("%j is refused, so that no web page rebinds its name to us", async (name) => {
    const answer = await send(fixture.port, plain({ headers: { host: name } }));
    expect(answer.status).toBe(403);
    expect(answer.body).toContain("serves this machine only");
    expect(fixture.received).toEqual([]);
  });
});
