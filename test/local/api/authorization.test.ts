// Operations ask IAM before they do anything: a role without a policy is refused each of them, on what is there. Only who
// calls may everybody ask. S3, DynamoDB and Lambda, which need more than an account, are not among them.

import type { Api } from "../../../local/api/operation";
import { perform } from "../../../local/api/perform";
import type { Members, Shape } from "../../../local/api/shapes";
import { createCloudWatch } from "../../../local/cloudwatch";
import { createEvents } from "../../../local/events";
import { createIamService } from "../../../local/iam/service";
import { createKms } from "../../../local/kms";
import { createLogs } from "../../../local/logs";
import type { Caller } from "../../../local/service";
import { createSns } from "../../../local/sns";
import { createSsm } from "../../../local/ssm";
import { createSts } from "../../../local/sts";
import { ACCOUNT, ADMINISTRATOR, createTestIam } from "../iam/account";

const { iam, activity, caller: WITHOUT_POLICY } = createTestIam();
/** https://docs.aws.amazon.com/STS/latest/APIReference/API_GetCallerIdentity.html */
const ALLOWED_TO_ALL = ["sts GetCallerIdentity"];
const options = { account: { ...ACCOUNT }, iam, activity };
const APIS: readonly Api[] = [
  createCloudWatch(options).api,
  createEvents(options).api,
  createIamService(iam).api,
  createKms(options).api,
  createLogs(options).api,
  createSns(options).api,
  createSsm(options).api,
  createSts(options).api,
];

/** What members of these names are given, so that nothing is refused before IAM is asked. */
const THERE: Record<string, string> = { logGroupName: "/there" };

const callerOf = (service: string, name: string) => {
  const api = APIS.find((each) => each.name === service);
  const operation = api?.operations.find((each) => each.name === name);
  if (api === undefined || operation === undefined) throw new Error(`${service} has no operation ${name}`);
  return (given: object, caller: Caller) => {
    const context = { requestId: "1", caller, sourceIp: "127.0.0.1" };
    return perform(api, operation, iam, given, context, () => {});
  };
};

beforeAll(async () => {
  await callerOf("logs", "CreateLogGroup")({ logGroupName: THERE.logGroupName }, ADMINISTRATOR);
  const made = (await callerOf("kms", "CreateKey")({}, ADMINISTRATOR)) as { KeyMetadata: { KeyId: string } };
  THERE.KeyId = made.KeyMetadata.KeyId;
  THERE.TargetKeyId = made.KeyMetadata.KeyId;
});

const OPERATIONS = APIS.flatMap(({ name, operations }) => operations.map((each) => [name, each.name, each.input]));

it.each(OPERATIONS as [string, string, Members][])("%s %s", async (service, name, input) => {
  const called = callerOf(service, name)(sampleOf(input), WITHOUT_POLICY);
  if (ALLOWED_TO_ALL.includes(`${service} ${name}`)) await called;
  else await expect(called).rejects.toMatchObject({ code: "AccessDenied", status: 403 });
});

/** The least that an operation takes; a log group may be named by its name or its ARN. */
const sampleOf = (members: Members): Record<string, unknown> =>
  Object.fromEntries(
    Object.entries(members)
      .filter(([name, shape]) => shape.isRequired || name === "logGroupName")
      .map(([name, shape]) => [name, THERE[name] ?? sampleOfShape(shape)]),
  );

function sampleOfShape(shape: Shape): unknown {
  switch (shape.kind) {
    case "list":
      return [sampleOfShape(shape.of)];
    case "map":
      return { a: sampleOfShape(shape.of) };
    case "structure":
      return sampleOf(shape.members);
    case "number":
      return shape.allowed?.[0] ?? 1;
    case "boolean":
      return true;
    case "blob":
      return Buffer.from("a");
    default:
      return shape.kind === "string" ? (shape.allowed?.[0] ?? "a") : {};
  }
}
