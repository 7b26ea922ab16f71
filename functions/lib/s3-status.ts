// Responses of S3 for which the SDK has no error class, or several.

import { S3ServiceException } from "@aws-sdk/client-s3";

/** Whether S3 has refused a call with one of these statuses. */
export const hasStatus = (error: unknown, ...statuses: readonly (number | undefined)[]): boolean =>
  error instanceof S3ServiceException && statuses.includes(error.$metadata.httpStatusCode);
