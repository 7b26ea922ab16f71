// What a function's asynchronous invocations do when they fail: how often, how long, and where the record goes.
// https://docs.aws.amazon.com/lambda/latest/api/API_PutFunctionEventInvokeConfig.html

import { AwsError } from "../../aws-error";
import type { Iam } from "../../iam/types";
import type { Caller } from "../../service";
import type { LambdaFunction } from "../functions";
import type { EventInvokeConfigInput } from "../types";

const RETRIES = { min: 0, max: 2 };
const AGE_SECONDS = { min: 60, max: 21_600 };
const BUCKET_ARN = /^arn:aws:s3:::[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/;

/** Sets them, after asking whether the function's role may write to the destination, as Lambda does at this call. */
export function putEventInvokeConfig(target: LambdaFunction, input: EventInvokeConfigInput, iam: Iam): void {
  checkRange("maximumRetryAttempts", input.maximumRetryAttempts, RETRIES);
  checkRange("maximumEventAgeInSeconds", input.maximumEventAgeInSeconds, AGE_SECONDS);
  const destination = input.onFailureDestination;
  if (destination !== undefined) {
    if (!BUCKET_ARN.test(destination)) {
      throw new AwsError(
        "InvalidParameterValueException",
        `The embedded AWS knows S3 buckets as failure destinations, arn:aws:s3:::bucket (given ${destination})`,
      );
    }
    checkDestination(iam, target.caller, destination);
  }
  target.eventInvokeConfig = { ...input, lastModified: new Date() };
}

/** Lambda wants the whole bucket: to write to it and to list it. */
function checkDestination(iam: Iam, caller: Caller, bucketArn: string): void {
  const needed = [
    { action: "s3:PutObject", resource: `${bucketArn}/*` },
    { action: "s3:ListBucket", resource: bucketArn },
  ];
  for (const { action, resource } of needed) {
    try {
      iam.authorize({ caller, action, resource });
    } catch (error) {
      if (!(error instanceof AwsError)) throw error;
      throw new AwsError(
        "InvalidParameterValueException",
        `The function's execution role does not have permissions to call ${action.slice(3)} on S3 (${resource})`,
      );
    }
  }
}

function checkRange(name: string, value: number | undefined, { min, max }: { min: number; max: number }): void {
  if (value === undefined || (Number.isInteger(value) && value >= min && value <= max)) return;
  throw new AwsError(
    "ValidationException",
    `1 validation error detected: Value '${value}' at '${name}' failed to satisfy constraint: Member must be between ${min} and ${max}`,
  );
}
