// The errors of services under load or failing, in AWS's and TinyPNG's own words. Chaos draws them at random, and
// the console has a switch for some.

import { AwsError } from "../local/aws-error";

export const THROUGHPUT_EXCEEDED = new AwsError(
  "ProvisionedThroughputExceededException",
  "The level of configured provisioned throughput for the table was exceeded. Consider increasing your provisioning level with the UpdateTable API.",
);

export const EVENTS_THROTTLED = new AwsError("ThrottlingException", "Rate exceeded");

/** https://tinify.com/developers/reference#error-handling */
export const CREDIT_USED_UP = new AwsError("TooManyRequests", "Your monthly limit has been exceeded.", 429);
export const KEY_REFUSED = new AwsError("Unauthorized", "Credentials are invalid.", 401);
