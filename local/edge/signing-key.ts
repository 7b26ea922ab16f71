// The signing keys of Signature Version 4: derived from a secret for one day, region and service.
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html#calculate-signature

import { createHmac, timingSafeEqual } from "node:crypto";

/** What a signature is valid for. */
export interface Scope {
  /** `yyyymmdd`. */
  readonly date: string;
  readonly region: string;
  readonly service: string;
}

/** A day's keys of the callers of one embedded AWS; beyond it the cache starts again. */
const MAX_CACHED_KEYS = 500;

const hmac = (key: string | Buffer, text: string): Buffer => createHmac("sha256", key).update(text).digest();

/** Derives the signing key of a secret for a scope. */
export function deriveSigningKey(secretAccessKey: string, { date, region, service }: Scope): Buffer {
  return hmac(hmac(hmac(hmac(`AWS4${secretAccessKey}`, date), region), service), "aws4_request");
}

/** Creates a {@link deriveSigningKey} that remembers: the four hashes are most of the cost of a small request. */
export function createSigningKeys(): typeof deriveSigningKey {
  const keys = new Map<string, Buffer>();
  return (secretAccessKey, scope) => {
    const id = `${secretAccessKey}\n${scope.date}\n${scope.region}\n${scope.service}`;
    let key = keys.get(id);
    if (key === undefined) {
      if (keys.size >= MAX_CACHED_KEYS) keys.clear();
      key = deriveSigningKey(secretAccessKey, scope);
      keys.set(id, key);
    }
    return key;
  };
}

/** Signs a string-to-sign; hex. */
export const sign = (signingKey: Buffer, stringToSign: string): string =>
  createHmac("sha256", signingKey).update(stringToSign).digest("hex");

/** Compares two signatures in a time that does not tell where they differ. */
export function sameSignature(one: string, other: string): boolean {
  const [a, b] = [Buffer.from(one), Buffer.from(other)];
  return a.length === b.length && timingSafeEqual(a, b);
}
