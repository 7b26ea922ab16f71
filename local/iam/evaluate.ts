// The decision within one account: an explicit deny wins, then any allow of an identity or resource policy, else no.
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic.html

import type { Caller } from "../service";
import type { ConditionContext } from "./condition-keys";
import type { Statement } from "./policy";
import { accountIdOf, matchPrincipals } from "./principals";
import type { AuthorizationRequest } from "./types";

export interface Question extends Pick<AuthorizationRequest, "acl" | "isForeign"> {
  /** The account whose resource it is. */
  readonly owner: string;
  readonly requester: Caller;
  readonly action: string;
  readonly resource: string;
  readonly context: ConditionContext;
  readonly identityStatements: readonly Statement[];
  readonly resourceStatements: readonly Statement[];
}

export interface Decision {
  readonly allowed: boolean;
  /** The end of AWS's refusal, or what allowed the call. */
  readonly reason: string;
}

/** Decides one call. */
export function evaluate(question: Question): Decision {
  const { identityStatements, resourceStatements, requester, action, acl, isForeign } = question;
  const identity = identityStatements.filter((statement) => applies(statement, question));
  const resource = resourceStatements.filter((statement) => applies(statement, question));

  if (identity.some(isDeny)) {
    return { allowed: false, reason: "with an explicit deny in an identity-based policy" };
  }
  if (resource.some((statement) => isDeny(statement) && names(statement, question) !== undefined)) {
    return { allowed: false, reason: "with an explicit deny in a resource-based policy" };
  }
  const isIdentityAllowed = identity.some(isAllow);
  const accountId = accountIdOf(requester);
  const isOwn = accountId === question.owner;
  if (isIdentityAllowed && isOwn) return { allowed: true, reason: "allowed by an identity-based policy" };
  const matches = isForeign ? [] : resource.filter(isAllow).map((statement) => names(statement, question));
  // An allow for an account as a whole leaves the decision to the account's identity policies; across accounts both must allow:
  // https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic-cross-account.html
  const isNamed = matches.includes("named") && (isOwn || accountId === undefined);
  if (isNamed || (isIdentityAllowed && matches.some((match) => match !== undefined))) {
    return { allowed: true, reason: "allowed by a resource-based policy" };
  }
  if (acl === "everybody" || (acl === "account" && isIdentityAllowed)) {
    return { allowed: true, reason: "allowed by an access control list" };
  }
  const kind = isOwn ? "identity" : "resource";
  return { allowed: false, reason: `because no ${kind}-based policy allows the ${action} action` };
}

const isDeny = ({ effect }: Statement): boolean => effect === "Deny";
const isAllow = ({ effect }: Statement): boolean => effect === "Allow";

function applies(statement: Statement, { action, resource, context }: Question): boolean {
  return statement.action(action.toLowerCase()) && statement.resource(resource) && statement.condition(context);
}

function names({ principals }: Statement, { requester }: Question) {
  if (principals === undefined) return undefined;
  const match = matchPrincipals(principals, requester);
  if (!principals.negated) return match;
  return match === undefined ? "named" : undefined;
}
