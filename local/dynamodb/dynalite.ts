// The one place that touches dynalite: its checks of requests, its keys and its reads of many items, without its server,
// its database and its expressions.
// https://github.com/architect/dynalite (pinned: its modules are not a public interface)

import { AwsError } from "../aws-error";
import { checkParameters } from "./check-parameters";
import { checkLegacyConditions } from "./expressions/check-legacy";
import { compile, type Expressions, type Parameters } from "./expressions/compile";
import type { LegacyCondition } from "./expressions/legacy";
import { canonicalNumber, NumberError, OVERFLOW, UNDERFLOW } from "./expressions/numbers";
import { ExpressionError } from "./expressions/tokens";
import type { ItemStore, TableDescription } from "./item-store";
import { TOO_DEEP } from "./nesting";
import type { AttributeValue, Item } from "./types";

/** A request after dynalite's checks: unknown members gone, numbers normalised, expressions compiled. */
export type CheckedRequest = Readonly<Record<string, unknown>>;

/** dynalite's description of an operation's parameters: name → type and constraints. */
export type Types = Readonly<Record<string, unknown>>;

type ActionModule = (
  store: unknown,
  data: CheckedRequest,
  callback: (error: unknown, output?: unknown) => void,
) => void;

interface ValidationModule {
  readonly types: Types;
  readonly custom?: (data: unknown, store: unknown) => string | undefined;
}

interface Validations {
  validateAttributeValue(value: AttributeValue): string | undefined;
  validateConditions(conditions: Readonly<Record<string, LegacyCondition>> | undefined): string | undefined;
  validateExpressions(request: Parameters): string | undefined;
  checkTypes(data: unknown, types: Types): Record<string, unknown>;
  checkValidations(data: unknown, types: Types, custom?: (request: unknown) => string | undefined): void;
}

/** Parameters that AWS has today and dynalite 4 lacks or checks less. */
const RETURN_ON_FAILURE = { ReturnValuesOnConditionCheckFailure: { type: "String", enum: ["ALL_OLD", "NONE"] } };
const LATER_PARAMETERS: Readonly<Record<string, Types>> = {
  PutItem: RETURN_ON_FAILURE,
  UpdateItem: {
    ...RETURN_ON_FAILURE,
    AttributeUpdates: {
      type: "Map<AttributeValueUpdate>",
      children: {
        type: "ValueStruct<AttributeValueUpdate>",
        children: {
          Action: { type: "String", enum: ["ADD", "DELETE", "PUT"] },
          Value: "AttrStruct<FieldStruct>",
        },
      },
    },
  },
  DeleteItem: RETURN_ON_FAILURE,
  Scan: {
    ConsistentRead: "Boolean",
    TotalSegments: { type: "Integer", greaterThanOrEqual: 1, lessThanOrEqual: 1_000_000 },
  },
};

/** Levels of JSON that no request needs; the exact limit is of attribute values. */
const MAX_JSON_DEPTH = 2 * 32 + 8;

export interface Dynalite {
  /** Checks a request; unlike AWS, an unknown parameter is refused by name rather than ignored. */
  check(operation: string, input: Record<string, unknown>): CheckedRequest;
  /** Runs a checked request to its end. */
  run(operation: string, request: CheckedRequest): Record<string, unknown>;
  /** Under what an item is stored, by its key attributes. */
  keyOf(item: Item, table: TableDescription): string;
  /** Refuses a key that is not one of the table's. */
  refuseKey(key: Item, table: TableDescription): void;
  /** Refuses an item whose key is not one of the table's. */
  refuseItem(item: Item, table: TableDescription): void;
  /** Refuses attributes of the key among those that are updated. */
  refuseUpdateOf(names: readonly string[], table: TableDescription): void;
  /** Refuses attributes of the key among those that paths lead into. */
  refusePathsInKey(names: readonly string[], table: TableDescription): void;
  /** The answer's ConsumedCapacity, when the request asks for it. */
  capacityOf(request: CheckedRequest, isRead: boolean, newItem?: Item, oldItem?: Item): unknown;
}

/** The compiled expressions of a checked request. */
export const expressionsOf = (request: object): Expressions => (request as { [EXPRESSIONS]: Expressions })[EXPRESSIONS];

const EXPRESSIONS = Symbol("expressions");

/** What dynalite knows of tables and keys; each check answers an error of its own kind, if any. */
interface Database {
  createKey(item: Item, table: TableDescription): string;
  validateKey(key: Item, table: TableDescription): unknown;
  validateItem(item: Item, table: TableDescription): unknown;
  validateUpdates(attributes: unknown, expression: unknown, table: TableDescription): unknown;
  validateKeyPaths(names: Readonly<Record<string, true>>, table: TableDescription): unknown;
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
          messageOf(() => checkParameters(operation, request as CheckedRequest)) ?? custom(request, store.dynalite));
      return checkRequest(operation, input, { ...types, ...LATER_PARAMETERS[operation] }, check);
    },

    run(operation, request) {
      let answer: { error: unknown; output?: unknown } | undefined;
      translating(() => {
        (actions.get(operation) as ActionModule)(store.dynalite, request, (error, output) => {
          answer ??= { error, output };
        });
        store.flushReads();
        if (answer === undefined) throw new Error(`dynalite left ${operation} without an answer`);
        if (answer.error) throw answer.error;
      });
      return answer?.output as Record<string, unknown>;
    },

    keyOf: (item, table) => database.createKey(item, table),
    refuseKey: (key, table) => refuse(database.validateKey(key, table)),
    refuseItem: (item, table) => refuse(database.validateItem(item, table)),
    refuseUpdateOf: (names, table) =>
      refuse(database.validateUpdates(Object.fromEntries(names.map((name) => [name, {}])), undefined, table)),
    refusePathsInKey: (names, table) =>
      refuse(database.validateKeyPaths(Object.fromEntries(names.map((name) => [name, true])), table)),
    capacityOf: (request, isRead, newItem, oldItem) => database.addConsumedCapacity(request, isRead, newItem, oldItem),
  };
}

/** Checks a request against a description of its parameters, then against a check of the operation's own. */
export function checkRequest(
  operation: string,
  input: Record<string, unknown>,
  types: Types,
  custom?: (request: unknown) => string | undefined,
): CheckedRequest {
  const { checkTypes, checkValidations } = loadValidations();
  refuseUnkeepable(input);
  refuseUnknown(operation, input, types);
  return translating(() => {
    const request = checkTypes(input, types);
    refuseNulls(request);
    normalizeNumbers(request);
    checkValidations(request, types, custom);
    return request;
  });
}

/** Writes the numbers in a request as DynamoDB does, more of them than dynalite can read; it refuses the others. */
function normalizeNumbers(value: unknown): void {
  if (typeof value !== "object" || value === null) return;
  const parent = value as Record<string, unknown>;
  if (typeof parent.N === "string") parent.N = normalized(parent.N);
  if (Array.isArray(parent.NS)) parent.NS = parent.NS.map(normalized);
  for (const child of Object.values(parent)) normalizeNumbers(child);
}

/** Texts that dynalite refuses in the same words, where it would take the one that was given. */
const REFUSED_ALIKE: Readonly<Record<string, string>> = { [OVERFLOW]: "1e126", [UNDERFLOW]: "1e-131" };

function normalized(text: unknown): unknown {
  if (typeof text !== "string") return text;
  try {
    return canonicalNumber(text);
  } catch (error) {
    if (!(error instanceof NumberError)) throw error;
    return REFUSED_ALIKE[error.message] ?? text;
  }
}

let validations: Validations | undefined;

/** Once: to resolve the module anew took a third of a millisecond of each request. */
function loadValidations(): Validations {
  validations ??= withOwnExpressions(require("dynalite/validations") as Validations);
  return validations;
}

/**
 * dynalite's checks of each operation call these of all conditions and expressions in their midst. Its own parser takes
 * exponential time, and its answers differ from DynamoDB's.
 */
function withOwnExpressions(dynalite: Validations): Validations {
  const { validateAttributeValue: problemOf } = dynalite;
  dynalite.validateConditions = (conditions = {}) => {
    const values = Object.values(conditions).flatMap((condition) => condition.AttributeValueList ?? []);
    for (const value of values) {
      const problem = problemOf(value);
      if (problem !== undefined) return problem;
    }
    return messageOf(() => checkLegacyConditions(conditions));
  };
  dynalite.validateExpressions = (request) =>
    messageOf(() => {
      const expressions = compile(request, problemOf);
      const { keyConditions } = expressions;
      Object.assign(request, { [EXPRESSIONS]: expressions }, keyConditions && { KeyConditions: keyConditions });
    });
  return dynalite;
}

/** Runs a check, and answers what it refuses as dynalite's checks do. */
function messageOf(check: () => void): string | undefined {
  try {
    check();
    return undefined;
  } catch (error) {
    if (error instanceof ExpressionError) return error.message;
    throw error;
  }
}

function load<T>(folder: string, operations: readonly string[]): ReadonlyMap<string, T> {
  const fileName = (operation: string) => `${operation.charAt(0).toLowerCase()}${operation.slice(1)}`;
  return new Map(operations.map((each) => [each, require(`dynalite/${folder}/${fileName(each)}`) as T]));
}

/** Runs dynalite and rethrows its errors, `{ statusCode, body }`, as AWS's. */
function translating<T>(run: () => T): T {
  try {
    return run();
  } catch (error) {
    const { statusCode, body } = error as { statusCode?: number; body?: Record<string, string> };
    if (statusCode === undefined || body === undefined) throw error;
    const code = String(body.__type).split("#").at(-1) ?? "";
    throw new AwsError(code, body.message ?? body.Message ?? "", statusCode);
  }
}

function refuseUnknown(operation: string, input: unknown, types: Types): void {
  if (typeof input !== "object" || input === null) return;
  for (const [name, value] of Object.entries(input)) {
    if (!Object.hasOwn(types, name)) {
      throw new AwsError(
        "ValidationException",
        `The embedded AWS does not know the parameter "${name}" of ${operation}; it knows ${Object.keys(types).join(", ")}`,
      );
    }
    refuseUnknownIn(operation, value, types[name]);
  }
}

/** Walks the lists, maps and structures that dynalite's type tables describe; attribute values are DynamoDB's to judge. */
function refuseUnknownIn(operation: string, value: unknown, description: unknown): void {
  const { type, children } = (description ?? {}) as { type?: string; children?: unknown };
  if (type === undefined || typeof children !== "object" || children === null || typeof value !== "object") return;
  if (/Struct</.test(type)) refuseUnknown(operation, value, children as Types);
  else for (const child of Object.values(value ?? {})) refuseUnknownIn(operation, child, children);
}

/** Parameters that are null are absent, and gone by now; what is null inside lists and maps is no attribute value. */
function refuseNulls(value: unknown): void {
  if (value === null) {
    throw new AwsError(
      "ValidationException",
      "Supplied AttributeValue is empty, must contain exactly one of the supported datatypes",
    );
  }
  if (typeof value === "object") for (const child of Object.values(value)) refuseNulls(child);
}

/** Refuses what would overflow dynalite's recursion, and the one name that its plain objects cannot hold. */
function refuseUnkeepable(value: unknown, depth = 0): void {
  if (typeof value !== "object" || value === null) return;
  if (depth > MAX_JSON_DEPTH) {
    throw new AwsError("ValidationException", TOO_DEEP);
  }
  if (Object.hasOwn(value, "__proto__")) {
    throw new AwsError("ValidationException", 'The embedded AWS cannot keep an attribute with the name "__proto__"');
  }
  for (const child of Object.values(value)) refuseUnkeepable(child, depth + 1);
}
