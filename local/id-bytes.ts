// Random bytes for ids. Every answer, event and version has one, and to ask OpenSSL for each alone takes twenty times as
// long as to ask for many at once. Secrets are not made here.

import { randomBytes } from "node:crypto";

const POOL_BYTES = 4096;

let pool: Buffer = Buffer.alloc(0);
let used = 0;

/** Random bytes that no other id has. */
export function idBytes(size: number): Buffer {
  if (used + size > pool.length) {
    pool = randomBytes(Math.max(POOL_BYTES, size));
    used = 0;
  }
  used += size;
  return pool.subarray(used - size, used);
}
