// What DynamoDB says of itself: where it is, and what the account may have.
// https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_DescribeEndpoints.html

import { operation } from "../../api/operation";
import type { TableState } from "./state";

/** IAM knows no resource for these. */
const onAll = () => [{ resource: "*" }];

const DAY_MINUTES = 24 * 60;

export const describeEndpoints = operation({
  name: "DescribeEndpoints",
  input: {},
  resources: onAll,
  run: ({ account }: TableState) => ({
    Endpoints: [{ Address: new URL(account.endpoint).host, CachePeriodInMinutes: DAY_MINUTES }],
  }),
});

/** What AWS gives a new account; nothing is throttled here. */
export const describeLimits = operation({
  name: "DescribeLimits",
  input: {},
  resources: onAll,
  run: () => ({
    AccountMaxReadCapacityUnits: 80_000,
    AccountMaxWriteCapacityUnits: 80_000,
    TableMaxReadCapacityUnits: 40_000,
    TableMaxWriteCapacityUnits: 40_000,
  }),
});
