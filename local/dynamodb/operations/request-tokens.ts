// The tokens of transactions: who repeats one with the same token has it done once.
// https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/transaction-apis.html#transaction-apis-txwriteitems-idempotency

import { isDeepStrictEqual } from "node:util";
import { AwsError } from "../../aws-error";

const VALID_MS = 10 * 60_000;

/** @param clock milliseconds since 1970 */
export function createRequestTokens(clock: () => number) {
  const done = new Map<string, { readonly request: unknown; readonly until: number }>();

  return {
    /** Whether this was done within the last ten minutes; refuses the token of something else. */
    isRepeated(token: string, request: unknown): boolean {
      for (const [each, { until }] of done) if (until <= clock()) done.delete(each);
      const earlier = done.get(token);
      if (earlier === undefined || isDeepStrictEqual(earlier.request, request)) return earlier !== undefined;
      const message = "The request uses the same client token as a previous, but non-identical request.";
      throw new AwsError("IdempotentParameterMismatchException", message);
    },
    remember: (token: string, request: unknown): unknown => done.set(token, { request, until: clock() + VALID_MS }),
  };
}
