// Requests signed by hand with Signature Version 4, for what the SDK never sends: signed chunks, and bodies that lie.

import { createHash, createHmac } from "node:crypto";
import { crc32 } from "node:zlib";

const EMPTY = createHash("sha256").digest("hex");
const sha256 = (data: Buffer | string) => createHash("sha256").update(data).digest("hex");
const hmac = (key: Buffer | string, text: string) => createHmac("sha256", key).update(text).digest();

/** Signs the head of a request to a path without special characters; test/test is the key. */
export function signHead(
  port: number,
  method: string,
  path: string,
  payloadHash: string,
  more: Record<string, string>,
) {
  const date = new Date().toISOString().replace(/[-:]|\.\d+/g, "");
  const scope = `${date.slice(0, 8)}/eu-west-1/s3/aws4_request`;
  const headers: Record<string, string> = {
    host: `127.0.0.1:${port}`,
    "x-amz-content-sha256": payloadHash,
    "x-amz-date": date,
    ...more,
  };
  const names = Object.keys(headers).sort();
  const [pathname, query = ""] = path.split("?");
  const canonical = [
    method,
    pathname,
    query,
    ...names.map((name) => `${name}:${headers[name]}`),
    "",
    names.join(";"),
    payloadHash,
  ];
  const key = scope.split("/").reduce<Buffer | string>(hmac, "AWS4test") as Buffer;
  const signature = hmac(key, ["AWS4-HMAC-SHA256", date, scope, sha256(canonical.join("\n"))].join("\n")).toString(
    "hex",
  );
  headers.authorization = `AWS4-HMAC-SHA256 Credential=test/${scope}, SignedHeaders=${names.join(";")}, Signature=${signature}`;
  return { headers, date, scope, key, signature };
}

/** Wraps bytes in signed chunks, with a trailer where one is given. */
export function signChunks(
  head: ReturnType<typeof signHead>,
  bytes: Buffer,
  chunkBytes: number,
  trailer?: string,
): Buffer {
  const pieces: (Buffer | string)[] = [];
  let previous = head.signature;
  for (let offset = 0; ; offset += chunkBytes) {
    const chunk = bytes.subarray(offset, offset + chunkBytes);
    const text = ["AWS4-HMAC-SHA256-PAYLOAD", head.date, head.scope, previous, EMPTY, sha256(chunk)].join("\n");
    previous = hmac(head.key, text).toString("hex");
    pieces.push(`${chunk.length.toString(16)};chunk-signature=${previous}\r\n`);
    if (chunk.length === 0) break;
    pieces.push(chunk, "\r\n");
  }
  if (trailer !== undefined) {
    const text = ["AWS4-HMAC-SHA256-TRAILER", head.date, head.scope, previous, sha256(`${trailer}\n`)].join("\n");
    pieces.push(`${trailer}\r\nx-amz-trailer-signature:${hmac(head.key, text).toString("hex")}\r\n`);
  }
  pieces.push("\r\n");
  return Buffer.concat(pieces.map((piece) => (typeof piece === "string" ? Buffer.from(piece) : piece)));
}

/** Base64 of a CRC32, as a header carries it. */
export function crc32Of(bytes: Buffer): string {
  const value = Buffer.alloc(4);
  value.writeUInt32BE(crc32(bytes));
  return value.toString("base64");
}
