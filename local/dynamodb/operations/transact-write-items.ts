// Up to a hundred writes of which all are done, or none, and the caller learns why. Since every operation runs to its end
// before the next begins, none ever meets another one half done (TransactionConflict).
// https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_TransactWriteItems.html

import type { Account } from "../../account";
import { operation } from "../../api/operation";
import type { CheckedRequest } from "../check-request";
import type { Dynalite } from "../dynalite";
import type { ItemOperations, PlannedWrite } from "../item-operations";
import { attempt, cancelled, NOTHING } from "./cancellation";
import type { RequestTokens } from "./request-tokens";
import type { TableState } from "./state";
import { capacities } from "./transaction-capacity";
import { readWriteInput, WRITE_INPUT, type WriteItem } from "./transaction-input";
import {
  authorizationsOf,
  checkPart,
  type Part,
  partsOf,
  refuseSeen,
  refuseTooLarge,
  type WriteAction,
  withParts,
} from "./transaction-parts";

/** How a request of a transaction is called alone. */
const ACTIONS = {
  ConditionCheck: "ConditionCheckItem",
  Put: "PutItem",
  Update: "UpdateItem",
  Delete: "DeleteItem",
} as const;

/** Makes TransactWriteItems. */
export function createTransactWriteItems(dynalite: Dynalite, items: ItemOperations, tokens: RequestTokens) {
  function partOf(item: WriteItem, account: Account): Part<WriteAction> {
    for (const [name, given] of Object.entries(item))
      return checkPart(dynalite, ACTIONS[name as keyof typeof ACTIONS], given as Record<string, unknown>, account);
    throw new Error("A request of a transaction is none");
  }

  function plan(parts: readonly Part<WriteAction>[]): PlannedWrite[] {
    const seen = new Set<string>();
    parts.forEach(({ request }, index) => {
      const { reason } = attempt(() => {
        const { table, key } = items.locate(request);
        refuseSeen(seen, table.TableName, key);
      });
      // A key that is none of the table's ends it: of the others nothing is told.
      if (reason.Code !== "None") throw cancelled(parts.map((_part, at) => (at === index ? reason : NOTHING)));
    });
    const plans = parts.map(({ action, request }) => attempt(() => planOf(action, request)));
    if (plans.some(({ value }) => value === undefined)) throw cancelled(plans.map(({ reason }) => reason));
    return plans.flatMap(({ value }) => value ?? []);
  }

  function planOf(action: WriteAction, request: CheckedRequest): PlannedWrite {
    if (action !== "ConditionCheckItem") return items.plan(action, request);
    const planned = items.plan("DeleteItem", request);
    return { ...planned, item: planned.stored, write: () => {} };
  }

  return operation({
    name: "TransactWriteItems",
    input: WRITE_INPUT,
    read(given, { account }: TableState) {
      const { TransactItems, ...input } = readWriteInput(given);
      return withParts(
        { ...input, TransactItems },
        TransactItems.map((item) => partOf(item, account)),
      );
    },
    resources: (input, state) => authorizationsOf(input, state, "TransactWriteItems"),
    run({ tables, store }, input, { requestId }) {
      const { ClientRequestToken: token, TransactItems, ReturnConsumedCapacity: asked } = input;
      const parts = partsOf<WriteAction>(input);
      const isRepeated = token !== undefined && tokens.isRepeated(token, TransactItems);
      if (isRepeated) {
        const unread = parts.map(({ request }) => [String(request.TableName)] as const);
        return capacities(dynalite, asked, true, unread);
      }
      const plans = plan(parts);
      refuseTooLarge(plans.map(({ item = {} }) => item));
      for (const each of plans) each.write();
      const keep = token === undefined ? [] : tokens.remember(token, TransactItems);
      tables.publish(store.takeChanges(), requestId, { keep });
      const used = plans.map(({ table, stored, item }) => [table.TableName, stored, item] as const);
      return capacities(dynalite, asked, false, used);
    },
  });
}
