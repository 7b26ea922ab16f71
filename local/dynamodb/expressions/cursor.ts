// A reader of tokens with what every kind of expression consists of: paths, values and calls of functions.

import { RESERVED_WORDS } from "./reserved-words";
import type { Operand, PathOperand, Step } from "./syntax";
import { ExpressionError, syntaxError, type Token, tokenize } from "./tokens";

const MAX_INDEX = 2 ** 31 - 1;

/** More than DynamoDB's 300 operators can make necessary; without a bound, parentheses would exhaust the stack. */
const MAX_PARENTHESES = 600;

export interface Cursor {
  /** Whether the next token is of this type. */
  is(type: string): boolean;
  type(): string;
  next(): Token;
  /** Takes the next token, which must be of this type. */
  expect(type: string): Token;
  fail(): never;
  /** Takes the end of the expression. */
  end(): void;
  /** Refuses what stands in paths, which is done only when there is no syntax error further on. */
  refuseSteps(): void;
  path(): PathOperand;
  operand(): Operand;
  /** Whether the next tokens begin the call of a function. */
  startsCall(): boolean;
  /** Reads `(inner)`; `inner` says whether it was in parentheses itself. */
  parenthesized<T>(inner: () => { node: T; bare: boolean }): T;
  /** Reads one or more, separated by commas. */
  list<T>(item: () => T): T[];
}

/** Starts to read an expression. */
export function createCursor(text: string): Cursor {
  const tokens = tokenize(text);
  let at = 0;
  let parentheses = 0;
  let refused: ExpressionError | undefined;

  const token = () => tokens[at] as Token;
  const is = (type: string) => token().type === type;
  const fail = (): never => {
    throw syntaxError(text, tokens, at);
  };
  function next(): Token {
    const taken = token();
    if (taken.type !== "end") at += 1;
    return taken;
  }
  const expect = (type: string) => (is(type) ? next() : fail());
  const startsCall = () => is("identifier") && tokens[at + 1]?.type === "(";

  function list<T>(item: () => T): T[] {
    const items = [item()];
    while (is(",")) {
      next();
      items.push(item());
    }
    return items;
  }

  function name(): Step {
    if (is("alias")) return { alias: next().text };
    const { text: word } = expect("identifier");
    if (RESERVED_WORDS.has(word.toUpperCase())) {
      refused ??= new ExpressionError(`Attribute name is a reserved keyword; reserved keyword: ${word}`);
    }
    return word;
  }

  function path(): PathOperand {
    const steps = [name()];
    while (is(".") || is("[")) steps.push(next().type === "." ? name() : index());
    return { type: "path", steps };
  }

  function index(): number {
    const { text: digits } = expect("index");
    expect("]");
    if (Number(digits) > MAX_INDEX) {
      refused ??= new ExpressionError(`List index is not within the allowable range; index: [${digits}]`);
    }
    return Number(digits);
  }

  function operand(): Operand {
    if (is("value")) return { type: "value", name: next().text };
    if (is("(")) return parenthesized(inParentheses);
    if (!startsCall()) return path();
    const { text: called } = next();
    next();
    const args = list(operand);
    expect(")");
    return { type: "function", name: called, args };
  }

  const inParentheses = () => ({ bare: !is("("), node: operand() });

  function parenthesized<T>(inner: () => { node: T; bare: boolean }): T {
    expect("(");
    parentheses += 1;
    if (parentheses > MAX_PARENTHESES) throw redundantParentheses();
    const { node, bare } = inner();
    expect(")");
    parentheses -= 1;
    if (!bare) throw redundantParentheses();
    return node;
  }

  function refuseSteps(): void {
    if (refused !== undefined) throw refused;
  }

  return {
    is,
    type: () => token().type,
    next,
    expect,
    fail,
    end: () => void expect("end"),
    refuseSteps,
    path,
    operand,
    startsCall,
    parenthesized,
    list,
  };
}

const redundantParentheses = () => new ExpressionError("The expression has redundant parentheses;");
