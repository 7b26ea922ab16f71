// The condition keys that a policy may ask for: the global ones that IAM fills itself, and those that the services here
// put into their requests. Any other key would always be absent, and the policy would silently mean something else.
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html

import type { Account } from "../account";
import type { Caller } from "../service";
import { malformed } from "./malformed";
import { accountIdOf } from "./principals";
import type { AuthorizationRequest } from "./types";

/** The values of a condition key of one request, by its name in lower case; absent when the request has none. */
export type ConditionContext = (key: string) => readonly string[] | undefined;

const GLOBAL_KEYS = [
  "aws:CurrentTime",
  "aws:EpochTime",
  "aws:PrincipalAccount",
  "aws:PrincipalArn",
  "aws:PrincipalIsAWSService",
  "aws:PrincipalServiceName",
  "aws:PrincipalType",
  "aws:RequestedRegion",
  "aws:ResourceAccount",
  "aws:SecureTransport",
  "aws:SourceAccount",
  "aws:SourceArn",
  "aws:SourceIp",
  "aws:username",
  "s3:ResourceAccount",
];

/** What the services here fill; those that end in `/` take a name, such as a tag's. */
const SERVICE_KEYS = [
  "aws:Referer",
  "dynamodb:EnclosingOperation",
  "events:detail-type",
  "events:source",
  "s3:delimiter",
  "s3:ExistingObjectTag/",
  "s3:max-keys",
  "s3:prefix",
  "s3:RequestObjectTag/",
  "s3:RequestObjectTagKeys",
  "s3:VersionId",
  "s3:x-amz-acl",
  "s3:x-amz-grant-full-control",
  "s3:x-amz-grant-read",
  "s3:x-amz-grant-read-acp",
  "s3:x-amz-grant-write",
  "s3:x-amz-grant-write-acp",
  "s3:x-amz-content-sha256",
  "s3:x-amz-copy-source",
  "s3:x-amz-metadata-directive",
  "s3:x-amz-server-side-encryption",
  "s3:x-amz-storage-class",
];

const KNOWN_KEYS = [...GLOBAL_KEYS, ...SERVICE_KEYS];

/** Refuses a condition key that no service here fills, by name. */
export function checkConditionKey(key: string): void {
  const lower = key.toLowerCase();
  const known = KNOWN_KEYS.map((name) => name.toLowerCase());
  if (known.some((name) => (name.endsWith("/") ? lower.startsWith(name) && lower !== name : lower === name))) return;
  throw malformed(`The embedded AWS does not know the condition key "${key}"; it knows ${KNOWN_KEYS.join(", ")}`);
}

/** The values of condition keys for one request. Case of key names does not matter, as on AWS. */
export function createConditionContext(
  account: Account,
  requester: Caller,
  given: AuthorizationRequest["context"] = {},
): ConditionContext {
  const named = new Map(Object.entries(given).map(([key, value]) => [key.toLowerCase(), value]));
  return (key) => {
    const value = named.get(key) ?? globalValue(account, requester, key);
    return typeof value === "string" ? [value] : value;
  };
}

function globalValue(account: Account, requester: Caller, key: string): string | undefined {
  const { kind } = requester;
  const inAccount = kind === "administrator" || kind === "role";
  switch (key) {
    case "aws:currenttime":
      return new Date().toISOString();
    case "aws:epochtime":
      return String(Math.floor(Date.now() / 1000));
    case "aws:principalaccount":
      return accountIdOf(requester);
    case "aws:principalarn":
      // The role's ARN, also for its sessions.
      return kind === "role"
        ? `arn:aws:iam::${account.accountId}:role/${requester.roleName}`
        : inAccount
          ? requester.arn
          : undefined;
    case "aws:principalisawsservice":
      return String(kind === "service");
    case "aws:principalservicename":
      return kind === "service" ? requester.service : undefined;
    case "aws:principaltype":
      return { administrator: "User", role: "AssumedRole", anonymous: "Anonymous", service: undefined }[kind];
    case "aws:requestedregion":
      return account.region;
    case "aws:resourceaccount":
    case "s3:resourceaccount":
      return account.accountId;
    case "aws:securetransport":
      // A departure from AWS: loopback HTTP counts as secure, so that a policy which demands TLS can be tried here.
      return "true";
    case "aws:sourceaccount":
      return kind === "service" && requester.sourceArn !== undefined ? account.accountId : undefined;
    case "aws:sourcearn":
      return kind === "service" ? requester.sourceArn : undefined;
    case "aws:username":
      return kind === "administrator" ? requester.arn.split("/").pop() : undefined;
    default:
      return undefined;
  }
}
