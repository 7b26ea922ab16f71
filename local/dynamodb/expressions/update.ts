// What an update makes of an item. Every value and every index of a list means the item as it was before the update.
// https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Expressions.UpdateExpressions.html

import { AwsError } from "../../aws-error";
import type { AttributeValue, Item } from "../types";
import { type Bindings, childOf, type Path, valueAt } from "./bindings";
import { checkOperand, checkPath } from "./check-operands";
import { refuseTouching } from "./check-paths";
import { NumberError } from "./numbers";
import { difference, sum, union } from "./sums";
import { type Action, type Operand, pathsOf, type Section } from "./syntax";
import { ExpressionError } from "./tokens";
import { isSet, typeOf } from "./values";
import { type Write, write } from "./write";

const TYPE_NAMES: Readonly<Record<string, string>> = {
  S: "STRING",
  N: "NUMBER",
  B: "BINARY",
  BOOL: "BOOLEAN",
  NULL: "NULL",
  L: "LIST",
  M: "MAP",
};

/** Checks an update against its request's names and values; answers the paths that it changes. */
export function checkUpdate(actions: readonly Action[], bindings: Bindings): readonly Path[] {
  const paths = actions.map(({ path }) => bindings.path(path.steps));
  refuseTouching(paths);
  // DynamoDB goes through the actions from the last to the first, names before values.
  const backwards = [...actions].reverse();
  for (const { value } of backwards) for (const { steps } of value ? pathsOf(value) : []) bindings.path(steps);
  for (const { section, path, value } of backwards) {
    checkPath(path, bindings);
    if (value !== undefined) checkOperand(value, bindings);
    if (section === "ADD" || section === "DELETE") checkAmount(section, value as Operand, bindings);
  }
  return paths;
}

function checkAmount(section: Section, operand: Operand, bindings: Bindings): void {
  const type = typeOf(amountOf(operand, bindings));
  if (isSet(type) || (section === "ADD" && type === "N")) return;
  throw new ExpressionError(
    `Incorrect operand type for operator or function; operator: ${section}, operand type: ${TYPE_NAMES[type]}, typeSet: ALLOWED_FOR_${section}_OPERAND`,
  );
}

const amountOf = (operand: Operand, bindings: Bindings): AttributeValue =>
  bindings.value(operand.type === "value" ? operand.name : "");

/**
 * Applies a checked update.
 *
 * @param item the stored item, absent when there is none
 * @param key the key of the item that an update creates then
 * @returns the item to store; undefined when there is none to remove anything from
 */
export function applyUpdate(
  actions: readonly Action[],
  item: Item | undefined,
  key: Item,
  bindings: Bindings,
): Item | undefined {
  const removesOnly = actions.every(({ section }) => section === "REMOVE" || section === "DELETE");
  if (item === undefined && removesOnly) return undefined;
  const old = item ?? key;
  const planned = actions.map((action) => ({ ...action, to: bindings.path(action.path.steps) }));
  for (const { to } of planned) if (valueAt(old, to.slice(0, -1)) && !isWritable(old, to)) throw invalidPath();
  const writes = planned.map((action) => ({ ...action, write: planWrite(action, old, bindings) }));
  for (const section of new Set(actions.map((action) => action.section).reverse())) {
    const together = writes.filter((action) => action.section === section);
    if (together.some(({ to }) => !isWritable(old, to))) throw invalidPath();
    if (together.some((action) => action.write === "missing")) throw missing();
  }
  return write(
    old,
    writes.flatMap((action) => (typeof action.write === "object" ? [action.write] : [])),
  );
}

/** Whether an item has the map or list that a path's last step writes to. */
function isWritable(item: Item, path: Path): boolean {
  const parent = valueAt(item, path.slice(0, -1));
  return (typeof path.at(-1) === "number" ? parent?.L : parent?.M) !== undefined;
}

function planWrite(
  { section, to, value }: { section: Section; to: Path; value?: Operand },
  old: Item,
  bindings: Bindings,
): Write | "missing" | "nothing" {
  if (section === "REMOVE") return { path: to };
  if (section === "SET") {
    const set = resultOf(value as Operand, old, bindings);
    return set === undefined ? "missing" : { path: to, value: set };
  }
  const amount = amountOf(value as Operand, bindings);
  const parent = valueAt(old, to.slice(0, -1));
  const existing = parent && childOf(parent, to.at(-1) as string | number);
  if (existing !== undefined && typeOf(existing) !== typeOf(amount)) throw wrongType();
  if (section === "ADD") return { path: to, value: existing === undefined ? amount : added(existing, amount) };
  return existing === undefined ? "nothing" : { path: to, value: difference(existing, amount) };
}

const added = (existing: AttributeValue, amount: AttributeValue): AttributeValue =>
  typeOf(amount) === "N" ? counted(existing, amount, "+") : union(existing, amount);

/** The value of an operand; undefined when it refers to an attribute that is not there. */
function resultOf(operand: Operand, item: Item, bindings: Bindings): AttributeValue | undefined {
  const ofType = (type: string, each: Operand): AttributeValue | undefined => {
    const value = resultOf(each, item, bindings);
    if (value !== undefined && typeOf(value) !== type) throw wrongType();
    return value;
  };
  switch (operand.type) {
    case "value":
      return bindings.value(operand.name);
    case "literal":
      return operand.value;
    case "path":
      return valueAt(item, bindings.path(operand.steps));
    case "arithmetic": {
      const [left, right] = [ofType("N", operand.left), ofType("N", operand.right)];
      return left && right && counted(left, right, operand.operator);
    }
    case "function": {
      const [first, second] = operand.args as [Operand, Operand];
      if (operand.name === "if_not_exists") return resultOf(first, item, bindings) ?? resultOf(second, item, bindings);
      const [head, tail] = [ofType("L", first), ofType("L", second)];
      return head && tail && { L: [...(head.L as AttributeValue[]), ...(tail.L as AttributeValue[])] };
    }
  }
}

function counted(a: AttributeValue, b: AttributeValue, operator: "+" | "-"): AttributeValue {
  try {
    return sum(a, b, operator);
  } catch (error) {
    throw error instanceof NumberError ? refusal(error.message) : error;
  }
}

const refusal = (message: string) => new AwsError("ValidationException", message);
const wrongType = () => refusal("An operand in the update expression has an incorrect data type");
const missing = () => refusal("The provided expression refers to an attribute that does not exist in the item");
const invalidPath = () => refusal("The document path provided in the update expression is invalid for update");
