// What a sender claims about the bytes of a body (Content-MD5, x-amz-checksum-*, a trailer) and whether it is true:
// https://docs.aws.amazon.com/AmazonS3/latest/userguide/checking-object-integrity-upload.html

import { createHash } from "node:crypto";
import { AwsError } from "../../aws-error";
import { invalidRequest } from "../errors";
import {
  CHECKSUM_ALGORITHMS,
  type ChecksumAlgorithm,
  checksumHeader,
  createDigester,
  DEFAULT_ALGORITHM,
  isChecksumValue,
} from "./checksums";

export interface Claims {
  readonly md5?: string;
  /** The checksum sent, in a header or (no value yet) in the trailer. */
  readonly checksum?: { readonly algorithm: ChecksumAlgorithm; readonly value?: string };
}

type Header = (name: string) => string | undefined;

/** Reads the claims of a head; refuses unknown and contradicting ones. */
export function readClaims(header: Header): Claims {
  const md5 = header("content-md5");
  if (md5 !== undefined && !/^[A-Za-z0-9+/]{22}==$/.test(md5)) {
    throw new AwsError("InvalidDigest", "The Content-MD5 you specified was invalid.", 400, { "Content-MD5": md5 });
  }
  const checksum = readChecksumClaim(header);
  return { ...(md5 === undefined ? {} : { md5 }), ...(checksum === undefined ? {} : { checksum }) };
}

function readChecksumClaim(header: Header): Claims["checksum"] {
  const sent = CHECKSUM_ALGORITHMS.filter((algorithm) => header(checksumHeader(algorithm)) !== undefined);
  const trailer = header("x-amz-trailer")?.toLowerCase();
  const announced = CHECKSUM_ALGORITHMS.find((algorithm) => checksumHeader(algorithm) === trailer);
  if (trailer !== undefined && announced === undefined) {
    throw invalidRequest("The value specified in the x-amz-trailer header is not supported");
  }
  const [algorithm = announced, ...others] = sent;
  if (others.length > 0 || (sent.length > 0 && announced !== undefined)) {
    throw invalidRequest("Expecting a single x-amz-checksum- header. Multiple checksum Types are not allowed.");
  }
  const named = readAlgorithm(header("x-amz-sdk-checksum-algorithm"));
  if (algorithm === undefined) {
    if (named === undefined) return undefined;
    throw invalidRequest(
      "x-amz-sdk-checksum-algorithm specified, but no corresponding x-amz-checksum-* or x-amz-trailer headers were found.",
    );
  }
  if (named !== undefined && named !== algorithm) {
    throw invalidRequest("Value for x-amz-sdk-checksum-algorithm header is invalid.");
  }
  const value = header(checksumHeader(algorithm));
  if (value === undefined) return { algorithm };
  checkValue(algorithm, value);
  return { algorithm, value };
}

/** An algorithm by AWS's name, in any case; an unknown one is refused with the known ones. */
export function readAlgorithm(name: string | undefined): ChecksumAlgorithm | undefined {
  if (name === undefined) return undefined;
  const algorithm = CHECKSUM_ALGORITHMS.find((known) => known === name.toUpperCase());
  if (algorithm === undefined) {
    throw invalidRequest(
      `Checksum algorithm provided is unsupported. Please try again with any of the valid types: [${CHECKSUM_ALGORITHMS.join(", ")}]`,
    );
  }
  return algorithm;
}

export interface Verified {
  /** Hex MD5: the ETag. */
  readonly md5: string;
  readonly checksum: { readonly algorithm: ChecksumAlgorithm; readonly value: string };
}

/**
 * Follows the bytes of a body and at its end checks every claim.
 *
 * @param sha256 the hex digest that the signature covers, where it does
 * @param algorithm the checksum to compute in any case
 */
export function createVerifier(claims: Claims, sha256?: string, algorithm: ChecksumAlgorithm = DEFAULT_ALGORITHM) {
  const md5 = createHash("md5");
  const payload = sha256 === undefined ? undefined : createHash("sha256");
  const claimed = claims.checksum?.algorithm ?? algorithm;
  const digester = createDigester(claimed);
  const second = claimed === algorithm ? undefined : createDigester(algorithm);

  return {
    update(chunk: Buffer): void {
      md5.update(chunk);
      payload?.update(chunk);
      digester.update(chunk);
      second?.update(chunk);
    },

    /** Throws AWS's error when a claim is false; else tells MD5 and the checksum of `algorithm`. */
    async finish(trailers: ReadonlyMap<string, string>): Promise<Verified> {
      const computedSha256 = payload?.digest("hex");
      if (computedSha256 !== sha256) throw sha256Mismatch(sha256, computedSha256);
      const digest = md5.digest();
      if (claims.md5 !== undefined && digest.toString("base64") !== claims.md5) {
        throw new AwsError("BadDigest", "The Content-MD5 you specified did not match what we received.", 400, {
          ExpectedDigest: claims.md5,
          CalculatedDigest: digest.toString("base64"),
        });
      }
      const value = (await digester.digest()).toString("base64");
      if (claims.checksum !== undefined) {
        const expected = claims.checksum.value ?? trailers.get(checksumHeader(claimed));
        checkValue(claimed, expected ?? "");
        if (expected !== value) throw badChecksum(claimed);
      }
      const own = second === undefined ? value : (await second.digest()).toString("base64");
      return { md5: digest.toString("hex"), checksum: { algorithm, value: own } };
    },
  };
}

export const badChecksum = (algorithm: ChecksumAlgorithm) =>
  new AwsError("BadDigest", `The ${algorithm} you specified did not match the calculated checksum.`, 400);

function checkValue(algorithm: ChecksumAlgorithm, value: string): void {
  if (!isChecksumValue(algorithm, value)) {
    throw invalidRequest(`Value for ${checksumHeader(algorithm)} header is invalid.`);
  }
}

const sha256Mismatch = (expected: string | undefined, computed: string | undefined) =>
  new AwsError(
    "XAmzContentSHA256Mismatch",
    "The provided 'x-amz-content-sha256' header does not match what was computed.",
    400,
    { ClientComputedContentSHA256: expected, S3ComputedContentSHA256: computed },
  );
