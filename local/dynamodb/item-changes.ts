// What becomes of an item by a request: whether its condition holds, what an update makes of it, what is returned of it.

import { AwsError } from "../aws-error";
import { type CheckedRequest, expressionsOf } from "./check-request";
import { type AttributeUpdate, applyAttributeUpdates } from "./expressions/attribute-updates";
import type { Path } from "./expressions/bindings";
import type { Expressions } from "./expressions/compile";
import { holds } from "./expressions/evaluate";
import { project } from "./expressions/project";
import { applyUpdate } from "./expressions/update";
import { MAX_ITEM_BYTES, sizeOf } from "./images";
import { isTooDeep, TOO_DEEP } from "./nesting";
import type { Item } from "./types";

/** Refuses a write whose condition does not hold. */
export function refuseFailed(request: CheckedRequest, stored: Item | undefined): void {
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

/** Refuses a whole item that is too large to be stored. */
export function refuseLargeItem(item: Item): void {
  if (sizeOf(item) > MAX_ITEM_BYTES) {
    throw new AwsError("ValidationException", "Item size has exceeded the maximum allowed size");
  }
}

/** An update can make an item too large or too deep, though what it adds is neither. */
export function refuseGrown(item: Item): void {
  if (sizeOf(item) > MAX_ITEM_BYTES) {
    throw new AwsError("ValidationException", "Item size to update has exceeded the maximum allowed size");
  }
  if (Object.values(item).some((value) => isTooDeep(value))) throw new AwsError("ValidationException", TOO_DEEP);
}

const updatesOf = (request: CheckedRequest) => (request.AttributeUpdates ?? {}) as Record<string, AttributeUpdate>;

/** The paths that an update changes. */
export function updatedPaths(request: CheckedRequest): readonly Path[] {
  return expressionsOf(request).update?.paths ?? Object.keys(updatesOf(request)).map((name) => [name]);
}

/** The item after an update; undefined when there is none to delete anything from. */
export function updatedItem(request: CheckedRequest, stored: Item | undefined): Item | undefined {
  const { update, bindings }: Expressions = expressionsOf(request);
  const key = request.Key as Item;
  if (update === undefined) return applyAttributeUpdates(updatesOf(request), stored, key);
  return applyUpdate(update.actions, stored, key, bindings);
}

/** The attributes that ReturnValues asks for, if there are any. */
export function returned(
  { ReturnValues: asked }: CheckedRequest,
  stored: Item | undefined,
  updated: Item | undefined,
  paths: readonly Path[],
): Item | undefined {
  if (asked === "ALL_OLD") return stored;
  if (asked === "ALL_NEW") return updated;
  const source = asked === "UPDATED_OLD" ? stored : asked === "UPDATED_NEW" ? updated : undefined;
  const attributes = project(source ?? {}, paths);
  return Object.keys(attributes).length === 0 ? undefined : attributes;
}
