// A signer of its own for the tests: requests of any form, right or wrong, over plain fetch-like HTTP.

import { createHash, createHmac } from "node:crypto";
import { request as httpRequest } from "node:http";
import { ADMINISTRATOR, REGION } from "./fixture";

interface Keys {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken?: string;
}

export interface Signing {
  readonly method?: string;
  readonly path?: string;
  /** Name → value, unencoded. */
  readonly query?: Readonly<Record<string, string>>;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
  readonly service?: string;
  readonly region?: string;
  readonly terminator?: string;
  /** `yyyymmdd`, when it shall differ from the timestamp's. */
  readonly date?: string;
  readonly atMs?: number;
  readonly expires?: string;
  readonly keys?: Keys;
  /** Of a presigned URL; UNSIGNED-PAYLOAD unless given. */
  readonly payloadHash?: string;
  /** Headers that are sent but not signed. */
  readonly unsigned?: readonly string[];
}

/** A signed request, still to be sent, and to be tampered with before. */
export interface Signed {
  method: string;
  path: string;
  query: Record<string, string>;
  headers: Record<string, string>;
  body: string;
}

export interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, unknown>>;
  readonly body: string;
}

const sha256 = (text: string) => createHash("sha256").update(text).digest("hex");
const hmac = (key: string | Buffer, text: string) => createHmac("sha256", key).update(text).digest();
const encode = (text: string) =>
  encodeURIComponent(text).replace(/[!'()*]/g, (each) => `%${each.charCodeAt(0).toString(16).toUpperCase()}`);
export const timestampOf = (ms: number) => new Date(ms).toISOString().replace(/[-:]|\.\d+/g, "");

/** Signs in the Authorization header. */
export function signHeaders(host: string, signing: Signing): Signed {
  const { service = "s3", body = "", unsigned = [] } = signing;
  const keys: Keys = signing.keys ?? ADMINISTRATOR;
  const timestamp = timestampOf(signing.atMs ?? Date.now());
  const headers: Record<string, string> = { host, "x-amz-date": timestamp, ...signing.headers };
  if (service === "s3") headers["x-amz-content-sha256"] ??= sha256(body);
  if (keys.sessionToken !== undefined) headers["x-amz-security-token"] = keys.sessionToken;
  const signedHeaders = Object.keys(headers)
    .filter((name) => !unsigned.includes(name))
    .sort();
  const request = { ...blank(signing), headers };
  const payloadHash = headers["x-amz-content-sha256"] ?? sha256(body);
  const { scope, signature } = signatureOf(request, signing, signedHeaders, timestamp, payloadHash);
  headers.authorization = `AWS4-HMAC-SHA256 Credential=${keys.accessKeyId}/${scope}, SignedHeaders=${signedHeaders.join(";")}, Signature=${signature}`;
  return request;
}

/** Signs in the query. */
export function presign(host: string, signing: Signing): Signed {
  const { unsigned = [], payloadHash = "UNSIGNED-PAYLOAD" } = signing;
  const keys: Keys = signing.keys ?? ADMINISTRATOR;
  const timestamp = timestampOf(signing.atMs ?? Date.now());
  const headers: Record<string, string> = { host, ...signing.headers };
  const signedHeaders = Object.keys(headers)
    .filter((name) => !unsigned.includes(name))
    .sort();
  const query: Record<string, string> = {
    ...signing.query,
    "X-Amz-Algorithm": "AWS4-HMAC-SHA256",
    "X-Amz-Credential": `${keys.accessKeyId}/${scopeOf(signing, timestamp)}`,
    "X-Amz-Date": timestamp,
    "X-Amz-Expires": signing.expires ?? "60",
    "X-Amz-SignedHeaders": signedHeaders.join(";"),
  };
  if (keys.sessionToken !== undefined) query["X-Amz-Security-Token"] = keys.sessionToken;
  const request = { ...blank(signing), query, headers };
  query["X-Amz-Signature"] = signatureOf(request, signing, signedHeaders, timestamp, payloadHash).signature;
  return request;
}

function blank({ method = "GET", path = "/photos/1.jpg", query = {}, body = "" }: Signing) {
  return { method, path, query: { ...query }, body };
}

function scopeOf({ date, region = REGION, service = "s3", terminator = "aws4_request" }: Signing, timestamp: string) {
  return `${date ?? timestamp.slice(0, 8)}/${region}/${service}/${terminator}`;
}

function signatureOf(
  request: Signed,
  signing: Signing,
  signedHeaders: readonly string[],
  timestamp: string,
  payloadHash: string,
) {
  const scope = scopeOf(signing, timestamp);
  const canonical = [
    request.method,
    request.path,
    Object.entries(request.query)
      .map(([name, value]) => `${encode(name)}=${encode(value)}`)
      .sort()
      .join("&"),
    ...signedHeaders.map((name) => `${name}:${request.headers[name]}`),
    "",
    signedHeaders.join(";"),
    payloadHash,
  ].join("\n");
  const secret = (signing.keys ?? ADMINISTRATOR).secretAccessKey;
  const key = scope.split("/").reduce<string | Buffer>((derived, part) => hmac(derived, part), `AWS4${secret}`);
  const text = ["AWS4-HMAC-SHA256", timestamp, scope, sha256(canonical)].join("\n");
  return { scope, signature: hmac(key, text).toString("hex") };
}

/** Sends a request as it is, and reads the answer. */
export function send(port: number, { method, path, query, headers, body }: Signed): Promise<Answer> {
  const search = Object.entries(query).map(([name, value]) => `${encode(name)}=${encode(value)}`);
  return new Promise((resolve, reject) => {
    const request = httpRequest({
      port,
      host: "127.0.0.1",
      method,
      path: `${path}${search.length > 0 ? `?${search.join("&")}` : ""}`,
      headers: { ...headers, "content-length": Buffer.byteLength(body) },
      agent: false,
    });
    request.on("error", reject);
    request.on("response", (response) => {
      let text = "";
      response.setEncoding("utf8");
      response.on("data", (piece) => {
        text += piece;
      });
      response.on("error", reject);
      response.on("end", () => resolve({ status: response.statusCode ?? 0, headers: response.headers, body: text }));
    });
    request.end(body);
  });
}

/** The code of a refusal, in S3's XML or a JSON service's. */
export const codeOf = (body: string) => /<Code>(.*?)<\/Code>/.exec(body)?.[1] ?? (body && JSON.parse(body).__type);

export const messageOf = (body: string) => /<Message>(.*?)<\/Message>/s.exec(body)?.[1] ?? JSON.parse(body).message;
