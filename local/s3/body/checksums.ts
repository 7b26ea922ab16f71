// The five checksums of S3's data integrity protection, streamed:
// https://docs.aws.amazon.com/AmazonS3/latest/userguide/checking-object-integrity.html

import { createHash } from "node:crypto";
import { crc32 } from "node:zlib";
import { Crc32c, Crc64Nvme } from "@aws-sdk/checksums/crc";

export type ChecksumAlgorithm = "CRC32" | "CRC32C" | "CRC64NVME" | "SHA1" | "SHA256";
export type ChecksumType = "FULL_OBJECT" | "COMPOSITE";

/** A checksum as S3 stores and shows it. */
export interface Checksum {
  readonly algorithm: ChecksumAlgorithm;
  /** Base64; a composite one ends in `-<parts>`. */
  readonly value: string;
  readonly type: ChecksumType;
}

export interface Digester {
  update(chunk: Buffer): void;
  digest(): Promise<Buffer>;
}

interface Definition {
  readonly bytes: number;
  /** Reversed polynomial of a CRC, which can be combined from those of its parts. */
  readonly polynomial?: bigint;
  create(): Digester;
}

const DEFINITIONS: Readonly<Record<ChecksumAlgorithm, Definition>> = {
  CRC32: { bytes: 4, polynomial: 0xedb88320n, create: crc32Digester },
  CRC32C: { bytes: 4, polynomial: 0x82f63b78n, create: () => wrap(new Crc32c()) },
  CRC64NVME: { bytes: 8, polynomial: 0x9a6c9329ac4bc9b5n, create: () => wrap(new Crc64Nvme()) },
  SHA1: { bytes: 20, create: () => hashDigester("sha1") },
  SHA256: { bytes: 32, create: () => hashDigester("sha256") },
};

export const CHECKSUM_ALGORITHMS = Object.keys(DEFINITIONS) as readonly ChecksumAlgorithm[];

/** What S3 computes when the sender computed nothing. */
export const DEFAULT_ALGORITHM: ChecksumAlgorithm = "CRC64NVME";

export const checksumHeader = (algorithm: ChecksumAlgorithm): string => `x-amz-checksum-${algorithm.toLowerCase()}`;

/** The element of a checksum in S3's XML, such as `ChecksumCRC32`. */
export const checksumElement = (algorithm: ChecksumAlgorithm): string => `Checksum${algorithm}`;

export const createDigester = (algorithm: ChecksumAlgorithm): Digester => DEFINITIONS[algorithm].create();

/** Whether the checksum of a whole object follows from those of its parts: true of CRCs, not of hashes. */
export const isCombinable = (algorithm: ChecksumAlgorithm): boolean => DEFINITIONS[algorithm].polynomial !== undefined;

/** Whether a value is base64 of the right length. */
export function isChecksumValue(algorithm: ChecksumAlgorithm, value: string): boolean {
  const bytes = Buffer.from(value, "base64");
  return bytes.length === DEFINITIONS[algorithm].bytes && bytes.toString("base64") === value;
}

/** The CRC of all parts in a row, from the CRC and length of each: O(log length), nothing is read again. */
export function combineChecksums(
  algorithm: ChecksumAlgorithm,
  parts: readonly { readonly value: string; readonly size: number }[],
): string {
  const { bytes, polynomial } = DEFINITIONS[algorithm];
  if (polynomial === undefined) throw new Error(`${algorithm} of parts cannot be combined`);
  const top = 1n << BigInt(bytes * 8 - 1);
  const combined = parts.reduce((crc, { value, size }) => {
    const next = BigInt(`0x${Buffer.from(value, "base64").toString("hex")}`);
    return multiply(powerOfX(BigInt(size) * 8n, top, polynomial), crc, top, polynomial) ^ next;
  }, 0n);
  return Buffer.from(combined.toString(16).padStart(bytes * 2, "0"), "hex").toString("base64");
}

/** The checksum of the parts' checksums. */
export async function compositeChecksum(algorithm: ChecksumAlgorithm, values: readonly string[]): Promise<string> {
  const digester = createDigester(algorithm);
  for (const value of values) digester.update(Buffer.from(value, "base64"));
  return `${(await digester.digest()).toString("base64")}-${values.length}`;
}

// Polynomials over GF(2), reflected: the highest bit is the coefficient of x^0.
function multiply(a: bigint, b: bigint, top: bigint, polynomial: bigint): bigint {
  let product = 0n;
  let factor = b;
  for (let bit = top; bit > 0n; bit >>= 1n) {
    if ((a & bit) !== 0n) product ^= factor;
    factor = (factor & 1n) === 0n ? factor >> 1n : (factor >> 1n) ^ polynomial;
  }
  return product;
}

function powerOfX(exponent: bigint, top: bigint, polynomial: bigint): bigint {
  let power = top;
  let square = top >> 1n;
  for (let rest = exponent; rest > 0n; rest >>= 1n) {
    if ((rest & 1n) !== 0n) power = multiply(power, square, top, polynomial);
    square = multiply(square, square, top, polynomial);
  }
  return power;
}

function crc32Digester(): Digester {
  let crc = 0;
  return {
    update: (chunk) => {
      crc = crc32(chunk, crc);
    },
    digest: async () => {
      const value = Buffer.alloc(4);
      value.writeUInt32BE(crc);
      return value;
    },
  };
}

function hashDigester(name: "sha1" | "sha256"): Digester {
  const hash = createHash(name);
  return { update: (chunk) => void hash.update(chunk), digest: async () => hash.digest() };
}

const wrap = (crc: Crc32c | Crc64Nvme): Digester => ({
  update: (chunk) => crc.update(chunk),
  digest: async () => Buffer.from(await crc.digest()),
});
