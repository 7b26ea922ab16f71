// The kinds of settings: what each allows, and how it is written in an environment variable.

/** One setting. */
export interface Rule {
  /** Ends the sentence "the setting must be …". */
  readonly allowed: string;
  readonly isValid: (value: unknown) => boolean;
  /**
   * The value of an environment variable's text; what cannot be read stays text, which `isValid` refuses.
   * @throws SyntaxError for invalid JSON
   */
  readonly parse: (text: string) => unknown;
}

/** Settings that belong together, such as `thumbnail.width` and `thumbnail.height`. */
export interface Group {
  readonly fields: Readonly<Record<string, Rule>>;
  /** An example of the whole. */
  readonly allowed: string;
  /** A word that may stand for the whole group. */
  readonly word?: string;
}

/** Several of a kind, such as the sizes of thumbnails: each has all of the fields. */
export interface Groups {
  readonly each: Readonly<Record<string, Rule>>;
  /** What each is, in a word: `size`. */
  readonly noun: string;
  readonly allowed: string;
  /** Whether they go together; the fields are checked already. */
  readonly isValid: (values: readonly Record<string, unknown>[]) => boolean;
  /** JSON, as nothing else can tell them apart. */
  readonly parse: (text: string) => unknown;
}

export type AnyRule = Rule | Group | Groups;

export const isGroup = (rule: AnyRule): rule is Group => "fields" in rule;
export const areGroups = (rule: AnyRule): rule is Groups => "each" in rule;

export const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null && !Array.isArray(value);

export const text = (pattern: RegExp, allowed: string): Rule => textThat((value) => pattern.test(value), allowed);

export const textThat = (isValid: (value: string) => boolean, allowed: string): Rule => ({
  allowed,
  isValid: (value) => typeof value === "string" && isValid(value),
  parse: (given) => given,
});

export const oneOf = (words: readonly string[]): Rule => ({
  allowed: `one of ${words.join(", ")}`,
  isValid: (value) => words.includes(value as string),
  parse: (given) => given,
});

export const yesOrNo: Rule = {
  allowed: "true or false",
  isValid: (value) => typeof value === "boolean",
  parse: (given) => ({ true: true, false: false })[given] ?? given,
};

const parseNumber = (given: string): unknown => (/^\d+$/.test(given) ? Number(given) : given);

/** @param unit with what else there is to say: `megabytes`, `seconds, for this and that` */
export const wholeNumber = (least: number, most: number, unit: string): Rule => ({
  allowed: `a whole number from ${least} to ${most} of ${unit}`,
  isValid: (value) => Number.isInteger(value) && Number(value) >= least && Number(value) <= most,
  parse: parseNumber,
});

export const oneOfNumbers = (numbers: readonly number[]): Rule => ({
  allowed: `one of ${numbers.join(", ")}`,
  isValid: (value) => numbers.includes(value as number),
  parse: parseNumber,
});

/** In a variable: separated by commas, or JSON. */
export const list = (isValid: (values: readonly string[]) => boolean, allowed: string): Rule => ({
  allowed,
  isValid: (value) => Array.isArray(value) && value.every((each) => typeof each === "string") && isValid(value),
  parse: (given) => (isJson(given) ? JSON.parse(given) : given.split(",").map((each) => each.trim())),
});

/** In a variable: JSON. */
export const groups = (kind: Omit<Groups, "parse">): Groups => ({
  ...kind,
  parse: (given) => (isJson(given) ? JSON.parse(given) : given),
});

/** In a variable: `name=value` separated by commas, or JSON. */
export const map = (isValid: (value: Record<string, unknown>) => boolean, allowed: string): Rule => ({
  allowed,
  isValid: (value) => isRecord(value) && isValid(value),
  parse: (given) => (isJson(given) ? JSON.parse(given) : parsePairs(given)),
});

/** Whether the text of a variable is meant as JSON; no other form begins like a list or an object. */
export const isJson = (given: string): boolean => /^\s*[[{]/.test(given);

function parsePairs(given: string): unknown {
  const pairs = given.split(",").map((pair) => /^([^=]+)=(.*)$/.exec(pair.trim()));
  if (pairs.includes(null)) return given;
  return Object.fromEntries(pairs.map((pair) => [pair?.[1], pair?.[2]]));
}
