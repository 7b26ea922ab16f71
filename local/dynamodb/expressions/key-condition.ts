// KeyConditionExpression: the one or two conditions on the key that a query can have, in the form of the older
// parameter KeyConditions.
// https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Query.KeyConditionExpressions.html

import type { AttributeValue } from "../types";
import type { Bindings } from "./bindings";
import { type Condition, type Operand, partsOf } from "./syntax";
import { ExpressionError } from "./tokens";

export interface KeyCondition {
  readonly ComparisonOperator: string;
  readonly AttributeValueList: readonly AttributeValue[];
}

const OPERATORS: Readonly<Record<string, string>> = { "=": "EQ", "<": "LT", "<=": "LE", ">": "GT", ">=": "GE" };
const MIRRORED: Readonly<Record<string, string>> = { "=": "EQ", "<": "GT", "<=": "GE", ">": "LT", ">=": "LE" };

/** Takes a key condition apart; throws an ExpressionError whose message names the parameter itself. */
export function keyConditionsOf(condition: Condition, bindings: Bindings): Record<string, KeyCondition> {
  const found = new Map<string, KeyCondition>();
  collect(condition, bindings, found);
  return Object.fromEntries(found);
}

function collect(condition: Condition, bindings: Bindings, found: Map<string, KeyCondition>): void {
  if (condition.type === "and") {
    collect(condition.left, bindings, found);
    collect(condition.right, bindings, found);
    return;
  }
  const name = nameOf(condition);
  if (!["=", "<", "<=", ">", ">=", "BETWEEN", "begins_with"].includes(name)) {
    throw new ExpressionError(`Invalid operator used in KeyConditionExpression: ${name}`);
  }
  const { operands } = partsOf(condition);
  if (condition.type !== "compare" && operands[0]?.type !== "path") {
    throw invalid(`${name} operator must have the key attribute as its first operand`);
  }
  const attribute = keyOf(operands, bindings);
  if (found.has(attribute)) {
    throw new ExpressionError(
      "Invalid KeyConditionExpression: KeyConditionExpressions must only contain one condition per key",
    );
  }
  found.set(attribute, {
    ComparisonOperator:
      condition.type === "compare"
        ? ((operands[0]?.type === "path" ? OPERATORS : MIRRORED)[name] as string)
        : name.toUpperCase(),
    AttributeValueList: operands.flatMap((each) => (each.type === "value" ? [bindings.value(each.name)] : [])),
  });
}

function nameOf(condition: Condition): string {
  if (condition.type === "compare") return condition.operator;
  return condition.type === "function" ? condition.name : condition.type.toUpperCase();
}

function keyOf(operands: readonly Operand[], bindings: Bindings): string {
  let found: string | undefined;
  for (const operand of operands) {
    if (operand.type === "function") {
      throw new ExpressionError("KeyConditionExpressions cannot contain nested operations");
    }
    if (operand.type !== "path") continue;
    if (found !== undefined) throw invalid("Multiple attribute names used in one condition");
    const [name, ...nested] = bindings.path(operand.steps);
    if (nested.length > 0) {
      throw new ExpressionError("KeyConditionExpressions cannot have conditions on nested attributes");
    }
    found = String(name);
  }
  if (found === undefined) throw invalid("No key attribute specified");
  return found;
}

const invalid = (detail: string) => new ExpressionError(`Invalid condition in KeyConditionExpression: ${detail}`);
