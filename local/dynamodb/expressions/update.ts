// What an update makes of an item. Every value and every index of a list means the item as it was before the update.
// https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Expressions.UpdateExpressions.html

import { AwsError } from "../../aws-error";
import type { AttributeValue, Item } from "../types";
import { type Bindings, type Path, valueAt } from "./bindings";
import { checkOperand, checkPath } from "./check-operands";
import { refuseTouching } from "./check-paths";
import { operandValue, wrongType } from "./operand-value";
import { difference, sum, union } from "./sums";
import { type Action, pathsOf, type Section } from "./syntax";
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

/** Checks an update against its request's names and values; returns the paths that it changes. */
export function checkUpdate(actions: readonly Action[], bindings: Bindings): readonly Path[] {
  const paths = actions.map(({ path }) => bindings.path(path.steps));
  refuseTouching(paths);
  // DynamoDB goes through the actions from the last to the first, names before values.
  const backwards = [...actions].reverse();
  const values = backwards.flatMap((action) => (action.section === "SET" ? [action.value] : []));
  for (const { steps } of values.flatMap(pathsOf)) bindings.path(steps);
  for (const action of backwards) {
    checkPath(action.path, bindings);
    if (action.section === "SET") checkOperand(action.value, bindings);
    else if (action.section !== "REMOVE") checkAmount(action.section, bindings.value(action.value.name));
  }
  return paths;
}

function checkAmount(section: Section, amount: AttributeValue): void {
  const type = typeOf(amount);
  if (isSet(type) || (section === "ADD" && type === "N")) return;
  throw new ExpressionError(
    `Incorrect operand type for operator or function; operator: ${section}, operand type: ${TYPE_NAMES[type]}, typeSet: ALLOWED_FOR_${section}_OPERAND`,
  );
}

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
  const planned = actions.map((action) => ({ action, to: bindings.path(action.path.steps) }));
  for (const { to } of planned) if (valueAt(old, to.slice(0, -1)) && !isWritable(old, to)) throw invalidPath();
  const plans = planned.map(({ action, to }) => ({
    section: action.section,
    to,
    plan: planWrite(action, to, old, bindings),
  }));
  for (const section of new Set(plans.map((each) => each.section).reverse())) {
    const together = plans.filter((each) => each.section === section);
    if (together.some(({ to }) => !isWritable(old, to))) throw invalidPath();
    if (together.some(({ plan }) => plan === "missing")) throw missing();
  }
  return write(
    old,
    plans.flatMap(({ plan }) => (typeof plan === "object" ? [plan] : [])),
  );
}

/** Whether an item has the map or list that a path's last step writes to. */
function isWritable(item: Item, path: Path): boolean {
  const parent = valueAt(item, path.slice(0, -1));
  return (typeof path.at(-1) === "number" ? parent?.L : parent?.M) !== undefined;
}

function planWrite(action: Action, to: Path, old: Item, bindings: Bindings): Write | "missing" | "nothing" {
  if (action.section === "REMOVE") return { path: to };
  if (action.section === "SET") {
    const value = operandValue(action.value, old, bindings);
    return value === undefined ? "missing" : { path: to, value };
  }
  const amount = bindings.value(action.value.name);
  const existing = valueAt(old, to);
  if (existing !== undefined && typeOf(existing) !== typeOf(amount)) throw wrongType();
  if (action.section === "ADD") return { path: to, value: existing === undefined ? amount : added(existing, amount) };
  return existing === undefined ? "nothing" : { path: to, value: difference(existing, amount) };
}

const added = (existing: AttributeValue, amount: AttributeValue): AttributeValue =>
  typeOf(amount) === "N" ? sum(existing, amount, "+") : union(existing, amount);

const refusal = (message: string) => new AwsError("ValidationException", message);
const missing = () => refusal("The provided expression refers to an attribute that does not exist in the item");
const invalidPath = () => refusal("The document path provided in the update expression is invalid for update");
