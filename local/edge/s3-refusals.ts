// S3's words for what is wrong with a signature.
// https://docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html

import { AwsError } from "../aws-error";
import { type Location, MAX_SKEW_MS, type Refusals, VERSION_TWO } from "./refusals";

const CREDENTIAL_FORM = '"<YOUR-AKID>/YYYYMMDD/REGION/SERVICE/aws4_request"';

/** A flaw of the Authorization header or of the query's credential. */
function malformed(location: Location, problem: string, fields: Record<string, unknown> = {}): AwsError {
  return location === "header"
    ? new AwsError("AuthorizationHeaderMalformed", `The authorization header is malformed; ${problem}`, 400, fields)
    : new AwsError(
        "AuthorizationQueryParametersError",
        `Error parsing the X-Amz-Credential parameter; ${problem}`,
        400,
        fields,
      );
}

const queryError = (message: string): AwsError => new AwsError("AuthorizationQueryParametersError", message, 400);

const iso = (ms: number): string => new Date(ms).toISOString().replace(/\.\d+/, "");

const bytesOf = (text: string): string =>
  Buffer.from(text, "latin1")
    .toString("hex")
    .replace(/..(?=.)/g, "$& ");

export const S3_REFUSALS: Refusals = {
  missing: () => new AwsError("AccessDenied", "Access Denied", 403),

  bothLocations: (authorization) =>
    new AwsError(
      "InvalidArgument",
      "Only one auth mechanism allowed; only the X-Amz-Algorithm query parameter, Signature query string parameter or the Authorization header should be specified",
      400,
      { ArgumentName: "Authorization", ArgumentValue: authorization },
    ),

  unknownScheme(authorization) {
    // Signature Version 2, which S3 refuses for buckets of after 24 June 2020.
    if (authorization.split(" ")[0] === VERSION_TWO) {
      return new AwsError(
        "InvalidRequest",
        "The authorization mechanism you have provided is not supported. Please use AWS4-HMAC-SHA256.",
        400,
      );
    }
    return new AwsError("InvalidArgument", "Unsupported Authorization Type", 400, {
      ArgumentName: "Authorization",
      ArgumentValue: authorization,
    });
  },

  incomplete: (location, missing) =>
    location === "header"
      ? malformed(
          location,
          `the authorization header requires three components: Credential, SignedHeaders, and Signature; missing ${missing.join(", ")}.`,
        )
      : queryError(
          "Query-string authentication version 4 requires the X-Amz-Algorithm, X-Amz-Credential, X-Amz-Signature, X-Amz-Date, X-Amz-SignedHeaders, and X-Amz-Expires parameters.",
        ),

  badCredential: (location) => malformed(location, `the Credential is mal-formed; expecting ${CREDENTIAL_FORM}.`),
  wrongTerminator: (location, given) =>
    malformed(location, `incorrect terminal "${given}". This endpoint uses "aws4_request".`),
  wrongService: (location, given, expected) =>
    malformed(location, `incorrect service "${given}". This endpoint belongs to "${expected}".`),
  wrongRegion: (location, given, expected) =>
    malformed(location, `the region '${given}' is wrong; expecting '${expected}'`, { Region: expected }),
  wrongDate(location, given, timestamp) {
    const problem = `Invalid credential date "${given}". This date is not the same as X-Amz-Date: "${timestamp.slice(0, 8)}".`;
    return location === "header" ? malformed(location, problem) : queryError(problem);
  },

  badTimestamp: (location) =>
    location === "header"
      ? new AwsError("AccessDenied", "AWS authentication requires a valid Date or x-amz-date header", 403)
      : queryError(`X-Amz-Date must be in the ISO8601 Long Format "yyyyMMdd'T'HHmmss'Z'"`),

  badExpires(given) {
    if (!/^-?\d+$/.test(given)) return queryError("X-Amz-Expires should be a number");
    if (given.startsWith("-")) return queryError("X-Amz-Expires must be non-negative");
    return queryError(
      "X-Amz-Expires must be less than a week (in seconds); that is, the given X-Amz-Expires must be less than 604800 seconds",
    );
  },

  skewed: (timestamp, nowMs) =>
    new AwsError(
      "RequestTimeTooSkewed",
      "The difference between the request time and the current time is too large.",
      403,
      { RequestTime: timestamp, ServerTime: iso(nowMs), MaxAllowedSkewMilliseconds: MAX_SKEW_MS },
    ),

  expired: (expiresAtMs, expiresSeconds, nowMs) =>
    new AwsError("AccessDenied", "Request has expired", 403, {
      "X-Amz-Expires": expiresSeconds,
      Expires: iso(expiresAtMs),
      ServerTime: iso(nowMs),
    }),

  notYetValid: (timestamp, nowMs) =>
    new AwsError("AccessDenied", "Request is not valid yet", 403, {
      "X-Amz-Date": timestamp,
      ServerTime: iso(nowMs),
    }),

  headersNotSigned: (names) =>
    new AwsError("AccessDenied", "There were headers present in the request which were not signed", 403, {
      HeadersNotSigned: names.join(", "),
    }),

  unknownKey: (accessKeyId) =>
    new AwsError("InvalidAccessKeyId", "The AWS Access Key Id you provided does not exist in our records.", 403, {
      AWSAccessKeyId: accessKeyId,
    }),

  badToken: () => new AwsError("InvalidToken", "The provided token is malformed or otherwise invalid.", 400),

  mismatch: ({ accessKeyId, signature, stringToSign, canonicalRequest }) =>
    new AwsError(
      "SignatureDoesNotMatch",
      "The request signature we calculated does not match the signature you provided. Check your key and signing method.",
      403,
      {
        AWSAccessKeyId: accessKeyId,
        StringToSign: stringToSign,
        SignatureProvided: signature,
        StringToSignBytes: bytesOf(stringToSign),
        ...(canonicalRequest !== undefined && {
          CanonicalRequest: canonicalRequest,
          CanonicalRequestBytes: bytesOf(canonicalRequest),
        }),
      },
    ),
};
