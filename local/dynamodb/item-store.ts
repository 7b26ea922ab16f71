// Tables and items in memory, in the shape that dynalite's actions expect of their store. Every call returns at once,
// so each DynamoDB operation runs to its end before the next begins: writes need no lock, keep one order for the whole
// table, and whatever an action throws reaches the caller instead of the event loop. It notes each change it makes.

import { Stream } from "node:stream";
import { MAX_ITEM_BYTES } from "./images";
import { indexed } from "./indexes";
import type { Item, TableDescription } from "./types";

export type { TableDescription };

/** One item before and after a write; absent where there is none. */
export interface Change {
  readonly tableName: string;
  /** Under which it is stored. */
  readonly key: string;
  readonly oldItem?: Item;
  readonly newItem?: Item;
}

type Callback = (error?: unknown, value?: unknown) => void;

/** The range that an action asks for, in the words of LevelDB. */
interface Range {
  readonly gt?: string;
  readonly gte?: string;
  readonly lt?: string;
  readonly lte?: string;
  readonly reverse?: boolean;
  /** -1 = all. */
  readonly limit?: number;
}

export interface ItemStore {
  /** What dynalite's actions take as their first argument. */
  readonly dynalite: unknown;
  putTable(table: TableDescription): void;
  /** With its items. */
  removeTable(tableName: string): void;
  table(tableName: string): TableDescription | undefined;
  items(tableName: string): ReadonlyMap<string, Item>;
  /** Fills a table with what it had before a restart; that is not a change. */
  restore(tableName: string, items: ReadonlyMap<string, Item>): void;
  /** Stores an item under its key. */
  put(tableName: string, key: string, item: Item): void;
  remove(tableName: string, key: string): void;
  /** Sends what the reads begun by an action ask for; actions attach their listeners first. */
  flushReads(): void;
  /** The changes since it was last called. */
  takeChanges(): Change[];
}

/** Creates the store of one account; `account` is what dynalite writes into ARNs. */
export function createItemStore(account: { readonly accountId: string; readonly region: string }): ItemStore {
  const tables = new Map<string, TableDescription>();
  const items = new Map<string, Map<string, Item>>();
  const reads: (() => void)[] = [];
  let changes: Change[] = [];

  const itemsOf = (tableName: string): Map<string, Item> => {
    const found = items.get(tableName) ?? new Map<string, Item>();
    items.set(tableName, found);
    return found;
  };

  function put(tableName: string, key: string, item: Item): void {
    const rows = itemsOf(tableName);
    const newItem: Item = JSON.parse(JSON.stringify(item)); // What is stored shares nothing with the request.
    changes.push({ tableName, key, oldItem: rows.get(key), newItem });
    rows.set(key, newItem);
  }

  function remove(tableName: string, key: string): void {
    const rows = itemsOf(tableName);
    changes.push({ tableName, key, oldItem: rows.get(key) });
    rows.delete(key);
  }

  function itemDb(tableName: string) {
    const rows = itemsOf(tableName);
    return {
      lock: withoutLock,
      get: (key: string, callback: Callback) => {
        const item = rows.get(key);
        return item === undefined ? callback(notFound()) : callback(null, item);
      },
      put: (key: string, item: Item, callback: Callback) => {
        put(tableName, key, item);
        callback();
      },
      del: (key: string, callback: Callback) => {
        remove(tableName, key);
        callback();
      },
      createValueStream: (range: Range) => readLater(() => select(rows, range).map(([, item]) => item)),
    };
  }

  function getTable(name: string, checkStatus: unknown, last?: Callback): void {
    const callback = (typeof checkStatus === "function" ? checkStatus : last) as Callback;
    const table = tables.get(name);
    const detail = checkStatus === false ? `: Table: ${name} not found` : ""; // Only who describes a table passes false.
    if (table !== undefined) callback(null, table);
    else callback(failure("ResourceNotFoundException", `Requested resource not found${detail}`));
  }

  function readLater(values: () => unknown[]): Stream {
    const stream = Object.assign(new Stream(), { stopped: false, destroy: () => undefined as unknown });
    stream.destroy = () => {
      stream.stopped = true;
    };
    reads.push(() => {
      for (const value of values()) {
        if (stream.stopped) break;
        stream.emit("data", value);
      }
      stream.emit("end");
    });
    return stream;
  }

  return {
    dynalite: {
      options: { maxItemSize: MAX_ITEM_BYTES },
      tableDb: {
        awsAccountId: account.accountId,
        awsRegion: account.region,
        createKeyStream: () => readLater(() => [...tables.keys()].sort()),
      },
      getTable,
      getItemDb: itemDb,
      getIndexDb: (_type: unknown, tableName: string, indexName: string) => ({
        // dynalite's BatchWriteItem keeps indexes itself; these are made from the items.
        put: (_key: string, _item: Item, callback: Callback) => callback(),
        del: (_key: string, callback: Callback) => callback(),
        createValueStream: (range: Range) =>
          readLater(() => {
            const table = tables.get(tableName) as TableDescription;
            return select(indexed(itemsOf(tableName).values(), table, indexName), range).map(([, item]) => item);
          }),
      }),
    },
    putTable: (table) => void tables.set(table.TableName, table),
    removeTable(tableName) {
      tables.delete(tableName);
      items.delete(tableName);
    },
    table: (tableName) => tables.get(tableName),
    items: itemsOf,
    restore: (tableName, kept) => void items.set(tableName, new Map(kept)),
    put,
    remove,
    flushReads() {
      for (let read = reads.shift(); read !== undefined; read = reads.shift()) read();
    },
    takeChanges() {
      const taken = changes;
      changes = [];
      return taken;
    },
  };
}

const withoutLock = (_key: string, run: (release: (callback: Callback) => Callback) => void) => run((each) => each);

function select(rows: ReadonlyMap<string, Item>, { gt, gte, lt, lte, reverse, limit = -1 }: Range): [string, Item][] {
  const found = [...rows].filter(
    ([key]) =>
      (gt === undefined || key > gt) &&
      (gte === undefined || key >= gte) &&
      (lt === undefined || key < lt) &&
      (lte === undefined || key <= lte),
  );
  found.sort(([a], [b]) => (a < b ? -1 : 1));
  if (reverse) found.reverse();
  return limit < 0 ? found : found.slice(0, limit);
}

/** An error as dynalite's own: its HTTP status and body. */
function failure(code: string, message: string): Error {
  const body = { __type: `com.amazonaws.dynamodb.v20120810#${code}`, message };
  return Object.assign(new Error(message), { name: "NotFoundError", statusCode: 400, body });
}

const notFound = () => Object.assign(new Error("NotFound"), { name: "NotFoundError" });
