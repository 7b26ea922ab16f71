// Writes to an item at document paths, all at once: indexes of lists mean the lists as they were.

import type { AttributeValue, Item } from "../types";
import { type Path, valueAt } from "./bindings";

/** A value for a path, or its removal; the parent of what is written is there. */
export interface Write {
  readonly path: Path;
  readonly value?: AttributeValue;
}

type Content = Record<string, AttributeValue>;

/** A list that is written to: elements by their index. */
type ListWrites = Map<number, AttributeValue | undefined>;

/** Makes a new item; the old one stays as it is. */
export function write(item: Item, writes: readonly Write[]): Item {
  const updated: Content = { ...item };
  for (const name of new Set(writes.filter(({ path }) => path.length > 1).map(({ path }) => path[0] as string))) {
    updated[name] = structuredClone(item[name] as AttributeValue);
  }
  const lists = new Map<AttributeValue[], ListWrites>();
  for (const { path, value } of writes) {
    const parent = valueAt(updated, path.slice(0, -1)) as AttributeValue;
    const last = path.at(-1) as string | number;
    if (typeof last === "number") {
      const list = parent.L as AttributeValue[];
      lists.set(list, (lists.get(list) ?? new Map()).set(last, value));
    } else if (value === undefined) delete (parent.M as Content)[last];
    else (parent.M as Content)[last] = value;
  }
  for (const [list, elements] of lists) {
    const written = writtenList(list, elements);
    list.length = 0;
    for (const element of written) list.push(element);
  }
  return updated;
}

/** What lies behind the end is appended in the order of the indexes. */
function writtenList(list: readonly AttributeValue[], elements: ListWrites): AttributeValue[] {
  const kept = list.map((element, index) => (elements.has(index) ? elements.get(index) : element));
  const appended = [...elements].filter(([index]) => index >= list.length).sort(([a], [b]) => a - b);
  return [...kept, ...appended.map(([, value]) => value)].filter((element) => element !== undefined);
}
