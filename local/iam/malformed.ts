// The refusal of a policy document that IAM, or this evaluator, does not understand.

import { AwsError } from "../aws-error";

/** IAM's refusal of a malformed policy document; the message names the part. */
export const malformed = (message: string): AwsError => new AwsError("MalformedPolicyDocument", message, 400);
