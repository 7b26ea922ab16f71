import { ACCOUNT, createTestIam, LAMBDA_TRUST, policyOf, refusalOf } from "./account";

const STATEMENT = { Effect: "Allow", Action: "s3:GetObject", Resource: "*" };

describe("Roles and their policies have IAM's limits", () => {
  const { iam } = createTestIam();
  const create = (roleName: string, assumeRolePolicyDocument = LAMBDA_TRUST) =>
    refusalOf(() => iam.createRole({ roleName, assumeRolePolicyDocument }));
  const put = (policyName: string, policyDocument: string, roleName = "Thumbnailer") =>
    refusalOf(() => iam.putRolePolicy({ roleName, policyName, policyDocument }));

  test.each([
    ["a second role of a name", () => create("Thumbnailer"), "EntityAlreadyExists", /name Thumbnailer already exists/],
    ["a role name with a space", () => create("a b"), "ValidationError", /"a b"/],
    ["a role name of 65 characters", () => create("r".repeat(65)), "ValidationError", /1 to 64/],
    [
      "a trust policy of more than 2,048 characters",
      () => create("Big", JSON.stringify({ ...JSON.parse(LAMBDA_TRUST), Id: "i".repeat(2048) })),
      "LimitExceeded",
      /ACLSizePerRole: 2048/,
    ],
    ["a policy of an unknown role", () => put("A", policyOf(STATEMENT), "Nobody"), "NoSuchEntity", /name Nobody/],
    ["a policy without a name", () => put("", policyOf(STATEMENT)), "ValidationError", /policyName/],
    [
      "a policy with a character beyond Latin-1",
      () => put("A", policyOf({ ...STATEMENT, Resource: "arn:aws:s3:::b/…" })),
      "ValidationError",
      /printable ASCII/,
    ],
    ["a malformed policy", () => put("A", "{}"), "MalformedPolicyDocument", /Statement/],
  ])("%s is refused", (_name, act, code, message) => {
    const refusal = act();
    expect(refusal?.code).toBe(code);
    expect(refusal?.message).toMatch(message);
  });

  test("all inline policies of a role together have 10,240 characters, white space not counted", () => {
    const { iam: other } = createTestIam();
    const putSized = (policyName: string, characters: number) => {
      const policyDocument = policyOf({ ...STATEMENT, Sid: "s".repeat(characters - policyOf(STATEMENT).length - 9) });
      expect(policyDocument).toHaveLength(characters);
      return refusalOf(() =>
        other.putRolePolicy({ roleName: "Thumbnailer", policyName, policyDocument: ` ${policyDocument}\n` }),
      );
    };
    expect(putSized("A", 5_000)).toBeUndefined();
    expect(putSized("B", 5_240)).toBeUndefined();
    expect(putSized("A", 5_001)?.code).toBe("LimitExceeded");
    expect(putSized("A", 4_000)).toBeUndefined();
    expect(putSized("C", 1_000)).toBeUndefined();
  });

  test("a policy is read as it was put, until another one takes its place", () => {
    const { iam: other } = createTestIam();
    const policy = { roleName: "Thumbnailer", policyName: "Inline" };
    const [first, second] = [policyOf(STATEMENT), ` ${policyOf({ ...STATEMENT, Effect: "Deny" })}\n`];
    expect(refusalOf(() => other.getRolePolicy(policy))?.code).toBe("NoSuchEntity");
    other.putRolePolicy({ ...policy, policyDocument: first });
    expect(other.getRolePolicy(policy)).toEqual({ policyDocument: first });
    other.putRolePolicy({ ...policy, policyDocument: second });
    expect(other.getRolePolicy(policy)).toEqual({ policyDocument: second });
  });

  test("putting a policy again replaces it", () => {
    const { iam: other, caller } = createTestIam([STATEMENT]);
    const request = { caller, action: "s3:GetObject", resource: "arn:aws:s3:::photos/1.jpg" };
    expect(refusalOf(() => other.authorize(request))).toBeUndefined();
    const policyDocument = policyOf({ ...STATEMENT, Action: "s3:PutObject" });
    other.putRolePolicy({ roleName: "Thumbnailer", policyName: "Inline", policyDocument });
    expect(refusalOf(() => other.authorize(request))?.code).toBe("AccessDenied");
  });
});

describe("A service takes a role that trusts it", () => {
  const { iam, roleArn } = createTestIam();
  const assume = (input: { roleArn?: string; service?: string; sessionName?: string }) => () =>
    iam.assumeRole({ roleArn, service: "lambda.amazonaws.com", sessionName: "session", ...input });

  test("and gets keys that mean the role until they are revoked", () => {
    const credentials = assume({})();
    expect(credentials).toMatchObject({
      accessKeyId: expect.stringMatching(/^ASIA[A-Z2-7]{16}$/),
      secretAccessKey: expect.stringMatching(/^[A-Za-z0-9+/]{40}$/),
      sessionToken: expect.stringMatching(/^[A-Za-z0-9+/]{300,}$/),
      caller: {
        kind: "role",
        roleName: "Thumbnailer",
        arn: "arn:aws:sts::111122223333:assumed-role/Thumbnailer/session",
      },
    });
    expect(assume({})().accessKeyId).not.toBe(credentials.accessKeyId);
    expect(iam.findCredentials(credentials.accessKeyId)).toBe(credentials);
    iam.revoke(credentials.accessKeyId);
    expect(iam.findCredentials(credentials.accessKeyId)).toBeUndefined();
  });

  test.each<[string, object, string, RegExp]>([
    [
      "a service it does not trust",
      { service: "ec2.amazonaws.com" },
      "AccessDenied",
      /User: ec2.amazonaws.com is not auth/,
    ],
    ["an unknown role", { roleArn: "arn:aws:iam::111122223333:role/Nobody" }, "AccessDenied", /role\/Nobody/],
    ["another account's role", { roleArn: "arn:aws:iam::444455556666:role/Thumbnailer" }, "AccessDenied", /4444/],
    ["a bad session name", { sessionName: "a b" }, "ValidationError", /'a b' at 'roleSessionName'/],
  ])("but not %s", (_name, input, code, message) => {
    const refusal = refusalOf(assume(input));
    expect(refusal?.code).toBe(code);
    expect(refusal?.message).toMatch(message);
  });

  test("its conditions on the source account count", () => {
    const trusting = (sourceAccount: string) =>
      policyOf({
        Effect: "Allow",
        Principal: { Service: "lambda.amazonaws.com" },
        Action: "sts:AssumeRole",
        Condition: { StringEquals: { "aws:SourceAccount": sourceAccount } },
      });
    const own = iam.createRole({ roleName: "Own", assumeRolePolicyDocument: trusting(ACCOUNT.accountId) });
    const other = iam.createRole({ roleName: "Other", assumeRolePolicyDocument: trusting("444455556666") });
    expect(refusalOf(assume({ roleArn: own.arn }))).toBeUndefined();
    expect(refusalOf(assume({ roleArn: other.arn }))?.code).toBe("AccessDenied");
  });

  test("the administrator's key pair is test/test, for good", () => {
    expect(iam.findCredentials("test")).toMatchObject({
      secretAccessKey: "test",
      caller: { kind: "administrator", arn: "arn:aws:iam::111122223333:user/administrator" },
    });
    iam.revoke("test");
    expect(iam.findCredentials("test")).toBeDefined();
  });
});
