// Event filtering: the patterns that decide which records of a stream reach the function. Patterns are compiled, and
// what AWS would not accept is refused, when the mapping is created.
// https://docs.aws.amazon.com/lambda/latest/dg/invocation-eventfiltering.html

import { AwsError } from "../../aws-error";
import { compileComparison, type Test } from "./comparisons";

const MAX_FILTERS = 5;
const MAX_PATTERN_LENGTH = 4096;

/**
 * Compiles filter criteria to one test of a record. A record passes when one of the patterns matches, or when there are
 * none.
 * @throws AwsError InvalidParameterValueException for more patterns than allowed and for what is not a pattern
 */
export function compileFilterCriteria(patterns: readonly string[]): (record: unknown) => boolean {
  if (patterns.length > MAX_FILTERS) {
    throw new AwsError(
      "InvalidParameterValueException",
      `Exceeded the maximum number of filters: ${patterns.length} given, at most ${MAX_FILTERS} allowed`,
    );
  }
  const tests = patterns.map(compilePattern);
  return tests.length === 0 ? () => true : (record) => tests.some((test) => test(record));
}

function compilePattern(text: string): Test {
  if (text.length > MAX_PATTERN_LENGTH) {
    throw invalid(`${text.length} characters given, at most ${MAX_PATTERN_LENGTH} allowed`);
  }
  let pattern: unknown;
  try {
    pattern = JSON.parse(text);
  } catch {
    throw invalid(`${text} is not JSON`);
  }
  return compileObject(pattern, "the pattern");
}

/** All keys must match; `$or` holds alternatives of the whole object. */
function compileObject(pattern: unknown, path: string): Test {
  if (typeof pattern !== "object" || pattern === null || Array.isArray(pattern)) {
    throw invalid(`${path} must be an object or a list of values (given ${JSON.stringify(pattern)})`);
  }
  const entries = Object.entries(pattern);
  if (entries.length === 0) throw invalid(`${path} must not be empty`);
  const tests = entries.map(([key, value]): Test => {
    if (key === "$or") return compileAlternatives(value, path);
    const test = Array.isArray(value) ? compileLeaf(value, `${path}.${key}`) : compileObject(value, `${path}.${key}`);
    return (event) => test(memberOf(event, key));
  });
  return (event) => (Array.isArray(event) ? event : [event]).some((each) => tests.every((test) => test(each)));
}

/** A list of values and comparisons, one of which must match. */
function compileLeaf(values: readonly unknown[], path: string): Test {
  if (values.length === 0) throw invalid(`${path} must not be an empty list`);
  const tests = values.map((value) => compileComparison(value, path, invalid));
  return (event) => tests.some((test) => test(event));
}

function compileAlternatives(value: unknown, path: string): Test {
  if (!Array.isArray(value) || value.length < 2) {
    throw invalid(`$or in ${path} must be a list of at least two patterns (given ${JSON.stringify(value)})`);
  }
  const tests = value.map((alternative) => compileObject(alternative, `${path}.$or`));
  return (event) => tests.some((test) => test(event));
}

/** What a path finds: a list's members are asked each, as EventBridge does. */
function memberOf(event: unknown, key: string): unknown {
  if (typeof event !== "object" || event === null || !Object.hasOwn(event, key)) return undefined;
  return (event as Record<string, unknown>)[key];
}

const invalid = (reason: string) =>
  new AwsError("InvalidParameterValueException", `Invalid filter pattern definition: ${reason}.`);
