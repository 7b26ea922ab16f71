// A function's resource policy: which services may invoke it, and for which of their resources.
// https://docs.aws.amazon.com/lambda/latest/api/API_AddPermission.html

import { AwsError } from "../aws-error";
import type { Iam } from "../iam/types";
import type { LambdaFunction, Permission } from "./functions";
import type { AddPermissionInput } from "./types";

const STATEMENT_ID = /^[a-zA-Z0-9-_]{1,100}$/;
const SERVICE_PRINCIPAL = /^[a-z0-9.-]+\.amazonaws\.com$/;

export interface Source {
  readonly sourceArn: string;
  readonly sourceAccount: string;
}

/** Adds a statement; refuses what AWS refuses, and principals other than services, which the embedded AWS does not know. */
export function addPermission(target: LambdaFunction, input: AddPermissionInput): Permission {
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
  const statements = target.policy?.Statement ?? [];
  if (statements.some(({ Sid }) => Sid === statementId)) {
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
  const added: Permission = {
    Sid: statementId,
    Effect: "Allow",
    Principal: { Service: principal },
    Action: action,
    Resource: target.arn,
    ...(Object.keys(conditions).length > 0 && { Condition: conditions }),
  };
  target.policy = { Version: "2012-10-17", Id: "default", Statement: [...statements, added] };
  return added;
}

/** Takes a statement away; without any there is no policy. */
export function removePermission(target: LambdaFunction, statementId: string): void {
  const statements = target.policy?.Statement ?? [];
  const left = statements.filter(({ Sid }) => Sid !== statementId);
  if (left.length === statements.length) {
    const message = `Statement ${statementId} is not found in resource policy.`;
    throw new AwsError("ResourceNotFoundException", message, 404);
  }
  target.policy = left.length === 0 ? undefined : { Version: "2012-10-17", Id: "default", Statement: left };
}

/** Lets IAM decide whether a service may invoke a function for one of its resources; throws its AccessDenied. */
export function authorizeInvoke(iam: Iam, target: LambdaFunction, service: string, source: Source): void {
  iam.authorizeService({
    service,
    action: "lambda:InvokeFunction",
    resource: target.arn,
    resourcePolicy: target.policy,
    context: { "aws:SourceArn": source.sourceArn, "aws:SourceAccount": source.sourceAccount },
  });
}
