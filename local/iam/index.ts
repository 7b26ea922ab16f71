// IAM: who may do what. Every call of a function, every anonymous call and every service's own call is decided here, and
// each decision is published.

import type { Account } from "../account";
import { type ActivityStream, now } from "../activity";
import { AwsError } from "../aws-error";
import { type Caller, callerName } from "../service";
import { createConditionContext } from "./condition-keys";
import { createCredentialStore } from "./credentials";
import { type Decision, evaluate } from "./evaluate";
import { compilePolicy, readPolicyDocument, type Statement } from "./policy";
import { accountIdOf } from "./principals";
import { createRoleStore, type Role, type RoleStore } from "./roles";
import type { AuthorizationRequest, Iam, OtherAccount, PolicyDocument } from "./types";

export { accountIdOf } from "./principals";
export { isPublicPolicy } from "./public-policy";

const SESSION_NAME_PATTERN = /^[\w+=,.@-]{2,64}$/;

/** What AdministratorAccess says. */
const ADMINISTRATOR_ACCESS = { Statement: { Effect: "Allow", Action: "*", Resource: "*" } };

/** Creates the IAM of one embedded AWS. */
export function createIam({
  account,
  activity,
  otherAccounts = [],
}: {
  account: Account;
  activity: ActivityStream;
  otherAccounts?: readonly OtherAccount[];
}): Iam & { roles: RoleStore } {
  const credentials = createCredentialStore(account, otherAccounts);
  const roles = createRoleStore(account, credentials.revokeRole);
  const administratorAccess = compilePolicy(ADMINISTRATOR_ACCESS, "identity");
  /** Resource policies stay compiled as long as their owner keeps the document. */
  const compiled = new WeakMap<PolicyDocument, Statement[]>();

  function statementsOf(policy: PolicyDocument | undefined): readonly Statement[] {
    if (policy === undefined) return [];
    const statements = compiled.get(policy) ?? compilePolicy(policy, "resource");
    compiled.set(policy, statements);
    return statements;
  }

  function identityStatementsOf(requester: Caller): readonly Statement[] {
    if (requester.kind === "administrator") return administratorAccess;
    return requester.kind === "role" ? (roles.find(requester.roleName)?.statements() ?? []) : [];
  }

  /** Publishes the decision; throws AWS's refusal. */
  function decide(requester: Caller, request: Omit<AuthorizationRequest, "caller">, decision: Decision): void {
    const { action, resource } = request;
    const caller = callerName(requester);
    const { requestId } = requester;
    const error = decision.allowed ? undefined : "AccessDenied";
    const detail = { action, decision: decision.allowed ? "Allow" : "Deny", reason: decision.reason };
    activity.publish({ at: now(), service: "iam", action: "Authorize", resource, requestId, caller, error, detail });
    if (decision.allowed) return;
    // Reasons are for callers of the same account:
    // https://docs.aws.amazon.com/AmazonS3/latest/userguide/troubleshoot-403-errors.html
    const accountId = accountIdOf(requester);
    const isOutside =
      requester.kind === "anonymous" ||
      (requester.kind === "service" && requestId !== undefined) ||
      (accountId !== undefined && accountId !== account.accountId);
    if (isOutside) throw new AwsError("AccessDenied", "Access Denied", 403);
    // S3 puts the resource in quotes, the others do not.
    const quoted = action.startsWith("s3:") ? `"${resource}"` : resource;
    throw new AwsError(
      "AccessDenied",
      `User: ${caller} is not authorized to perform: ${action} on resource: ${quoted} ${decision.reason}`,
      403,
    );
  }

  function authorize(requester: Caller, request: Omit<AuthorizationRequest, "caller">): void {
    const decision = evaluate({
      owner: request.owner ?? account.accountId,
      isForeign: request.isForeign,
      acl: request.acl,
      requester,
      action: request.action,
      resource: request.resource,
      context: createConditionContext(account, requester, request.context),
      identityStatements: identityStatementsOf(requester),
      resourceStatements: statementsOf(request.resourcePolicy),
    });
    decide(requester, request, decision);
  }

  /** Whether a role's trust policy lets a service assume it; the error is STS's. */
  function authorizeAssumeRole(role: Role, service: string, sourceArn: string | undefined): void {
    const requester: Caller = { kind: "service", service };
    const request = { action: "sts:AssumeRole", resource: role.arn };
    const given = { "aws:SourceAccount": account.accountId, ...(sourceArn && { "aws:SourceArn": sourceArn }) };
    const context = createConditionContext(account, requester, given);
    const question = { owner: account.accountId, requester, ...request, context };
    decide(requester, request, evaluate({ ...question, identityStatements: [], resourceStatements: role.trust }));
  }

  return {
    roles,
    hasAccount: (accountId) => [account, ...otherAccounts].some((each) => each.accountId === accountId),
    userIdOf: ({ kind, arn }) => {
      // AWS's own has AIDA and sixteen characters more.
      if (kind === "administrator") return "AIDAEXAMPLEADMINISTR";
      const [, roleName = "", sessionName = ""] = arn.split("/");
      return `${roles.find(roleName)?.roleId}:${sessionName}`;
    },
    createRole: (input) => {
      const { arn, roleName } = roles.create(input);
      return { arn, roleName };
    },
    putRolePolicy: roles.putPolicy,
    getRolePolicy: roles.getPolicy,

    parsePolicy(text, kind) {
      const document = readPolicyDocument(text);
      const statements = compilePolicy(document, kind);
      if (kind === "resource") compiled.set(document, statements);
      return document;
    },

    assumeRole({ roleArn, service, sessionName, sourceArn }) {
      const role = roles.find(roleArn.slice(roleArn.lastIndexOf("/") + 1));
      if (role?.arn !== roleArn) {
        throw new AwsError(
          "AccessDenied",
          `User: ${service} is not authorized to perform: sts:AssumeRole on resource: ${roleArn}`,
          403,
        );
      }
      if (!SESSION_NAME_PATTERN.test(sessionName)) {
        throw new AwsError(
          "ValidationError",
          `Value '${sessionName}' at 'roleSessionName' failed to satisfy constraint: Member must satisfy regular expression pattern: [\\w+=,.@-]{2,64}`,
        );
      }
      authorizeAssumeRole(role, service, sourceArn);
      return credentials.issue({ roleName: role.roleName, sessionName });
    },
    actAsService: credentials.issueForService,
    revoke: credentials.revoke,
    findCredentials: credentials.find,

    authorize: (request) => authorize(request.caller, request),
    authorizeService: (request) => authorize({ kind: "service", service: request.service }, request),
  };
}
