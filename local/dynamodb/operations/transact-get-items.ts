// https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_TransactGetItems.html

import { operation } from "../../api/operation";
import type { Dynalite } from "../dynalite";
import type { ItemOperations } from "../item-operations";
import type { TableState } from "./state";
import { capacities } from "./transaction-capacity";
import { GET_INPUT, readGetInput } from "./transaction-input";
import { authorizationsOf, checkPart, partsOf, refuseSeen, refuseTooLarge, withParts } from "./transaction-parts";

/** Makes TransactGetItems: all items as they are at one moment. */
export const createTransactGetItems = (dynalite: Dynalite, items: ItemOperations) =>
  operation({
    name: "TransactGetItems",
    input: GET_INPUT,
    read(given, { account }: TableState) {
      const { TransactItems, ...input } = readGetInput(given);
      const parts = TransactItems.map(({ Get }) => checkPart(dynalite, "GetItem", Get, account));
      return withParts({ ...input, TransactItems }, parts);
    },
    resources: (input, state) => authorizationsOf(input, state, "TransactGetItems"),
    run(_state, input) {
      const parts = partsOf(input);
      const seen = new Set<string>();
      const found = parts.map(({ request }) => {
        const read = items.read(request);
        refuseSeen(seen, read.table.TableName, read.key);
        return read;
      });
      refuseTooLarge(found.map(({ stored = {} }) => stored));
      const used = found.map(({ table, stored }) => [table.TableName, stored] as const);
      return {
        Responses: found.map(({ shown }) => (shown === undefined ? {} : { Item: shown })),
        ...capacities(dynalite, input.ReturnConsumedCapacity, true, used),
      };
    },
  });
