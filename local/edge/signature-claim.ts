// Reads what a request claims about its signature, from the Authorization header or from a presigned URL's query.
// https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-query-string-auth.html

import type { IncomingMessage } from "node:http";
import { ALGORITHM } from "./canonical-request";
import { type Location, type Refusals, VERSION_TWO } from "./refusals";
import type { RequestTarget } from "./request-target";

/** A claim is only read, not believed: nothing in it is checked against the account yet. */
export interface SignatureClaim {
  readonly location: Location;
  readonly accessKeyId: string;
  readonly date: string;
  readonly region: string;
  readonly service: string;
  readonly terminator: string;
  /** In lower case, in the order given. */
  readonly signedHeaders: readonly string[];
  readonly signature: string;
  /** `yyyymmddThhmmssZ`. */
  readonly timestamp: string;
  readonly sessionToken?: string;
  /** Seconds; only in queries. */
  readonly expiresSeconds?: number;
}

/** One week, AWS's longest. */
const MAX_EXPIRES_SECONDS = 604_800;

const QUERY_PARAMETERS = [
  "X-Amz-Algorithm",
  "X-Amz-Credential",
  "X-Amz-Signature",
  "X-Amz-Date",
  "X-Amz-SignedHeaders",
];

/** Reads the claim; undefined when the request is not signed. Signature Version 2 is refused wherever it is. */
export function readSignatureClaim(
  request: IncomingMessage,
  { query }: RequestTarget,
  refusals: Refusals,
): SignatureClaim | undefined {
  const { authorization } = request.headers;
  const isInQuery = query.has("X-Amz-Algorithm") || query.has("X-Amz-Signature");
  const isVersionTwo = query.has("Signature") && query.has("AWSAccessKeyId");
  if (authorization !== undefined) {
    if (isInQuery || isVersionTwo) throw refusals.bothLocations(authorization);
    return readHeader(request, authorization, refusals);
  }
  if (isVersionTwo && !isInQuery) throw refusals.unknownScheme(VERSION_TWO);
  return isInQuery ? readQuery(query, refusals) : undefined;
}

function readHeader(request: IncomingMessage, authorization: string, refusals: Refusals): SignatureClaim {
  const [, scheme = "", rest = ""] = /^(\S+)\s*(.*)$/s.exec(authorization) ?? [];
  if (scheme !== ALGORITHM) throw refusals.unknownScheme(authorization);
  const parts = new Map(
    rest.split(",").map((part) => {
      const equals = part.indexOf("=");
      return equals < 0 ? [part.trim(), ""] : [part.slice(0, equals).trim(), part.slice(equals + 1).trim()];
    }),
  );
  const missing = ["Credential", "SignedHeaders", "Signature"].filter((name) => !parts.get(name));
  if (missing.length > 0) throw refusals.incomplete("header", missing, authorization);
  return {
    location: "header",
    ...readCredential("header", parts.get("Credential") ?? "", refusals),
    signedHeaders: headerNames(parts.get("SignedHeaders") ?? ""),
    signature: parts.get("Signature") ?? "",
    timestamp: readTimestamp(request, refusals),
    sessionToken: single(request.headers["x-amz-security-token"]),
  };
}

function readQuery(query: URLSearchParams, refusals: Refusals): SignatureClaim {
  const missing = [...QUERY_PARAMETERS, "X-Amz-Expires"].filter((name) => !query.get(name));
  if (missing.length > 0) throw refusals.incomplete("query", missing, "");
  const algorithm = query.get("X-Amz-Algorithm") ?? "";
  if (algorithm !== ALGORITHM) throw refusals.unknownScheme(algorithm);
  const timestamp = query.get("X-Amz-Date") ?? "";
  if (Number.isNaN(parseTimestamp(timestamp))) throw refusals.badTimestamp("query");
  const expires = query.get("X-Amz-Expires") ?? "";
  if (!/^\d+$/.test(expires) || Number(expires) > MAX_EXPIRES_SECONDS) throw refusals.badExpires(expires);
  return {
    location: "query",
    ...readCredential("query", query.get("X-Amz-Credential") ?? "", refusals),
    signedHeaders: headerNames(query.get("X-Amz-SignedHeaders") ?? ""),
    signature: query.get("X-Amz-Signature") ?? "",
    timestamp,
    sessionToken: query.get("X-Amz-Security-Token") ?? undefined,
    expiresSeconds: Number(expires),
  };
}

function readCredential(location: Location, credential: string, refusals: Refusals) {
  const [accessKeyId, date, region, service, terminator, ...others] = credential.split("/");
  if (!accessKeyId || !date || !region || !service || !terminator || others.length > 0) {
    throw refusals.badCredential(location, credential);
  }
  return { accessKeyId, date, region, service, terminator };
}

/** X-Amz-Date, or else Date, in ISO 8601's basic form. */
function readTimestamp(request: IncomingMessage, refusals: Refusals): string {
  const given = single(request.headers["x-amz-date"]) ?? request.headers.date ?? "";
  if (!Number.isNaN(parseTimestamp(given))) return given;
  const ms = /^[A-Z][a-z]{2},/.test(given) ? Date.parse(given) : Number.NaN;
  if (Number.isNaN(ms)) throw refusals.badTimestamp("header");
  return new Date(ms).toISOString().replace(/[-:]|\.\d+/g, "");
}

/** Milliseconds of `yyyymmddThhmmssZ`, NaN for anything else. */
export function parseTimestamp(timestamp: string): number {
  const [, year, month, day, hour, minute, second] = /^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/.exec(timestamp) ?? [];
  return year === undefined ? Number.NaN : Date.parse(`${year}-${month}-${day}T${hour}:${minute}:${second}Z`);
}

const headerNames = (list: string): string[] => list.split(";").map((name) => name.toLowerCase());

const single = (value: string | string[] | undefined): string | undefined => (Array.isArray(value) ? value[0] : value);
