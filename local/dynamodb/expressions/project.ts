// The parts of an item that paths ask for, in the structure that they have in the item.

import type { AttributeValue, Item } from "../types";
import { childOf, type Path } from "./bindings";

/** Steps below a step; none = everything there. */
type Tree = Map<string | number, Tree>;

/** Takes the parts of an item at these paths; elements of lists move together. */
export function project(item: Item, paths: readonly Path[]): Item {
  if (paths.length === 0) return {};
  const tree: Tree = new Map();
  for (const path of paths) {
    let branch = tree;
    for (const step of path) {
      const next: Tree = branch.get(step) ?? new Map();
      branch.set(step, next);
      branch = next;
    }
  }
  return (take({ M: item }, tree)?.M ?? {}) as Item;
}

function take(value: AttributeValue, tree: Tree): AttributeValue | undefined {
  if (tree.size === 0) return value;
  const steps = [...tree.keys()];
  if (value.L !== undefined) steps.sort((a, b) => Number(a) - Number(b));
  const found = steps.flatMap((step) => {
    const child = childOf(value, step);
    const taken = child && take(child, tree.get(step) as Tree);
    return taken === undefined ? [] : [[step, taken] as const];
  });
  if (found.length === 0) return undefined;
  return value.L === undefined ? { M: Object.fromEntries(found) } : { L: found.map(([, taken]) => taken) };
}
