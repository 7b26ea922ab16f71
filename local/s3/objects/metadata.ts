// The headers that are stored with an object and returned with it: the standard ones and x-amz-meta-*:
// https://docs.aws.amazon.com/AmazonS3/latest/userguide/UsingMetadata.html

import type { IncomingMessage, ServerResponse } from "node:http";
import { AwsError } from "../../aws-error";
import { invalidArgument } from "../errors";

const MAX_METADATA_BYTES = 2048;
const META = "x-amz-meta-";
const DEFAULT_CONTENT_TYPE = "binary/octet-stream";

/** Stored as sent, by lower-case name. */
const STANDARD_HEADERS = [
  "content-type",
  "cache-control",
  "content-disposition",
  "content-encoding",
  "content-language",
  "expires",
] as const;

type Headers = Readonly<Record<string, string>>;
/** A name may be any token, such as `__proto__`. */
type Metadata = ReadonlyMap<string, string>;

/** The standard headers of a request; `aws-chunked` wraps the transfer and is not a property of the object. */
export function readStandardHeaders(header: (name: string) => string | undefined): Headers {
  const headers: Record<string, string> = {};
  for (const name of STANDARD_HEADERS) {
    const value = name === "content-encoding" ? withoutAwsChunked(header(name)) : header(name);
    if (value !== undefined && value !== "") headers[name] = headerValue(name, value);
  }
  headers["content-type"] ??= DEFAULT_CONTENT_TYPE;
  return headers;
}

/** What a form or a query gives for a header must be able to be one. */
function headerValue(name: string, value: string): string {
  if (/^[\t\x20-\x7e\x80-\xff]*$/.test(value)) return value;
  throw invalidArgument("Header value cannot be represented using ISO-8859-1.", name, value);
}

const withoutAwsChunked = (value: string | undefined) =>
  value?.replace(/(^|,)\s*aws-chunked\s*(?=,|$)/gi, "").replace(/^\s*,\s*/, "");

/** The user metadata of a request: in its headers, and in the query of a presigned URL. */
export function readMetadata(request: IncomingMessage, query: URLSearchParams): Metadata {
  const fields: [string, string][] = [];
  for (const [name, values] of Object.entries(request.headersDistinct)) {
    if (name.startsWith(META)) fields.push([name, decodeWords((values ?? []).join(","))]);
  }
  for (const [name, value] of query) {
    if (name.toLowerCase().startsWith(META)) fields.push([name, decodeWords(value)]);
  }
  return metadataOf(fields);
}

/** User metadata from `x-amz-meta-*` fields; refuses more than 2 KB. */
export function metadataOf(fields: Iterable<readonly [string, string]>): Metadata {
  const metadata = new Map<string, string>();
  let size = 0;
  for (const [field, value] of fields) {
    const name = field.slice(META.length).toLowerCase();
    if (!/^[\w!#$%&'*+\-.^`|~]*$/.test(name))
      throw invalidArgument("Metadata name is not a header name.", field, value);
    metadata.set(name, value);
    size += Buffer.byteLength(name) + Buffer.byteLength(value);
  }
  if (size > MAX_METADATA_BYTES) {
    const message = "Your metadata headers exceed the maximum allowed metadata size";
    throw new AwsError("MetadataTooLarge", message, 400, { Size: size, MaxSizeAllowed: MAX_METADATA_BYTES });
  }
  return metadata;
}

/** Writes user metadata: what is not ASCII as RFC 2047 words, what cannot be printed only as a count. */
export function writeMetadata(metadata: Metadata, response: ServerResponse): void {
  let missing = 0;
  for (const [name, value] of metadata) {
    if (!isPrintable(value)) missing += 1;
    else response.setHeader(META + name, /^[ -~]*$/.test(value) ? value : encodeWord(value));
  }
  if (missing > 0) response.setHeader("x-amz-missing-meta", missing);
}

/** Without ASCII's control characters. */
const isPrintable = (value: string) => [...value].every((char) => char >= " " && char !== "\u007f");

const encodeWord = (value: string) => `=?UTF-8?B?${Buffer.from(value).toString("base64")}?=`;

/** Decodes RFC 2047 words; everything else in a header is ISO 8859-1, as Node already read it. */
function decodeWords(value: string): string {
  return value
    .replace(/(\?=)\s+(=\?)/g, "$1$2")
    .replace(/=\?utf-8\?([bq])\?([^?]*)\?=/gi, (_word, coding: string, text: string) =>
      coding.toLowerCase() === "b"
        ? Buffer.from(text, "base64").toString()
        : Buffer.from(
            text
              .replace(/_/g, " ")
              .replace(/=([0-9a-f]{2})/gi, (_code, hex) => String.fromCharCode(Number.parseInt(hex, 16))),
            "latin1",
          ).toString(),
    );
}

/** Query parameters that replace a stored header in the response to a signed GET or HEAD. */
const OVERRIDES: Readonly<Record<string, string>> = {
  "response-content-type": "content-type",
  "response-cache-control": "cache-control",
  "response-content-disposition": "content-disposition",
  "response-content-encoding": "content-encoding",
  "response-content-language": "content-language",
  "response-expires": "expires",
};

/** The stored headers with the `response-*` overrides of the query; only signed requests may override. */
export function overrideHeaders(headers: Headers, query: URLSearchParams, signed: boolean): Headers {
  const overridden = { ...headers };
  for (const [parameter, name] of Object.entries(OVERRIDES)) {
    const value = query.get(parameter);
    if (value === null) continue;
    if (!signed) {
      const message = "Request specific response headers cannot be used for anonymous GET requests.";
      throw new AwsError("InvalidRequest", message, 400);
    }
    overridden[name] = headerValue(parameter, value);
  }
  return overridden;
}
