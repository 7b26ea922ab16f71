// The conditions that a stack may demand, in the few forms of expressions that are known; another form is refused rather
// than passed over. https://developer.hashicorp.com/terraform/language/expressions/custom-conditions

import { isRecord, StackError } from "./stack-error";

/** Looks a name up: an attribute of `self`, or a variable. */
type Lookup = (name: string) => unknown;

interface Form {
  readonly pattern: RegExp;
  /** @param groups what the pattern caught; the first is the name that is looked up */
  isMet(value: unknown, groups: readonly string[]): boolean;
}

const FORMS: readonly Form[] = [
  { pattern: /^self\.(\w+) == "([^"]*)"$/, isMet: (value, [, expected]) => (value ?? "") === expected },
  { pattern: /^try\(length\(self\.(\w+)\), 0\) == 0$/, isMet: (value) => value === undefined || value === "" },
  {
    pattern: /^anytrue\(\[for each in self\.(\w+) : each\.(\w+) == "([^"]*)" && each\.(\w+) == "([^"]*)"\]\)$/,
    isMet: (value, [, first = "", one, second = "", other]) =>
      Array.isArray(value) && value.some((each) => isRecord(each) && each[first] === one && each[second] === other),
  },
  {
    pattern: /^length\(trimspace\(var\.(\w+)\)\) > 0$/,
    isMet: (value) => typeof value === "string" && value.trim() !== "",
  },
];

export interface Condition {
  readonly isMet: boolean;
  /** The attribute or variable that it is about. */
  readonly name: string;
}

/**
 * Decides a condition.
 * @param address whose condition it is, for the StackError when its form is not known
 */
export function decide(address: string, condition: unknown, lookup: Lookup): Condition {
  const [, expression = ""] = /^\$\{(.*)\}$/.exec(String(condition)) ?? [];
  for (const { pattern, isMet } of FORMS) {
    const [, ...groups] = pattern.exec(expression) ?? [];
    const [name] = groups;
    if (name !== undefined) return { name, isMet: isMet(lookup(name), groups) };
  }
  throw new StackError(`${address}: the condition ${condition} is not known to the embedded AWS`);
}

/** The blocks of a `postcondition` or `validation`: JSON writes one as an object or as a list of one. */
export function conditionBlocks(address: string, written: unknown): readonly Record<string, unknown>[] {
  return (Array.isArray(written) ? written : [written]).map((each) => {
    if (!isRecord(each)) throw new StackError(`${address}: a condition is not a block`);
    return each;
  });
}
