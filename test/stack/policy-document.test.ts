import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { policyDocument } from "../../stack/policy-document";

const POLICIES = join(__dirname, "..", "..", "policies");

test("placeholders become the given values, wherever they are", () => {
  expect(JSON.parse(policyDocument("tls-only", { bucketArn: "arn:aws:s3:::photos" })).Statement[0].Resource).toEqual([
    "arn:aws:s3:::photos",
    "arn:aws:s3:::photos/*",
  ]);
});

test("a placeholder without a value is named, with those that have one", () => {
  expect(() => policyDocument("tls-only", { tableArn: "arn" })).toThrow(
    'policies/tls-only.json has the placeholder "{{bucketArn}}", which is not known here; known are: {{tableArn}}',
  );
});

test("a value that the document does not use is named", () => {
  expect(() => policyDocument("tracing", { bucketArn: "arn" })).toThrow(
    "policies/tracing.json must use the placeholders {{bucketArn}}, and does not",
  );
});

describe.each(readdirSync(POLICIES))("policies/%s", (file) => {
  test("is a plain IAM document whose statements are told apart by their ids", () => {
    const { Version, Statement } = JSON.parse(readFileSync(join(POLICIES, file), "utf8"));
    expect(Version).toBe("2012-10-17");
    const ids = Statement.map(({ Sid }: { Sid?: string }) => Sid ?? "");
    expect(new Set(ids).size).toBe(ids.length);
  });
});
