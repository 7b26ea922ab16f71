// The canonical request and string to sign of Signature Version 4, computed from a request as it was received.
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html

import { createHash } from "node:crypto";
import type { IncomingMessage } from "node:http";

export const ALGORITHM = "AWS4-HMAC-SHA256";

/** What of a request goes into its canonical form. */
export interface CanonicalInput {
  readonly method: string;
  /** The path as it was sent. */
  readonly path: string;
  /** The query as it was sent, without `?`. */
  readonly rawQuery: string;
  /** Names and values in turn, as received. */
  readonly rawHeaders: IncomingMessage["rawHeaders"];
  readonly signedHeaders: readonly string[];
  readonly payloadHash: string;
  /** S3 encodes the path once; every other service encodes the sent path again. */
  readonly isS3: boolean;
}

/** The canonical request, as one character a byte: header values and paths keep the very bytes that were sent. */
export function canonicalRequestOf(input: CanonicalInput): string {
  return [
    input.method,
    input.isS3 ? encodeOnce(input.path) : encodeAgain(normalize(input.path)),
    canonicalQueryOf(input.rawQuery),
    canonicalHeadersOf(input.rawHeaders, input.signedHeaders),
    input.signedHeaders.join(";"),
    input.payloadHash,
  ].join("\n");
}

/** The string to sign of a canonical request. */
export function stringToSignOf(canonicalRequest: string, date: string, scope: string): string {
  return [ALGORITHM, date, scope, createHash("sha256").update(canonicalRequest, "latin1").digest("hex")].join("\n");
}

function canonicalQueryOf(rawQuery: string): string {
  if (rawQuery === "") return "";
  return rawQuery
    .split("&")
    .filter((pair) => pair !== "")
    .map((pair) => {
      const equals = pair.indexOf("=");
      const [name, value] = equals < 0 ? [pair, ""] : [pair.slice(0, equals), pair.slice(equals + 1)];
      return [encodeComponent(name), encodeComponent(value)] as const;
    })
    .filter(([name]) => name !== "X-Amz-Signature")
    .sort(([name, value], [otherName, otherValue]) => compare(name, otherName) || compare(value, otherValue))
    .map(([name, value]) => `${name}=${value}`)
    .join("&");
}

/** By bytes, which for encoded text is by characters. */
const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

function canonicalHeadersOf(rawHeaders: readonly string[], signedHeaders: readonly string[]): string {
  const values = new Map<string, string>();
  for (let index = 0; index < rawHeaders.length; index += 2) {
    const name = String(rawHeaders[index]).toLowerCase();
    const value = String(rawHeaders[index + 1])
      .trim()
      .replace(/\s+/g, " ");
    const earlier = values.get(name);
    values.set(name, earlier === undefined ? value : `${earlier},${value}`);
  }
  return signedHeaders.map((name) => `${name}:${values.get(name) ?? ""}\n`).join("");
}

/** Percent-encodes what is neither unreserved nor yet encoded; what is encoded needlessly is decoded. */
const encodeComponent = (sent: string): string => recode(sent.replaceAll("+", "%20"), /[A-Za-z0-9\-._~]/);
const encodeOnce = (path: string): string => recode(path, /[A-Za-z0-9\-._~/]/);

function recode(sent: string, unreserved: RegExp): string {
  if (/^[A-Za-z0-9\-._~]*$/.test(sent)) return sent;
  return sent.replace(/%[0-9A-Fa-f]{2}|[^A-Za-z0-9\-._~]/g, (piece) => {
    const byte = piece.length === 3 ? String.fromCharCode(Number.parseInt(piece.slice(1), 16)) : piece;
    // An encoded slash stays encoded only where a slash is reserved.
    return unreserved.test(byte) ? byte : percent(byte);
  });
}

const encodeAgain = (path: string): string => path.replace(/[^A-Za-z0-9\-._~/]/g, percent);

const percent = (character: string): string =>
  `%${character.charCodeAt(0).toString(16).toUpperCase().padStart(2, "0")}`;

/** RFC 3986 dot segments and repeated slashes; S3 keeps them, for they are part of keys. */
function normalize(path: string): string {
  if (!/\/(\.|\/)/.test(path)) return path;
  const segments: string[] = [];
  for (const segment of path.split("/")) {
    if (segment === "..") segments.pop();
    else if (segment !== "" && segment !== ".") segments.push(segment);
  }
  const trailing = segments.length > 0 && /\/\.{0,2}$/.test(path) ? "/" : "";
  return `/${segments.join("/")}${trailing}`;
}
