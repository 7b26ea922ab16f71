// What CreateFunction refuses, and how the zip is unpacked.

import { readFileSync } from "node:fs";
import { startTestLambda, type TestLambda } from "./lambda-harness";
import { zipOf } from "./zip";

const CODE = "export const handler = async () => 1;";

let aws: TestLambda;

beforeAll(async () => {
  aws = await startTestLambda();
});
afterAll(() => aws.close());

const refusalOf = (settings: object): Promise<unknown> =>
  aws.createFunction(CODE, settings).then(
    () => undefined,
    (error) => error,
  );

it.each<[string, object, RegExp]>([
  ["a name with a dot", { FunctionName: "a.b" }, /Value 'a\.b' at 'functionName'/],
  ["a name of 65 characters", { FunctionName: "a".repeat(65) }, /at 'functionName'/],
  ["a deprecated runtime", { Runtime: "nodejs20.x" }, /runtime parameter of nodejs20\.x is no longer supported/],
  ["an unknown runtime", { Runtime: "nodejs99.x" }, /enum value set: \[nodejs22\.x, nodejs24\.x\]/],
  ["no architecture", { Architectures: [] }, /at 'architectures'.*length equal to 1/],
  ["two architectures", { Architectures: ["arm64", "x86_64"] }, /at 'architectures'.*length equal to 1/],
  ["an unknown architecture", { Architectures: ["mips"] }, /\[x86_64, arm64\]/],
  ["too little memory", { MemorySize: 127 }, /Value '127' at 'memorySize'.*greater than or equal to 128/],
  ["too much memory", { MemorySize: 10_241 }, /less than or equal to 10240/],
  ["no time", { Timeout: 0 }, /Value '0' at 'timeout'.*greater than or equal to 1/],
  ["too much time", { Timeout: 901 }, /less than or equal to 900/],
  ["a handler with a space", { Handler: "index handler" }, /at 'handler'/],
  ["a reserved variable", { Environment: { Variables: { AWS_REGION: "x" } } }, /reserved keys.*AWS_REGION$/],
  [
    "a variable's name of one letter",
    { Environment: { Variables: { A: "x" } } },
    /Value 'A' at 'environment\.variables'/,
  ],
  ["more than 4 KB of variables", { Environment: { Variables: { TEXT: "x".repeat(4096) } } }, /exceeded the 4KB limit/],
  ["a log level in the text format", { LoggingConfig: { ApplicationLogLevel: "INFO" } }, /LogFormat is set to JSON/],
  [
    "an unknown log level",
    { LoggingConfig: { LogFormat: "JSON", ApplicationLogLevel: "LOUD" } },
    /at 'applicationLogLevel'/,
  ],
  ["a negative reserved concurrency", { ReservedConcurrentExecutions: -1 }, /at 'reservedConcurrentExecutions'/],
  ["a role that does not exist", { Role: "arn:aws:iam::111122223333:role/nobody" }, /cannot be assumed by Lambda/],
])("refuses %s", async (_title, settings, message) => {
  expect(await refusalOf(settings)).toMatchObject({ message: expect.stringMatching(message), name: "AwsError" });
});

it("refuses a role that does not trust Lambda", async () => {
  const { arn } = aws.iam.createRole({
    roleName: "for-ec2",
    assumeRolePolicyDocument: JSON.stringify({
      Version: "2012-10-17",
      Statement: [{ Effect: "Allow", Principal: { Service: "ec2.amazonaws.com" }, Action: "sts:AssumeRole" }],
    }),
  });

  expect(await refusalOf({ Role: arn })).toMatchObject({
    code: "InvalidParameterValueException",
    message: expect.stringContaining("The role defined for the function cannot be assumed by Lambda."),
  });
});

it("refuses a second function of the same name", async () => {
  await aws.createFunction(CODE, { FunctionName: "Twin" });

  expect(await refusalOf({ FunctionName: "Twin" })).toMatchObject({
    code: "ResourceConflictException",
    status: 409,
    message: "Function already exist: Twin",
  });
});

it("refuses a file that is not a zip, and an entry that leaves the directory", async () => {
  await expect(aws.createFunction(CODE, { Code: { ZipFile: readFileSync(__filename) } })).rejects.toThrow(
    /Could not unzip uploaded file/,
  );
  await expect(aws.createFunction({ "../outside.js": "" })).rejects.toThrow(
    /entry outside of itself: \.\.\/outside\.js/,
  );
});

it("refuses a zip with a damaged file, or one that says it is smaller than it is", async () => {
  const whole = Buffer.from(zipOf({ "index.mjs": "a".repeat(1000) }));
  const directory = whole.indexOf("PK\x01\x02");
  const damaged = Buffer.from(whole);
  damaged.writeUInt32LE(1, directory + 16);
  damaged.writeUInt32LE(1, 14);
  const understated = Buffer.from(whole);
  understated.writeUInt32LE(10, directory + 24);

  for (const zip of [damaged, understated]) {
    await expect(aws.createFunction(CODE, { Code: { ZipFile: zip } })).rejects.toThrow(/Could not unzip uploaded file/);
  }
});

it("unpacks the same zip once", async () => {
  const where = "export const handler = async () => process.cwd();";
  const [one, other] = [await aws.createFunction(where), await aws.createFunction(where)];

  expect((await aws.invoke(one)).payload).toBe((await aws.invoke(other)).payload);
});
