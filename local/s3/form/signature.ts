// Who signed a browser's upload: the form carries the signature of its policy in fields instead of headers:
// https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-authentication-HTTPPOST.html

import { createHmac, timingSafeEqual } from "node:crypto";
import type { Account } from "../../account";
import { AwsError } from "../../aws-error";
import type { Iam } from "../../iam/types";
import type { Caller } from "../../service";
import { invalidArgument, invalidRequest } from "../errors";

/** Verifies the signature over the policy field; a form without a policy is anonymous. */
export function verifyPostSignature(account: Account, iam: Iam, fields: ReadonlyMap<string, string>): Caller {
  const policy = fields.get("policy");
  if (policy === undefined) {
    const lonely = ["x-amz-signature", "x-amz-credential", "signature"].find((name) => fields.has(name));
    if (lonely === undefined) return { kind: "anonymous" };
    throw missing("policy");
  }
  // Signature Version 2, which S3 takes for buckets of before 24 June 2020 alone.
  if (fields.has("awsaccesskeyid") && !fields.has("x-amz-algorithm")) throw unsupportedMechanism();
  const { accessKeyId, signature, sign } = readClaim(account, fields);
  const credentials = iam.findCredentials(accessKeyId);
  if (credentials === undefined) {
    const message = "The AWS Access Key Id you provided does not exist in our records.";
    throw new AwsError("InvalidAccessKeyId", message, 403, { AWSAccessKeyId: accessKeyId });
  }
  if (credentials.sessionToken !== fields.get("x-amz-security-token")) {
    throw new AwsError("InvalidToken", "The provided token is malformed or otherwise invalid.", 400);
  }
  const expected = sign(credentials.secretAccessKey, policy);
  if (signature.length !== expected.length || !timingSafeEqual(signature, expected)) {
    throw new AwsError(
      "SignatureDoesNotMatch",
      "The request signature we calculated does not match the signature you provided. Check your key and signing method.",
      403,
      {
        AWSAccessKeyId: accessKeyId,
        StringToSign: policy,
        SignatureProvided: fields.get("x-amz-signature"),
      },
    );
  }
  return credentials.caller;
}

/** What a form says of its signature, and how to make the one that it should have. */
interface PostClaim {
  readonly accessKeyId: string;
  readonly signature: Buffer;
  sign(secretAccessKey: string, policy: string): Buffer;
}

function readClaim(account: Account, fields: ReadonlyMap<string, string>): PostClaim {
  const [algorithm, credential, , signature] = [
    "x-amz-algorithm",
    "x-amz-credential",
    "x-amz-date",
    "x-amz-signature",
  ].map((name) => required(fields, name)) as [string, string, string, string];
  if (algorithm !== "AWS4-HMAC-SHA256") {
    throw invalidArgument('X-Amz-Algorithm only supports "AWS4-HMAC-SHA256"', "X-Amz-Algorithm", algorithm);
  }
  const [accessKeyId = "", date = "", region = "", service = "", terminal] = credential.split("/");
  if (!/^\d{8}$/.test(date) || service !== "s3" || terminal !== "aws4_request") {
    const message =
      'Error parsing the X-Amz-Credential parameter; the Credential is mal-formed; expecting "<YOUR-AKID>/YYYYMMDD/REGION/s3/aws4_request".';
    throw invalidArgument(message, "X-Amz-Credential", credential);
  }
  if (region !== account.region) {
    const message = `Error parsing the X-Amz-Credential parameter; the region '${region}' is wrong; expecting '${account.region}'`;
    throw invalidArgument(message, "X-Amz-Credential", credential);
  }
  const scope = [date, region, service, "aws4_request"];
  return {
    accessKeyId,
    signature: Buffer.from(signature, "hex"),
    sign: (secret, policy) => hmac(scope.reduce<Buffer | string>(hmac, `AWS4${secret}`), policy),
  };
}

function required(fields: ReadonlyMap<string, string>, name: string): string {
  const value = fields.get(name);
  if (value === undefined) throw missing(name);
  return value;
}

const hmac = (key: Buffer | string, text: string): Buffer => createHmac("sha256", key).update(text).digest();

const unsupportedMechanism = () =>
  invalidRequest("The authorization mechanism you have provided is not supported. Please use AWS4-HMAC-SHA256.");

const missing = (name: string) =>
  invalidArgument(
    `Bucket POST must contain a field named '${name}'.  If it is specified, please check the order of the fields.`,
    name,
    "",
  );
