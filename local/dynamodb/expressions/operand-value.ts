// What an operand of a condition or an update stands for in an item.

import { AwsError } from "../../aws-error";
import type { AttributeValue, Item } from "../types";
import { type Bindings, valueAt } from "./bindings";
import { sum } from "./sums";
import type { FunctionCall, Operand } from "./syntax";
import { sizeOf, typeOf } from "./values";

/** The value of a checked operand; undefined when it refers to an attribute that is not there. */
export function operandValue(operand: Operand, item: Item, bindings: Bindings): AttributeValue | undefined {
  const evaluate = (each: Operand) => operandValue(each, item, bindings);
  switch (operand.type) {
    case "value":
      return bindings.value(operand.name);
    case "literal":
      return operand.value;
    case "path":
      return valueAt(item, bindings.path(operand.steps));
    case "arithmetic": {
      const left = ofType("N", evaluate(operand.left));
      const right = ofType("N", evaluate(operand.right));
      return left && right && sum(left, right, operand.operator);
    }
    case "function":
      return resultOf(operand, evaluate);
  }
}

function resultOf(
  { name, args }: FunctionCall,
  evaluate: (operand: Operand) => AttributeValue | undefined,
): AttributeValue | undefined {
  const [first, second] = args as [Operand, Operand];
  if (name === "if_not_exists") return evaluate(first) ?? evaluate(second);
  if (name === "size") {
    const value = evaluate(first);
    const size = value && sizeOf(value);
    return size === undefined ? undefined : { N: String(size) };
  }
  const head = ofType("L", evaluate(first));
  const tail = ofType("L", evaluate(second));
  return head && tail && { L: [...(head.L as AttributeValue[]), ...(tail.L as AttributeValue[])] };
}

function ofType(type: string, value: AttributeValue | undefined): AttributeValue | undefined {
  if (value !== undefined && typeOf(value) !== type) throw wrongType();
  return value;
}

/** The refusal of an update that takes a value for what it is not. */
export const wrongType = () =>
  new AwsError("ValidationException", "An operand in the update expression has an incorrect data type");
