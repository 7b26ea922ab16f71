// How IAM and clients name a table.

import type { Account } from "../account";

/** The ARN of a table; `*` for all. */
export const tableArn = (account: Account, tableName: string): string =>
  `arn:aws:dynamodb:${account.region}:${account.accountId}:table/${tableName}`;
