// One account with an IAM for the tests of policies, and a function's role in it.

import { type Activity, createActivityStream } from "../../../local/activity";
import { AwsError } from "../../../local/aws-error";
import { createIam } from "../../../local/iam";
import type { Caller } from "../../../local/service";

export const ACCOUNT = { accountId: "111122223333", region: "eu-west-1", endpoint: "http://127.0.0.1:4566" };
export const ADMINISTRATOR: Caller = { kind: "administrator", arn: "arn:aws:iam::111122223333:user/administrator" };
export const ANONYMOUS: Caller = { kind: "anonymous" };

export const LAMBDA_TRUST = JSON.stringify({
  Version: "2012-10-17",
  Statement: [{ Effect: "Allow", Principal: { Service: "lambda.amazonaws.com" }, Action: "sts:AssumeRole" }],
});

/** An IAM with the role `Thumbnailer`, whose inline policy has the given statements. */
export function createTestIam(statements: readonly object[] = []) {
  const activity = createActivityStream();
  const activities: Activity[] = [];
  activity.subscribe((each) => activities.push(each));
  const iam = createIam({ account: ACCOUNT, activity });
  const { arn: roleArn, roleName } = iam.createRole({
    roleName: "Thumbnailer",
    assumeRolePolicyDocument: LAMBDA_TRUST,
  });
  if (statements.length > 0) {
    iam.putRolePolicy({ roleName, policyName: "Inline", policyDocument: policyOf(...statements) });
  }
  const credentials = iam.assumeRole({ roleArn, service: "lambda.amazonaws.com", sessionName: "thumbnailer" });
  return { iam, roleArn, credentials, caller: credentials.caller, activity, activities };
}

export const policyOf = (...statements: readonly object[]): string =>
  JSON.stringify({ Version: "2012-10-17", Statement: statements });

/** The refusal that a call ends with; undefined when it is allowed. */
export function refusalOf(call: () => unknown): AwsError | undefined {
  try {
    call();
    return undefined;
  } catch (error) {
    if (error instanceof AwsError) return error;
    throw error;
  }
}
