// The Condition element: operators, one small entry each, and how several values, keys and operators combine.
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html

import { BlockList, isIP } from "node:net";
import { isDay } from "../calendar";
import { type ConditionContext, checkConditionKey } from "./condition-keys";
import { malformed } from "./malformed";
import { createArnGlob, createGlob, isArn, type Match } from "./match";

/** Whether a request meets a condition. */
export type Condition = (context: ConditionContext) => boolean;

interface Operator {
  /** Compiles one value of the policy; undefined when it is not a value of the operator's type. */
  readonly compile: (expected: string) => Match | undefined;
  /** True for the operators that hold when no value matches. */
  readonly negated?: true;
}

const equals = (expected: string): Match => {
  return (actual) => actual === expected;
};
const equalsIgnoringCase = (expected: string): Match => {
  const lower = expected.toLowerCase();
  return (actual) => actual.toLowerCase() === lower;
};
const truth = (expected: string) => (/^(true|false)$/i.test(expected) ? equalsIgnoringCase(expected) : undefined);
const arn = (expected: string) => (expected === "*" || isArn(expected) ? createArnGlob(expected) : undefined);

type Compare = (actual: number, expected: number) => boolean;
const ordered = (toNumber: (text: string) => number, compare: Compare) => (text: string) => {
  const expected = toNumber(text);
  return Number.isNaN(expected) ? undefined : (actual: string) => compare(toNumber(actual), expected);
};
/** Numbers are integers or decimals, as a person writes them. */
const numeric = (compare: Compare) =>
  ordered((text) => (/^[+-]?\d+(\.\d+)?$/.test(text) ? Number(text) : Number.NaN), compare);
const date = (compare: Compare) => ordered(millisecondsOf, compare);

/** The forms of https://www.w3.org/TR/NOTE-datetime, which say their zone where they say a time. */
const DATE = /^(\d{4}-\d\d(?:-\d\d)?)(?:T\d\d:\d\d(?::\d\d(?:\.\d+)?)?(?:Z|[+-]\d\d:\d\d))?$/;

/** Dates are ISO 8601 or seconds since 1970. */
function millisecondsOf(text: string): number {
  if (/^\d+$/.test(text)) return Number(text) * 1000;
  const [, day = ""] = DATE.exec(text) ?? [];
  return isDay(day) ? Date.parse(text) : Number.NaN;
}

function cidr(expected: string): Match | undefined {
  const [, address = "", prefix] = /^([^/%]*)(?:\/(\d{1,3}))?$/.exec(expected) ?? [];
  const version = isIP(address);
  const bits = version === 6 ? 128 : 32;
  const length = prefix === undefined ? bits : Number(prefix);
  if (version === 0 || length > bits) return undefined;
  const range = new BlockList();
  range.addSubnet(address, length, version === 6 ? "ipv6" : "ipv4");
  return (actual) => isIP(actual) !== 0 && range.check(actual, isIP(actual) === 6 ? "ipv6" : "ipv4");
}

const same: Compare = (actual, expected) => actual === expected;
const less: Compare = (actual, expected) => actual < expected;
const lessOrSame: Compare = (actual, expected) => actual <= expected;
const greater: Compare = (actual, expected) => actual > expected;
const greaterOrSame: Compare = (actual, expected) => actual >= expected;

const OPERATORS: Readonly<Record<string, Operator>> = {
  StringEquals: { compile: equals },
  StringNotEquals: { compile: equals, negated: true },
  StringEqualsIgnoreCase: { compile: equalsIgnoringCase },
  StringNotEqualsIgnoreCase: { compile: equalsIgnoringCase, negated: true },
  StringLike: { compile: createGlob },
  StringNotLike: { compile: createGlob, negated: true },
  // AWS: "ArnEquals and ArnLike behave identically", and so do their negations.
  ArnEquals: { compile: arn },
  ArnLike: { compile: arn },
  ArnNotEquals: { compile: arn, negated: true },
  ArnNotLike: { compile: arn, negated: true },
  Bool: { compile: truth },
  NumericEquals: { compile: numeric(same) },
  NumericNotEquals: { compile: numeric(same), negated: true },
  NumericLessThan: { compile: numeric(less) },
  NumericLessThanEquals: { compile: numeric(lessOrSame) },
  NumericGreaterThan: { compile: numeric(greater) },
  NumericGreaterThanEquals: { compile: numeric(greaterOrSame) },
  DateEquals: { compile: date(same) },
  DateNotEquals: { compile: date(same), negated: true },
  DateLessThan: { compile: date(less) },
  DateLessThanEquals: { compile: date(lessOrSame) },
  DateGreaterThan: { compile: date(greater) },
  DateGreaterThanEquals: { compile: date(greaterOrSame) },
  IpAddress: { compile: cidr },
  NotIpAddress: { compile: cidr, negated: true },
};

/** Compiles a Condition element; refuses operators, keys and values that it does not know by name. */
export function parseCondition(element: unknown): Condition {
  const conditions = Object.entries(recordOf(element, "Condition")).flatMap(([operator, keys]) =>
    Object.entries(recordOf(keys, operator)).map(([key, values]) => {
      checkConditionKey(key);
      return compile(operator, key.toLowerCase(), valuesOf(values, operator, key));
    }),
  );
  return (context) => conditions.every((condition) => condition(context));
}

function compile(operatorName: string, key: string, values: readonly string[]): Condition {
  const { set, name, ifExists } = takeApart(operatorName);
  if (name === "Null" && set === undefined && !ifExists) {
    const wantsAbsence = values.map((value) => {
      if (!/^(true|false)$/i.test(value)) throw malformed(`The value "${value}" of Null must be "true" or "false"`);
      return value.toLowerCase() === "true";
    });
    return (context) => wantsAbsence.includes((context(key)?.length ?? 0) === 0);
  }
  const operator = Object.hasOwn(OPERATORS, name) ? OPERATORS[name] : undefined;
  if (operator === undefined) throw malformed(`Invalid Condition type : ${operatorName}`);
  const matches = values.map((value) => {
    const match = operator.compile(value);
    if (match === undefined) throw malformed(`The value "${value}" of ${key} is not valid for ${operatorName}`);
    return match;
  });
  const negated = operator.negated === true;
  const holds = (actual: string) => matches.some((match) => match(actual)) !== negated;
  return (context) => {
    const actual = context(key) ?? [];
    if (set === "ForAllValues") return actual.every(holds);
    if (set === "ForAnyValue") return (ifExists && actual.length === 0) || actual.some(holds);
    if (actual.length === 0) return ifExists || negated;
    return negated ? actual.every(holds) : actual.some(holds);
  };
}

/** `ForAnyValue:StringLikeIfExists` is a set operator, an operator, and a suffix. */
function takeApart(operatorName: string): { set?: string; name: string; ifExists: boolean } {
  const [, set, rest = operatorName] = /^(ForAllValues|ForAnyValue):(.*)$/.exec(operatorName) ?? [];
  const ifExists = rest.endsWith("IfExists");
  return { set, name: ifExists ? rest.slice(0, -"IfExists".length) : rest, ifExists };
}

function recordOf(value: unknown, name: string): Record<string, unknown> {
  if (typeof value !== "object" || value === null || Array.isArray(value)) {
    throw malformed(`Syntax errors in policy: ${name} must be an object`);
  }
  return value as Record<string, unknown>;
}

function valuesOf(values: unknown, operator: string, key: string): string[] {
  const list = Array.isArray(values) ? values : [values];
  if (list.length === 0 || !list.every((value) => ["string", "number", "boolean"].includes(typeof value))) {
    throw malformed(`Syntax errors in policy: ${operator} ${key} must be a value or a list of values`);
  }
  return list.map((value) => {
    if (typeof value === "string" && value.includes("${")) throw malformed(variableMessage(value));
    return String(value);
  });
}

/** Policy variables are not evaluated here, so a policy that has one is refused rather than misread. */
export const variableMessage = (text: string): string =>
  `The embedded AWS does not know policy variables, such as in "${text}"`;
