// AttributeUpdates, the parameter of UpdateItem from before there were expressions.
// https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/LegacyConditionalParameters.AttributeUpdates.html

import { AwsError } from "../../aws-error";
import type { AttributeValue, Item } from "../types";
import { difference, sum, union } from "./sums";
import { typeOf } from "./values";

export interface AttributeUpdate {
  /** PUT when it is absent. */
  readonly Action?: string;
  readonly Value?: AttributeValue;
}

/** Applies checked updates; undefined when there is no item to delete anything from. */
export function applyAttributeUpdates(
  updates: Readonly<Record<string, AttributeUpdate>>,
  item: Item | undefined,
  key: Item,
): Item | undefined {
  const all = Object.entries(updates);
  const deletesOnly = all.length > 0 && all.every(([, { Action }]) => Action === "DELETE");
  if (item === undefined && deletesOnly) return undefined;
  const old = item ?? key;
  const attributes = new Map(Object.entries(old));
  for (const [name, update] of all) {
    const value = updated(attributes.get(name), update);
    if (value === undefined) attributes.delete(name);
    else attributes.set(name, value);
  }
  return Object.fromEntries(attributes);
}

function updated(existing: AttributeValue | undefined, { Action, Value }: AttributeUpdate): AttributeValue | undefined {
  if (Action === undefined || Action === "PUT" || Value === undefined) return Value;
  if (existing === undefined) return Action === "ADD" ? Value : undefined;
  const type = typeOf(Value);
  if (typeOf(existing) !== type) throw new AwsError("ValidationException", "Type mismatch for attribute to update");
  if (Action === "DELETE") return difference(existing, Value);
  if (type === "L") return { L: [...(existing.L as AttributeValue[]), ...(Value.L as AttributeValue[])] };
  return type === "N" ? sum(existing, Value, "+") : union(existing, Value);
}
