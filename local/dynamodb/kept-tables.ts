// Tables, items and streams in the journal, so that they are there after a restart.

import { DataError } from "../data/data-error";
import type { Journal, Change as JournalChange } from "../data/journal";
import type { Change, TableDescription } from "./item-store";
import { type Item, type KeptRecord, RETENTION_MS } from "./types";

export const TABLE = "table";
const ITEM = "item";
const RECORD = "stream record";
const SEQUENCE = "stream sequence";

/** What a table had when the journal was opened. */
export interface KeptTable {
  /** Milliseconds since 1970. */
  readonly createdAt: number;
  readonly tableId: string;
  /** By the key under which they are stored. */
  readonly items: ReadonlyMap<string, Item>;
  /** Oldest first. */
  readonly records: readonly KeptRecord[];
  readonly lastSequenceNumber?: string;
}

/** What identifies a table for as long as it is there. */
export type Identity = Pick<KeptTable, "createdAt" | "tableId">;

export interface KeptTables {
  /**
   * What the table had, if it was there before; remembers it otherwise. A key is for ever: a table whose key has become
   * another is a new one, and what the old one had is gone, unless the stack protects it.
   * @throws DataError when a table that is protected against deletion would have to be replaced
   */
  restore(table: TableDescription, identity: Identity): KeptTable | undefined;
  /** Names of tables that took the place of one with another key. */
  readonly replaced: readonly string[];
  /** What a request did to all its tables; all of it is kept, or none. */
  write(tables: readonly ChangedTable[], more?: readonly JournalChange[]): void;
}

/** A request's changes of one table, and the records that they made. */
export interface ChangedTable {
  readonly tableName: string;
  readonly changes: readonly Change[];
  readonly records: readonly KeptRecord[];
}

export function createKeptTables(journal: Journal): KeptTables {
  const replaced: string[] = [];

  return {
    replaced,
    restore(table, identity) {
      const { TableName: name, KeySchema, AttributeDefinitions } = table;
      const key = KeySchema.map(({ AttributeName, KeyType }) => {
        const type = AttributeDefinitions.find((each) => each.AttributeName === AttributeName)?.AttributeType;
        return `${AttributeName} (${type}, ${KeyType})`;
      }).join(", ");
      const known = journal.take(TABLE, name).get("") as (Identity & { readonly key: string }) | undefined;
      if (known !== undefined && known.key !== key) {
        if (table.DeletionProtectionEnabled) {
          throw new DataError(
            `the table ${name} is kept with the key ${known.key}, and the stack's has the key ${key} and is protected against deletion, so that it cannot be replaced`,
          );
        }
        for (const kind of [ITEM, RECORD, SEQUENCE]) journal.drop(kind, name);
        replaced.push(name);
      }
      if (known === undefined || known.key !== key) {
        journal.claim(TABLE, name, { ...identity, key });
        return undefined;
      }
      // While nothing ran, no record grew older.
      const age = (each: KeptRecord) => ({ ...each, at: each.at + journal.pausedMs });
      const records = ([...journal.take(RECORD, name).values()] as KeptRecord[]).map(age);
      const isExpired = ({ at }: KeptRecord) => at < Date.now() - RETENTION_MS;
      journal.write(records.map((each) => [RECORD, name, numberOf(each), isExpired(each) ? null : each]));
      return {
        ...known,
        items: journal.take(ITEM, name) as ReadonlyMap<string, Item>,
        records: records.sort((one, other) => (BigInt(numberOf(one)) < BigInt(numberOf(other)) ? -1 : 1)),
        lastSequenceNumber: journal.take(SEQUENCE, name).get("") as string | undefined,
      };
    },
    write: (tables, more = []) => journal.write([...tables.flatMap(linesOf), ...more]),
  };
}

function linesOf({ tableName, changes, records }: ChangedTable): JournalChange[] {
  const last = records.at(-1);
  return [
    ...changes.map(({ key, newItem = null }): JournalChange => [ITEM, tableName, key, newItem]),
    ...records.map((each): JournalChange => [RECORD, tableName, numberOf(each), each]),
    ...(last === undefined ? [] : [[SEQUENCE, tableName, "", numberOf(last)] as const]),
  ];
}

const numberOf = ({ record }: KeptRecord): string => record.dynamodb.SequenceNumber;
