import { judge, readKnownFailures, resultsOf, withFile } from "./judge";

const LIST = `# Of some suite.
ACLs are off:
  test_acl
  test_grant

Not built:
  test_lock
`;

test("a list says why each test does not pass", () => {
  expect([...readKnownFailures(LIST)]).toEqual([
    ["test_acl", "ACLs are off"],
    ["test_grant", "ACLs are off"],
    ["test_lock", "Not built"],
  ]);
  expect(() => readKnownFailures("  test_acl\n")).toThrow("test_acl has no reason");
  expect(() => readKnownFailures(`${LIST}  test_acl\n`)).toThrow("test_acl is there twice");
});

test("a test that fails without being listed, and one that is listed and passes or is gone, are named", () => {
  const results = new Map([
    ["test_put", true],
    ["test_get", false],
    ["test_acl", false],
    ["test_grant", true],
  ]);
  expect(judge(results, readKnownFailures(LIST))).toEqual({
    passed: 2,
    known: 1,
    unexpected: ["test_get"],
    outdated: ["test_grant", "test_lock"],
  });
});

test("a report's failures and errors are failures, and what was skipped was not run", () => {
  const testcase = [
    { "@name": "a" },
    { "@name": "b", failure: "" },
    { "@name": "c", error: "" },
    { "@name": "d", skipped: "" },
  ];
  expect([...resultsOf({ testsuites: { testsuite: { testcase } } })]).toEqual([
    ["a", true],
    ["b", false],
    ["c", false],
  ]);
});

test("tests of one name in two files are told apart", () => {
  const testcase = [
    { "@name": "a", "@classname": "test.alternator.test_item" },
    { "@name": "a", "@classname": "test.alternator.test_scan", failure: "" },
  ];
  expect([...resultsOf({ testsuites: { testsuite: { testcase } } }, withFile)]).toEqual([
    ["test_item::a", true],
    ["test_scan::a", false],
  ]);
});
