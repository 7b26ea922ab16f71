// What expressions consist of once they are parsed. A tree holds no names and values of a request, so one tree serves
// every request with the same text.

import type { AttributeValue } from "../types";

/** A name as it is written, a `#name` that stands for one, or the index of a list. */
export type Step = string | { readonly alias: string } | number;

export interface PathOperand {
  readonly type: "path";
  readonly steps: readonly Step[];
}

export interface FunctionCall {
  readonly type: "function";
  readonly name: string;
  readonly args: readonly Operand[];
}

/** A `:name` that stands for a value. */
export interface ValueOperand {
  readonly type: "value";
  readonly name: string;
}

export type Operand =
  | PathOperand
  | FunctionCall
  | ValueOperand
  /** A value of a parameter from before there were expressions. */
  | { readonly type: "literal"; readonly value: AttributeValue }
  | {
      readonly type: "arithmetic";
      readonly operator: "+" | "-";
      readonly left: Operand;
      readonly right: Operand;
    };

export type Comparator = "=" | "<>" | "<" | "<=" | ">" | ">=";

export type Condition =
  | FunctionCall
  | { readonly type: "and" | "or"; readonly left: Condition; readonly right: Condition }
  | { readonly type: "not"; readonly condition: Condition }
  | { readonly type: "compare"; readonly operator: Comparator; readonly left: Operand; readonly right: Operand }
  | { readonly type: "between"; readonly operand: Operand; readonly low: Operand; readonly high: Operand }
  | { readonly type: "in"; readonly operand: Operand; readonly list: readonly Operand[] };

/** One change of an update. */
export type Action =
  | { readonly section: "REMOVE"; readonly path: PathOperand }
  | { readonly section: "SET"; readonly path: PathOperand; readonly value: Operand }
  | { readonly section: "ADD" | "DELETE"; readonly path: PathOperand; readonly value: ValueOperand };

export type Section = Action["section"];

export type Projection = readonly PathOperand[];

/** The parts of a condition that are operands, and those that are conditions. */
export function partsOf(condition: Condition): { conditions: readonly Condition[]; operands: readonly Operand[] } {
  switch (condition.type) {
    case "and":
    case "or":
      return { conditions: [condition.left, condition.right], operands: [] };
    case "not":
      return { conditions: [condition.condition], operands: [] };
    case "compare":
      return { conditions: [], operands: [condition.left, condition.right] };
    case "between":
      return { conditions: [], operands: [condition.operand, condition.low, condition.high] };
    case "in":
      return { conditions: [], operands: [condition.operand, ...condition.list] };
    case "function":
      return { conditions: [], operands: condition.args };
  }
}

/** Every path in an operand. */
export function pathsOf(operand: Operand): PathOperand[] {
  if (operand.type === "path") return [operand];
  if (operand.type === "function") return operand.args.flatMap(pathsOf);
  return operand.type === "arithmetic" ? [operand.left, operand.right].flatMap(pathsOf) : [];
}

/** Every path in a condition. */
export function pathsIn(condition: Condition): PathOperand[] {
  const found: PathOperand[] = [];
  const visit = (each: Condition): void => {
    const { conditions, operands } = partsOf(each);
    for (const operand of operands) found.push(...pathsOf(operand));
    conditions.forEach(visit);
  };
  visit(condition);
  return found;
}
