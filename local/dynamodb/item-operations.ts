// The operations on one item: its key is checked, then its condition against the item as it is, and only then written.

import { AwsError } from "../aws-error";
import { type CheckedRequest, expressionsOf } from "./check-request";
import type { Dynalite } from "./dynalite";
import { type AttributeUpdate, applyAttributeUpdates } from "./expressions/attribute-updates";
import type { Path } from "./expressions/bindings";
import type { Expressions } from "./expressions/compile";
import { holds } from "./expressions/evaluate";
import { project } from "./expressions/project";
import { applyUpdate } from "./expressions/update";
import { MAX_ITEM_BYTES, sizeOf } from "./images";
import { hasIndexes } from "./indexes";
import type { ItemStore, TableDescription } from "./item-store";
import { isTooDeep, TOO_DEEP } from "./nesting";
import { refusePathsInKeys, tableOf } from "./table-checks";
import type { Item } from "./types";

export type RunOperation = (request: CheckedRequest) => Record<string, unknown>;

/** An item that a request is about. */
interface Target {
  readonly table: TableDescription;
  readonly key: string;
  readonly stored: Item | undefined;
}

/** Makes GetItem, PutItem, UpdateItem and DeleteItem. */
export function createItemOperations(store: ItemStore, dynalite: Dynalite): Record<string, RunOperation> {
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

  const outputOf = (request: CheckedRequest, stored?: Item, newItem?: Item, attributes?: Item) => ({
    ...(attributes === undefined ? {} : { Attributes: attributes }),
    ConsumedCapacity: dynalite.capacityOf(request, false, stored, newItem),
  });

  return {
    GetItem(request) {
      const { stored } = targetOf(request);
      const { projection } = expressionsOf(request);
      return {
        ...(stored === undefined ? {} : { Item: projection === undefined ? stored : project(stored, projection) }),
        ConsumedCapacity: dynalite.capacityOf(request, true, stored),
      };
    },

    PutItem(request) {
      const { table, key, stored } = targetOf(request);
      refuseFailed(request, stored);
      const item = request.Item as Item;
      store.put(table.TableName, key, item);
      return outputOf(request, stored, item, returned(request, stored));
    },

    DeleteItem(request) {
      const { table, key, stored } = targetOf(request);
      refuseFailed(request, stored);
      store.remove(table.TableName, key);
      return outputOf(request, stored, undefined, returned(request, stored));
    },

    UpdateItem(request) {
      const { table, key, stored } = targetOf(request);
      const paths = updatedPaths(request);
      refuseFailed(request, stored);
      const updated = updatedItem(request, stored);
      if (updated === undefined) return outputOf(request);
      refuseGrown(updated);
      if (hasIndexes(table)) dynalite.refuseItem(updated, table); // The keys of indexes have types, too.
      store.put(table.TableName, key, updated);
      return outputOf(request, stored, updated, returned(request, stored, updated, paths));
    },
  };
}

function refuseFailed(request: CheckedRequest, stored: Item | undefined): void {
  const { condition, bindings } = expressionsOf(request);
  if (condition === undefined || holds(condition, stored ?? {}, bindings)) return;
  const shown = request.ReturnValuesOnConditionCheckFailure === "ALL_OLD" && stored !== undefined;
  throw new AwsError(
    "ConditionalCheckFailedException",
    "The conditional request failed",
    400,
    shown ? { Item: stored } : {},
  );
}

/** An update can make an item too large or too deep, though what it adds is neither. */
function refuseGrown(item: Item): void {
  if (sizeOf(item) > MAX_ITEM_BYTES) {
    throw new AwsError("ValidationException", "Item size to update has exceeded the maximum allowed size");
  }
  if (Object.values(item).some((value) => isTooDeep(value))) throw new AwsError("ValidationException", TOO_DEEP);
}

const updatesOf = (request: CheckedRequest) => (request.AttributeUpdates ?? {}) as Record<string, AttributeUpdate>;

function updatedPaths(request: CheckedRequest): readonly Path[] {
  return expressionsOf(request).update?.paths ?? Object.keys(updatesOf(request)).map((name) => [name]);
}

function updatedItem(request: CheckedRequest, stored: Item | undefined): Item | undefined {
  const { update, bindings }: Expressions = expressionsOf(request);
  const key = request.Key as Item;
  if (update === undefined) return applyAttributeUpdates(updatesOf(request), stored, key);
  return applyUpdate(update.actions, stored, key, bindings);
}

/** The attributes that ReturnValues asks for, if there are any. */
function returned(
  { ReturnValues: asked }: CheckedRequest,
  stored: Item | undefined,
  updated: Item = {},
  paths: readonly Path[] = [],
): Item | undefined {
  if (asked === "ALL_OLD") return stored;
  if (asked === "ALL_NEW") return updated;
  const source = asked === "UPDATED_OLD" ? stored : asked === "UPDATED_NEW" ? updated : undefined;
  const attributes = project(source ?? {}, paths);
  return Object.keys(attributes).length === 0 ? undefined : attributes;
}
