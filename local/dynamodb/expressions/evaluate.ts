// Whether a condition holds for an item. A missing operand makes every comparison false but `<>`.

import type { AttributeValue, Item } from "../types";
import type { Bindings } from "./bindings";
import { operandValue } from "./operand-value";
import type { Comparator, Condition, FunctionCall, Operand } from "./syntax";
import { beginsWith, compare, contains, isEqual, typeOf } from "./values";

/** Evaluates a condition that was checked. */
export function holds(condition: Condition, item: Item, bindings: Bindings): boolean {
  const resolve = (operand: Operand) => operandValue(operand, item, bindings);
  switch (condition.type) {
    case "and":
      return holds(condition.left, item, bindings) && holds(condition.right, item, bindings);
    case "or":
      return holds(condition.left, item, bindings) || holds(condition.right, item, bindings);
    case "not":
      return !holds(condition.condition, item, bindings);
    case "compare":
      return compares(condition.operator, resolve(condition.left), resolve(condition.right));
    case "between": {
      const value = resolve(condition.operand);
      return compares(">=", value, resolve(condition.low)) && compares("<=", value, resolve(condition.high));
    }
    case "in": {
      const value = resolve(condition.operand);
      return condition.list.some((each) => compares("=", value, resolve(each)));
    }
    case "function":
      return evaluateFunction(condition, resolve);
  }
}

type Value = AttributeValue | undefined;

function compares(operator: Comparator, a: Value, b: Value): boolean {
  if (a === undefined || b === undefined) return operator === "<>";
  if (operator === "=" || operator === "<>") return isEqual(a, b) === (operator === "=");
  const order = compare(a, b);
  if (order === undefined) return false;
  switch (operator) {
    case "<":
      return order < 0;
    case "<=":
      return order <= 0;
    case ">":
      return order > 0;
    case ">=":
      return order >= 0;
  }
}

function evaluateFunction({ name, args }: FunctionCall, resolve: (operand: Operand) => Value): boolean {
  const [value, other] = args.map(resolve);
  if (name === "attribute_not_exists") return value === undefined;
  if (name === "attribute_exists") return value !== undefined;
  if (value === undefined || other === undefined) return false;
  if (name === "attribute_type") return typeOf(value) === other.S;
  return name === "contains" ? contains(value, other) : beginsWith(value, other);
}
