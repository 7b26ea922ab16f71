import { createTestIam, refusalOf } from "./account";

type Context = Record<string, string | readonly string[]>;

function isAllowed(condition: object, context: Context): boolean {
  const statement = { Effect: "Allow", Action: "s3:ListBucket", Resource: "*", Condition: condition };
  const { iam, caller } = createTestIam([statement]);
  const request = { caller, action: "s3:ListBucket", resource: "arn:aws:s3:::photos", context };
  return refusalOf(() => iam.authorize(request)) === undefined;
}

describe("A condition operator compares as IAM does", () => {
  const prefix = (operator: string, expected: unknown) => ({ [operator]: { "s3:prefix": expected } });
  const given = (value: string): Context => ({ "s3:prefix": value });

  test.each<[object, Context, boolean]>([
    [prefix("StringEquals", "original/"), given("original/"), true],
    [prefix("StringEquals", "original/"), given("Original/"), false],
    [prefix("StringEquals", "orig*"), given("original/"), false],
    [prefix("StringEquals", ["a", "b"]), given("b"), true],
    [prefix("StringEquals", "a"), {}, false],
    [prefix("StringNotEquals", "a"), given("b"), true],
    [prefix("StringNotEquals", ["a", "b"]), given("b"), false],
    [prefix("StringNotEquals", "a"), {}, true],
    [prefix("StringEqualsIgnoreCase", "ORIGINAL/"), given("original/"), true],
    [prefix("StringNotEqualsIgnoreCase", "ORIGINAL/"), given("original/"), false],
    [prefix("StringLike", "orig*/?"), given("original/a"), true],
    [prefix("StringLike", "orig*/?"), given("original/"), false],
    [prefix("StringLike", "a.c"), given("abc"), false],
    [prefix("StringNotLike", "orig*"), given("original/"), false],
    [prefix("StringNotLike", "orig*"), {}, true],
    [{ ArnLike: { "aws:SourceArn": "arn:aws:s3:::photo*" } }, { "aws:SourceArn": "arn:aws:s3:::photos" }, true],
    [{ ArnEquals: { "aws:SourceArn": "arn:aws:s3:::photo*" } }, { "aws:SourceArn": "arn:aws:s3:::photos" }, true],
    [{ ArnLike: { "aws:SourceArn": "arn:aws:s3:*:1:photos" } }, { "aws:SourceArn": "arn:aws:s3:::photos" }, false],
    [{ ArnNotEquals: { "aws:SourceArn": "arn:aws:s3:::photos" } }, { "aws:SourceArn": "arn:aws:s3:::photos" }, false],
    [{ ArnNotLike: { "aws:SourceArn": "arn:aws:s3:::x*" } }, { "aws:SourceArn": "arn:aws:s3:::photos" }, true],
    [{ Bool: { "aws:SecureTransport": "true" } }, {}, true],
    [{ Bool: { "aws:SecureTransport": false } }, {}, false],
    [{ Null: { "s3:prefix": "true" } }, {}, true],
    [{ Null: { "s3:prefix": true } }, given("a"), false],
    [{ Null: { "s3:prefix": "false" } }, given("a"), true],
    [{ NumericEquals: { "s3:max-keys": 10 } }, { "s3:max-keys": "10.0" }, true],
    [{ NumericNotEquals: { "s3:max-keys": "10" } }, { "s3:max-keys": "10" }, false],
    [{ NumericLessThan: { "s3:max-keys": "10" } }, { "s3:max-keys": "9" }, true],
    [{ NumericLessThan: { "s3:max-keys": "10" } }, { "s3:max-keys": "10" }, false],
    [{ NumericLessThanEquals: { "s3:max-keys": "10" } }, { "s3:max-keys": "10" }, true],
    [{ NumericLessThanEquals: { "s3:max-keys": "10" } }, { "s3:max-keys": "many" }, false],
    [{ NumericGreaterThan: { "s3:max-keys": "10" } }, { "s3:max-keys": "11" }, true],
    [{ NumericGreaterThan: { "s3:max-keys": "10" } }, { "s3:max-keys": "0x11" }, false],
    [{ NumericGreaterThan: { "s3:max-keys": "10" } }, { "s3:max-keys": "Infinity" }, false],
    [{ NumericGreaterThan: { "s3:max-keys": "-1.50" } }, { "s3:max-keys": "+1" }, true],
    [{ NumericGreaterThanEquals: { "s3:max-keys": "10" } }, { "s3:max-keys": "9" }, false],
    [{ DateGreaterThan: { "aws:CurrentTime": "2020-01-01T00:00:00Z" } }, {}, true],
    [{ DateGreaterThanEquals: { "aws:EpochTime": "1577836800" } }, {}, true],
    [{ DateGreaterThan: { "aws:CurrentTime": "2020-02-29" } }, {}, true],
    [{ DateGreaterThan: { "aws:CurrentTime": "2020-01" } }, {}, true],
    [{ DateGreaterThan: { "aws:CurrentTime": "2020-01-01T00:00+02:00" } }, {}, true],
    [{ DateLessThan: { "aws:CurrentTime": "9999-12-31T23:59:59.999-12:00" } }, {}, true],
    [{ DateLessThan: { "aws:CurrentTime": "2020-01-01T00:00:00Z" } }, {}, false],
    [{ DateLessThanEquals: { "aws:CurrentTime": "9999-01-01T00:00:00Z" } }, {}, true],
    [{ DateEquals: { "aws:CurrentTime": "2020-01-01T00:00:00Z" } }, {}, false],
    [{ DateNotEquals: { "aws:CurrentTime": "2020-01-01T00:00:00Z" } }, {}, true],
    [{ IpAddress: { "aws:SourceIp": "127.0.0.0/8" } }, { "aws:SourceIp": "127.0.0.1" }, true],
    [{ IpAddress: { "aws:SourceIp": ["10.0.0.0/8", "127.0.0.1"] } }, { "aws:SourceIp": "127.0.0.1" }, true],
    [{ IpAddress: { "aws:SourceIp": "2001:db8::/32" } }, { "aws:SourceIp": "2001:db8::1" }, true],
    [{ IpAddress: { "aws:SourceIp": "10.0.0.0/8" } }, { "aws:SourceIp": "127.0.0.1" }, false],
    [{ NotIpAddress: { "aws:SourceIp": "10.0.0.0/8" } }, { "aws:SourceIp": "127.0.0.1" }, true],
    [{ StringEqualsIfExists: { "s3:prefix": "a" } }, {}, true],
    [{ StringEqualsIfExists: { "s3:prefix": "a" } }, given("b"), false],
    [{ NumericLessThanIfExists: { "s3:max-keys": "10" } }, {}, true],
  ])("%j with %j: %s", (condition, context, allowed) => {
    expect(isAllowed(condition, context)).toBe(allowed);
  });

  const tags = (...keys: string[]): Context => ({ "s3:RequestObjectTagKeys": keys });
  test.each<[string, Context, boolean]>([
    ["ForAllValues:StringEquals", tags("Thumbnail", "Size"), true],
    ["ForAllValues:StringEquals", tags("Thumbnail", "Owner"), false],
    ["ForAllValues:StringEquals", {}, true],
    ["ForAnyValue:StringEquals", tags("Owner", "Size"), true],
    ["ForAnyValue:StringEquals", tags("Owner"), false],
    ["ForAnyValue:StringEquals", {}, false],
    ["ForAnyValue:StringEqualsIfExists", {}, true],
    ["ForAllValues:StringNotEquals", tags("Owner"), true],
    ["ForAllValues:StringNotEquals", tags("Owner", "Size"), false],
    ["ForAnyValue:StringNotLike", tags("Owner", "Size"), true],
  ])("%s of a key with several values %j: %s", (operator, context, allowed) => {
    const condition = { [operator]: { "s3:RequestObjectTagKeys": ["Thumbnail", "Size"] } };
    expect(isAllowed(condition, context)).toBe(allowed);
  });

  test("all operators and all keys must hold", () => {
    const condition = {
      StringEquals: { "s3:prefix": "a", "s3:delimiter": "/" },
      NumericLessThan: { "s3:max-keys": 10 },
    };
    const context = { "s3:prefix": "a", "s3:delimiter": "/", "s3:max-keys": "1" };
    expect(isAllowed(condition, context)).toBe(true);
    for (const key of Object.keys(context)) expect(isAllowed(condition, { ...context, [key]: "99" })).toBe(false);
  });

  test("names of keys have no case, a tag's name follows the key", () => {
    const condition = { StringEquals: { "S3:EXISTINGOBJECTTAG/Thumbnail": "true" } };
    expect(isAllowed(condition, { "s3:ExistingObjectTag/Thumbnail": "true" })).toBe(true);
  });

  test.each<[string, string]>([
    ["aws:PrincipalArn", "arn:aws:iam::111122223333:role/Thumbnailer"],
    ["aws:PrincipalAccount", "111122223333"],
    ["aws:PrincipalType", "AssumedRole"],
    ["aws:PrincipalIsAWSService", "false"],
    ["aws:ResourceAccount", "111122223333"],
    ["s3:ResourceAccount", "111122223333"],
    ["aws:RequestedRegion", "eu-west-1"],
    ["aws:SecureTransport", "true"],
  ])("the global key %s is %s for a function", (key, value) => {
    expect(isAllowed({ StringEquals: { [key]: value } }, {})).toBe(true);
  });
});

describe("A condition that cannot be judged is refused when the policy is put", () => {
  test.each<[object, RegExp]>([
    [{ StringMatches: { "s3:prefix": "a" } }, /Invalid Condition type : StringMatches/],
    [{ BinaryEquals: { "s3:prefix": "a" } }, /BinaryEquals/],
    [{ "ForSomeValues:StringEquals": { "s3:prefix": "a" } }, /ForSomeValues:StringEquals/],
    [{ NullIfExists: { "s3:prefix": "true" } }, /NullIfExists/],
    [{ constructor: { "s3:prefix": "true" } }, /constructor/],
    [{ Null: { "s3:prefix": "maybe" } }, /"maybe" of Null/],
    [{ Bool: { "aws:SecureTransport": "yes" } }, /"yes" of aws:securetransport is not valid for Bool/],
    [{ NumericEquals: { "s3:max-keys": "ten" } }, /"ten"/],
    ...["0x5", "0b1", "Infinity", "-Infinity", "NaN", "1e3", "", " ", " 5", "5.", ".5", "1_000", "1,5"].map(
      (number): [object, RegExp] => [{ NumericEquals: { "s3:max-keys": number } }, /is not valid for NumericEquals/],
    ),
    ...[
      "tomorrow",
      "",
      "2026/01/01",
      "1 January 2026",
      "Thu, 01 Jan 2026 00:00:00 GMT",
      "2026-01-01T00:00:00",
      "2026-01-01 00:00:00Z",
      "2026-02-30T00:00:00Z",
      "2026-13-01T00:00:00Z",
      "2026-01-01T25:00:00Z",
      "+012026-01-01T00:00:00Z",
      "1e9",
      "0x10",
      "-1",
      "1577836800.5",
    ].map((time): [object, RegExp] => [{ DateLessThan: { "aws:CurrentTime": time } }, /is not valid for DateLessThan/]),
    ...["1", "yes", "", "true ", "TRUE!", "truefalse"].map((truth): [object, RegExp] => [
      { Bool: { "aws:SecureTransport": truth } },
      /is not valid for Bool/,
    ]),
    ...[
      "10.0.0.0/33",
      "10.0.0.0/0x8",
      "10.0.0.0/ 8",
      "10.0.0.0/8.0",
      "10.0.0.0/1e1",
      "10.0.0.0/8/9",
      "10.0.0.0/",
      "fe80::1%eth0/64",
    ].map((range): [object, RegExp] => [{ IpAddress: { "aws:SourceIp": range } }, /is not valid for IpAddress/]),
    [{ IpAddress: { "aws:SourceIp": "localhost" } }, /"localhost"/],
    [{ ArnLike: { "aws:SourceArn": "photos" } }, /"photos"/],
    [{ StringEquals: { "aws:SourceVpce": "vpce-1" } }, /does not know the condition key "aws:SourceVpce"/],
    [{ StringEquals: { "s3:ExistingObjectTag/": "a" } }, /condition key "s3:ExistingObjectTag\/"/],
    [{ StringEquals: { "s3:prefix": `\${aws:username}/` } }, /policy variables.*aws:username/],
    [{ StringEquals: { "s3:prefix": { a: 1 } } }, /StringEquals s3:prefix must be a value or a list/],
    [{ StringEquals: { "s3:prefix": [] } }, /StringEquals s3:prefix must be a value or a list/],
    [{ StringEquals: "a" }, /StringEquals must be an object/],
  ])("%j", (condition, message) => {
    const refusal = refusalOf(() => isAllowed(condition, {}));
    expect(refusal).toMatchObject({ code: "MalformedPolicyDocument", status: 400 });
    expect(refusal?.message).toMatch(message);
  });
});
