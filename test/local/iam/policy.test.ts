import type { PolicyKind } from "../../../local/iam/policy";
import { createTestIam, policyOf, refusalOf } from "./account";

const STATEMENT = { Effect: "Allow", Action: "s3:GetObject", Resource: "*" };
const TRUST = { Effect: "Allow", Principal: { Service: "lambda.amazonaws.com" }, Action: "sts:AssumeRole" };

describe("A policy document is refused by name of what is wrong with it", () => {
  test.each<[PolicyKind, string, RegExp]>([
    ["identity", "{", /Syntax errors in policy/],
    ["identity", "[]", /must be an object/],
    ["identity", "null", /must be an object/],
    ["identity", JSON.stringify({ Statement: [] }), /Statement is empty/],
    ["identity", JSON.stringify({}), /Statement must be an object/],
    ["identity", JSON.stringify({ Statement: STATEMENT, Comment: "x" }), /unknown document element "Comment"/],
    ["identity", JSON.stringify({ Version: "2026-01-01", Statement: STATEMENT }), /Version "2026-01-01"/],
    ["identity", policyOf({ ...STATEMENT, Actions: "s3:*" }), /unknown statement element "Actions"/],
    ["identity", policyOf({ ...STATEMENT, Effect: "allow" }), /Effect must be "Allow" or "Deny", not "allow"/],
    ["identity", policyOf({ Effect: "Allow", Resource: "*" }), /must contain actions/],
    ["identity", policyOf({ ...STATEMENT, Action: [] }), /must contain actions/],
    ["identity", policyOf({ ...STATEMENT, Action: "GetObject" }), /prefaced by a vendor.*"GetObject"/],
    ["identity", policyOf({ ...STATEMENT, Action: "s*:GetObject" }), /prefaced by a vendor/],
    ["identity", policyOf({ ...STATEMENT, Action: 7 }), /Action must be a text or a list/],
    ["identity", policyOf({ ...STATEMENT, NotAction: "s3:*" }), /both Action and NotAction/],
    ["identity", policyOf({ Effect: "Allow", Action: "s3:*" }), /must contain resources/],
    ["identity", policyOf({ ...STATEMENT, Resource: "photos/*" }), /Resource photos\/\* must be in ARN format or "\*"/],
    ["identity", policyOf({ ...STATEMENT, Resource: "arn:aws:s*:::b" }), /fully qualified and cannot contain regexes/],
    [
      "identity",
      policyOf({ ...STATEMENT, Resource: `arn:aws:s3:::b/\${aws:username}/*` }),
      /policy variables.*aws:username/,
    ],
    ["identity", policyOf({ ...STATEMENT, Principal: "*" }), /should not specify a principal/],
    ["identity", policyOf({ ...STATEMENT, Sid: "a-b" }), /alpha-numeric.*a-b/],
    ["identity", policyOf({ ...STATEMENT, Sid: "A" }, { ...STATEMENT, Sid: "A" }), /must be unique: A/],
    ["resource", policyOf(STATEMENT), /Missing required field Principal/],
    ["resource", policyOf({ ...STATEMENT, Principal: "me" }), /Principal must be "\*" or an object/],
    ["resource", policyOf({ ...STATEMENT, Principal: {} }), /Principal is empty/],
    ["resource", policyOf({ ...STATEMENT, Principal: { Federated: "x" } }), /"Federated"/],
    ["resource", policyOf({ ...STATEMENT, Principal: { AWS: "arn:aws:iam::1:role/x" } }), /"AWS":"arn:aws:iam::1:role/],
    [
      "resource",
      policyOf({ ...STATEMENT, Principal: { AWS: "arn:aws:iam::111122223333:role/*" } }),
      /Invalid principal in policy/,
    ],
    ["resource", policyOf({ ...STATEMENT, Principal: { Service: "lambda" } }), /"SERVICE":"lambda"/],
    ["trust", policyOf({ ...TRUST, Resource: "*" }), /Has prohibited field Resource/],
    ["trust", policyOf({ ...TRUST, Action: "s3:GetObject" }), /may only specify STS AssumeRole actions/],
    ["trust", policyOf({ ...TRUST, Principal: undefined }), /Missing required field Principal/],
  ])("%s policy %s", (kind, document, message) => {
    const refusal = refusalOf(() => createTestIam().iam.parsePolicy(document, kind));
    expect(refusal).toMatchObject({ code: "MalformedPolicyDocument", status: 400 });
    expect(refusal?.message).toMatch(message);
  });

  test.each<[PolicyKind, object]>([
    ["identity", { Statement: STATEMENT }],
    ["identity", { Version: "2008-10-17", Id: "x", Statement: [{ ...STATEMENT, Sid: "" }] }],
    ["resource", { Statement: [{ ...STATEMENT, Sid: "Public read", Principal: "*" }] }],
    ["trust", { Statement: [{ ...TRUST, Sid: "" }] }],
  ])("a good %s policy is returned as it was written", (kind, document) => {
    expect(createTestIam().iam.parsePolicy(JSON.stringify(document), kind)).toEqual(document);
  });
});
