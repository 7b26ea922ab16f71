// What the profiles of a stack are keyed by, as its functions are told.

import { type ProfileIds, profileIds } from "../functions/lib/profile-id";
import { readStack } from "../local/template/read-stack";

export function profileIdsOf(stackDirectory: string): ProfileIds {
  const isString = readStack(stackDirectory).blocks.some(({ type, body }) => {
    const { variables } = (body.environment ?? {}) as { readonly variables?: Readonly<Record<string, unknown>> };
    return type === "aws_lambda_function" && variables?.PROFILE_ID_TYPE === "string";
  });
  return profileIds(isString ? "string" : "number");
}
