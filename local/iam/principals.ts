// The Principal element of resource and trust policies: who a statement speaks of.
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_principal.html

import type { Caller } from "../service";
import { malformed } from "./malformed";

/** How a statement names a requester: by itself, by its account only, or not at all. */
export type PrincipalMatch = "named" | "account" | undefined;

/** What a Principal element lists. */
export interface Principals {
  readonly aws: readonly string[];
  readonly services: readonly string[];
}

/** Reads a Principal element; refuses kinds of principals that the embedded AWS does not have, by name. */
export function parsePrincipals(element: unknown, elementName: string): Principals {
  if (element === "*") return { aws: ["*"], services: ["*"] };
  if (typeof element !== "object" || element === null || Array.isArray(element)) {
    throw malformed(`Invalid principal in policy: ${elementName} must be "*" or an object`);
  }
  const { AWS, Service, ...others } = element as Record<string, unknown>;
  const [other] = Object.keys(others);
  if (other !== undefined) {
    throw malformed(`Invalid principal in policy: "${other}"; the embedded AWS knows AWS and Service`);
  }
  const aws = listOf(AWS, "AWS").map(checkAwsPrincipal);
  const services = listOf(Service, "Service").map(checkService);
  if (aws.length + services.length === 0) throw malformed(`Invalid principal in policy: ${elementName} is empty`);
  return { aws, services };
}

/** Whether, and how, the principals include a requester. */
export function matchPrincipals(principals: Principals, requester: Caller): PrincipalMatch {
  if (requester.kind === "service") {
    return principals.services.includes(requester.service) || principals.services.includes("*") ? "named" : undefined;
  }
  if (principals.aws.includes("*")) return "named";
  if (requester.kind === "anonymous") return undefined;
  const names = [requester.arn];
  const accountId = accountIdOf(requester);
  if (requester.kind === "role") names.push(`arn:aws:iam::${accountId}:role/${requester.roleName}`);
  if (principals.aws.some((principal) => names.includes(principal))) return "named";
  const accounts = [accountId, `arn:aws:iam::${accountId}:root`];
  return principals.aws.some((principal) => accounts.includes(principal)) ? "account" : undefined;
}

/** The account of a caller; anonymous ones and AWS's own services have none. */
export const accountIdOf = (caller: Caller): string | undefined =>
  caller.kind === "administrator" || caller.kind === "role" ? caller.arn.split(":")[4] : undefined;

function listOf(value: unknown, kind: string): string[] {
  const list = value === undefined ? [] : Array.isArray(value) ? value : [value];
  if (!list.every((entry): entry is string => typeof entry === "string")) {
    throw malformed(`Invalid principal in policy: ${kind} must be a text or a list of texts`);
  }
  return list;
}

function checkAwsPrincipal(principal: string): string {
  const isKnown =
    principal === "*" ||
    /^\d{12}$/.test(principal) ||
    /^arn:aws:iam::\d{12}:(root|user\/[\w+=,.@/-]+|role\/[\w+=,.@/-]+)$/.test(principal) ||
    /^arn:aws:sts::\d{12}:assumed-role\/[\w+=,.@-]+\/[\w+=,.@-]+$/.test(principal);
  // Wildcards stand for nobody's name: "*" is everyone, and "user/*" is refused, as on AWS.
  if (!isKnown) throw malformed(`Invalid principal in policy: "AWS":"${principal}"`);
  return principal;
}

function checkService(service: string): string {
  if (!/^[a-z0-9.-]+\.amazonaws\.com$/.test(service)) {
    throw malformed(`Invalid principal in policy: "SERVICE":"${service}"`);
  }
  return service;
}
