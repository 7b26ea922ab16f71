// What a request's names and values must be for the operators and functions that they stand with, as far as that is
// known without the item.

import type { AttributeValue } from "../types";
import { type Bindings, type Path, showPath } from "./bindings";
import { OPERAND_COUNTS } from "./check-functions";
import { type Condition, type FunctionCall, type Operand, type PathOperand, partsOf } from "./syntax";
import { ExpressionError } from "./tokens";
import { compare, typeOf } from "./values";

/** https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Constraints.html */
const MAX_DEPTH = 32;
const MAX_LIST = 100;

const TYPES = ["S", "N", "B", "NULL", "SS", "BOOL", "L", "BS", "NS", "M"];
const ORDERED = ["S", "N", "B"];
const NEEDS_PATH = ["attribute_exists", "attribute_not_exists", "if_not_exists"];

/** The types that an operand of a function must have when they are known. */
const FUNCTION_TYPES: Readonly<Record<string, readonly string[]>> = {
  size: ["S", "B", "SS", "NS", "BS", "L", "M"],
  begins_with: ["S", "B"],
  list_append: ["L"],
};

/** Checks a condition with everything in it. */
export function checkConditionOperands(condition: Condition, bindings: Bindings): void {
  const { conditions, operands } = partsOf(condition);
  for (const each of conditions) checkConditionOperands(each, bindings);
  for (const each of operands) checkOperand(each, bindings);
  if (condition.type === "function") checkArguments(condition, bindings);
  else if (condition.type === "compare") {
    const { operator, left, right } = condition;
    refuseRepeated(operator, left, [right], bindings);
    if (operator !== "=" && operator !== "<>") refuseTypes(operator, [left, right], ORDERED, bindings);
  } else if (condition.type === "between") {
    refuseRepeated("BETWEEN", condition.operand, [condition.low, condition.high], bindings);
    refuseTypes("BETWEEN", operands, ORDERED, bindings);
    checkBounds(condition.low, condition.high, bindings);
  } else if (condition.type === "in") {
    if (condition.list.length > MAX_LIST) {
      throw new ExpressionError(
        `The IN operator is provided with too many operands; number of operands: ${condition.list.length}`,
      );
    }
    refuseRepeated("IN", condition.operand, condition.list, bindings);
  }
}

/** Checks an operand with everything in it. */
export function checkOperand(operand: Operand, bindings: Bindings): void {
  if (operand.type === "path") checkPath(operand, bindings);
  if (operand.type === "value") bindings.value(operand.name);
  if (operand.type === "function") {
    for (const each of operand.args) checkOperand(each, bindings);
    checkArguments(operand, bindings);
  }
  if (operand.type === "arithmetic") {
    for (const each of [operand.left, operand.right]) checkOperand(each, bindings);
    refuseTypes(operand.operator, [operand.left, operand.right], ["N"], bindings);
  }
}

/** Checks a path, and returns what it stands for. */
export function checkPath({ steps }: PathOperand, bindings: Bindings): Path {
  const path = bindings.path(steps);
  if (path.length > MAX_DEPTH) {
    throw new ExpressionError(`The document path has too many nesting levels; nesting levels: ${path.length}`);
  }
  return path;
}

function checkArguments({ name, args }: FunctionCall, bindings: Bindings): void {
  if (args.length !== OPERAND_COUNTS.get(name)) {
    throw new ExpressionError(
      `Incorrect number of operands for operator or function; operator or function: ${name}, number of operands: ${args.length}`,
    );
  }
  const [first, ...others] = args as [Operand, ...Operand[]];
  if (NEEDS_PATH.includes(name) && first.type !== "path") {
    throw new ExpressionError(`Operator or function requires a document path; operator or function: ${name}`);
  }
  if (name !== "list_append") refuseRepeated(name, first, others, bindings);
  if (name === "attribute_type") checkTypeName(others[0] as Operand, bindings);
  else refuseTypes(name, args, FUNCTION_TYPES[name] ?? TYPES, bindings);
}

function checkTypeName(operand: Operand, bindings: Bindings): void {
  const type = knownType(operand, bindings) ?? "{NS,SS,L,BS,N,M,B,BOOL,NULL,S}";
  if (type !== "S") throw wrongType("attribute_type", type);
  const name = String(knownValue(operand, bindings)?.S);
  if (TYPES.includes(name)) return;
  throw new ExpressionError(
    `Invalid attribute type name found; type: ${name}, valid types: {B,NULL,SS,BOOL,L,BS,N,NS,S,M}`,
  );
}

function checkBounds(low: Operand, high: Operand, bindings: Bindings): void {
  const [lower, upper] = [knownValue(low, bindings), knownValue(high, bindings)];
  if (lower === undefined || upper === undefined) return;
  const order = compare(lower, upper);
  if (order !== undefined && order <= 0) return;
  const required =
    order === undefined
      ? "same data type for lower and upper bounds"
      : "upper bound to be greater than or equal to lower bound";
  throw new ExpressionError(
    `The BETWEEN operator requires ${required}; lower bound operand: ${showValue(lower)}, upper bound operand: ${showValue(upper)}`,
  );
}

const showValue = (value: AttributeValue): string =>
  `AttributeValue: {${typeOf(value)}:${typeof value.B === "string" ? showBinary(value.B) : Object.values(value)[0]}}`;

/** As the Java that DynamoDB is written in shows bytes. */
function showBinary(base64: string): string {
  const length = Buffer.byteLength(base64, "base64");
  return `java.nio.HeapByteBuffer[pos=0 lim=${length} cap=${length}]`;
}

function refuseRepeated(operator: string, first: Operand, others: readonly Operand[], bindings: Bindings): void {
  if (first.type !== "path") return;
  const path = showPath(bindings.path(first.steps));
  if (!others.some((each) => each.type === "path" && showPath(bindings.path(each.steps)) === path)) return;
  throw new ExpressionError(
    `The first operand must be distinct from the remaining operands for this operator or function; operator: ${operator}, first operand: ${path}`,
  );
}

function refuseTypes(operator: string, operands: readonly Operand[], allowed: readonly string[], bindings: Bindings) {
  for (const operand of operands) {
    const type = knownType(operand, bindings);
    if (type !== undefined && !allowed.includes(type)) throw wrongType(operator, type);
  }
}

const wrongType = (operator: string, type: string) =>
  new ExpressionError(
    `Incorrect operand type for operator or function; operator or function: ${operator}, operand type: ${type}`,
  );

const knownValue = (operand: Operand, bindings: Bindings): AttributeValue | undefined =>
  operand.type === "value" ? bindings.value(operand.name) : undefined;

function knownType(operand: Operand, bindings: Bindings): string | undefined {
  if (operand.type === "function") return { size: "N", list_append: "L" }[operand.name];
  const value = knownValue(operand, bindings);
  return value === undefined ? undefined : typeOf(value);
}
