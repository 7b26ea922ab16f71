// Everything that a request says in expressions, or in the parameters before them, checked and ready to be evaluated.

import type { AttributeValue } from "../types";
import type { AttributeUpdate } from "./attribute-updates";
import { type Bindings, createBindings, type Path, type RequestBindings } from "./bindings";
import { checkConditionalOperator, checkLegacyConditions } from "./check-legacy";
import { checkName } from "./check-names";
import { checkConditionOperands, checkPath } from "./check-operands";
import { refuseTouching } from "./check-paths";
import { type KeyCondition, keyConditionsOf } from "./key-condition";
import { type LegacyCondition, legacyCondition } from "./legacy";
import { parseCondition } from "./parse-condition";
import { parseProjection } from "./parse-projection";
import { parseUpdate } from "./parse-update";
import { createParser } from "./parser";
import type { Action, Condition } from "./syntax";
import { ExpressionError } from "./tokens";
import { checkUpdate } from "./update";

/** The parameters of a request that are read here. */
export interface Parameters extends RequestBindings {
  readonly UpdateExpression?: string;
  readonly ConditionExpression?: string;
  readonly FilterExpression?: string;
  readonly ProjectionExpression?: string;
  readonly KeyConditionExpression?: string;
  readonly AttributeUpdates?: Readonly<Record<string, AttributeUpdate>>;
  readonly AttributesToGet?: readonly string[];
  readonly Expected?: Readonly<Record<string, LegacyCondition>>;
  readonly QueryFilter?: Readonly<Record<string, LegacyCondition>>;
  readonly ScanFilter?: Readonly<Record<string, LegacyCondition>>;
  readonly ConditionalOperator?: string;
}

export interface Expressions {
  readonly bindings: Bindings;
  readonly update?: { readonly actions: readonly Action[]; readonly paths: readonly Path[] };
  readonly condition?: Condition;
  readonly filter?: Condition;
  readonly projection?: readonly Path[];
  readonly keyConditions?: Readonly<Record<string, KeyCondition>>;
}

const parseUpdateOnce = createParser("UpdateExpression", parseUpdate);
const parseConditionOnce = createParser("ConditionExpression", parseCondition);
const parseFilterOnce = createParser("FilterExpression", parseCondition);
const parseProjectionOnce = createParser("ProjectionExpression", parseProjection);
const parseKeyConditionOnce = createParser("KeyConditionExpression", parseCondition);

/**
 * Compiles the expressions of a request.
 *
 * @param problemOf what is wrong with an attribute value, if anything
 * @throws ExpressionError with DynamoDB's message
 */
export function compile(request: Parameters, problemOf: (value: AttributeValue) => string | undefined): Expressions {
  const legacy = request.Expected ?? request.QueryFilter ?? request.ScanFilter;
  checkLegacyConditions(request.Expected ?? {});
  checkConditionalOperator(request.ConditionalOperator, legacy);
  checkNames(request.ExpressionAttributeNames);
  checkValues(request.ExpressionAttributeValues, problemOf);
  const bindings = createBindings(request);

  const update = parseUpdateOnce(request.UpdateExpression, (actions) => ({
    actions,
    paths: checkUpdate(actions, bindings),
  }));
  const checked = (condition: Condition) => {
    checkConditionOperands(condition, bindings);
    return condition;
  };
  const condition = parseConditionOnce(request.ConditionExpression, checked);
  const keyCondition = parseKeyConditionOnce(request.KeyConditionExpression, checked);
  const filter = parseFilterOnce(request.FilterExpression, checked);
  const projection = parseProjectionOnce(request.ProjectionExpression, (paths) => {
    const projected = paths.map((path) => checkPath(path, bindings));
    refuseTouching(projected);
    return projected;
  });
  refuseUnused("ExpressionAttributeNames", bindings.unusedNames());
  refuseUnused("ExpressionAttributeValues", bindings.unusedValues());

  const { ConditionalOperator: joined } = request;
  return {
    bindings,
    update,
    condition: condition ?? legacyCondition(request.Expected ?? {}, joined),
    filter: filter ?? legacyCondition(request.QueryFilter ?? request.ScanFilter ?? {}, joined),
    projection: projection ?? request.AttributesToGet?.map((name) => [name]),
    keyConditions: keyCondition && keyConditionsOf(keyCondition, bindings),
  };
}

function checkNames(names: Readonly<Record<string, string>> | undefined): void {
  if (names === undefined) return;
  checkKeys("ExpressionAttributeNames", "#", names);
  for (const [key, name] of Object.entries(names)) {
    checkName(name, (problem) => `ExpressionAttributeNames contains invalid value: ${problem} for key ${key}`);
  }
}

function checkValues(
  values: Readonly<Record<string, AttributeValue>> | undefined,
  problemOf: (value: AttributeValue) => string | undefined,
): void {
  if (values === undefined) return;
  checkKeys("ExpressionAttributeValues", ":", values);
  for (const [key, value] of Object.entries(values)) {
    const problem = problemOf(value);
    if (problem !== undefined) {
      throw new ExpressionError(`ExpressionAttributeValues contains invalid value: ${problem} for key ${key}`);
    }
  }
}

/** https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Constraints.html */
const MAX_KEY_BYTES = 255;

function checkKeys(parameter: string, sign: string, entries: object): void {
  const keys = Object.keys(entries);
  if (keys.length === 0) throw new ExpressionError(`${parameter} must not be empty`);
  for (const key of keys) {
    if (Buffer.byteLength(key) > MAX_KEY_BYTES) {
      throw new ExpressionError(
        `${parameter} contains invalid key: The expression attribute map contains a key that is too long; size of key: ${Buffer.byteLength(key)}`,
      );
    }
    if (key[0] !== sign || !/^.\w+$/.test(key)) {
      throw new ExpressionError(`${parameter} contains invalid key: Syntax error; key: "${key}"`);
    }
  }
}

function refuseUnused(parameter: string, keys: readonly string[]): void {
  if (keys.length === 0) return;
  throw new ExpressionError(`Value provided in ${parameter} unused in expressions: keys: {${keys.join(", ")}}`);
}
