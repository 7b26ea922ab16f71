// What can be wrong with a signature. S3 and the JSON services word and number each refusal differently: see
// s3-refusals.ts and json-refusals.ts.

import type { AwsError } from "../aws-error";

/** Where a signature was found. */
export type Location = "header" | "query";

/** Everything that was compared, for the client's author to find the difference. */
export interface Mismatch {
  readonly accessKeyId: string;
  readonly signature: string;
  readonly stringToSign: string;
  readonly canonicalRequest?: string;
}

export interface Refusals {
  /** Nothing signed, where a signature is needed. */
  missing(): AwsError;
  bothLocations(authorization: string): AwsError;
  /** Begins with the scheme's name: the Authorization header, or the algorithm that a query names. */
  unknownScheme(authorization: string): AwsError;
  /** Parameters of the Authorization header or of the query that are not there. */
  incomplete(location: Location, missing: readonly string[], authorization: string): AwsError;
  badCredential(location: Location, credential: string): AwsError;
  wrongTerminator(location: Location, given: string): AwsError;
  wrongService(location: Location, given: string, expected: string): AwsError;
  wrongRegion(location: Location, given: string, expected: string): AwsError;
  wrongDate(location: Location, given: string, timestamp: string): AwsError;
  badTimestamp(location: Location): AwsError;
  badExpires(given: string): AwsError;
  /** Header signatures: outside of ± 15 minutes. */
  skewed(timestamp: string, nowMs: number): AwsError;
  expired(expiresAtMs: number, expiresSeconds: number, nowMs: number): AwsError;
  notYetValid(timestamp: string, nowMs: number): AwsError;
  headersNotSigned(names: readonly string[]): AwsError;
  unknownKey(accessKeyId: string): AwsError;
  badToken(): AwsError;
  mismatch(details: Mismatch): AwsError;
}

/** The scheme of Signature Version 2 in the Authorization header; in a query it has no name. */
export const VERSION_TWO = "AWS";

/** How far a client's clock may be from ours. */
export const MAX_SKEW_MS = 15 * 60 * 1000;
