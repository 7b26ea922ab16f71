// The operations on one item: its key is checked, then its condition against the item as it is, and only then written.

import { type CheckedRequest, expressionsOf } from "./check-request";
import type { Dynalite } from "./dynalite";
import { project } from "./expressions/project";
import { hasIndexes } from "./indexes";
import { refuseFailed, refuseGrown, returned, updatedItem, updatedPaths } from "./item-changes";
import type { ItemStore, TableDescription } from "./item-store";
import { refusePathsInKeys, tableOf } from "./table-checks";
import type { Item } from "./types";

/** What an update changed, with the key: what was there before an index came may be what the index cannot have. */
const changedPart = (request: CheckedRequest, item: Item): Item =>
  project(item, [
    ...Object.keys(request.Key as Item).map((name) => [name]),
    ...updatedPaths(request).map(([name]) => [String(name)]),
  ]);

export type RunOperation = (request: CheckedRequest) => Record<string, unknown>;

export type WriteOperation = "PutItem" | "DeleteItem" | "UpdateItem";

/** An item that a request is about. */
interface Target {
  readonly table: TableDescription;
  readonly key: string;
  readonly stored: Item | undefined;
}

/** A write that nothing speaks against, before it is done. */
export interface PlannedWrite extends Target {
  /** Undefined when there is none afterwards. */
  readonly item: Item | undefined;
  write(): void;
}

export type ItemOperations = ReturnType<typeof createItemOperations>;

/** Makes GetItem, PutItem, UpdateItem and DeleteItem, and the parts of them that transactions are made of. */
export function createItemOperations(store: ItemStore, dynalite: Dynalite) {
  function targetOf(request: CheckedRequest): Target {
    const table = tableOf(request, store);
    const item = (request.Item ?? request.Key) as Item;
    if (request.Item === undefined) dynalite.refuseKey(item, table);
    else dynalite.refuseItem(item, table);
    dynalite.refuseUpdateOf(
      updatedPaths(request).map(([name]) => String(name)),
      table,
    );
    refusePathsInKeys(expressionsOf(request), table, dynalite);
    const key = dynalite.keyOf(item, table);
    return { table, key, stored: store.items(table.TableName).get(key) };
  }

  const plans: Readonly<Record<WriteOperation, (request: CheckedRequest) => PlannedWrite>> = {
    PutItem(request) {
      const target = targetOf(request);
      refuseFailed(request, target.stored);
      const { table, key } = target;
      const item = request.Item as Item;
      return { ...target, item, write: () => store.put(table.TableName, key, item) };
    },

    DeleteItem(request) {
      const target = targetOf(request);
      refuseFailed(request, target.stored);
      return {
        ...target,
        item: undefined,
        write: () => store.remove(target.table.TableName, target.key),
      };
    },

    UpdateItem(request) {
      const target = targetOf(request);
      const { table, key, stored } = target;
      refuseFailed(request, stored);
      const item = updatedItem(request, stored);
      if (item === undefined) return { ...target, item, write: () => {} };
      refuseGrown(item);
      if (hasIndexes(table)) dynalite.refuseItem(changedPart(request, item), table); // The keys of indexes have types, too.
      return { ...target, item, write: () => store.put(table.TableName, key, item) };
    },
  };

  const writeAlone = (operation: WriteOperation) => (request: CheckedRequest) => {
    const { stored, item, write } = plans[operation](request);
    write();
    const attributes = returned(request, stored, item, updatedPaths(request));
    return {
      ...(attributes === undefined ? {} : { Attributes: attributes }),
      ConsumedCapacity: dynalite.capacityOf(request, false, stored, item),
    };
  };

  function read(request: CheckedRequest) {
    const { stored, ...target } = targetOf(request);
    const { projection } = expressionsOf(request);
    return { ...target, stored, shown: stored && projection ? project(stored, projection) : stored };
  }

  return {
    /** Whether a write may be done, and what it would leave; throws what speaks against it. */
    plan: (operation: WriteOperation, request: CheckedRequest): PlannedWrite => plans[operation](request),
    /** Where an item is, whether or not it is there. */
    locate: targetOf,
    /** Reads an item, whole and as far as it was asked for. */
    read,
    operations: {
      GetItem(request) {
        const { stored, shown } = read(request);
        return {
          ...(shown === undefined ? {} : { Item: shown }),
          ConsumedCapacity: dynalite.capacityOf(request, true, stored),
        };
      },
      PutItem: writeAlone("PutItem"),
      DeleteItem: writeAlone("DeleteItem"),
      UpdateItem: writeAlone("UpdateItem"),
    } satisfies Record<string, RunOperation> as Record<string, RunOperation>,
  };
}
