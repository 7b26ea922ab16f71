// Request ids as AWS prints them.

import { randomBytes, randomUUID } from "node:crypto";

/** Crockford's base 32, as in S3's `TX234S0F24A06C7X`. */
const BASE32 = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";

/** A new request id in the form of a service. */
export function createRequestId(serviceName: string): string {
  if (serviceName !== "s3") return randomUUID();
  return Array.from(randomBytes(16), (byte) => BASE32[byte % BASE32.length]).join("");
}
