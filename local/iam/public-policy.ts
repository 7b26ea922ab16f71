// Whether S3 calls a bucket policy public, which is what the public access block refuses.
// https://docs.aws.amazon.com/AmazonS3/latest/userguide/access-control-block-public-access.html#access-control-block-public-access-policy-status

import { isArn } from "./match";
import { parsePrincipals } from "./principals";
import type { PolicyDocument } from "./types";

/** Keys whose fixed values keep a grant to everyone from being public; AWS's list, in lower case. */
const NARROWING_KEYS = [
  "aws:principalaccount",
  "aws:principalarn",
  "aws:principalorgid",
  "aws:principalorgpaths",
  "aws:sourceaccount",
  "aws:sourcearn",
  "aws:sourceip",
  "aws:sourceowner",
  "aws:sourcevpc",
  "aws:sourcevpce",
  "aws:userid",
  "s3:dataaccesspointaccount",
  "s3:dataaccesspointarn",
];
const NARROWING_OPERATORS =
  /^(ForAnyValue:)?(StringEquals|StringEqualsIgnoreCase|StringLike|ArnEquals|ArnLike|IpAddress)$/;

/** Ranges wider than these are public: "IP values broader than /8 for IPv4 and /32 for IPv6". */
const WIDEST_IPV4_PREFIX = 8;
const WIDEST_IPV6_PREFIX = 32;

/** Whether any statement of a (checked) resource policy grants something to the public. */
export function isPublicPolicy(document: PolicyDocument): boolean {
  const statements = Array.isArray(document.Statement) ? document.Statement : [document.Statement];
  return statements.some(isPublicStatement);
}

function isPublicStatement(statement: Record<string, unknown>): boolean {
  if (statement.Effect !== "Allow") return false;
  // Everyone but a few is still the public.
  const isForEveryone =
    "NotPrincipal" in statement || parsePrincipals(statement.Principal, "Principal").aws.includes("*");
  return isForEveryone && !isNarrowed(statement.Condition);
}

function isNarrowed(condition: unknown): boolean {
  return Object.entries((condition ?? {}) as Record<string, Record<string, unknown>>).some(
    ([operator, keys]) =>
      NARROWING_OPERATORS.test(operator) &&
      Object.entries(keys).some(
        ([key, values]) =>
          NARROWING_KEYS.includes(key.toLowerCase()) &&
          (Array.isArray(values) ? values : [values]).every((value) => isFixed(key.toLowerCase(), String(value))),
      ),
  );
}

function isFixed(key: string, value: string): boolean {
  if (key === "aws:sourceip") {
    const [address = "", prefix] = value.split("/");
    const widest = address.includes(":") ? WIDEST_IPV6_PREFIX : WIDEST_IPV4_PREFIX;
    return prefix === undefined || Number(prefix) >= widest;
  }
  // An access point's name may be a wildcard while its account is fixed.
  if (key === "s3:dataaccesspointarn" && isArn(value)) return !/[*?]/.test(value.split(":").slice(0, 5).join(":"));
  return !/[*?]|\$\{/.test(value);
}
