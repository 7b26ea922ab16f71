import { statementsOf, synthesizeStack } from "./synthesized-stack";

/** What AWS knows no narrower resource for. */
const WITHOUT_RESOURCE = ["dynamodb:ListStreams", "xray:PutTraceSegments", "xray:PutTelemetryRecords"];

const { resources } = synthesizeStack({ tracing: true });
const ACCOUNT = "${data.aws_caller_identity.current.account_id}";

test("a role may do each thing on something, unless AWS knows no narrower resource", () => {
  const everywhere = resources("aws_iam_role_policy")
    .flatMap(({ policy }) => statementsOf(policy))
    .filter(({ Resource }) => [Resource].flat().some((resource) => /^(\*|arn:.*:\*)$/.test(resource)));
  expect([...new Set(everywhere.flatMap(({ Action }) => Action))].sort()).toEqual([...WITHOUT_RESOURCE].sort());
});

test("no policy lets anyone do whatever a service can", () => {
  for (const { policy } of resources("aws_iam_role_policy")) {
    for (const { Action } of statementsOf(policy)) {
      for (const action of [Action].flat()) expect(action).not.toContain("*");
    }
  }
});

test("no service acts for another account: neither Lambda with a role nor S3 with a function", () => {
  const roles = resources("aws_iam_role");
  expect(roles).toHaveLength(2);
  for (const { assume_role_policy } of roles) {
    for (const { Condition } of statementsOf(assume_role_policy)) {
      expect(Condition).toEqual({ StringEquals: { "aws:SourceAccount": ACCOUNT } });
    }
  }
  for (const permission of resources("aws_lambda_permission")) {
    expect(permission).toMatchObject({ source_account: ACCOUNT, source_arn: expect.stringContaining("arn") });
  }
});
