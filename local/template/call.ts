// How a stack is applied: by the operations of the services' own API, as Terraform's provider calls them.

import type { Account } from "../account";
import type { Arguments } from "./arguments";
import type { Stack } from "./read-stack";

/** Calls an operation as the account's administrator; the output has the members that the caller reads of it. */
export type CallApi = <Output = unknown>(service: string, operation: string, input: object) => Promise<Output>;

/** What a stack is applied to. */
export interface Services {
  readonly account: Account;
  readonly call: CallApi;
}

/** What references can read of a resource. */
export type Attributes = Readonly<Record<string, unknown>>;

/**
 * Makes a resource, or changes it: reads all of its arguments before it waits for anything, and returns the attributes
 * that references can read.
 * @param existing its attributes, where it is there already
 */
export type ApplyResource = (
  args: Arguments,
  services: Services,
  stack: Stack,
  existing?: Attributes,
) => Attributes | Promise<Attributes>;
