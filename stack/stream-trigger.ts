// DynamoDB stream → function: changes of the table invoke the function in batches, in order for each item.

import { LambdaEventSourceMapping } from "@cdktf/provider-aws/lib/lambda-event-source-mapping";
import { Construct } from "constructs";
import { THUMBNAIL_ATTRIBUTE } from "../functions/lib/profile-thumbnail";
import type { BundledFunction } from "./bundled-function";
import type { BucketReference } from "./images-bucket";
import type { TableReference } from "./profile-table";

/**
 * Lambda's default is to retry until the record expires after a day, with all later changes of the shard behind it.
 * Five more attempts get over a short failure of TinyPNG or AWS; what still fails becomes a failure record, to be replayed.
 */
const RETRIES = 5;

/** Seconds. Whatever holds up the stream, an hour later new photos go first. */
const MAXIMUM_RECORD_AGE = 3600;

/**
 * CreateThumbnail's own writes come back through the stream. Such a record has work only where a thumbnail was named
 * before it, and must go now: the first thumbnail of a profile costs no second invocation. `exists` works on leaves only.
 * https://docs.aws.amazon.com/lambda/latest/dg/invocation-eventfiltering.html#filtering-syntax
 */
const FILTERS = [
  { dynamodb: { NewImage: { [THUMBNAIL_ATTRIBUTE]: { M: { key: { S: [{ exists: false }] } } } } } },
  { dynamodb: { OldImage: { [THUMBNAIL_ATTRIBUTE]: { M: { key: { S: [{ exists: true }] } } } } } },
];

export interface StreamTriggerProps {
  readonly table: TableReference;
  readonly target: BundledFunction;
  readonly failuresBucket: BucketReference;
  readonly batchSize: number;
  /** @default - Lambda's, 1 */
  readonly parallelizationFactor?: number;
  /** Whether CloudWatch counts the events; each of its metrics is paid. */
  readonly countsEvents: boolean;
}

export class StreamTrigger extends Construct {
  readonly mapping: LambdaEventSourceMapping;

  constructor(scope: Construct, id: string, props: StreamTriggerProps) {
    super(scope, id);
    this.mapping = new LambdaEventSourceMapping(this, "mapping", {
      eventSourceArn: props.table.streamArn,
      functionName: props.target.function.functionName,
      // Not LATEST, which would miss what happens while the mapping is being made.
      startingPosition: "TRIM_HORIZON",
      batchSize: props.batchSize,
      // Each item's changes stay in order whatever it is.
      // https://docs.aws.amazon.com/lambda/latest/dg/with-ddb.html
      parallelizationFactor: props.parallelizationFactor,
      filterCriteria: { filter: FILTERS.map((filter) => ({ pattern: JSON.stringify(filter) })) },
      functionResponseTypes: ["ReportBatchItemFailures"],
      bisectBatchOnFunctionError: true,
      maximumRetryAttempts: RETRIES,
      maximumRecordAgeInSeconds: MAXIMUM_RECORD_AGE,
      destinationConfig: { onFailure: { destinationArn: props.failuresBucket.arn } },
      metricsConfig: props.countsEvents ? { metrics: ["EventCount"] } : undefined,
      // The stream is read with the function's role, and Lambda checks that at once.
      dependsOn: [props.target.rolePolicy],
    });
  }
}
