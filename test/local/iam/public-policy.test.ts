import { isPublicPolicy } from "../../../local/iam";

const EVERYONE = { Effect: "Allow", Principal: "*", Action: "s3:GetObject", Resource: "arn:aws:s3:::photos/*" };
const when = (Condition: object) => ({ ...EVERYONE, Condition });

describe("S3 calls a bucket policy public", () => {
  test.each<[string, object]>([
    ["when it grants to everyone", EVERYONE],
    ["when it grants to all of AWS", { ...EVERYONE, Principal: { AWS: ["*"] } }],
    ["when it grants to all but one", { ...EVERYONE, Principal: undefined, NotPrincipal: { AWS: "111122223333" } }],
    ["when its condition has a wildcard", when({ StringLike: { "aws:SourceArn": "arn:aws:s3:::*" } })],
    [
      "when one of the values has a wildcard",
      when({ StringLike: { "aws:PrincipalArn": ["arn:aws:iam::1:root", "*"] } }),
    ],
    ["when its condition says who is kept out", when({ StringNotEquals: { "aws:SourceAccount": "111122223333" } })],
    ["when its condition may be absent", when({ StringEqualsIfExists: { "aws:SourceAccount": "111122223333" } })],
    ["when its condition is about something else", when({ StringEquals: { "s3:prefix": "a" } })],
    ["when it lets in half of all addresses", when({ IpAddress: { "aws:SourceIp": "0.0.0.0/1" } })],
    ["when it lets in a huge IPv6 range", when({ IpAddress: { "aws:SourceIp": "2000::/16" } })],
  ])("%s", (_name, statement) => {
    expect(isPublicPolicy({ Statement: [{ ...EVERYONE, Effect: "Deny" }, statement] })).toBe(true);
    expect(isPublicPolicy({ Statement: statement })).toBe(true);
  });

  test.each<[string, object]>([
    ["when it only denies", { ...EVERYONE, Effect: "Deny" }],
    ["when it grants to an account", { ...EVERYONE, Principal: { AWS: "arn:aws:iam::111122223333:root" } }],
    ["when it grants to a service", { ...EVERYONE, Principal: { Service: "cloudfront.amazonaws.com" } }],
    ["when it fixes the source account", when({ StringEquals: { "AWS:SourceAccount": "111122223333" } })],
    ["when it fixes the source", when({ ArnLike: { "aws:SourceArn": "arn:aws:s3:::photos" } })],
    ["when it lists addresses", when({ IpAddress: { "aws:SourceIp": ["203.0.113.0/24", "198.51.100.7"] } })],
    [
      "when it fixes the account of access points",
      when({ StringLike: { "s3:DataAccessPointArn": "arn:aws:s3:eu-west-1:111122223333:accesspoint/*" } }),
    ],
  ])("but not %s", (_name, statement) => {
    expect(isPublicPolicy({ Statement: [statement] })).toBe(false);
  });
});
