// dynalite in process: its checks of requests, its keys and its reads of many items, without its server, its database and
// its expressions. Only check-request.ts loads a part of it besides.
// https://github.com/architect/dynalite (pinned: its modules are not a public interface)

import { checkParameters } from "./check-parameters";
import { type CheckedRequest, checkRequest, messageOf } from "./check-request";
import { translating } from "./dynalite-error";
import { refuseIndexKeys } from "./index-keys";
import type { ItemStore, TableDescription } from "./item-store";
import { LATER_PARAMETERS, type Types } from "./known-parameters";
import type { Item } from "./types";

type ActionModule = (
  store: unknown,
  data: CheckedRequest,
  callback: (error: unknown, output?: unknown) => void,
) => void;

interface ValidationModule {
  readonly types: Types;
  readonly custom?: (data: unknown, store: unknown) => string | undefined;
}

export interface Dynalite {
  /** Checks a request; unlike AWS, an unknown parameter is refused by name rather than ignored. */
  check(operation: string, input: Record<string, unknown>): CheckedRequest;
  /** Runs a checked request to its end. */
  run(operation: string, request: CheckedRequest): Record<string, unknown>;
  /** Under what an item is stored, by its key attributes. */
  keyOf(item: Item, table: TableDescription): string;
  /** Refuses a key that is not one of the table's. */
  refuseKey(key: Item, table: TableDescription): void;
  /** Refuses an item whose key is not one of the table's, or cannot be one of its indexes'. */
  refuseItem(item: Item, table: TableDescription): void;
  /** Refuses attributes of the key among those that are updated. */
  refuseUpdateOf(names: readonly string[], table: TableDescription): void;
  /** Refuses attributes of the key among those that paths lead into. */
  refusePathsInKey(names: readonly string[], table: TableDescription): void;
  /** The response's ConsumedCapacity, when the request asks for it. */
  capacityOf(request: CheckedRequest, isRead: boolean, newItem?: Item, oldItem?: Item): unknown;
}

/** What dynalite knows of tables and keys; each check returns an error of its own kind, if any. */
interface Database {
  createKey(item: Item, table: TableDescription): string;
  validateKey(key: Item, table: TableDescription): unknown;
  validateItem(item: Item, table: TableDescription): unknown;
  validateUpdates(attributes: unknown, expression: unknown, table: TableDescription): unknown;
  validateKeyPaths(names: unknown, table: TableDescription): unknown;
  addConsumedCapacity(request: CheckedRequest, isRead: boolean, newItem?: Item, oldItem?: Item): unknown;
}

/** Loads dynalite's modules for these operations; `run` takes those of `actions` only. */
export function createDynalite(
  store: ItemStore,
  operations: readonly string[],
  actionNames: readonly string[],
): Dynalite {
  const validations = load<ValidationModule>("validations", [...operations, "CreateTable"]);
  const actions = load<ActionModule>("actions", actionNames);
  const database = require("dynalite/db") as Database;
  const refuse = (error: unknown) =>
    translating(() => {
      if (error) throw error;
    });

  return {
    check(operation, input) {
      const { types, custom } = validations.get(operation) as ValidationModule;
      const check =
        custom &&
        ((request: unknown) =>
          messageOf(() => checkParameters(operation, request as CheckedRequest)) ??
          unlessOfIndex(request as CheckedRequest, custom(request, store.dynalite)));
      return checkRequest(operation, input, { ...types, ...LATER_PARAMETERS[operation] }, check);
    },

    run(operation, request) {
      let result: { error: unknown; output?: unknown } | undefined;
      translating(() => {
        (actions.get(operation) as ActionModule)(store.dynalite, request, (error, output) => {
          result ??= { error, output };
        });
        store.flushReads();
        if (result === undefined) throw new Error(`dynalite left ${operation} without a result`);
        if (result.error) throw result.error;
      });
      return result?.output as Record<string, unknown>;
    },

    keyOf: (item, table) => database.createKey(item, table),
    refuseKey: (key, table) => refuse(database.validateKey(key, table)),
    refuseItem(item, table) {
      refuse(database.validateItem(item, table));
      refuseIndexKeys(item, table);
    },
    refuseUpdateOf: (names, table) => refuse(database.validateUpdates(listed(names), undefined, table)),
    refusePathsInKey: (names, table) => refuse(database.validateKeyPaths(listed(names), table)),
    capacityOf: (request, isRead, newItem, oldItem) => database.addConsumedCapacity(request, isRead, newItem, oldItem),
  };
}

/** What dynalite's check of a query says last. */
export const TOO_MANY_CONDITIONS = "Conditions can be of length 1 or 2 only";

/** An index may have more attributes in its key than dynalite knows; once its table is known, so is their number. */
const unlessOfIndex = ({ IndexName }: CheckedRequest, problem: string | undefined) =>
  problem === TOO_MANY_CONDITIONS && IndexName !== undefined ? undefined : problem;

/** Names as dynalite asks for them: members of an object, which here has no others. */
const listed = (names: readonly string[]): unknown =>
  names.reduce((all, name) => Object.assign(all, { [name]: true }), Object.create(null));

function load<T>(folder: string, operations: readonly string[]): ReadonlyMap<string, T> {
  const fileName = (operation: string) => `${operation.charAt(0).toLowerCase()}${operation.slice(1)}`;
  return new Map(operations.map((each) => [each, require(`dynalite/${folder}/${fileName(each)}`) as T]));
}
