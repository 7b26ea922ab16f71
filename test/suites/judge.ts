// What a public suite says of the embedded AWS, held against the list of tests that are known not to pass: a test fails the
// run when it fails without being on the list, and when it is on the list and passes.

/** Test → why it does not pass. */
export type KnownFailures = ReadonlyMap<string, string>;

export interface Judgement {
  readonly passed: number;
  readonly known: number;
  /** Fail, and are not on the list. */
  readonly unexpected: readonly string[];
  /** Are on the list, and pass or were not run. */
  readonly outdated: readonly string[];
}

/** @param results by test, whether it passed; skipped ones are left out */
export function judge(results: ReadonlyMap<string, boolean>, known: KnownFailures): Judgement {
  const failed = [...results].filter(([, passed]) => !passed).map(([name]) => name);
  return {
    passed: results.size - failed.length,
    known: failed.filter((name) => known.has(name)).length,
    unexpected: failed.filter((name) => !known.has(name)).sort(),
    outdated: [...known.keys()].filter((name) => results.get(name) !== false).sort(),
  };
}

/** A list as it is written: a reason on a line of its own, ending in a colon, and the tests below it, indented. */
export function readKnownFailures(text: string): KnownFailures {
  const known = new Map<string, string>();
  let reason = "";
  for (const line of text.split("\n").filter((each) => each.trim() !== "" && !each.startsWith("#"))) {
    if (!line.startsWith(" ")) reason = line.replace(/:$/, "");
    else if (reason === "") throw new Error(`${line.trim()} has no reason`);
    else if (known.has(line.trim())) throw new Error(`${line.trim()} is there twice`);
    else known.set(line.trim(), reason);
  }
  return known;
}

/** A test's attributes in pytest's JUnit report. */
export interface TestCase {
  readonly "@name": string;
  readonly "@classname": string;
}

/**
 * Results of pytest's JUnit report.
 * @param nameOf what the list calls a test
 */
export function resultsOf(
  report: { readonly testsuites: { readonly testsuite: unknown } },
  nameOf = (test: TestCase): string => String(test["@name"]),
): Map<string, boolean> {
  const suites = [report.testsuites.testsuite].flat() as { testcase?: (TestCase & Record<string, unknown>)[] }[];
  const cases = suites.flatMap(({ testcase = [] }) => testcase);
  const ran = cases.filter((each) => each.skipped === undefined);
  return new Map(ran.map((each) => [nameOf(each), each.failure === undefined && each.error === undefined]));
}

/** A test with its file before it, where a suite has tests of one name in several files. */
export const withFile = (test: TestCase): string => `${test["@classname"].split(".").at(-1)}::${test["@name"]}`;
