// The role policies of a synthesized stack, taken apart into grants: one action on one resource of one statement, so
// that a test can take away each of them alone.

import { referencesOf } from "../../local/template/expressions";
import { type Block, readStack } from "../../local/template/read-stack";

export interface Grant {
  readonly functionName: string;
  readonly roleName: string;
  readonly policyName: string;
  /** The block of the policy in cdk.tf.json: `aws_iam_role_policy.<name>`. */
  readonly address: string;
  /** Its place among the grants of the policy. */
  readonly index: number;
  readonly action: string;
  /** In the stack's words: `s3:GetObject on images_bucket/original/*`. */
  readonly label: string;
}

interface Statement {
  readonly Sid?: string;
  readonly Action: string | readonly string[];
  readonly Resource: string | readonly string[];
}

interface SingleGrant {
  readonly Sid: string;
  readonly Action: string;
  readonly Resource: string;
}

/** Every grant of every inline policy of a stack's roles. */
export function grantsOf(stackDirectory: string): Grant[] {
  const { blocks } = readStack(stackDirectory);
  const named = (address: string | undefined) => blocks.find((block) => block.address === address);
  return blocks
    .filter(({ type }) => type === "aws_iam_role_policy")
    .flatMap((policy) => {
      const role = named(referencesOf(policy.body.role)[0]?.address);
      const itsFunction = blocks.find(
        ({ type, body }) => type === "aws_lambda_function" && referencesOf(body.role)[0]?.address === role?.address,
      );
      return apart(text(policy, "policy")).map(({ Action, Resource }, index) => ({
        functionName: text(itsFunction, "function_name"),
        roleName: text(role, "name"),
        policyName: text(policy, "name"),
        address: policy.address,
        index,
        action: Action,
        label: `${Action} on ${Resource.replace(/\$\{\w+\.(\w+)\.\w+\}/g, "$1")}`,
      }));
    });
}

/** The policy document without some of its grants. */
export const without = (policyDocument: string, indexes: readonly number[]): string =>
  JSON.stringify({
    Version: "2012-10-17",
    Statement: apart(policyDocument).filter((_grant, index) => !indexes.includes(index)),
  });

function apart(policyDocument: string): SingleGrant[] {
  const { Statement: statements }: { Statement: readonly Statement[] } = JSON.parse(policyDocument);
  return statements
    .flatMap((statement) =>
      [statement.Action]
        .flat()
        .flatMap((Action) => [statement.Resource].flat().map((Resource) => ({ ...statement, Action, Resource }))),
    )
    .map((grant, index) => ({ ...grant, Sid: `${grant.Sid ?? ""}${index}` }));
}

function text(block: Block | undefined, name: string): string {
  const value = block?.body[name];
  if (typeof value !== "string") throw new Error(`${block?.address} has no text "${name}"`);
  return value;
}
