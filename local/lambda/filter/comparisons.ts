// The comparisons of event patterns: exact values and the operators that Lambda's filters have.
// https://docs.aws.amazon.com/lambda/latest/dg/invocation-eventfiltering.html#filtering-syntax
// https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-create-pattern-operators.html

/** Returns whether a value of an event, `undefined` where it has none, passes. */
export type Test = (event: unknown) => boolean;

/** Makes the error for a reason. */
type Invalid = (reason: string) => Error;

type Scalar = string | number | boolean | null;

/** Compiles one element of a pattern's list: a value, or an object with one operator. */
export function compileComparison(value: unknown, path: string, invalid: Invalid): Test {
  if (isScalar(value)) return onMembers((event) => event === value);
  const entries = typeof value === "object" && value !== null && !Array.isArray(value) ? Object.entries(value) : [];
  const [entry, ...others] = entries;
  const compile = entry && Object.hasOwn(OPERATORS, entry[0]) ? OPERATORS[entry[0]] : undefined;
  if (entry === undefined || compile === undefined || others.length > 0) {
    throw invalid(
      `${path} has ${JSON.stringify(value)}, which is neither a value nor one of the operators ${Object.keys(OPERATORS).join(", ")}`,
    );
  }
  const [name, operand] = entry;
  return compile(operand, (allowed) =>
    invalid(`${name} in ${path} must have ${allowed} (given ${JSON.stringify(operand)})`),
  );
}

type Compile = (operand: unknown, refuse: (allowed: string) => Error) => Test;

const OPERATORS: Readonly<Record<string, Compile>> = {
  exists(operand, refuse) {
    if (typeof operand !== "boolean") throw refuse("true or false");
    return (event) => isLeaf(event) === operand;
  },
  prefix: (operand, refuse) => compileText(operand, refuse, (text, part) => text.startsWith(part)),
  suffix: (operand, refuse) => compileText(operand, refuse, (text, part) => text.endsWith(part)),
  "equals-ignore-case": (operand, refuse) =>
    compileString(operand, refuse, (text, other) => text.toLowerCase() === other.toLowerCase()),
  numeric: compileNumeric,
  "anything-but": compileAnythingBut,
};

/** `exists` looks at leaves only, not at objects. */
const isLeaf = (event: unknown) =>
  event !== undefined && (typeof event !== "object" || event === null || Array.isArray(event));

const isScalar = (value: unknown): value is Scalar =>
  value === null || typeof value === "string" || typeof value === "number" || typeof value === "boolean";

/** A list in the event passes when one of its members does. */
const onMembers =
  (test: Test): Test =>
  (event) =>
    Array.isArray(event) ? event.some(test) : test(event);

function compileString(
  operand: unknown,
  refuse: (allowed: string) => Error,
  compare: (text: string, operand: string) => boolean,
): Test {
  if (typeof operand !== "string") throw refuse("a string");
  return onMembers((event) => typeof event === "string" && compare(event, operand));
}

/** A string, or an equals-ignore-case inside. */
function compileText(operand: unknown, refuse: (allowed: string) => Error, compare: (a: string, b: string) => boolean) {
  const folded = (operand as { "equals-ignore-case"?: unknown } | null)?.["equals-ignore-case"];
  if (folded === undefined || Object.keys(operand as object).length > 1) return compileString(operand, refuse, compare);
  return compileString(folded, refuse, (text, part) => compare(text.toLowerCase(), part.toLowerCase()));
}

const NUMERIC: Readonly<Record<string, (a: number, b: number) => boolean>> = {
  "=": (a, b) => a === b,
  "<": (a, b) => a < b,
  "<=": (a, b) => a <= b,
  ">": (a, b) => a > b,
  ">=": (a, b) => a >= b,
};
const NUMERIC_LIMIT = 5e9;
const NUMERIC_FORM = "one or two pairs of an operator (=, <, <=, >, >=) and a number within ±5e9, as a range in two";

function compileNumeric(operand: unknown, refuse: (allowed: string) => Error): Test {
  const terms: unknown[] = Array.isArray(operand) ? operand : [];
  if (terms.length !== 2 && terms.length !== 4) throw refuse(NUMERIC_FORM);
  const tests = [0, 2].slice(0, terms.length / 2).map((at) => {
    const [operator, bound] = terms.slice(at, at + 2);
    const compare = typeof operator === "string" && Object.hasOwn(NUMERIC, operator) ? NUMERIC[operator] : undefined;
    if (compare === undefined || typeof bound !== "number" || Math.abs(bound) > NUMERIC_LIMIT)
      throw refuse(NUMERIC_FORM);
    return (event: number) => compare(event, bound);
  });
  // Two bounds are a range: one from below, then one from above.
  if (terms.length === 4 && !(String(terms[0]).startsWith(">") && String(terms[2]).startsWith("<"))) {
    throw refuse(NUMERIC_FORM);
  }
  return onMembers((event) => typeof event === "number" && tests.every((test) => test(event)));
}

/** Needs a value to be there, unlike the negation of a comparison. */
function compileAnythingBut(operand: unknown, refuse: (allowed: string) => Error): Test {
  const forbidden = forbiddenBy(operand, refuse);
  return (event) => {
    const members: unknown[] = Array.isArray(event) ? event : [event];
    return isLeaf(event) && members.some((each) => !forbidden(each));
  };
}

function forbiddenBy(operand: unknown, refuse: (allowed: string) => Error): Test {
  const allowed = "a string, a number, a list of these, or one of prefix, suffix, equals-ignore-case";
  if (typeof operand === "string" || typeof operand === "number") return (event) => event === operand;
  if (Array.isArray(operand)) {
    if (operand.length === 0 || !operand.every((each) => typeof each === "string" || typeof each === "number")) {
      throw refuse(allowed);
    }
    return (event) => operand.some((each) => each === event);
  }
  const [entry, ...others] = Object.entries(operand ?? {});
  const [name = "", inner] = entry ?? [];
  if (others.length > 0 || !["prefix", "suffix", "equals-ignore-case"].includes(name)) throw refuse(allowed);
  const tests = (Array.isArray(inner) ? inner : [inner]).map((each) => OPERATORS[name]?.(each, refuse));
  return (event) => tests.some((test) => test?.(event));
}
