// ConditionExpression, FilterExpression and KeyConditionExpression have one grammar.
// https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Expressions.OperatorsAndFunctions.html

import { checkCondition } from "./check-functions";
import { type Cursor, createCursor } from "./cursor";
import type { Comparator, Condition, Operand } from "./syntax";

const COMPARATORS = ["=", "<>", "<", "<=", ">", ">="];

/** What may stand in parentheses before it is known which of the two it is. */
type Term = Condition | Operand;

/** `bare` is false for what was in parentheses as a whole. */
interface Read {
  readonly node: Term;
  readonly bare: boolean;
}

/** Parses a condition in one pass; nothing is read twice, so the time is linear in its length. */
export function parseCondition(text: string): Condition {
  const cursor = createCursor(text);
  const condition = asCondition(disjunction(cursor).node, cursor);
  cursor.end();
  checkCondition(condition);
  cursor.refuseSteps();
  return condition;
}

function disjunction(cursor: Cursor): Read {
  let read = conjunction(cursor);
  while (cursor.is("OR")) read = joined("or", read, cursor, conjunction);
  return read;
}

function conjunction(cursor: Cursor): Read {
  let read = negation(cursor);
  while (cursor.is("AND")) read = joined("and", read, cursor, negation);
  return read;
}

function joined(type: "and" | "or", before: Read, cursor: Cursor, next: (cursor: Cursor) => Read): Read {
  const left = asCondition(before.node, cursor);
  cursor.next();
  return { node: { type, left, right: asCondition(next(cursor).node, cursor) }, bare: true };
}

function negation(cursor: Cursor): Read {
  if (!cursor.is("NOT")) return comparison(cursor);
  cursor.next();
  return { node: { type: "not", condition: asCondition(negation(cursor).node, cursor) }, bare: true };
}

function comparison(cursor: Cursor): Read {
  const read: Read = cursor.is("(")
    ? { node: cursor.parenthesized(() => disjunction(cursor)), bare: false }
    : { node: cursor.operand(), bare: true };
  const type = cursor.type();
  if (!COMPARATORS.includes(type) && type !== "BETWEEN" && type !== "IN") return read;
  const operand = asOperand(read.node, cursor);
  cursor.next();
  return { node: compared(type, operand, cursor), bare: true };
}

function compared(type: string, operand: Operand, cursor: Cursor): Condition {
  if (type === "BETWEEN") {
    const low = cursor.operand();
    cursor.expect("AND");
    return { type: "between", operand, low, high: cursor.operand() };
  }
  if (type === "IN") {
    cursor.expect("(");
    const list = cursor.list(cursor.operand);
    cursor.expect(")");
    return { type: "in", operand, list };
  }
  return { type: "compare", operator: type as Comparator, left: operand, right: cursor.operand() };
}

function asCondition(node: Term, cursor: Cursor): Condition {
  return isCondition(node) ? node : cursor.fail();
}

function asOperand(node: Term, cursor: Cursor): Operand {
  return isOperand(node) ? node : cursor.fail();
}

/** The call of a function is both; whether that function may stand there is judged later. */
const isOperand = (node: Term): node is Operand => ["path", "value", "function"].includes(node.type);
const isCondition = (node: Term): node is Condition => node.type === "function" || !isOperand(node);
