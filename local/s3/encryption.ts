// How objects are encrypted at rest: shown, and not done. With AWS's own key, aws:kms asks nothing of the account's
// principals either: https://docs.aws.amazon.com/AmazonS3/latest/userguide/bucket-encryption.html

import type { ServerResponse } from "node:http";
import { headerNotImplemented } from "./errors";
import type { Bucket, ObjectDescription } from "./store";

export const SSE_ALGORITHMS = ["AES256", "aws:kms"];

const HEADER = "x-amz-server-side-encryption";

/** The encryption that the writer of an object asks for, or else the bucket's. */
export function readEncryption(header: (name: string) => string | undefined, { sseAlgorithm }: Bucket): string {
  const asked = header(HEADER) ?? sseAlgorithm;
  if (!SSE_ALGORITHMS.includes(asked)) throw headerNotImplemented(HEADER, asked);
  return asked;
}

/** Tells how an object is encrypted. */
export function setEncryption(response: ServerResponse, { sseAlgorithm }: ObjectDescription): void {
  response.setHeader(HEADER, sseAlgorithm);
}
