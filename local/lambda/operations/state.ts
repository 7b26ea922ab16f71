// What Lambda's operations work on.

import type { Account } from "../../account";
import type { Authorization } from "../../api/operation";
import type { Iam } from "../../iam/types";
import type { S3 } from "../../s3/types";
import type { AsyncQueue } from "../async-invocation/queue";
import type { Mapping, Mappings } from "../event-source-mapping/mappings";
import type { FunctionRegistry, LambdaFunction } from "../functions";
import type { Runner } from "../instance/runner";

export interface LambdaState {
  readonly account: Readonly<Account>;
  readonly iam: Iam;
  /** Concurrent executions that the account may have. */
  readonly accountConcurrency: number;
  readonly functions: FunctionRegistry;
  readonly mappings: Mappings;
  readonly queue: AsyncQueue;
  /** Where packages are read from. */
  readonly packages: Pick<S3, "readObject">;
  /** The URL of a function's package. */
  locationOf(target: LambdaFunction): string;
  runnerOf(target: LambdaFunction): Runner;
  /** The next invocation runs with the function's new configuration and code. */
  replaceRunner(target: LambdaFunction): void;
  /** Ends its invocations, those that run and those that wait. */
  removeFunction(target: LambdaFunction): void;
}

interface Named {
  readonly FunctionName: string;
  readonly Qualifier?: string;
}

/** The function that a request names, by name or ARN. */
export const functionOf = ({ functions }: LambdaState, { FunctionName, Qualifier }: Named): LambdaFunction =>
  functions.get(FunctionName, Qualifier);

/** An operation on one function: Lambda finds it first, so that a refusal can name it. */
export const onFunction = (input: Named, state: LambdaState): Authorization[] => [
  { resource: functionOf(state, input).arn },
];

/** The same with another action than the operation's name. */
export const onFunctionAs =
  (action: string) =>
  (input: Named, state: LambdaState): Authorization[] => [{ action, resource: functionOf(state, input).arn }];

export const mappingOf = ({ mappings }: LambdaState, { UUID }: { readonly UUID: string }): Mapping =>
  mappings.get(UUID);

export const onMapping = (input: { readonly UUID: string }, state: LambdaState): Authorization[] => [
  { resource: mappingOf(state, input).arn },
];
