// What Lambda accepts as the settings of an event source mapping on a stream, and whether the function's role may do
// what the mapping does in its name.
// https://docs.aws.amazon.com/lambda/latest/api/API_CreateEventSourceMapping.html

import { AwsError } from "../../aws-error";
import type { Iam } from "../../iam/types";
import type { Caller } from "../../service";
import type { EventSourceMappingInput } from "../types";

/** Smallest and largest value of each number; -1 means "until the record expires" where it is allowed. */
const RANGES = {
  batchSize: [1, 10_000],
  maximumBatchingWindowInSeconds: [0, 300],
  parallelizationFactor: [1, 10],
  maximumRetryAttempts: [-1, 10_000],
  maximumRecordAgeInSeconds: [-1, 604_800],
} as const;

/** The shortest age that can be asked for, in seconds. */
const MIN_RECORD_AGE = 60;
/** Beyond this batch size AWS asks for a batching window, except at its own default size. */
const MAX_BATCH_WITHOUT_WINDOW = 10;
const DEFAULT_BATCH_SIZE = 100;

const STREAM_ACTIONS = ["GetRecords", "GetShardIterator", "DescribeStream", "ListStreams"];
const BUCKET_ARN = /^arn:aws:s3:::[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/;

/** Refuses settings that CreateEventSourceMapping refuses; the message has the value given and what is allowed. */
export function validateMapping(input: EventSourceMappingInput): void {
  for (const [name, [least, most]] of Object.entries(RANGES)) {
    const value = input[name as keyof typeof RANGES];
    if (!Number.isInteger(value) || value < least) {
      throw violation(name, value, `Member must have value greater than or equal to ${least}`);
    }
    if (value > most) throw violation(name, value, `Member must have value less than or equal to ${most}`);
  }
  const { batchSize, maximumBatchingWindowInSeconds: window, maximumRecordAgeInSeconds: age } = input;
  if (batchSize > MAX_BATCH_WITHOUT_WINDOW && batchSize !== DEFAULT_BATCH_SIZE && window < 1) {
    throw invalid(
      `Maximum batch window in seconds must be greater than 0 if maximum batch size is greater than 10 (given a batch size of ${batchSize} and a window of ${window})`,
    );
  }
  if (age !== -1 && age < MIN_RECORD_AGE) {
    throw invalid(`MaximumRecordAgeInSeconds must be -1 or between 60 and 604800 (given ${age})`);
  }
  if (input.onFailureDestination !== undefined && !BUCKET_ARN.test(input.onFailureDestination)) {
    throw invalid(
      `The embedded AWS knows S3 buckets as failure destinations, arn:aws:s3:::bucket (given ${input.onFailureDestination})`,
    );
  }
}

/**
 * Refuses a mapping whose function's role may not read the stream, or not write to the failure destination: Lambda
 * checks both when the mapping is created. https://docs.aws.amazon.com/lambda/latest/dg/services-ddb.html
 */
export function validateRole(
  iam: Iam,
  caller: Caller,
  { eventSourceArn, onFailureDestination }: EventSourceMappingInput,
) {
  const may = (action: string, resource: string) => {
    try {
      iam.authorize({ caller, action, resource });
      return true;
    } catch (error) {
      if (error instanceof AwsError) return false;
      throw error;
    }
  };
  if (!STREAM_ACTIONS.every((action) => may(`dynamodb:${action}`, eventSourceArn))) {
    throw invalid(
      `Cannot access stream ${eventSourceArn}. Please ensure the role can perform the GetRecords, GetShardIterator, DescribeStream, and ListStreams Actions on your stream in IAM.`,
    );
  }
  if (onFailureDestination === undefined) return;
  for (const [action, resource] of [
    ["PutObject", `${onFailureDestination}/*`],
    ["ListBucket", onFailureDestination],
  ] as const) {
    if (!may(`s3:${action}`, resource)) {
      throw invalid(`The function's execution role does not have permissions to call ${action} on S3 (${resource})`);
    }
  }
}

const invalid = (message: string) => new AwsError("InvalidParameterValueException", message);

const violation = (name: string, value: number, constraint: string) =>
  new AwsError(
    "ValidationException",
    `1 validation error detected: Value '${value}' at '${name}' failed to satisfy constraint: ${constraint}`,
  );
