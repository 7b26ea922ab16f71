// The tokens of transactions: who repeats one with the same token has it done once.
// https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/transaction-apis.html#transaction-apis-txwriteitems-idempotency

import { isDeepStrictEqual } from "node:util";
import { AwsError } from "../../aws-error";
import type { Change, Journal } from "../../data/journal";

const VALID_MS = 10 * 60_000;

const TOKEN = "transaction token";

interface Done {
  readonly request: unknown;
  readonly until: number;
}

export type RequestTokens = ReturnType<typeof createRequestTokens>;

/**
 * @param clock milliseconds since 1970
 * @param journal where tokens are kept over a restart
 */
export function createRequestTokens(clock: () => number, journal?: Journal) {
  const done = new Map(journal?.take(TOKEN, "") as Map<string, Done> | undefined);

  function forgetOld(): void {
    const old = [...done].filter(([, { until }]) => until <= clock()).map(([token]) => token);
    for (const token of old) done.delete(token);
    journal?.write(old.map((token) => [TOKEN, "", token, null]));
  }

  return {
    /** Whether this was done within the last ten minutes; refuses the token of something else. */
    isRepeated(token: string, request: unknown): boolean {
      forgetOld();
      const earlier = done.get(token);
      if (earlier === undefined || isDeepStrictEqual(earlier.request, request)) return earlier !== undefined;
      const message = "The request uses the same client token as a previous, but non-identical request.";
      throw new AwsError("IdempotentParameterMismatchException", message);
    },
    /** @returns what is to be kept together with the transaction's changes */
    remember(token: string, request: unknown): Change[] {
      const entry: Done = { request, until: clock() + VALID_MS };
      done.set(token, entry);
      return [[TOKEN, "", token, entry]];
    },
  };
}
