// How objects are encrypted at rest: shown, and not done. With AWS's own key, aws:kms asks nothing of the account's
// principals either: https://docs.aws.amazon.com/AmazonS3/latest/userguide/bucket-encryption.html
// Whoever is none of them cannot use that key, and nobody can change its policy.

import type { ServerResponse } from "node:http";
import { AwsError } from "../../aws-error";
import type { Caller } from "../../service";
import { headerNotImplemented } from "../errors";
import type { Bucket, ObjectDescription } from "../store/types";

export const SSE_ALGORITHMS = ["AES256", "aws:kms"];

export const ENCRYPTION_HEADER = "x-amz-server-side-encryption";

/** The encryption that the writer of an object asks for, or else the bucket's. */
export function readEncryption(header: (name: string) => string | undefined, { sseAlgorithm }: Bucket): string {
  const asked = header(ENCRYPTION_HEADER) ?? sseAlgorithm;
  if (!SSE_ALGORITHMS.includes(asked)) throw headerNotImplemented(ENCRYPTION_HEADER, asked);
  return asked;
}

/** Writes the headers that say how an object is encrypted. */
export function setEncryption(response: ServerResponse, { sseAlgorithm }: ObjectDescription): void {
  response.setHeader(ENCRYPTION_HEADER, sseAlgorithm);
}

/**
 * Refuses an object's content to whoever cannot use AWS's own key: anonymous callers, and services that call for
 * themselves, such as CloudFront:
 * https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/private-content-restricting-access-to-s3.html
 */
export function checkDecryption({ sseAlgorithm }: ObjectDescription, { kind }: Caller): void {
  if (sseAlgorithm !== "aws:kms") return;
  if (kind === "service") throw new AwsError("AccessDenied", "Access Denied", 403);
  // https://repost.aws/knowledge-center/s3-kms-signature-version-error
  if (kind === "anonymous") {
    const message =
      "Requests specifying Server Side Encryption with AWS KMS managed keys require AWS Signature Version 4.";
    throw new AwsError("InvalidArgument", message, 400, { ArgumentName: "Authorization", ArgumentValue: "null" });
  }
}
