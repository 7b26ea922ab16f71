import {
  GetParameterCommand,
  GetParametersByPathCommand,
  PutParameterCommand,
  type PutParameterCommandInput,
  SSMClient,
} from "@aws-sdk/client-ssm";
import { createEdge } from "../../../local/edge";
import type { Credentials } from "../../../local/iam/types";
import { createSsm } from "../../../local/ssm";
import { ACCOUNT, createTestIam } from "../iam/account";

const SECRET = "a-secret-value";
const NAME = "/app/key";
const ARN = "arn:aws:ssm:eu-west-1:111122223333:parameter/app/key";

const account = { ...ACCOUNT };
const { iam, credentials, activity, activities } = createTestIam([
  { Effect: "Allow", Action: "ssm:GetParameter", Resource: ARN },
]);
const ssm = createSsm({ account, iam });
const edge = createEdge({ account, activity, iam, services: { ssm } });
const clients: SSMClient[] = [];

function clientOf({ accessKeyId, secretAccessKey, sessionToken }: Omit<Credentials, "caller">): SSMClient {
  const credentials = { accessKeyId, secretAccessKey, sessionToken };
  const client = new SSMClient({ endpoint: account.endpoint, region: account.region, credentials });
  clients.push(client);
  return client;
}

let client: SSMClient;
beforeAll(async () => {
  await edge.listen(0);
  client = clientOf({ accessKeyId: "test", secretAccessKey: "test" });
  await client.send(new PutParameterCommand({ Name: NAME, Value: SECRET, Type: "SecureString" }));
});
afterAll(async () => {
  for (const each of clients) each.destroy();
  await edge.close();
  await ssm.close();
});

const put = (input: Partial<PutParameterCommandInput>) =>
  client.send(new PutParameterCommand({ Name: "/app/other", Value: "v", ...input }));

describe("writing a parameter", () => {
  it.each<[string, Partial<PutParameterCommandInput>, string, RegExp]>([
    ["without a type", {}, "ValidationException", /A parameter type is required/],
    ["of another type", { Name: NAME, Type: "String", Overwrite: true }, "HierarchyTypeMismatchException", /SecureS/],
    [
      "named after AWS",
      { Name: "/aws/key", Type: "String" },
      "ValidationException",
      /can't be prefixed .*"\/aws\/key"/,
    ],
    ["with a name half qualified", { Name: "app/key", Type: "String" }, "ValidationException", /fully qualified/],
    ["with a name of other signs", { Name: "/app/k y", Type: "String" }, "ValidationException", /given "\/app\/k y"/],
    ["on 16 levels", { Name: "/x".repeat(16), Type: "String" }, "ValidationException", /15 levels/],
    ["without a value", { Value: "", Type: "String" }, "ValidationException", /given 0/],
    ["of 4097 bytes", { Value: "x".repeat(4097), Type: "String" }, "ValidationException", /given 4097/],
    [
      "with a key of one's own",
      { KeyId: "alias/mine", Type: "SecureString" },
      "ValidationException",
      /alias\/aws\/ssm/,
    ],
    ["with policies", { Policies: "[]", Type: "String" }, "ValidationException", /"Policies"/],
  ])("%s is refused", async (_what, input, name, message) => {
    await expect(put(input)).rejects.toMatchObject({ name, message: expect.stringMatching(message) });
  });
});

describe("what is not known is refused by name", () => {
  it("an operation", async () => {
    await expect(client.send(new GetParametersByPathCommand({ Path: "/" }))).rejects.toThrow(
      'The embedded AWS has no operation "AmazonSSM.GetParametersByPath"',
    );
  });

  it("a version or label", async () => {
    await expect(client.send(new GetParameterCommand({ Name: `${NAME}:1` }))).rejects.toThrow(`"${NAME}:1"`);
  });
});

describe("a role", () => {
  it("may read the parameter that its policy names, with no permission at KMS, and no other", async () => {
    const may = clientOf(credentials);
    const { Parameter } = await may.send(new GetParameterCommand({ Name: NAME, WithDecryption: true }));
    expect(Parameter?.Value).toBe(SECRET);
    await expect(may.send(new GetParameterCommand({ Name: "/app/none" }))).rejects.toMatchObject({
      name: "AccessDeniedException",
      message: expect.stringMatching(
        /is not authorized to perform: ssm:GetParameter on resource: arn:aws:ssm:eu-west-1:111122223333:parameter\/app\/none because no identity-based policy/,
      ),
    });
    await expect(may.send(new PutParameterCommand({ Name: NAME, Value: "v", Overwrite: true }))).rejects.toMatchObject({
      name: "AccessDeniedException",
    });
  });
});

it("activities name the parameter, and never show a value", async () => {
  await put({ Name: NAME, Value: "another-secret", Overwrite: true });
  await client.send(new GetParameterCommand({ Name: NAME, WithDecryption: true }));
  expect(activities).toContainEqual(expect.objectContaining({ service: "ssm", action: "PutParameter", resource: ARN }));
  expect(activities).toContainEqual(expect.objectContaining({ service: "ssm", action: "GetParameter", resource: ARN }));
  expect(JSON.stringify(activities)).not.toMatch(new RegExp(`${SECRET}|another-secret`));
});
