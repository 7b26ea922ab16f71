// Pages of lists, as most services give them.

import { AwsError } from "../aws-error";

/** One page of a list, in its order; the token names the last item given, so that items that come meanwhile do no harm. */
export function pageByToken<T>(
  items: readonly T[],
  nameOf: (item: T) => string,
  limit: number,
  token: string | undefined,
): { items: T[]; nextToken: string | undefined } {
  const start = token === undefined ? 0 : items.findIndex((item) => nameOf(item) === token) + 1;
  if (token !== undefined && start === 0) throw invalidToken(token);
  const page = items.slice(start, start + limit);
  const last = page.at(-1);
  const more = last !== undefined && start + limit < items.length;
  return { items: page, nextToken: more ? nameOf(last) : undefined };
}

export const invalidToken = (token: string) =>
  new AwsError("InvalidParameterException", `The specified nextToken is invalid: ${token}`);
