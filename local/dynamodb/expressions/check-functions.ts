// Which function may stand where, known from the text of an expression alone.

import { type Action, type Condition, type Operand, partsOf } from "./syntax";
import { ExpressionError } from "./tokens";

const CONDITIONS = ["attribute_exists", "attribute_not_exists", "attribute_type", "begins_with", "contains"];
const UPDATES = ["if_not_exists", "list_append"];

/** The operands that each function takes. */
export const OPERAND_COUNTS: ReadonlyMap<string, number> = new Map([
  ["attribute_exists", 1],
  ["attribute_not_exists", 1],
  ["attribute_type", 2],
  ["begins_with", 2],
  ["contains", 2],
  ["size", 1],
  ["if_not_exists", 2],
  ["list_append", 2],
]);

/** Checks the functions of a condition: `size` is an operand, the others are conditions. */
export function checkCondition(condition: Condition): void {
  if (condition.type === "function") checkConditionFunction(condition.name, true);
  const { conditions, operands } = partsOf(condition);
  for (const each of conditions) checkCondition(each);
  for (const each of operands) checkOperand(each);
}

function checkOperand(operand: Operand): void {
  if (operand.type !== "function") return;
  checkConditionFunction(operand.name, false);
  for (const each of operand.args) checkOperand(each);
}

function checkConditionFunction(name: string, isCondition: boolean): void {
  refuseUnknown(name);
  if (UPDATES.includes(name)) {
    throw new ExpressionError(`The function is not allowed in a condition expression; function: ${name}`);
  }
  if (CONDITIONS.includes(name) !== isCondition) throw misused(name);
}

/** Checks the functions of an update's values. */
export function checkUpdateFunctions(actions: readonly Action[]): void {
  for (const { value } of actions) if (value !== undefined) checkUpdateValue(value);
}

function checkUpdateValue(value: Operand, inside?: string): void {
  if (value.type === "arithmetic") for (const each of [value.left, value.right]) checkUpdateValue(each);
  if (value.type !== "function") return;
  refuseUnknown(value.name);
  if (!UPDATES.includes(value.name)) {
    throw new ExpressionError(`The function is not allowed in an update expression; function: ${value.name}`);
  }
  if (value.name === "list_append" && inside === "list_append") throw misused(value.name);
  for (const each of value.args) checkUpdateValue(each, value.name);
}

function refuseUnknown(name: string): void {
  if (!OPERAND_COUNTS.has(name)) throw new ExpressionError(`Invalid function name; function: ${name}`);
}

const misused = (name: string) =>
  new ExpressionError(`The function is not allowed to be used this way in an expression; function: ${name}`);
