// Cross-origin requests: the browser's preflight, the headers that let a page read a response, and the pages that get one:
// https://docs.aws.amazon.com/AmazonS3/latest/userguide/ManageCorsUsing.html

import type { IncomingMessage, ServerResponse } from "node:http";
import { AwsError } from "../../aws-error";
import { pageRefused, type WebPage } from "../../web-page";
import { type Operation, sendEmpty } from "../call";
import { malformedXml } from "../errors";
import type { Bucket } from "../store/types";
import type { CorsRule } from "./types";

const METHODS = ["GET", "PUT", "HEAD", "POST", "DELETE"];
const MAX_RULES = 100;
const VARY = "Origin, Access-Control-Request-Headers, Access-Control-Request-Method";

/** Refuses rules that S3 refuses. */
export function checkCorsRules(rules: readonly CorsRule[]): readonly CorsRule[] {
  if (rules.length === 0 || rules.length > MAX_RULES) throw malformedXml();
  for (const { allowedMethods, allowedOrigins, allowedHeaders = [] } of rules) {
    if (allowedMethods.length === 0 || allowedOrigins.length === 0) throw malformedXml();
    const unknown = allowedMethods.find((method) => !METHODS.includes(method));
    if (unknown !== undefined) {
      const message = `Found unsupported HTTP method in CORS config. Unsupported method is ${unknown}`;
      throw new AwsError("InvalidRequest", message, 400);
    }
    const wild = [...allowedOrigins, ...allowedHeaders].find((pattern) => pattern.split("*").length > 2);
    if (wild !== undefined) {
      const message = `AllowedOrigin "${wild}" can not have more than one wildcard.`;
      throw new AwsError("InvalidRequest", message, 400);
    }
  }
  return rules;
}

/** Responds to a preflight; it is never signed, and decides nothing but what the browser may try. */
export const preflightCors: Operation = (_state, { bucket, response, header }) => {
  const origin = header("origin");
  const method = header("access-control-request-method");
  if (origin === undefined) {
    throw new AwsError("BadRequest", "Insufficient information. Origin request header needed.", 400);
  }
  if (method === undefined || !METHODS.includes(method)) {
    throw new AwsError("BadRequest", `Invalid Access-Control-Request-Method: ${method ?? "null"}`, 400);
  }
  if (bucket.cors.length === 0) throw forbidden("CORSResponse: CORS is not enabled for this bucket.", method);
  const headers = splitHeaders(header("access-control-request-headers"));
  const rule = findRule(bucket.cors, origin, method, headers);
  if (rule === undefined) {
    throw forbidden(
      "CORSResponse: This CORS request is not allowed. This is usually because the evalution of Origin, request method / Access-Control-Request-Method or Access-Control-Request-Headers are not whitelisted by the resource's CORS spec.",
      method,
    );
  }
  writeRule(response, rule, origin);
  if (headers.length > 0) response.setHeader("access-control-allow-headers", headers.join(", "));
  sendEmpty(response);
};

/** Lets a page read the response to its request, also an error. */
export function writeCorsHeaders(bucket: Bucket, request: IncomingMessage, response: ServerResponse): void {
  const { origin } = request.headers;
  if (origin === undefined || request.method === "OPTIONS") return;
  const rule = findRule(bucket.cors, origin, request.method ?? "", []);
  if (rule !== undefined) writeRule(response, rule, origin);
}

/** What a page shows without reading it, as with any public or presigned URL: in an element, or by a link to it. */
const SHOWN_AS = ["image", "audio", "video", "document"];

/**
 * Lets in a page of another origin if the bucket's rules do, with a preflight, or to show an object; throws otherwise.
 * AWS takes every request that is signed, and only keeps the response from the page: see docs/your-app.md, "CORS".
 * @param bucket none for the list of buckets
 */
export function checkPage(bucket: Bucket | undefined, page: WebPage, method = ""): void {
  const { origin, destination = "" } = page;
  if (method === "OPTIONS") return;
  if (origin === undefined) {
    if ((method === "GET" || method === "HEAD") && SHOWN_AS.includes(destination)) return;
    throw pageRefused(page, method);
  }
  if (bucket === undefined) throw pageRefused(page, method);
  if (findRule(bucket.cors, origin, method, []) !== undefined) return;
  throw pageRefused(page, method, `the CORS rules of ${bucket.name} would have to allow it`);
}

/** What may be a picture, sound or film: S3 knows no better type for what came without one. */
const SHOWABLE = /^(image|audio|video)\/|^(binary|application)\/octet-stream$/;

/** Lets pages of other origins show an object, but neither run nor read it. */
export function writeResourcePolicy(response: ServerResponse, contentType = ""): void {
  if (SHOWABLE.test(contentType)) response.setHeader("cross-origin-resource-policy", "cross-origin");
}

function writeRule(response: ServerResponse, rule: CorsRule, origin: string): void {
  const isForAll = rule.allowedOrigins.includes("*");
  response.setHeader("access-control-allow-origin", isForAll ? "*" : origin);
  response.setHeader("access-control-allow-methods", rule.allowedMethods.join(", "));
  if (!isForAll) response.setHeader("access-control-allow-credentials", "true");
  if (rule.exposeHeaders?.length) response.setHeader("access-control-expose-headers", rule.exposeHeaders.join(", "));
  if (rule.maxAgeSeconds !== undefined) response.setHeader("access-control-max-age", rule.maxAgeSeconds);
  response.setHeader("vary", VARY);
}

/** The first rule that allows origin, method and all asked headers. */
function findRule(rules: readonly CorsRule[], origin: string, method: string, headers: readonly string[]) {
  return rules.find(
    ({ allowedOrigins, allowedMethods, allowedHeaders = [] }) =>
      allowedOrigins.some((pattern) => fits(pattern, origin)) &&
      allowedMethods.includes(method) &&
      headers.every((name) => allowedHeaders.some((pattern) => fits(pattern.toLowerCase(), name))),
  );
}

function fits(pattern: string, value: string): boolean {
  const [start = "", end] = pattern.split("*");
  if (end === undefined) return pattern === value;
  return value.length >= start.length + end.length && value.startsWith(start) && value.endsWith(end);
}

const splitHeaders = (value: string | undefined) =>
  (value ?? "")
    .split(",")
    .map((name) => name.trim().toLowerCase())
    .filter((name) => name !== "");

const forbidden = (message: string, method: string) =>
  new AwsError("AccessForbidden", message, 403, { Method: method, ResourceType: "OBJECT" });
