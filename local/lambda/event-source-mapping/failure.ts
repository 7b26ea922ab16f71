// The record of a batch that the mapping discarded, as Lambda writes it to an S3 bucket: where the records are in the
// stream, how the last invocation ended, and the whole event, so that it can be replayed.
// https://docs.aws.amazon.com/lambda/latest/dg/services-dynamodb-errors.html

import { randomUUID } from "node:crypto";
import type { StreamRecord, TableStream } from "../../dynamodb/types";
import type { InvokeResult } from "../types";

/** Why a batch was discarded. */
export type FailureCondition = "RetryAttemptsExhausted" | "RecordAgeExceeded";

export interface FailedBatch {
  readonly condition: FailureCondition;
  readonly records: readonly StreamRecord[];
  /** The event as the function got it, or would have got it. */
  readonly payload: string;
  readonly invocations: number;
  /** The last invocation; absent when there was none. */
  readonly result?: InvokeResult;
}

export interface FailureRecordOptions {
  readonly uuid: string;
  readonly functionName: string;
  readonly stream: TableStream;
  readonly at: Date;
}

/** Makes the key and the body of the object. */
export function failureRecord(batch: FailedBatch, { uuid, functionName, stream, at }: FailureRecordOptions) {
  const { condition, records, result } = batch;
  const first = records[0]?.dynamodb;
  const last = records.at(-1)?.dynamodb;
  const [, , , region, accountId] = stream.arn.split(":");
  const [date = "", time = ""] = at.toISOString().slice(0, -5).split("T");
  return {
    key: `aws/lambda/${uuid}/${stream.shardId}/${date.replaceAll("-", "/")}/${date}T${time.replaceAll(":", ".")}-${randomUUID()}`,
    body: {
      requestContext: {
        requestId: result?.requestId ?? randomUUID(),
        functionArn: `arn:aws:lambda:${region}:${accountId}:function:${functionName}`,
        condition,
        approximateInvokeCount: batch.invocations,
      },
      responseContext:
        result === undefined
          ? null
          : { statusCode: 200, executedVersion: "$LATEST", functionError: result.functionError ?? null },
      version: "1.0",
      timestamp: at.toISOString(),
      DDBStreamBatchInfo: {
        shardId: stream.shardId,
        startSequenceNumber: first?.SequenceNumber,
        endSequenceNumber: last?.SequenceNumber,
        approximateArrivalOfFirstRecord: arrival(first?.ApproximateCreationDateTime),
        approximateArrivalOfLastRecord: arrival(last?.ApproximateCreationDateTime),
        batchSize: records.length,
        streamArn: stream.arn,
      },
      payload: batch.payload,
    },
  };
}

const arrival = (seconds = 0): string => new Date(seconds * 1000).toISOString().replace(".000Z", "Z");
