// What a transaction consumes: twice what its requests would alone, once to prepare and once to commit.
// https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/transaction-apis.html#transaction-capacity-handling

import type { Dynalite } from "../dynalite";
import type { Item } from "../types";

const TIMES = 2;

/** What is asked of a table is told of it as a whole. */
export function capacities(
  dynalite: Dynalite,
  asked: string | undefined,
  isRead: boolean,
  used: readonly (readonly [string, Item?, Item?])[],
) {
  if (asked === undefined || asked === "NONE") return {};
  const units = new Map<string, number>();
  for (const [TableName, before, after] of used) {
    const request = { TableName, ConsistentRead: true, ReturnConsumedCapacity: "TOTAL" };
    const { CapacityUnits } = dynalite.capacityOf(request, isRead, before, after) as { CapacityUnits: number };
    units.set(TableName, (units.get(TableName) ?? 0) + TIMES * CapacityUnits);
  }
  const kind = isRead ? "ReadCapacityUnits" : "WriteCapacityUnits";
  const ConsumedCapacity = [...units].map(([TableName, CapacityUnits]) => ({
    TableName,
    CapacityUnits,
    [kind]: CapacityUnits,
    ...(asked === "INDEXES" && { Table: { CapacityUnits, [kind]: CapacityUnits } }),
  }));
  return { ConsumedCapacity };
}
