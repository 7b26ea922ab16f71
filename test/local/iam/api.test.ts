import {
  CreateRoleCommand,
  DeleteRoleCommand,
  DeleteRolePolicyCommand,
  GetRoleCommand,
  GetRolePolicyCommand,
  IAMClient,
  ListAttachedRolePoliciesCommand,
  ListInstanceProfilesForRoleCommand,
  ListRolePoliciesCommand,
  ListRolesCommand,
  ListRoleTagsCommand,
  PutRolePolicyCommand,
  TagRoleCommand,
  UntagRoleCommand,
  UpdateAssumeRolePolicyCommand,
  UpdateRoleCommand,
} from "@aws-sdk/client-iam";
import { GetCallerIdentityCommand, STSClient } from "@aws-sdk/client-sts";
import { type EmbeddedAws, startEmbeddedAws } from "../../../local";
import { send, signHeaders } from "../edge/signing";

const trust = (service: string) =>
  JSON.stringify({
    Version: "2012-10-17",
    Statement: [{ Effect: "Allow", Principal: { Service: service }, Action: "sts:AssumeRole" }],
  });
const POLICY = JSON.stringify({
  Version: "2012-10-17",
  Statement: [{ Effect: "Allow", Action: ["iam:GetRole", "iam:PutRolePolicy"], Resource: "arn:aws:iam::*:role/app*" }],
});
const ARN = "arn:aws:iam::111122223333:role/app";

let aws: EmbeddedAws;
let iam: IAMClient;
const clients: { destroy(): void }[] = [];
const credentials = { accessKeyId: "test", secretAccessKey: "test" };

function clientOf(given: { accessKeyId: string; secretAccessKey: string; sessionToken?: string }, region?: string) {
  const options = { endpoint: aws.account.endpoint, region: region ?? aws.account.region, credentials: given };
  const made = { iam: new IAMClient({ ...options, maxAttempts: 1 }), sts: new STSClient(options) };
  clients.push(made.iam, made.sts);
  return made;
}

beforeAll(async () => {
  aws = await startEmbeddedAws({ tinypngKey: "k" });
  iam = clientOf(credentials).iam;
});
beforeEach(() =>
  iam.send(new CreateRoleCommand({ RoleName: "app", AssumeRolePolicyDocument: trust("lambda.amazonaws.com") })),
);
afterEach(async () => {
  for (const { RoleName } of (await iam.send(new ListRolesCommand({}))).Roles ?? []) {
    for (const PolicyName of (await iam.send(new ListRolePoliciesCommand({ RoleName }))).PolicyNames ?? []) {
      await iam.send(new DeleteRolePolicyCommand({ RoleName, PolicyName }));
    }
    await iam.send(new DeleteRoleCommand({ RoleName }));
  }
});
afterAll(async () => {
  for (const each of clients) each.destroy();
  await aws.close();
});

const putPolicy = (PolicyDocument = POLICY) =>
  iam.send(new PutRolePolicyCommand({ RoleName: "app", PolicyName: "p", PolicyDocument }));

describe("a role", () => {
  it("is given as it was made, with its document URL-encoded", async () => {
    const RoleName = "app-2";
    const AssumeRolePolicyDocument = trust("lambda.amazonaws.com");
    await iam.send(
      new CreateRoleCommand({
        RoleName,
        AssumeRolePolicyDocument,
        Description: "Role <of> the app & others",
        MaxSessionDuration: 7200,
        Tags: [
          { Key: "a", Value: "1" },
          { Key: "b", Value: "" },
        ],
      }),
    );
    const { Role } = await iam.send(new GetRoleCommand({ RoleName }));
    expect(Role).toEqual({
      Path: "/",
      RoleName,
      RoleId: expect.stringMatching(/^AROA[A-Z2-7]{16}$/),
      Arn: "arn:aws:iam::111122223333:role/app-2",
      CreateDate: expect.any(Date),
      AssumeRolePolicyDocument: expect.any(String),
      Description: "Role <of> the app & others",
      MaxSessionDuration: 7200,
      Tags: [
        { Key: "a", Value: "1" },
        { Key: "b", Value: "" },
      ],
      RoleLastUsed: {},
    });
    expect(Role?.AssumeRolePolicyDocument).not.toContain('"');
    expect(decodeURIComponent(Role?.AssumeRolePolicyDocument ?? "")).toBe(AssumeRolePolicyDocument);
  });

  it("is changed in its description, its longest session, its tags and whom it trusts", async () => {
    await iam.send(new UpdateRoleCommand({ RoleName: "app", Description: "new", MaxSessionDuration: 4000 }));
    await iam.send(
      new TagRoleCommand({
        RoleName: "app",
        Tags: [
          { Key: "a", Value: "1" },
          { Key: "b", Value: "2" },
        ],
      }),
    );
    await iam.send(new UntagRoleCommand({ RoleName: "app", TagKeys: ["a"] }));
    const PolicyDocument = trust("events.amazonaws.com");
    await iam.send(new UpdateAssumeRolePolicyCommand({ RoleName: "app", PolicyDocument }));
    const { Role } = await iam.send(new GetRoleCommand({ RoleName: "app" }));
    expect(Role).toMatchObject({ Description: "new", MaxSessionDuration: 4000, Tags: [{ Key: "b", Value: "2" }] });
    expect(decodeURIComponent(Role?.AssumeRolePolicyDocument ?? "")).toBe(PolicyDocument);
    expect(await iam.send(new ListRoleTagsCommand({ RoleName: "app" }))).toMatchObject({
      Tags: [{ Key: "b", Value: "2" }],
      IsTruncated: false,
    });
  });

  it("is trusted by whom its new document names, from the next time on", async () => {
    const assume = () =>
      aws.iam.assumeRole({ roleArn: ARN, service: "lambda.amazonaws.com", sessionName: "s1" }).accessKeyId;
    aws.iam.revoke(assume());
    await iam.send(
      new UpdateAssumeRolePolicyCommand({ RoleName: "app", PolicyDocument: trust("events.amazonaws.com") }),
    );
    expect(assume).toThrow("not authorized to perform: sts:AssumeRole");
  });

  it("has nothing attached, since there are neither managed policies nor instance profiles", async () => {
    const RoleName = "app";
    await expect(iam.send(new ListAttachedRolePoliciesCommand({ RoleName }))).resolves.toMatchObject({
      AttachedPolicies: [],
      IsTruncated: false,
    });
    await expect(iam.send(new ListInstanceProfilesForRoleCommand({ RoleName }))).resolves.toMatchObject({
      InstanceProfiles: [],
    });
  });

  it("is listed page by page, without tags", async () => {
    await iam.send(new CreateRoleCommand({ RoleName: "b", AssumeRolePolicyDocument: trust("s3.amazonaws.com") }));
    const first = await iam.send(new ListRolesCommand({ MaxItems: 1 }));
    expect(first).toMatchObject({ IsTruncated: true, Roles: [{ RoleName: "app", Arn: ARN }] });
    const second = await iam.send(new ListRolesCommand({ MaxItems: 1, Marker: first.Marker }));
    expect(second).toMatchObject({ IsTruncated: false, Roles: [{ RoleName: "b" }] });
  });

  it("goes only when its policies are gone", async () => {
    await putPolicy();
    const remove = () => iam.send(new DeleteRoleCommand({ RoleName: "app" }));
    await expect(remove()).rejects.toMatchObject({
      name: "DeleteConflictException",
      message: "Cannot delete entity, must delete policies first.",
    });
    await iam.send(new DeleteRolePolicyCommand({ RoleName: "app", PolicyName: "p" }));
    await remove();
    await expect(iam.send(new GetRoleCommand({ RoleName: "app" }))).rejects.toMatchObject({
      name: "NoSuchEntityException",
      message: "The role with name app cannot be found.",
    });
  });

  it("is there once", async () => {
    const again = new CreateRoleCommand({ RoleName: "app", AssumeRolePolicyDocument: trust("s3.amazonaws.com") });
    await expect(iam.send(again)).rejects.toMatchObject({ name: "EntityAlreadyExistsException" });
  });
});

describe("an inline policy", () => {
  it("is read as it was put, and listed by its name", async () => {
    await putPolicy();
    const { PolicyDocument, ...names } = await iam.send(new GetRolePolicyCommand({ RoleName: "app", PolicyName: "p" }));
    expect(decodeURIComponent(PolicyDocument ?? "")).toBe(POLICY);
    expect(names).toMatchObject({ RoleName: "app", PolicyName: "p" });
    await expect(iam.send(new ListRolePoliciesCommand({ RoleName: "app" }))).resolves.toMatchObject({
      PolicyNames: ["p"],
    });
  });

  it("that is not there is refused", async () => {
    const remove = iam.send(new DeleteRolePolicyCommand({ RoleName: "app", PolicyName: "q" }));
    await expect(remove).rejects.toMatchObject({
      name: "NoSuchEntityException",
      message: "The role policy with name q cannot be found.",
    });
  });

  it("that is malformed is refused in IAM's words", async () => {
    await expect(putPolicy('{"Statement": [{"Effect": "Maybe"}]}')).rejects.toMatchObject({
      name: "MalformedPolicyDocumentException",
    });
  });
});

describe("Who calls", () => {
  it("is told to themselves without a permission, also in the scope of the first region", async () => {
    const { sts } = clientOf(credentials, "us-east-1");
    await expect(sts.send(new GetCallerIdentityCommand({}))).resolves.toMatchObject({
      Account: "111122223333",
      Arn: "arn:aws:iam::111122223333:user/administrator",
    });
    const { sts: ofRole } = clientOf(roleKeys());
    const { Role } = await iam.send(new GetRoleCommand({ RoleName: "app" }));
    await expect(ofRole.send(new GetCallerIdentityCommand({}))).resolves.toMatchObject({
      UserId: `${Role?.RoleId}:session`,
      Arn: "arn:aws:sts::111122223333:assumed-role/app/session",
    });
  });

  it("does with roles what IAM allows, and nothing else", async () => {
    await putPolicy();
    const { iam: asRole } = clientOf(roleKeys());
    await expect(asRole.send(new GetRoleCommand({ RoleName: "app" }))).resolves.toMatchObject({ Role: { Arn: ARN } });
    await expect(asRole.send(new GetRoleCommand({ RoleName: "other" }))).rejects.toMatchObject({
      name: "AccessDenied",
      message: expect.stringContaining("iam:GetRole on resource: arn:aws:iam::111122223333:role/other"),
    });
    await expect(asRole.send(new DeleteRoleCommand({ RoleName: "app" }))).rejects.toMatchObject({
      name: "AccessDenied",
    });
    await expect(asRole.send(new ListRolesCommand({}))).rejects.toMatchObject({ name: "AccessDenied" });
  });

  it("is nobody with the keys of a role that is gone, also when another role has its name", async () => {
    await putPolicy();
    const { iam: asRole, sts } = clientOf(roleKeys());
    await asRole.send(new GetRoleCommand({ RoleName: "app" }));
    await iam.send(new DeleteRolePolicyCommand({ RoleName: "app", PolicyName: "p" }));
    await iam.send(new DeleteRoleCommand({ RoleName: "app" }));
    const invalid = "The security token included in the request is invalid.";
    await expect(sts.send(new GetCallerIdentityCommand({}))).rejects.toThrow(invalid);
    await iam.send(new CreateRoleCommand({ RoleName: "app", AssumeRolePolicyDocument: trust("lambda.amazonaws.com") }));
    await putPolicy();
    await expect(asRole.send(new GetRoleCommand({ RoleName: "app" }))).rejects.toThrow(invalid);
  });

  const roleKeys = () =>
    aws.iam.assumeRole({ roleArn: ARN, service: "lambda.amazonaws.com", sessionName: "session" }) as {
      accessKeyId: string;
      secretAccessKey: string;
      sessionToken?: string;
    };
});

describe("What is not known is refused by name:", () => {
  const form = (fields: Record<string, string>) => ({ Version: "2010-05-08", ...fields });
  it.each<[string, Record<string, string>, string]>([
    ["an operation", form({ Action: "CreateUser" }), 'has no operation "CreateUser" of 2010-05-08; it has CreateRole'],
    ["a version", { Action: "GetRole", Version: "2009-01-01" }, 'no operation "GetRole" of 2009-01-01'],
    ["a parameter", form({ Action: "GetRole", RoleName: "app", Why: "1" }), 'does not know the parameter "Why"'],
    [
      "a member of a list",
      form({ Action: "TagRole", RoleName: "app", "Tags.member.1.Kez": "1" }),
      '"Tags.member.1.Kez"',
    ],
    ["a value", form({ Action: "ListRoles", PathPrefix: "/a/" }), 'PathPrefix must be / (given "/a/")'],
    [
      "a number that is none",
      form({ Action: "ListRoles", MaxItems: "many" }),
      'MaxItems must be a number (given "many")',
    ],
    ["a missing parameter", form({ Action: "GetRole" }), "RoleName is missing"],
  ])("%s", async (_what, fields, message) => {
    const { host, port } = new URL(aws.account.endpoint);
    const headers = { "content-type": "application/x-www-form-urlencoded" };
    const body = new URLSearchParams(fields).toString();
    const answer = await send(
      Number(port),
      signHeaders(host, { service: "iam", method: "POST", path: "/", headers, body }),
    );
    expect(answer.status).toBe(400);
    expect(answer.body.replaceAll("&quot;", '"')).toContain(message);
  });
});
