// What transactions are made of: requests for one item each, checked as if they were alone.

import type { Account } from "../../account";
import { AwsError } from "../../aws-error";
import type { CheckedRequest } from "../check-request";
import type { Dynalite } from "../dynalite";
import { sizeOf } from "../images";
import { refuseLargeItem } from "../item-changes";
import type { WriteOperation } from "../item-operations";
import { tableArn } from "../table-arn";
import type { Item } from "../types";
import { nameOf, type TableState } from "./state";
import { invalid } from "./transaction-input";

/** Of all items together. */
const MOST_BYTES = 4 * 1024 * 1024;

/** What the caller of a part must be allowed. */
export type WriteAction = WriteOperation | "ConditionCheckItem";
export type PartAction = WriteAction | "GetItem";

export interface Part<Action extends PartAction = PartAction> {
  readonly action: Action;
  readonly request: CheckedRequest;
}

/** Checks a request of a transaction. */
export function checkPart<Action extends PartAction>(
  dynalite: Dynalite,
  action: Action,
  given: Readonly<Record<string, unknown>>,
  account: Account,
): Part<Action> {
  // A condition alone is checked as that of a deletion, which has no other parameters.
  const name = action === "ConditionCheckItem" ? "DeleteItem" : action;
  const request = dynalite.check(name, { ...given, TableName: nameOf(account, String(given.TableName)) });
  if (request.Item !== undefined) refuseLargeItem(request.Item as Item);
  return { action, request };
}

/** An input with its parts, checked. */
export const withParts = <Input extends object>(
  input: Input,
  parts: readonly Part[],
): Input & { parts: readonly Part[] } => ({
  ...input,
  parts,
});

/** The parts of an input that has been read; its type, which is made of shapes, does not know them. */
export const partsOf = <Action extends PartAction>(input: object): readonly Part<Action>[] =>
  (input as { readonly parts: readonly Part<Action>[] }).parts;

export function authorizationsOf(input: object, { account }: TableState, enclosing: string) {
  return partsOf(input).map(({ action, request }) => ({
    action,
    resource: tableArn(account, String(request.TableName)),
    context: { "dynamodb:EnclosingOperation": enclosing },
  }));
}

/** It is about the request as a whole, and no reason of one item. */
export class SameItemTwice extends AwsError {
  constructor() {
    super("ValidationException", "Transaction request cannot include multiple operations on one item");
  }
}

/** Refuses an item that the transaction has met before. */
export function refuseSeen(seen: Set<string>, tableName: string, key: string): void {
  const item = JSON.stringify([tableName, key]);
  if (seen.has(item)) throw new SameItemTwice();
  seen.add(item);
}

/** Refuses items that are too large together. */
export function refuseTooLarge(all: readonly Item[]): void {
  if (all.reduce((sum, item) => sum + sizeOf(item), 0) <= MOST_BYTES) return;
  throw invalid("Transaction request: the items' aggregate size cannot exceed 4 MB");
}
