// What the operations on tables work on.

import type { Account } from "../../account";
import { AwsError } from "../../aws-error";
import type { ItemStore, TableDescription } from "../item-store";
import { tableArn } from "../table-arn";
import type { Tables } from "../tables";

export interface TableState {
  readonly account: Account;
  readonly store: ItemStore;
  readonly tables: Tables;
}

/** @throws AwsError when there is no such table */
export function tableNamed({ store }: TableState, name: string): TableDescription {
  const table = store.table(name);
  if (table !== undefined) return table;
  const message = `Requested resource not found: Table: ${name} not found`;
  throw new AwsError("ResourceNotFoundException", message);
}

/** A table's name, from its name or ARN: https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_DescribeTable.html */
export function nameOf(account: Account, given: string): string {
  const prefix = tableArn(account, "");
  return given.startsWith(prefix) ? given.slice(prefix.length) : given;
}

export const onTable = ({ TableName }: { readonly TableName: string }, { account }: TableState) => [
  { resource: tableArn(account, nameOf(account, TableName)) },
];
