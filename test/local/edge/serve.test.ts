import { once } from "node:events";
import { request as httpRequest } from "node:http";
import { connect } from "node:net";
import { AwsError } from "../../../local/aws-error";
import type { Service } from "../../../local/service";
import { type EdgeFixtureOptions, issueRoleKeys, sendBytes, startEdge } from "./fixture";
import { presign, type Signed, send, signHeaders } from "./signing";

type Fixture = Awaited<ReturnType<typeof startEdge>>;

const open: Fixture[] = [];
afterEach(() => Promise.all(open.splice(0).map((fixture) => fixture.close())));

async function start(options?: EdgeFixtureOptions) {
  const fixture = await startEdge(options);
  open.push(fixture);
  return { ...fixture, host: `127.0.0.1:${fixture.port}` };
}

const put = (host: string, body: string): Signed => signHeaders(host, { method: "PUT", body });
const listTables = (host: string, body = "{}"): Signed =>
  signHeaders(host, {
    method: "POST",
    path: "/",
    service: "dynamodb",
    headers: { "x-amz-target": "DynamoDB_20120810.ListTables", "content-type": "application/x-amz-json-1.0" },
    body,
  });

/** The head of a request as bytes, without its closing empty line. */
const headOf = ({ method, path, headers }: Signed): string =>
  [`${method} ${path} HTTP/1.1`, ...Object.entries(headers).map(([name, value]) => `${name}: ${value}`)].join("\r\n");

describe("Every request is published once", () => {
  test("with its service, operation, resource, caller, trace and time when it succeeds", async () => {
    const { host, port, activities, received } = await start();
    const { headers, ...signed } = put(host, "photo");
    await send(port, {
      ...signed,
      headers: { ...headers, "x-amzn-trace-id": "Root=1-5759e988-bd862e3fe1be46a994272793" },
    });
    expect(activities).toEqual([
      {
        at: expect.any(Number),
        ms: expect.any(Number),
        service: "s3",
        action: "Stub",
        resource: "arn:aws:s3:::stub",
        requestId: received[0]?.context.requestId,
        traceId: "Root=1-5759e988-bd862e3fe1be46a994272793",
        caller: "arn:aws:iam::111122223333:user/administrator",
        error: undefined,
        request: { method: "PUT", path: "/photos/1.jpg", headers: expect.objectContaining({ "content-length": "5" }) },
        response: { status: 200, headers: expect.objectContaining({ etag: '"0"' }) },
        detail: { bytes: 5 },
      },
    ]);
    expect(Math.abs(Date.now() - (activities[0]?.at ?? 0))).toBeLessThan(60_000);
  });

  test("with the error's code when it is refused", async () => {
    const { host, port, activities } = await start();
    const signed = put(host, "photo");
    await send(port, { ...signed, path: "/other" });
    expect(activities).toMatchObject([{ service: "s3", action: "PUT", error: "SignatureDoesNotMatch" }]);
  });

  test("request ids have the form of their service", async () => {
    const { host, port, received } = await start();
    await send(port, put(host, "photo"));
    await send(port, listTables(host));
    expect(received[0]?.context.requestId).toMatch(/^[0-9A-Z]{16}$/);
    expect(received[1]?.context.requestId).toMatch(/^[0-9a-f]{8}-([0-9a-f]{4}-){3}[0-9a-f]{12}$/);
  });
});

describe("A request and its response are published with it", () => {
  const SECRET = "hunter2-".repeat(3);
  test("as texts of JSON, cut when they are long, where the service lets them", async () => {
    const { port, host, activities } = await start();
    await send(port, listTables(host, '{"Limit":1}'));
    await send(port, listTables(host, JSON.stringify({ ExclusiveStartTableName: "t".repeat(5_000) })));
    expect(activities[0]).toMatchObject({
      request: { method: "POST", body: '{"Limit":1}', headers: { "x-amz-target": "DynamoDB_20120810.ListTables" } },
      response: { status: 200, body: "{}" },
    });
    expect(activities[1]?.request?.body).toHaveLength(4_097);
  });

  test("with the message of a refusal", async () => {
    const error = new AwsError("NoSuchKey", "The specified key does not exist.", 404);
    const { port, host, activities } = await start({ handle: () => Promise.reject(error) });
    await send(port, put(host, ""));
    expect(activities[0]).toMatchObject({
      error: "NoSuchKey",
      response: { status: 404, message: "The specified key does not exist." },
    });
  });

  test("without keys, tokens, signatures and the bytes of pictures", async () => {
    const fixture = await start();
    const { host, port, activities } = fixture;
    const keys = issueRoleKeys(fixture);
    const customer = { "x-amz-server-side-encryption-customer-key": SECRET };
    await send(port, signHeaders(host, { method: "PUT", body: SECRET, keys, headers: customer }));
    await send(port, presign(host, { keys }));
    await send(port, {
      method: "POST",
      path: "/shrink",
      query: {},
      headers: { host: "api.tinify.com", authorization: `Basic ${SECRET}` },
      body: SECRET,
    });
    await send(port, signHeaders(host, { service: "ssm", method: "POST", body: JSON.stringify({ Value: SECRET }) }));
    await send(port, signHeaders(host, { service: "logs", method: "POST", body: JSON.stringify({ Value: SECRET }) }));
    expect(activities.map(({ service }) => service)).toEqual(["iam", "s3", "s3", "tinify", "ssm", "logs"]);
    const text = JSON.stringify(activities);
    for (const each of [SECRET, keys.sessionToken, keys.secretAccessKey, keys.accessKeyId, "Signature="]) {
      expect(text).not.toContain(each);
    }
  });
});

describe("What a service throws becomes a response", () => {
  const throwing =
    (error: unknown): Service["handle"] =>
    async () => {
      throw error;
    };

  test("a refusal is the service's own response, and no bug", async () => {
    const { host, port, bugs } = await start({ handle: throwing(new AwsError("NoSuchKey", "No such key", 404)) });
    expect(await send(port, put(host, ""))).toMatchObject({ status: 404, body: expect.stringContaining("NoSuchKey") });
    expect(bugs).toEqual([]);
  });

  test.each([
    ["DynamoDB", listTables, 400],
    ["Lambda", (host: string) => signHeaders(host, { service: "lambda", path: "/2015-03-31/functions/" }), 403],
  ])("IAM's AccessDenied has another name and status for %s", async (_name, sign, status) => {
    const { host, port, activities } = await start({ handle: throwing(new AwsError("AccessDenied", "no", 403)) });
    const answer = await send(port, sign(host));
    expect([answer.status, JSON.parse(answer.body)]).toEqual([
      status,
      { __type: "AccessDeniedException", message: "no" },
    ]);
    expect(activities[0]?.error).toBe("AccessDeniedException");
  });

  test.each<[string, unknown]>([
    ["an error", new TypeError("x is not a function")],
    ["something that is not an error", "oops"],
    ["nothing", undefined],
  ])("a bug, %s, is an InternalError without a trace of it, and is reported", async (_name, bug) => {
    const { host, port, bugs, activities } = await start({ handle: throwing(bug) });
    const answer = await send(port, put(host, ""));
    expect(answer.status).toBe(500);
    expect(answer.body).toMatch(/<Code>InternalError<\/Code>/);
    expect(answer.body).not.toMatch(/not a function|oops|serve\.ts/);
    expect(bugs).toEqual([bug]);
    expect(activities[0]?.error).toBe("InternalError");
  });

  test("a service that forgets to respond is a bug", async () => {
    const { host, port, bugs } = await start({ handle: async () => {} });
    expect((await send(port, put(host, ""))).status).toBe(500);
    expect(String(bugs[0])).toContain("s3 left PUT /photos/1.jpg without a response");
  });

  test("half a response breaks the connection", async () => {
    const { host, port, bugs } = await start({
      handle: async (_request, response) => {
        response.writeHead(200, { "content-length": 10 });
        await new Promise<void>((resolve) => response.write("half", () => resolve()));
        throw new TypeError("half way");
      },
    });
    await expect(send(port, put(host, ""))).rejects.toThrow(/aborted|hang up/);
    expect(bugs).toHaveLength(1);
  });

  test("a refusal in the middle of an upload leaves the connection good for the next request", async () => {
    const { host, port } = await start({
      handle: async (request, response, { caller }) => {
        if (caller.kind === "anonymous") {
          response.end();
          return;
        }
        await once(request, "data");
        request.pause();
        throw new AwsError("BadDigest", "no", 400);
      },
    });
    const body = "x".repeat(2_000_000);
    const signed = put(host, body);
    const first = headOf({ ...signed, headers: { ...signed.headers, "content-length": String(body.length) } });
    const second = `GET / HTTP/1.1\r\nHost: ${host}\r\nConnection: close`;
    const answers = await sendBytes(port, `${first}\r\n\r\n${body}${second}\r\n\r\n`);
    expect(answers.match(/HTTP\/1.1 \d+/g)).toEqual(["HTTP/1.1 400", "HTTP/1.1 200"]);
  });
});

describe("Bodies", () => {
  test("are handed over whole to all services but S3", async () => {
    const { host, port, received } = await start();
    const body = JSON.stringify({ text: "x".repeat(1_000_000) });
    await send(port, listTables(host, body));
    expect(received[0]?.context.body.toString()).toBe(body);
  });

  test.each(["content-length", "transfer-encoding"])("beyond 16 MB are refused, with %s", async (framing) => {
    const { host, port, received } = await start();
    const signed = listTables(host);
    const request = httpRequest({ port, host: "127.0.0.1", method: "POST", path: "/", headers: signed.headers });
    request.setHeader(framing, framing === "content-length" ? String(17 * 1024 * 1024) : "chunked");
    request.on("error", () => {});
    const answered = once(request, "response");
    const chunk = Buffer.alloc(1024 * 1024, "x");
    for (let megabyte = 0; megabyte < 17; megabyte += 1) request.write(chunk);
    request.end();
    const [response] = await answered;
    expect(response.statusCode).toBe(413);
    let text = "";
    for await (const piece of response) text += piece;
    expect(JSON.parse(text).__type).toBe("RequestEntityTooLargeException");
    expect(received).toEqual([]);
    request.destroy();
  });

  test("of which the client gives up half way are not bugs, and are published", async () => {
    const { host, port, activities, bugs, account } = await start();
    expect(account.endpoint).toBe(`http://${host}`);
    const signed = put(host, "photo");
    const socket = connect(port, "127.0.0.1");
    socket.write(`${headOf({ ...signed, headers: { ...signed.headers, "content-length": "1000" } })}\r\n\r\nhalf`);
    socket.end();
    await once(socket.resume(), "close");
    expect(bugs).toEqual([]);
    expect(activities).toMatchObject([{ service: "s3", error: "ClientDisconnected" }]);
  });
});

describe("Expect: 100-continue", () => {
  const expecting = (signed: Signed, length: number) =>
    `${headOf({ ...signed, headers: { ...signed.headers, expect: "100-continue", "content-length": String(length) } })}\r\n\r\n`;

  test.each([
    ["S3", (host: string) => put(host, "photo"), "photo"],
    ["DynamoDB", (host: string) => listTables(host), "{}"],
  ])("is sent once the head holds: %s", async (_name, sign, body) => {
    const { host, port, received } = await start();
    const socket = connect(port, "127.0.0.1").setEncoding("latin1");
    socket.write(expecting(sign(host), body.length));
    const [first] = await once(socket, "data");
    expect(first).toBe("HTTP/1.1 100 Continue\r\n\r\n");
    socket.write(body);
    const [second] = await once(socket, "data");
    expect(second).toMatch(/^HTTP\/1.1 200 /);
    expect(received.map((each) => String(each.body))).toEqual([body]);
    socket.destroy();
  });

  test.each([
    ["S3", (host: string) => ({ ...put(host, "photo"), path: "/other" }), 403, 5],
    [
      "an unknown key",
      (host: string) => signHeaders(host, { service: "dynamodb", keys: { accessKeyId: "x", secretAccessKey: "x" } }),
      400,
      5,
    ],
    ["a body that is too large", (host: string) => listTables(host), 413, 2 ** 30],
  ])("is not sent when the head is refused, and the connection ends: %s", async (_name, sign, status, length) => {
    const { host, port } = await start();
    const answer = await sendBytes(port, expecting(sign(host), length));
    expect(answer).toMatch(new RegExp(`^HTTP/1.1 ${status} `));
    expect(answer).toMatch(/\r\nConnection: close\r\n/i);
  });
});
