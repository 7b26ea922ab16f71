// Bytes that are hardly HTTP, and requests that break the rules of HTTP rather than those of a service.

import type { Names } from "./names";
import type { Random } from "./random";
import type { FuzzRequest } from "./request";

/** Pieces that follow a host header; each ends the head itself. */
const HEADS = [
  "Content-Length: 5\r\nContent-Length: 6\r\n\r\nhello",
  "Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
  "Content-Length: -1\r\n\r\n",
  "Content-Length: 99999999999999999999\r\n\r\n",
  "Transfer-Encoding: chunked\r\n\r\nZZ\r\n",
  "Transfer-Encoding: chunked\r\n\r\nffffffffffffffffff\r\nx",
  "Transfer-Encoding: chunked\r\n\r\n5\r\nhelloX",
  "Transfer-Encoding: chunked, gzip\r\n\r\n",
  "Transfer-Encoding: chunked\r\n\r\n1;ext=\u0000\r\na\r\n0\r\nTrailer: x\r\n\r\n",
  "Upgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Key: AA==\r\n\r\n",
  "Upgrade: h2c\r\nConnection: Upgrade, HTTP2-Settings\r\nHTTP2-Settings: AA\r\n\r\n",
  "Expect: 200-ok\r\n\r\n",
  "Expect: 100-continue\r\nContent-Length: 3\r\n\r\nabc",
  "Bad Header: x\r\n\r\n",
  "X: a\r\n b\r\n\r\n",
  "X: \u0000\r\n\r\n",
  "Connection: close\r\n\r\n",
  "Authorization: AWS4-HMAC-SHA256\r\n\r\n",
  "Authorization: AWS4-HMAC-SHA256 Credential=test/////, SignedHeaders=;;, Signature=\r\n\r\n",
  "Authorization: AWS4-HMAC-SHA256 Credential=test/20260101/eu-west-1/s3/aws4_request, SignedHeaders=host, Signature=00\r\nX-Amz-Date: 99999999T999999Z\r\n\r\n",
  "Authorization: AWS test:AAAA\r\n\r\n",
  "Authorization: Basic \u00ff\r\n\r\n",
  "X-Amz-Target: DynamoDB_20120810.\r\n\r\n",
  "X-Amz-Target: __proto__.constructor\r\nContent-Type: application/json\r\n\r\n",
  "Cookie: a\r\nCookie: b\r\nX-Amz-Date: 1\r\nX-Amz-Date: 2\r\n\r\n",
];
const PATHS = [
  "/",
  "*",
  "http://example.org/x",
  "http://127.0.0.1/",
  "//",
  "/%",
  "/%zz",
  "/?%",
  "/\u00e4",
  "/?X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Credential=test",
  "/?X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Credential=test/20260101/eu-west-1/s3/aws4_request&X-Amz-Date=20260101T000000Z&X-Amz-Expires=1e9&X-Amz-SignedHeaders=host&X-Amz-Signature=0",
  "/?AWSAccessKeyId=test&Expires=9999999999999&Signature=%3D",
  "/a/b?__proto__=x&constructor=y",
  "/2015-03-31/functions/x/invocations",
  "/2018-06-01/runtime/invocation/next",
  "example.org:443",
];
const METHODS = [
  "GET",
  "HEAD",
  "POST",
  "PUT",
  "DELETE",
  "OPTIONS",
  "CONNECT",
  "TRACE",
  "PATCH",
  "PROPFIND",
  "get",
  "G\u0000T",
];
const FIRST_BYTES = [
  "\u0016\u0003\u0001\u0002\u0000\u0001",
  "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
  "SSH-2.0-x\r\n",
  "\r\n\r\n\r\n",
  "GET",
  "GET / HTTP/9.9\r\n\r\n",
];

/** Bytes that are no request, or half of one. */
export function rawNoise(random: Random): FuzzRequest {
  const bytes = Buffer.concat([
    Buffer.from(random.chance(0.5) ? random.pick(FIRST_BYTES) : "", "latin1"),
    random.bytes(random.below(400)),
  ]);
  return { kind: "noise", bytes, methods: [], ends: random.chance(0.5) ? "half-close" : "hang-up" };
}

/** Requests whose head or framing is wrong; one after another on one connection now and then. */
export function brokenHttp(random: Random, names: Names): FuzzRequest {
  const methods: string[] = [];
  let text = "";
  for (let count = random.chance(0.2) ? 4 : 1; count > 0; count -= 1) {
    const method = random.pick(METHODS);
    const host = random.pick([
      names.host,
      names.host,
      names.host,
      "evil.example",
      "",
      `${names.bucket}.localhost`,
      "[::1",
    ]);
    const huge = random.chance(0.05) ? `X-Huge: ${"h".repeat(40_000)}\r\n` : "";
    const many = random.chance(0.05) ? "X-Many: 1\r\n".repeat(2500) : "";
    methods.push(method);
    text += `${method} ${random.pick(PATHS)} HTTP/1.${random.pick(["1", "1", "0", "7"])}\r\nHost: ${host}\r\n${huge}${many}${random.pick(HEADS)}`;
  }
  return {
    kind: "http",
    bytes: Buffer.from(text, "latin1"),
    methods,
    ends: random.chance(0.7) ? "half-close" : "hang-up",
  };
}
