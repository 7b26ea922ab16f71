// Who may run at the same time: each function up to its reserved number, all others together up to the account's.
// https://docs.aws.amazon.com/lambda/latest/dg/lambda-concurrency.html

import { AwsError } from "../aws-error";
import type { FunctionConfiguration } from "./types";

/** What AWS gives a new account; an older one has 1000. */
export const ACCOUNT_CONCURRENCY = 10;

export interface Concurrency {
  /** Whether an invocation could begin now. */
  isFree(configuration: FunctionConfiguration): boolean;
  /** Takes a place, and returns what gives it back; throws TooManyRequestsException when there is none. */
  take(configuration: FunctionConfiguration): () => void;
  /** Calls the listener whenever a place was given back, until the returned function is called. */
  onFree(listener: () => void): () => void;
}

/** Counts the concurrent executions of one account. */
export function createConcurrency(accountConcurrency = ACCOUNT_CONCURRENCY): Concurrency {
  const running = new Map<string, number>();
  const listeners = new Set<() => void>();
  const poolOf = ({ functionName, reservedConcurrentExecutions }: FunctionConfiguration) =>
    reservedConcurrentExecutions === undefined
      ? { name: "", limit: accountConcurrency }
      : { name: functionName, limit: reservedConcurrentExecutions };

  const isFree: Concurrency["isFree"] = (configuration) => {
    const { name, limit } = poolOf(configuration);
    return (running.get(name) ?? 0) < limit;
  };

  return {
    isFree,
    take(configuration) {
      if (!isFree(configuration)) throw tooManyRequests(configuration);
      const { name } = poolOf(configuration);
      running.set(name, (running.get(name) ?? 0) + 1);
      return () => {
        running.set(name, (running.get(name) ?? 1) - 1);
        for (const listener of listeners) listener();
      };
    },
    onFree(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}

const tooManyRequests = ({ reservedConcurrentExecutions }: FunctionConfiguration) =>
  new AwsError("TooManyRequestsException", "Rate Exceeded.", 429, {
    Reason:
      reservedConcurrentExecutions === undefined
        ? "ConcurrentInvocationLimitExceeded"
        : "ReservedFunctionConcurrentInvocationLimitExceeded",
  });
