// Signs drafts with the administrator's keys, so that what is malformed lies behind the signature.

import { createHash, createHmac } from "node:crypto";
import type { Draft } from "./request";

const sha256 = (data: Buffer | string) => createHash("sha256").update(data).digest("hex");
const hmac = (key: Buffer | string, text: string) => createHmac("sha256", key).update(text).digest();

const encode = (text: string): string =>
  encodeURIComponent(text).replace(/[!'()*]/g, (each) => `%${each.charCodeAt(0).toString(16).toUpperCase()}`);

/** What signed chunks go on from. */
export interface Seed {
  readonly date: string;
  readonly scope: string;
  readonly signature: string;
  sign(text: string): string;
}

/** Signs a draft whose path is already in its canonical form; `payloadHash` is S3's, others hash the body. */
export function signDraft(service: string, draft: Draft, payloadHash = sha256(draft.body)): Draft & { seed: Seed } {
  const date = new Date().toISOString().replace(/[-:]|\.\d+/g, "");
  const scope = `${date.slice(0, 8)}/eu-west-1/${service}/aws4_request`;
  const headers: Record<string, string> = { ...draft.headers, "x-amz-date": date };
  if (service === "s3") headers["x-amz-content-sha256"] = payloadHash;
  const names = Object.keys(headers).sort();
  const [path = "", query = ""] = split(draft.path);
  const canonical = [
    draft.method,
    service === "s3" ? path : path.split("/").map(encode).join("/"),
    canonicalQuery(query),
    ...names.map((name) => `${name}:${headers[name]?.trim().replace(/\s+/g, " ")}`),
    "",
    names.join(";"),
    payloadHash,
  ].join("\n");
  const key = scope.split("/").reduce<Buffer | string>(hmac, "AWS4test") as Buffer;
  const sign = (text: string) => hmac(key, text).toString("hex");
  const hash = createHash("sha256").update(canonical, "latin1").digest("hex");
  const signature = sign(["AWS4-HMAC-SHA256", date, scope, hash].join("\n"));
  headers.authorization = `AWS4-HMAC-SHA256 Credential=test/${scope}, SignedHeaders=${names.join(";")}, Signature=${signature}`;
  return { ...draft, headers, seed: { date, scope, signature, sign } };
}

const split = (path: string): string[] => {
  const mark = path.indexOf("?");
  return mark < 0 ? [path] : [path.slice(0, mark), path.slice(mark + 1)];
};

const canonicalQuery = (query: string): string =>
  query === ""
    ? ""
    : query
        .split("&")
        .map((pair) => (pair.includes("=") ? pair : `${pair}=`))
        .sort()
        .join("&");

/** aws-chunked framing, each chunk signed from the one before. */
export function signChunks({ date, scope, signature, sign }: Seed, body: Buffer, chunkBytes: number): Buffer {
  const pieces: Buffer[] = [];
  let previous = signature;
  for (let offset = 0; ; offset += chunkBytes) {
    const chunk = body.subarray(offset, offset + chunkBytes);
    previous = sign(["AWS4-HMAC-SHA256-PAYLOAD", date, scope, previous, sha256(""), sha256(chunk)].join("\n"));
    pieces.push(
      Buffer.from(`${chunk.length.toString(16)};chunk-signature=${previous}\r\n`),
      chunk,
      Buffer.from("\r\n"),
    );
    if (chunk.length === 0) return Buffer.concat(pieces);
  }
}

/** The fields that sign a form's policy. */
export function signForm(policy: string): readonly (readonly [string, string])[] {
  const date = new Date().toISOString().replace(/[-:]|\.\d+/g, "");
  const scope = [date.slice(0, 8), "eu-west-1", "s3", "aws4_request"];
  return [
    ["x-amz-algorithm", "AWS4-HMAC-SHA256"],
    ["x-amz-credential", `test/${scope.join("/")}`],
    ["x-amz-date", date],
    ["x-amz-signature", hmac(scope.reduce<Buffer | string>(hmac, "AWS4test"), policy).toString("hex")],
  ];
}
