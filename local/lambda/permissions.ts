// A function's resource policy: which services may invoke it, and for which of their resources.
// https://docs.aws.amazon.com/lambda/latest/api/API_AddPermission.html

import type { Account } from "../account";
import { AwsError } from "../aws-error";
import type { LambdaFunction, Permission } from "./functions";
import type { AddPermissionInput } from "./types";

const STATEMENT_ID = /^[a-zA-Z0-9-_]{1,100}$/;
const SERVICE_PRINCIPAL = /^[a-z0-9.-]+\.amazonaws\.com$/;
const INVOKE_ACTIONS = ["lambda:InvokeFunction", "lambda:*"];

export interface Source {
  readonly sourceArn: string;
  readonly sourceAccount: string;
}

/** Adds a statement; refuses what AWS refuses, and principals other than services, which the embedded AWS does not know. */
export function addPermission(target: LambdaFunction, input: AddPermissionInput): void {
  const { statementId, action, principal, sourceArn, sourceAccount } = input;
  const refuse = (name: string, value: string, allowed: string) => {
    throw new AwsError(
      "ValidationException",
      `1 validation error detected: Value '${value}' at '${name}' failed to satisfy constraint: ${allowed}`,
    );
  };
  if (!STATEMENT_ID.test(statementId)) refuse("statementId", statementId, `Member must match ${STATEMENT_ID.source}`);
  if (!/^(lambda:[*]|lambda:[a-zA-Z]+)$/.test(action)) refuse("action", action, "Member must be an action of Lambda");
  if (!SERVICE_PRINCIPAL.test(principal)) {
    refuse("principal", principal, "the embedded AWS knows only principals of services, such as s3.amazonaws.com");
  }
  if (target.permissions.some(({ Sid }) => Sid === statementId)) {
    throw new AwsError(
      "ResourceConflictException",
      `The statement id (${statementId}) provided already exists. Please provide a new statement id, or remove the existing statement.`,
      409,
    );
  }
  const conditions = {
    ...(sourceAccount !== undefined && { StringEquals: { "AWS:SourceAccount": sourceAccount } }),
    ...(sourceArn !== undefined && { ArnLike: { "AWS:SourceArn": sourceArn } }),
  };
  target.permissions.push({
    Sid: statementId,
    Effect: "Allow",
    Principal: { Service: principal },
    Action: action,
    Resource: target.arn,
    ...(Object.keys(conditions).length > 0 && { Condition: conditions }),
  });
}

/** Whether a service may invoke a function for one of its resources. */
export const isPermitted = (target: LambdaFunction, principal: string, source: Source): boolean =>
  target.permissions.some(
    (permission) =>
      permission.Principal.Service === principal &&
      INVOKE_ACTIONS.includes(permission.Action) &&
      meetsCondition(permission, source),
  );

/** The policy document as GetPolicy returns it. */
export const policyOf = ({ permissions }: LambdaFunction): string =>
  JSON.stringify({ Version: "2012-10-17", Id: "default", Statement: permissions });

function meetsCondition({ Condition = {} }: Permission, { sourceArn, sourceAccount }: Source): boolean {
  const account = Condition.StringEquals?.["AWS:SourceAccount"];
  const arn = Condition.ArnLike?.["AWS:SourceArn"];
  return (account === undefined || account === sourceAccount) && (arn === undefined || isArnLike(sourceArn, arn));
}

/** ArnLike compares each of the six parts by itself; `*` and `?` stay within their part. */
function isArnLike(arn: string, pattern: string): boolean {
  const parts = splitArn(arn);
  return splitArn(pattern).every((part, index) => {
    const source = part
      .replace(/[.+^${}()|[\]\\]/g, "\\$&")
      .replaceAll("*", ".*")
      .replaceAll("?", ".");
    return new RegExp(`^${source}$`).test(parts[index] ?? "");
  });
}

function splitArn(arn: string): string[] {
  const parts = arn.split(":");
  return [...parts.slice(0, 5), parts.slice(5).join(":")];
}

/** Refusal of a service that the function's policy does not name. */
export const notPermitted = (target: LambdaFunction, principal: string, account: Readonly<Account>): AwsError =>
  new AwsError(
    "AccessDeniedException",
    `User: ${principal} is not authorized to perform: lambda:InvokeFunction on resource: ${target.arn} because no resource-based policy allows the lambda:InvokeFunction action (account ${account.accountId})`,
    403,
  );
