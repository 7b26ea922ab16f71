// What the parameters from before there were expressions must be: the values of each comparison, and which parameters
// go together.
// https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/LegacyConditionalParameters.html

import type { AttributeValue } from "../types";
import type { LegacyCondition } from "./legacy";
import { ExpressionError } from "./tokens";
import { compare, typeOf } from "./values";

const ORDERED = ["S", "N", "B"];

/** The types that a comparison takes; without an entry, every type. */
const TYPES: Readonly<Record<string, readonly string[]>> = {
  LE: ORDERED,
  LT: ORDERED,
  GE: ORDERED,
  GT: ORDERED,
  CONTAINS: ORDERED,
  NOT_CONTAINS: ORDERED,
  BEGINS_WITH: ["S", "B"],
  IN: ORDERED,
  BETWEEN: ORDERED,
};

const INVALID = "One or more parameter values were invalid: ";

/** Checks conditions whose values are good ones; throws an ExpressionError. */
export function checkLegacyConditions(conditions: Readonly<Record<string, LegacyCondition>>): void {
  for (const { ComparisonOperator: operator, AttributeValueList, Value } of Object.values(conditions)) {
    if (operator !== undefined) checkValues(operator, AttributeValueList ?? (Value === undefined ? [] : [Value]));
  }
}

function checkValues(operator: string, values: readonly AttributeValue[]): void {
  if (!takesCount(operator, values.length)) {
    throw new ExpressionError(`${INVALID}Invalid number of argument(s) for the ${operator} ComparisonOperator`);
  }
  const [first, second] = values;
  if (first === undefined) return;
  if (values.some((value) => typeOf(value) !== typeOf(first))) {
    throw new ExpressionError(`${INVALID}AttributeValues inside AttributeValueList must be of same type`);
  }
  if (TYPES[operator]?.includes(typeOf(first)) === false) {
    throw new ExpressionError(
      `${INVALID}ComparisonOperator ${operator} is not valid for ${typeOf(first)} AttributeValue type`,
    );
  }
  if (operator === "BETWEEN" && second !== undefined && (compare(first, second) ?? 0) > 0) {
    throw new ExpressionError(
      "The BETWEEN condition was provided a range where the lower bound is greater than the upper bound",
    );
  }
}

function takesCount(operator: string, count: number): boolean {
  if (operator === "NULL" || operator === "NOT_NULL") return count === 0;
  if (operator === "IN") return count > 0;
  return count === (operator === "BETWEEN" ? 2 : 1);
}

/** Checks that there is something for a ConditionalOperator to join. */
export function checkConditionalOperator(operator: string | undefined, conditions: object | undefined): void {
  if (operator === undefined) return;
  const count = Object.keys(conditions ?? {}).length;
  if (count === 0) throw new ExpressionError("ConditionalOperator cannot be used without Filter or Expected");
  if (count === 1) {
    throw new ExpressionError("ConditionalOperator can only be used when Filter or Expected has two or more elements");
  }
}
