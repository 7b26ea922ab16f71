import { ADMINISTRATOR, ANONYMOUS, createTestIam, policyOf, refusalOf } from "./account";

const OBJECT = "arn:aws:s3:::photos/original/1.jpg";
const allow = (Action: unknown, Resource: unknown = "*") => ({ Effect: "Allow", Action, Resource });
const deny = (Action: unknown, Resource: unknown = "*") => ({ Effect: "Deny", Action, Resource });

describe("A role may do what its policies allow", () => {
  test.each<[string, object[], string, string, boolean]>([
    ["nothing without a policy", [], "s3:GetObject", OBJECT, false],
    ["the action it names", [allow("s3:GetObject", OBJECT)], "s3:GetObject", OBJECT, true],
    ["no other action", [allow("s3:GetObject", OBJECT)], "s3:PutObject", OBJECT, false],
    ["whatever the case of the action", [allow("S3:getobject")], "s3:GetObject", OBJECT, true],
    ["actions of a list", [allow(["s3:PutObject", "s3:GetObject"])], "s3:GetObject", OBJECT, true],
    ["actions with a star", [allow("s3:Get*")], "s3:GetObjectTagging", OBJECT, true],
    ["actions with a question mark", [allow("s3:?etObject")], "s3:GetObject", OBJECT, true],
    ["no action of another service", [allow("s3:*")], "dynamodb:GetItem", "*", false],
    ["all but NotAction", [{ Effect: "Allow", NotAction: "s3:Put*", Resource: "*" }], "s3:GetObject", OBJECT, true],
    ["nothing of NotAction", [{ Effect: "Allow", NotAction: "s3:Put*", Resource: "*" }], "s3:PutObject", OBJECT, false],
    ["resources with a star over slashes", [allow("s3:*", "arn:aws:s3:::photos/*")], "s3:GetObject", OBJECT, true],
    ["no other prefix", [allow("s3:*", "arn:aws:s3:::photos/thumbnails/*")], "s3:GetObject", OBJECT, false],
    [
      "no other case of a resource",
      [allow("s3:*", OBJECT.replace("original", "Original"))],
      "s3:GetObject",
      OBJECT,
      false,
    ],
    [
      "no key whose name only looks like a pattern",
      [allow("s3:*", "arn:aws:s3:::photos/a.jpg")],
      "s3:GetObject",
      "arn:aws:s3:::photos/aXjpg",
      false,
    ],
    [
      "keys with brackets and line breaks",
      [allow("s3:*", "arn:aws:s3:::photos/(*)")],
      "s3:GetObject",
      "arn:aws:s3:::photos/(a\nb)",
      true,
    ],
    [
      "resources of another account's segment only when it is named",
      [allow("dynamodb:*", "arn:aws:dynamodb:*:111122223333:table/users")],
      "dynamodb:GetItem",
      "arn:aws:dynamodb:eu-west-1:444455556666:table/users",
      false,
    ],
    [
      "no resource beyond a star's segment",
      [allow("dynamodb:*", "arn:aws:dynamodb:*:1:table/users")],
      "dynamodb:GetItem",
      "arn:aws:dynamodb:eu-west-1:111122223333:1:table/users",
      false,
    ],
    [
      "resources whose last segment has colons",
      [allow("logs:PutLogEvents", "arn:aws:logs:eu-west-1:111122223333:log-group:/aws/lambda/A:*")],
      "logs:PutLogEvents",
      "arn:aws:logs:eu-west-1:111122223333:log-group:/aws/lambda/A:log-stream:2026",
      true,
    ],
    [
      "all but NotResource",
      [{ Effect: "Allow", Action: "s3:*", NotResource: "arn:aws:s3:::photos/private/*" }],
      "s3:GetObject",
      OBJECT,
      true,
    ],
    [
      "nothing of NotResource",
      [{ Effect: "Allow", Action: "s3:*", NotResource: "arn:aws:s3:::photos/original/*" }],
      "s3:GetObject",
      OBJECT,
      false,
    ],
    ["nothing that is denied too", [allow("*"), deny("s3:GetObject")], "s3:GetObject", OBJECT, false],
    ["what is not denied", [deny("s3:Delete*"), allow("*")], "s3:GetObject", OBJECT, true],
  ])("%s", (_name, statements, action, resource, allowed) => {
    const { iam, caller } = createTestIam(statements);
    expect(refusalOf(() => iam.authorize({ caller, action, resource })) === undefined).toBe(allowed);
  });

  test("a pattern of many stars is matched in no time", () => {
    const { iam, caller } = createTestIam([allow("s3:*", `arn:aws:s3:::photos/${"a*".repeat(12)}b`)]);
    const resource = `arn:aws:s3:::photos/${"a".repeat(60)}`;
    const before = performance.now();
    expect(refusalOf(() => iam.authorize({ caller, action: "s3:GetObject", resource }))).toBeDefined();
    expect(performance.now() - before).toBeLessThan(1000);
  });
});

describe("A resource policy counts beside the caller's own", () => {
  const everyone = { ...allow("s3:GetObject", "arn:aws:s3:::photos/*"), Principal: "*" };
  const role = "arn:aws:iam::111122223333:role/Thumbnailer";
  const session = "arn:aws:sts::111122223333:assumed-role/Thumbnailer/thumbnailer";

  test.each<[string, object[], object[], "role" | "anonymous" | "administrator", boolean]>([
    ["everyone includes anonymous callers", [], [everyone], "anonymous", true],
    ["everyone includes roles", [], [everyone], "role", true],
    ["AWS: * is everyone too", [], [{ ...everyone, Principal: { AWS: "*" } }], "anonymous", true],
    ["a role by its ARN", [], [{ ...everyone, Principal: { AWS: role } }], "role", true],
    ["a role by its session", [], [{ ...everyone, Principal: { AWS: [session] } }], "role", true],
    ["a role is not anonymous", [], [{ ...everyone, Principal: { AWS: role } }], "anonymous", false],
    ["another role", [], [{ ...everyone, Principal: { AWS: `${role}2` } }], "role", false],
    ["a service is not a role", [], [{ ...everyone, Principal: { Service: "s3.amazonaws.com" } }], "role", false],
    ["the account leaves it to its policies", [], [{ ...everyone, Principal: { AWS: "111122223333" } }], "role", false],
    [
      "the account's policies then allow",
      [allow("s3:*")],
      [{ ...everyone, Principal: { AWS: "arn:aws:iam::111122223333:root" } }],
      "role",
      true,
    ],
    ["a deny beats the role's allow", [allow("*")], [{ ...everyone, Effect: "Deny" }], "role", false],
    ["a deny beats the administrator", [], [{ ...everyone, Effect: "Deny" }], "administrator", false],
    ["the administrator needs no allow", [], [], "administrator", true],
    [
      "a deny of the account includes its roles",
      [allow("*")],
      [{ ...everyone, Effect: "Deny", Principal: { AWS: "111122223333" } }],
      "role",
      false,
    ],
    [
      "a deny of all but the role spares the role",
      [allow("*")],
      [{ ...everyone, Effect: "Deny", Principal: undefined, NotPrincipal: { AWS: role } }],
      "role",
      true,
    ],
    [
      "a deny of all but the role hits anonymous callers",
      [],
      [everyone, { ...everyone, Effect: "Deny", Principal: undefined, NotPrincipal: { AWS: role } }],
      "anonymous",
      false,
    ],
    ["a deny in the role's own policy beats everyone's allow", [deny("s3:*")], [everyone], "role", false],
  ])("%s", (_name, own, bucket, who, allowed) => {
    const { iam, caller } = createTestIam(own);
    const callers = { role: caller, anonymous: ANONYMOUS, administrator: ADMINISTRATOR };
    const resourcePolicy = bucket.length === 0 ? undefined : iam.parsePolicy(policyOf(...bucket), "resource");
    const request = { caller: callers[who], action: "s3:GetObject", resource: OBJECT, resourcePolicy };
    expect(refusalOf(() => iam.authorize(request)) === undefined).toBe(allowed);
  });
});

describe("A service calls by the resource policy alone", () => {
  const FUNCTION = "arn:aws:lambda:eu-west-1:111122223333:function:SetProfileImage";
  const permission = {
    Sid: "AllowS3",
    Effect: "Allow",
    Principal: { Service: "s3.amazonaws.com" },
    Action: "lambda:InvokeFunction",
    Resource: FUNCTION,
    Condition: {
      ArnLike: { "AWS:SourceArn": "arn:aws:s3:::photos" },
      StringEquals: { "AWS:SourceAccount": "111122223333" },
    },
  };
  const source = { "aws:SourceArn": "arn:aws:s3:::photos", "aws:SourceAccount": "111122223333" };

  test.each<[string, string, Record<string, string>, boolean]>([
    ["the named service for its source", "s3.amazonaws.com", source, true],
    ["no other service", "sns.amazonaws.com", source, false],
    ["no other bucket", "s3.amazonaws.com", { ...source, "aws:SourceArn": "arn:aws:s3:::other" }, false],
    ["no other account", "s3.amazonaws.com", { ...source, "aws:SourceAccount": "444455556666" }, false],
    ["no call without a source", "s3.amazonaws.com", {}, false],
  ])("%s", (_name, service, context, allowed) => {
    const { iam } = createTestIam();
    const resourcePolicy = iam.parsePolicy(policyOf(permission), "resource");
    const call = () =>
      iam.authorizeService({ service, action: "lambda:InvokeFunction", resource: FUNCTION, resourcePolicy, context });
    expect(refusalOf(call) === undefined).toBe(allowed);
  });
});

describe("A decision is explained", () => {
  const SESSION = "arn:aws:sts::111122223333:assumed-role/Thumbnailer/thumbnailer";

  test.each<[string, object[], object[], boolean, string]>([
    [
      "an implicit deny of a role",
      [],
      [],
      false,
      `User: ${SESSION} is not authorized to perform: s3:GetObject on resource: "${OBJECT}" because no identity-based policy allows the s3:GetObject action`,
    ],
    [
      "an explicit deny of its own policy",
      [deny("s3:*")],
      [],
      false,
      `User: ${SESSION} is not authorized to perform: s3:GetObject on resource: "${OBJECT}" with an explicit deny in an identity-based policy`,
    ],
    [
      "an explicit deny of the bucket",
      [allow("s3:*")],
      [{ ...deny("s3:*"), Principal: "*" }],
      false,
      `User: ${SESSION} is not authorized to perform: s3:GetObject on resource: "${OBJECT}" with an explicit deny in a resource-based policy`,
    ],
    ["an implicit deny of an anonymous caller, who is told no reason,", [], [], true, "Access Denied"],
  ])("%s reads as AWS's", (_name, own, bucket, isAnonymous, message) => {
    const { iam, caller } = createTestIam(own);
    const resourcePolicy = bucket.length === 0 ? undefined : iam.parsePolicy(policyOf(...bucket), "resource");
    const asker = isAnonymous ? ANONYMOUS : caller;
    const refusal = refusalOf(() =>
      iam.authorize({ caller: asker, action: "s3:GetObject", resource: OBJECT, resourcePolicy }),
    );
    expect(refusal).toMatchObject({ code: "AccessDenied", status: 403, message });
  });

  test("only S3 puts the resource in quotes", () => {
    const { iam, caller } = createTestIam();
    const resource = "arn:aws:dynamodb:eu-west-1:111122223333:table/user-profile";
    expect(refusalOf(() => iam.authorize({ caller, action: "dynamodb:UpdateItem", resource }))?.message).toContain(
      ` on resource: ${resource} because `,
    );
  });

  test("every decision is published with caller, action, resource and reason", () => {
    const { iam, caller, activities } = createTestIam([allow("s3:GetObject")]);
    activities.length = 0;
    iam.authorize({ caller, action: "s3:GetObject", resource: OBJECT });
    refusalOf(() => iam.authorize({ caller, action: "s3:PutObject", resource: OBJECT }));
    const common = { service: "iam", action: "Authorize", resource: OBJECT, caller: SESSION };
    expect(activities).toMatchObject([
      { ...common, error: undefined, detail: { action: "s3:GetObject", decision: "Allow" } },
      {
        ...common,
        error: "AccessDenied",
        detail: {
          action: "s3:PutObject",
          decision: "Deny",
          reason: "because no identity-based policy allows the s3:PutObject action",
        },
      },
    ]);
  });
});
