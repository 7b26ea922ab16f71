import { readFileSync } from "node:fs";
// What CreateFunction refuses, and how the zip is unpacked.

import type { CreateFunctionInput } from "../../../local/lambda/types";
import { startTestLambda, type TestLambda } from "./lambda-harness";

const CODE = "export const handler = async () => 1;";

let aws: TestLambda;

beforeAll(async () => {
  aws = await startTestLambda();
});
afterAll(() => aws.close());

const refusalOf = (settings: Partial<CreateFunctionInput>): unknown => {
  try {
    aws.createFunction(CODE, settings);
  } catch (error) {
    return error;
  }
  return undefined;
};

it.each<[string, Partial<CreateFunctionInput>, RegExp]>([
  ["a name with a dot", { functionName: "a.b" }, /Value 'a\.b' at 'functionName'/],
  ["a name of 65 characters", { functionName: "a".repeat(65) }, /at 'functionName'/],
  ["a deprecated runtime", { runtime: "nodejs20.x" }, /runtime parameter of nodejs20\.x is no longer supported/],
  ["an unknown runtime", { runtime: "nodejs99.x" }, /enum value set: \[nodejs22\.x, nodejs24\.x\]/],
  ["no architecture", { architectures: [] }, /at 'architectures'.*length equal to 1/],
  ["two architectures", { architectures: ["arm64", "x86_64"] }, /at 'architectures'.*length equal to 1/],
  ["an unknown architecture", { architectures: ["mips"] }, /\[x86_64, arm64\]/],
  ["too little memory", { memorySize: 127 }, /Value '127' at 'memorySize'.*greater than or equal to 128/],
  ["too much memory", { memorySize: 10_241 }, /less than or equal to 10240/],
  ["no time", { timeout: 0 }, /Value '0' at 'timeout'.*greater than or equal to 1/],
  ["too much time", { timeout: 901 }, /less than or equal to 900/],
  ["a handler with a space", { handler: "index handler" }, /at 'handler'/],
  ["a reserved variable", { environment: { AWS_REGION: "x" } }, /reserved keys.*AWS_REGION$/],
  ["a variable's name of one letter", { environment: { A: "x" } }, /Value 'A' at 'environment\.variables'/],
  ["more than 4 KB of variables", { environment: { TEXT: "x".repeat(4096) } }, /exceeded the 4KB limit/],
  ["a log level in the text format", { applicationLogLevel: "INFO" }, /LogFormat is set to JSON/],
  ["an unknown log level", { logFormat: "JSON", applicationLogLevel: "LOUD" }, /at 'applicationLogLevel'/],
  ["a negative reserved concurrency", { reservedConcurrentExecutions: -1 }, /at 'reservedConcurrentExecutions'/],
  ["a role that does not exist", { roleArn: "arn:aws:iam::111122223333:role/nobody" }, /cannot be assumed by Lambda/],
])("refuses %s", (_title, settings, message) => {
  expect(refusalOf(settings)).toMatchObject({ message: expect.stringMatching(message), name: "AwsError" });
});

it("refuses a role that does not trust Lambda", () => {
  const { arn } = aws.iam.createRole({
    roleName: "for-ec2",
    assumeRolePolicyDocument: JSON.stringify({
      Version: "2012-10-17",
      Statement: [{ Effect: "Allow", Principal: { Service: "ec2.amazonaws.com" }, Action: "sts:AssumeRole" }],
    }),
  });

  expect(refusalOf({ roleArn: arn })).toMatchObject({
    code: "InvalidParameterValueException",
    message: expect.stringContaining("The role defined for the function cannot be assumed by Lambda."),
  });
});

it("refuses a second function of the same name", () => {
  aws.createFunction(CODE, { functionName: "Twin" });

  expect(refusalOf({ functionName: "Twin" })).toMatchObject({
    code: "ResourceConflictException",
    status: 409,
    message: "Function already exist: Twin",
  });
});

it("refuses a file that is not a zip, and an entry that leaves the directory", () => {
  const attempt = () => aws.createFunction({ "../outside.js": "" });

  expect(() => aws.createFunction(CODE, { zipFile: readFileSync(__filename) })).toThrow(
    /Could not unzip uploaded file/,
  );
  expect(attempt).toThrow(/entry outside of itself: \.\.\/outside\.js/);
});

it("unpacks the same zip once", async () => {
  const where = "export const handler = async () => process.cwd();";
  const [one, other] = [aws.createFunction(where), aws.createFunction(where)];

  expect((await aws.invoke(one)).payload).toBe((await aws.invoke(other)).payload);
});
