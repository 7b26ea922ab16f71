// The JSON services' words for what is wrong with a signature. DynamoDB, CloudWatch Logs and SSM return 400, Lambda's
// REST interface with 403. https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-troubleshooting.html

import { AwsError } from "../aws-error";
import { MAX_SKEW_MS, type Refusals } from "./refusals";

const basic = (ms: number): string => new Date(ms).toISOString().replace(/[-:]|\.\d+/g, "");

const parseBasic = (timestamp: string): number =>
  Date.parse(timestamp.replace(/^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/, "$1-$2-$3T$4:$5:$6Z"));

/** Creates the refusals of a service whose signature errors have the given status. */
export function createJsonRefusals(status: 400 | 403): Refusals {
  const incomplete = (message: string) => new AwsError("IncompleteSignatureException", message, status);
  const invalid = (message: string) => new AwsError("InvalidSignatureException", message, status);
  const unrecognized = () =>
    new AwsError("UnrecognizedClientException", "The security token included in the request is invalid.", status);

  return {
    missing: () =>
      new AwsError(
        "MissingAuthenticationTokenException",
        status === 400 ? "Request is missing Authentication Token" : "Missing Authentication Token",
        status,
      ),
    bothLocations: (authorization) =>
      incomplete(
        `Only one of the Authorization header and the query may hold a signature. Authorization=${authorization}`,
      ),
    unknownScheme: (authorization) =>
      incomplete(`Unsupported AWS 'algorithm': '${authorization.split(" ")[0]}', only AWS4-HMAC-SHA256 is supported.`),
    incomplete: (location, missing, authorization) =>
      location === "header"
        ? incomplete(
            `${missing.map((name) => `Authorization header requires '${name}' parameter.`).join(" ")} Authorization=${authorization}`,
          )
        : incomplete(missing.map((name) => `AWS query-string parameters must include '${name}'.`).join(" ")),
    badCredential: (_location, credential) =>
      incomplete(
        `Credential must have exactly 5 slash-delimited elements, e.g. keyid/date/region/service/term, got '${credential}'`,
      ),
    wrongTerminator: (_location, given) =>
      invalid(`Credential should be scoped with a valid terminator: 'aws4_request', not '${given}'. `),
    wrongService: (_location, given, expected) =>
      invalid(`Credential should be scoped to correct service: '${expected}', not '${given}'. `),
    wrongRegion: (_location, given, expected) =>
      invalid(`Credential should be scoped to a valid region, not '${given}'; expecting '${expected}'. `),
    wrongDate: (_location, given, timestamp) =>
      invalid(
        `Date in Credential scope does not match YYYYMMDD from ISO-8601 version of date from HTTP: '${given}' != '${timestamp.slice(0, 8)}', from '${timestamp}'.`,
      ),
    badTimestamp: () =>
      incomplete("Authorization header requires existence of either a 'X-Amz-Date' or a 'Date' header, in ISO-8601."),
    badExpires: (given) => incomplete(`X-Amz-Expires must be a number of seconds from 0 to 604800, not '${given}'.`),
    skewed(timestamp, nowMs) {
      const limit = `${MAX_SKEW_MS / 60_000} min.`;
      return parseBasic(timestamp) < nowMs
        ? invalid(
            `Signature expired: ${timestamp} is now earlier than ${basic(nowMs - MAX_SKEW_MS)} (${basic(nowMs)} - ${limit})`,
          )
        : invalid(
            `Signature not yet current: ${timestamp} is still later than ${basic(nowMs + MAX_SKEW_MS)} (${basic(nowMs)} + ${limit})`,
          );
    },
    expired: (expiresAtMs, _seconds, nowMs) =>
      invalid(`Signature expired: ${basic(expiresAtMs)} is now earlier than ${basic(nowMs)}`),
    notYetValid: (timestamp, nowMs) =>
      invalid(`Signature not yet current: ${timestamp} is still later than ${basic(nowMs)}`),
    headersNotSigned: (names) => invalid(`'${names.join("', '")}' must be a 'SignedHeader' in the AWS Authorization.`),
    unknownKey: unrecognized,
    badToken: unrecognized,
    mismatch: ({ stringToSign, canonicalRequest }) =>
      invalid(
        `The request signature we calculated does not match the signature you provided. Check your AWS Secret Access Key and signing method. Consult the service documentation for details.\n\nThe Canonical String for this request should have been\n'${canonicalRequest}'\n\nThe String-to-Sign should have been\n'${stringToSign}'\n`,
      ),
  };
}
