// The parameters from before there were expressions, as the same trees: Expected, QueryFilter, ScanFilter.
// https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/LegacyConditionalParameters.html

import type { AttributeValue } from "../types";
import type { Comparator, Condition, Operand, PathOperand } from "./syntax";

export interface LegacyCondition {
  readonly ComparisonOperator?: string;
  readonly AttributeValueList?: readonly AttributeValue[];
  readonly Exists?: boolean;
  readonly Value?: AttributeValue;
}

const COMPARATORS: Readonly<Record<string, Comparator>> = {
  EQ: "=",
  NE: "<>",
  LT: "<",
  LE: "<=",
  GT: ">",
  GE: ">=",
};
const FUNCTIONS: Readonly<Record<string, string>> = {
  NULL: "attribute_not_exists",
  NOT_NULL: "attribute_exists",
  CONTAINS: "contains",
  BEGINS_WITH: "begins_with",
};

/** All conditions on attributes, joined; undefined when there are none. */
export function legacyCondition(
  conditions: Readonly<Record<string, LegacyCondition>>,
  conditionalOperator: unknown,
): Condition | undefined {
  const type = conditionalOperator === "OR" ? "or" : "and";
  const all = Object.entries(conditions).map(([name, condition]) => conditionOn(name, condition));
  return all.length === 0 ? undefined : all.reduce((left, right) => ({ type, left, right }));
}

function conditionOn(name: string, { ComparisonOperator, AttributeValueList, Exists, Value }: LegacyCondition) {
  const operand: PathOperand = { type: "path", steps: [name] };
  const operator = ComparisonOperator ?? (Exists === false ? "NULL" : "EQ");
  const values = AttributeValueList ?? (Value === undefined ? [] : [Value]);
  return compared(
    operator,
    operand,
    values.map((value) => ({ type: "literal", value })),
  );
}

function compared(operator: string, operand: PathOperand, values: readonly Operand[]): Condition {
  const [first, second] = values as [Operand, Operand];
  const comparator = COMPARATORS[operator];
  if (comparator !== undefined) return { type: "compare", operator: comparator, left: operand, right: first };
  if (operator === "BETWEEN") return { type: "between", operand, low: first, high: second };
  if (operator === "IN") return { type: "in", operand, list: values };
  if (operator !== "NOT_CONTAINS") return call(FUNCTIONS[operator] as string, operand, ...values);
  const without: Condition = { type: "not", condition: call("contains", operand, first) };
  return { type: "and", left: call("attribute_exists", operand), right: without };
}

const call = (name: string, ...args: readonly Operand[]): Condition => ({ type: "function", name, args });
