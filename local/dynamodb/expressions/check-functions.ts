// Which function may stand where, and how many operators there may be, known from the text of an expression alone.

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

/** https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Constraints.html */
const MAX_OPERATORS = 300;

/** Counts operators and functions against DynamoDB's limit. */
function createCounter(): () => void {
  let count = 0;
  return () => {
    count += 1;
    if (count > MAX_OPERATORS) {
      throw new ExpressionError(`The expression contains too many operators; operator count: ${count}`);
    }
  };
}

/** Checks the operators and functions of a condition: `size` is an operand, the other functions are conditions. */
export function checkCondition(condition: Condition, count = createCounter()): void {
  if (condition.type === "function") checkConditionFunction(condition.name, true);
  count();
  const { conditions, operands } = partsOf(condition);
  for (const each of conditions) checkCondition(each, count);
  for (const each of operands) checkOperand(each, count);
}

function checkOperand(operand: Operand, count: () => void): void {
  if (operand.type !== "function") return;
  checkConditionFunction(operand.name, false);
  count();
  for (const each of operand.args) checkOperand(each, count);
}

function checkConditionFunction(name: string, isCondition: boolean): void {
  refuseUnknown(name);
  if (UPDATES.includes(name)) {
    throw new ExpressionError(`The function is not allowed in a condition expression; function: ${name}`);
  }
  if (CONDITIONS.includes(name) !== isCondition) throw misused(name);
}

/** Checks the operators and functions of an update's values. */
export function checkUpdateFunctions(actions: readonly Action[]): void {
  const count = createCounter();
  for (const action of actions) if (action.section === "SET") checkUpdateValue(action.value, count);
}

function checkUpdateValue(value: Operand, count: () => void, inside?: string): void {
  if (value.type === "arithmetic") {
    count();
    for (const each of [value.left, value.right]) checkUpdateValue(each, count);
  }
  if (value.type !== "function") return;
  refuseUnknown(value.name);
  if (!UPDATES.includes(value.name)) {
    throw new ExpressionError(`The function is not allowed in an update expression; function: ${value.name}`);
  }
  if (value.name === "list_append" && inside === "list_append") throw misused(value.name);
  count();
  for (const each of value.args) checkUpdateValue(each, count, value.name);
}

function refuseUnknown(name: string): void {
  if (!OPERAND_COUNTS.has(name)) throw new ExpressionError(`Invalid function name; function: ${name}`);
}

const misused = (name: string) =>
  new ExpressionError(`The function is not allowed to be used this way in an expression; function: ${name}`);
