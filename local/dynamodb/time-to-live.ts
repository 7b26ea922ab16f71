// Items that have expired are deleted, by DynamoDB itself: AWS takes days for it, here less than a second. Each sweep looks at a
// bounded number of items, so that it never stands in the way of requests for long, and goes on where it stopped.
// https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/TTL.html

import type { ItemStore } from "./item-store";
import type { Item } from "./types";

const SWEEP_MS = 250;
/** Looked at in one sweep of one table. */
const MOST_ITEMS = 2000;
/** What expired earlier is taken for a mistake, and stays. */
const FIVE_YEARS_S = 5 * 365 * 24 * 60 * 60;

export interface TimeToLive {
  /** The attribute that says when a table's items expire; undefined while they do not. */
  attributeOf(tableName: string): string | undefined;
  enable(tableName: string, attribute: string): void;
  disable(tableName: string): void;
  /** Ends all sweeps. */
  close(): void;
}

export interface TimeToLiveOptions {
  readonly store: ItemStore;
  /** Milliseconds since 1970. */
  readonly clock: () => number;
  /** Called after each sweep that has deleted something. */
  readonly onDelete: () => void;
}

/** Whether an item has expired: by a number of seconds since 1970, of the last five years. */
export function hasExpired(item: Item, attribute: string, nowMs: number): boolean {
  const { N } = (item[attribute] ?? {}) as { N?: string };
  const age = nowMs / 1000 - Number(N);
  return N !== undefined && age > 0 && age < FIVE_YEARS_S;
}

export function createTimeToLive({ store, clock, onDelete }: TimeToLiveOptions): TimeToLive {
  interface Swept {
    readonly attribute: string;
    /** What the current round has still to look at. */
    rest: Iterator<[string, Item]>;
  }
  const tables = new Map<string, Swept>();
  let timer: NodeJS.Timeout | undefined;

  function sweepTable(tableName: string, swept: Swept): boolean {
    let hasDeleted = false;
    for (let looked = 0; looked < MOST_ITEMS; looked += 1) {
      const next = swept.rest.next();
      if (next.done) {
        swept.rest = store.items(tableName).entries();
        break;
      }
      const [key, item] = next.value;
      if (!hasExpired(item, swept.attribute, clock())) continue;
      store.remove(tableName, key);
      hasDeleted = true;
    }
    return hasDeleted;
  }

  function sweep(): void {
    const swept = [...tables].filter(([tableName, table]) => sweepTable(tableName, table));
    if (swept.length > 0) onDelete();
    schedule();
  }

  /** There is no timer while there is nothing to sweep. */
  function schedule(): void {
    clearTimeout(timer);
    timer = tables.size === 0 ? undefined : setTimeout(sweep, SWEEP_MS).unref();
  }

  return {
    attributeOf: (tableName) => tables.get(tableName)?.attribute,
    enable(tableName, attribute) {
      tables.set(tableName, { attribute, rest: store.items(tableName).entries() });
      schedule();
    },
    disable(tableName) {
      tables.delete(tableName);
      schedule();
    },
    close() {
      tables.clear();
      schedule();
    },
  };
}
