// Presigned URLs of Signature Version 2, for S3 only: boto3 and the AWS CLI v1 still presign so by default in regions older
// than 2014, of which eu-west-1 is one. https://docs.aws.amazon.com/AmazonS3/latest/API/RESTAuthentication.html

import { createHmac } from "node:crypto";
import type { IncomingMessage } from "node:http";
import { AwsError } from "../aws-error";
import type { Iam } from "../iam/types";
import type { Caller, VerifiedSignature } from "../service";
import type { RequestTarget } from "./request-target";
import { S3_REFUSALS } from "./s3-refusals";
import { sameSignature } from "./signing-key";

/** Query parameters that name a subresource or override a response header, and so are signed. */
const SIGNED_PARAMETERS = [
  "acl",
  "cors",
  "delete",
  "lifecycle",
  "location",
  "logging",
  "notification",
  "partNumber",
  "policy",
  "requestPayment",
  "response-cache-control",
  "response-content-disposition",
  "response-content-encoding",
  "response-content-language",
  "response-content-type",
  "response-expires",
  "tagging",
  "torrent",
  "uploadId",
  "uploads",
  "versionId",
  "versioning",
  "versions",
  "website",
];

export const isSignatureV2 = ({ query }: RequestTarget): boolean =>
  query.has("AWSAccessKeyId") && query.has("Signature") && query.has("Expires");

/** Verifies the signature; throws S3's refusal. */
export function verifySignatureV2(
  request: IncomingMessage,
  target: RequestTarget,
  iam: Iam,
  nowMs: number,
): { caller: Caller; signature: VerifiedSignature } {
  const { query } = target;
  const expires = query.get("Expires") ?? "";
  const accessKeyId = query.get("AWSAccessKeyId") ?? "";
  const signature = query.get("Signature") ?? "";
  if (!/^\d+$/.test(expires)) {
    throw new AwsError("AccessDenied", `Invalid date (should be seconds since epoch): ${expires}`, 403);
  }
  if (Number(expires) * 1000 < nowMs) throw S3_REFUSALS.expired(Number(expires) * 1000, 0, nowMs);
  const credentials = iam.findCredentials(accessKeyId);
  if (credentials === undefined) throw S3_REFUSALS.unknownKey(accessKeyId);
  const token = query.get("x-amz-security-token") ?? request.headers["x-amz-security-token"];
  if ((token ?? undefined) !== credentials.sessionToken) throw S3_REFUSALS.badToken();
  const stringToSign = stringToSignOf(request, target, expires);
  const expected = createHmac("sha1", credentials.secretAccessKey).update(stringToSign, "latin1").digest("base64");
  if (!sameSignature(expected, signature)) throw S3_REFUSALS.mismatch({ accessKeyId, signature, stringToSign });
  return {
    caller: credentials.caller,
    signature: {
      payloadHash: "UNSIGNED-PAYLOAD",
      signature,
      // Nothing of version 2 signs chunks: whoever sends them gets a mismatch.
      sign: () => "",
      date: "",
      scope: "",
    },
  };
}

function stringToSignOf(request: IncomingMessage, target: RequestTarget, expires: string): string {
  const { headers, method } = request;
  const { query } = target;
  const amz = new Map<string, string>();
  for (const [name, value] of [...Object.entries(headers), ...query]) {
    if (name.toLowerCase().startsWith("x-amz-")) amz.set(name.toLowerCase(), String(value).trim());
  }
  // boto3 moves these headers into the query, and S3 takes them from there.
  const positional = (name: string) => query.get(name) ?? headers[name] ?? "";
  return [
    method,
    positional("content-md5"),
    positional("content-type"),
    expires,
    ...[...amz].sort(([a], [b]) => (a < b ? -1 : 1)).map(([name, value]) => `${name}:${value}`),
    resourceOf(target),
  ].join("\n");
}

function resourceOf({ host, path, query }: RequestTarget): string {
  const bucket = host.endsWith(".localhost") ? `/${host.slice(0, -".localhost".length)}` : "";
  const parameters = [...query]
    .filter(([name]) => SIGNED_PARAMETERS.includes(name))
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, value]) => (value === "" ? name : `${name}=${value}`));
  return `${bucket}${path}${parameters.length > 0 ? `?${parameters.join("&")}` : ""}`;
}
