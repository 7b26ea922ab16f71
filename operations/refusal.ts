// What AWS refuses about one item only: whoever works on many names it, and goes on with the others.

import { DynamoDBServiceException } from "@aws-sdk/client-dynamodb";
import { S3ServiceException } from "@aws-sdk/client-s3";

/** Errors about the caller or the whole bucket: the next item would get them as well. */
const OF_EVERYTHING = [
  "ExpiredToken",
  "InvalidAccessKeyId",
  "InvalidToken",
  "NoSuchBucket",
  "PermanentRedirect",
  "RequestTimeTooSkewed",
  "SignatureDoesNotMatch",
];

/** Why S3 or DynamoDB refuses an item, in a few words; undefined when the error is of another kind. */
export function refusalOf(error: unknown): string | undefined {
  const isOfItem =
    (error instanceof S3ServiceException && error.$fault === "client" && !OF_EVERYTHING.includes(error.name)) ||
    (error instanceof DynamoDBServiceException && error.name === "ValidationException");
  if (!isOfItem) return undefined;
  const { name, message, $metadata } = error;
  // The response to a HEAD has no body that could say more.
  return message === "UnknownError" ? `refused (${$metadata.httpStatusCode})` : `${name}: ${message}`;
}
