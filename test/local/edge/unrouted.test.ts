import { createHash } from "node:crypto";
import { once } from "node:events";
import { connect } from "node:net";
import { sendBytes, startEdge } from "./fixture";

type Fixture = Awaited<ReturnType<typeof startEdge>>;

let fixture: Fixture;
beforeAll(async () => {
  fixture = await startEdge();
});
afterAll(() => fixture.close());

const get = (path: string, headers = "Host: localhost\r\nConnection: close\r\n") =>
  `GET ${path} HTTP/1.1\r\n${headers}\r\n`;

describe("Malformed HTTP gets a response and never a stack trace", () => {
  test.each<[string, string | Buffer, number]>([
    ["noise", "\x16\x03\x01\x02\x00\x01\x00", 400],
    ["a request line of words", "Hello, is anybody there?\r\n\r\n", 400],
    ["an unknown method", "FETCH / HTTP/1.1\r\nHost: localhost\r\n\r\n", 400],
    ["a header without a colon", get("/", "Host: localhost\r\nnonsense\r\n"), 400],
    ["two content lengths", get("/", "Host: localhost\r\nContent-Length: 1\r\nContent-Length: 2\r\n"), 400],
    ["a length and chunks", get("/", "Host: localhost\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n"), 400],
    ["a negative length", get("/", "Host: localhost\r\nContent-Length: -1\r\n"), 400],
    ["headers without end", get("/", `Host: localhost\r\nX: ${"x".repeat(64 * 1024)}\r\n`), 431],
    ["a path without end", get(`/${"x".repeat(64 * 1024)}`), 431],
    ["no host", "GET / HTTP/1.1\r\nConnection: close\r\n\r\n", 400],
    ["no host in HTTP/1.0", "GET / HTTP/1.0\r\n\r\n", 403],
    ["half a percent sign in the path", get("/photos/%"), 400],
    ["no hex after a percent sign", get("/photos/%zz.jpg"), 400],
    ["half a percent sign in the query", get("/photos?prefix=%4"), 400],
    ["a path that is a star", "OPTIONS * HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n", 400],
    ["an empty authorization", get("/", "Host: localhost\r\nAuthorization:\r\nConnection: close\r\n"), 400],
    ["an Amz credential of slashes", get("/?X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Credential=////"), 400],
  ])("%s", async (_name, bytes, status) => {
    const answer = await sendBytes(fixture.port, bytes);
    expect(answer).toMatch(new RegExp(`^HTTP/1\\.1 ${status} `));
    expect(answer).not.toMatch(/ {4}at |node:internal|\.ts:/);
    expect(fixture.bugs).toEqual([]);
  });

  test.each(["http://localhost/photos/1.jpg", "/photos/%ff%00.jpg", "//", "/?&&=&", "/photos/1.jpg?x=%ff"])(
    "%s is odd, but can be asked for",
    async (path) => {
      expect(await sendBytes(fixture.port, get(path))).toMatch(/^HTTP\/1.1 200 /);
    },
  );

  test("an unknown expectation is ignored", async () => {
    expect(await sendBytes(fixture.port, get("/", "Host: localhost\r\nExpect: x\r\nConnection: close\r\n"))).toMatch(
      /^HTTP\/1.1 200 /,
    );
  });

  test("a proxy's form of the target is cut to its path", async () => {
    await sendBytes(fixture.port, get("http://localhost:1/photos/1.jpg?a=1"));
    expect(fixture.received.at(-1)?.context.path).toBe("/photos/1.jpg");
  });

  test("a HEAD gets no body with its refusal", async () => {
    const answer = await sendBytes(fixture.port, "HEAD / HTTP/1.1\r\nHost: evil.example\r\nConnection: close\r\n\r\n");
    expect(answer).toMatch(/^HTTP\/1.1 403 .*\r\n\r\n$/s);
  });

  test("tunnels and broken chunks end the connection", async () => {
    expect(await sendBytes(fixture.port, "CONNECT example.com:443 HTTP/1.1\r\nHost: localhost\r\n\r\n")).toBe("");
    const chunked = "PUT /a HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\nxyz\r\n";
    expect(await sendBytes(fixture.port, chunked)).toMatch(/^HTTP\/1.1 400 |^$/);
  });
});

describe("After all kinds of noise", () => {
  /** Deterministic bytes, so that a failure can be repeated. */
  function* noise(count: number) {
    for (let index = 0; index < count; index += 1) {
      const digest = createHash("sha512").update(String(index)).digest();
      const starts = [
        "GET ",
        "PUT /",
        "POST / HTTP/1.1\r\nHost: localhost\r\n",
        "GET /%",
        "",
        "GET / HTTP/1.1\r\nHost: localhost\r\nAuthorization: AWS4-HMAC-SHA256 ",
      ];
      const ends = ["\r\n\r\n", " HTTP/1.1\r\n\r\n", "", "\r\nContent-Length: 99\r\n\r\nx"];
      yield Buffer.concat([
        Buffer.from(starts[index % starts.length] ?? ""),
        digest,
        Buffer.from(ends[index % ends.length] ?? ""),
      ]);
    }
  }

  test("the edge still serves, knows of no bug and holds no connection", async () => {
    const { edge: _edge, ...fresh } = await startEdge();
    for (const bytes of noise(300)) {
      const socket = connect(fresh.port, "127.0.0.1").on("error", () => {});
      socket.end(bytes);
      await once(socket.resume(), "close");
    }
    expect(await sendBytes(fresh.port, get("/photos/1.jpg"))).toMatch(/^HTTP\/1.1 200 /);
    expect(fresh.bugs).toEqual([]);
    await fresh.close();
  });
});
