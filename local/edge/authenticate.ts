// Finds out who calls: verifies a request's signature by the letter, or lets it pass as anonymous where the service does.
// The head is judged first, so that nobody uploads a body for nothing; the body's hash, where it is signed, afterwards.

import { createHash } from "node:crypto";
import type { IncomingMessage } from "node:http";
import type { Account } from "../account";
import { AwsError } from "../aws-error";
import type { Credentials, Iam } from "../iam/types";
import type { Caller, VerifiedSignature } from "../service";
import { canonicalRequestOf, stringToSignOf } from "./canonical-request";
import { MAX_SKEW_MS } from "./refusals";
import type { RequestTarget } from "./request-target";
import type { ServiceTraits } from "./route";
import { parseTimestamp, readSignatureClaim, type SignatureClaim } from "./signature-claim";
import { createSigningKeys, sameSignature, sign } from "./signing-key";

/** Who calls, and what S3 needs to check the body against. */
export interface Authentication {
  readonly caller: Caller;
  readonly signature?: VerifiedSignature;
}

/** Verifies a request. `readBody` is called after everything else of the head holds, unless the service streams. */
export type Authenticate = (
  request: IncomingMessage,
  target: RequestTarget,
  traits: ServiceTraits,
  readBody: () => Promise<Buffer>,
) => Promise<Authentication>;

export interface AuthenticatorOptions {
  readonly account: Account;
  readonly iam: Iam;
  /** Milliseconds since 1970. */
  readonly clock: () => number;
}

/** Whose scope signs calls to the services of the whole partition: https://docs.aws.amazon.com/general/latest/gr/iam-service.html */
const FIRST_REGION = "us-east-1";

const ANONYMOUS: Authentication = { caller: { kind: "anonymous" } };

/** Creates the authentication of one embedded AWS. */
export function createAuthenticator({ account, iam, clock }: AuthenticatorOptions): Authenticate {
  const signingKey = createSigningKeys();

  /** Checks what the claim says against the account and the clock. */
  function checkClaim(claim: SignatureClaim, { refusals, signingName = "", isGlobal }: ServiceTraits): void {
    const { location, timestamp } = claim;
    if (claim.terminator !== "aws4_request") throw refusals.wrongTerminator(location, claim.terminator);
    if (claim.service !== signingName) throw refusals.wrongService(location, claim.service, signingName);
    const isRegionRight = claim.region === account.region || (isGlobal && claim.region === FIRST_REGION);
    if (!isRegionRight) throw refusals.wrongRegion(location, claim.region, account.region);
    if (claim.date !== timestamp.slice(0, 8)) throw refusals.wrongDate(location, claim.date, timestamp);
    const nowMs = clock();
    const signedAt = parseTimestamp(timestamp);
    if (claim.expiresSeconds === undefined) {
      if (Math.abs(nowMs - signedAt) > MAX_SKEW_MS) throw refusals.skewed(timestamp, nowMs);
      return;
    }
    const expiresAt = signedAt + claim.expiresSeconds * 1000;
    if (signedAt > nowMs + MAX_SKEW_MS) throw refusals.notYetValid(timestamp, nowMs);
    if (expiresAt < nowMs) throw refusals.expired(expiresAt, claim.expiresSeconds, nowMs);
  }

  function credentialsOf(claim: SignatureClaim, { refusals }: ServiceTraits): Credentials {
    const credentials = iam.findCredentials(claim.accessKeyId);
    if (credentials === undefined) throw refusals.unknownKey(claim.accessKeyId);
    if (credentials.sessionToken === claim.sessionToken) return credentials;
    // Temporary keys without their token are unknown keys to AWS.
    throw claim.sessionToken === undefined ? refusals.unknownKey(claim.accessKeyId) : refusals.badToken();
  }

  return async (request, target, traits, readBody) => {
    const isS3 = traits.signingName === "s3";
    if (traits.signingName === undefined) return ANONYMOUS;
    // A preflight for a presigned URL has the whole URL, and no signature of its own: S3 looks at its CORS rules alone.
    if (isS3 && request.method === "OPTIONS") return ANONYMOUS;
    const claim = readSignatureClaim(request, target, traits.refusals);
    if (claim === undefined) {
      if (traits.allowsAnonymous) return ANONYMOUS;
      throw traits.refusals.missing();
    }
    checkClaim(claim, traits);
    checkSignedHeaders(request, claim, traits);
    const credentials = credentialsOf(claim, traits);
    const payloadHash = isS3 ? payloadHashOf(request, target, claim) : sha256(await readBody());

    const { method = "" } = request;
    const { path, rawQuery } = target;
    const { rawHeaders } = request;
    const { signedHeaders, timestamp: date } = claim;
    const scope = `${claim.date}/${claim.region}/${claim.service}/aws4_request`;
    const canonicalRequest = canonicalRequestOf({
      method,
      path,
      rawQuery,
      rawHeaders,
      signedHeaders,
      payloadHash,
      isS3,
    });
    const stringToSign = stringToSignOf(canonicalRequest, date, scope);
    const key = signingKey(credentials.secretAccessKey, claim);
    const signature = sign(key, stringToSign);
    if (!sameSignature(signature, claim.signature)) {
      const { accessKeyId } = claim;
      throw traits.refusals.mismatch({ accessKeyId, signature: claim.signature, stringToSign, canonicalRequest });
    }
    return {
      caller: credentials.caller,
      signature: { payloadHash, signature, sign: (text) => sign(key, text), date, scope },
    };
  };
}

const sha256 = (body: Buffer): string => createHash("sha256").update(body).digest("hex");

/** Host must be signed, and for S3 every x-amz- header; its payload hash is signed as such, with or without the header. */
function checkSignedHeaders(request: IncomingMessage, claim: SignatureClaim, { refusals, signingName }: ServiceTraits) {
  const mustBeSigned = (name: string) =>
    name === "host" || (signingName === "s3" && name.startsWith("x-amz-") && name !== "x-amz-content-sha256");
  const unsigned = Object.keys(request.headers).filter(
    (name) => mustBeSigned(name) && !claim.signedHeaders.includes(name),
  );
  if (unsigned.length > 0) throw refusals.headersNotSigned(unsigned);
}

const PAYLOAD_MODES = [
  "UNSIGNED-PAYLOAD",
  "STREAMING-UNSIGNED-PAYLOAD-TRAILER",
  "STREAMING-AWS4-HMAC-SHA256-PAYLOAD",
  "STREAMING-AWS4-HMAC-SHA256-PAYLOAD-TRAILER",
];

/** What S3's canonical request says of the body. https://docs.aws.amazon.com/AmazonS3/latest/API/sig-v4-header-based-auth.html */
function payloadHashOf(request: IncomingMessage, { query }: RequestTarget, claim: SignatureClaim): string {
  const inHeader = request.headers["x-amz-content-sha256"];
  const given = inHeader ?? (claim.location === "query" ? query.get("X-Amz-Content-Sha256") : undefined);
  if (typeof given !== "string") {
    if (claim.location === "query") return "UNSIGNED-PAYLOAD";
    throw new AwsError("InvalidRequest", "Missing required header for this request: x-amz-content-sha256", 400);
  }
  if (!PAYLOAD_MODES.includes(given) && !/^[0-9a-f]{64}$/i.test(given)) {
    throw new AwsError(
      "InvalidArgument",
      `x-amz-content-sha256 must be ${PAYLOAD_MODES.join(", ")} or a valid sha256 value.`,
      400,
      { ArgumentName: "x-amz-content-sha256", ArgumentValue: given },
    );
  }
  return given;
}
