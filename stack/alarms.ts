// The alarms: what somebody should look at, each with what it means. docs/operations.md says what to do about them.

import { CloudwatchMetricAlarm } from "@cdktf/provider-aws/lib/cloudwatch-metric-alarm";
import type { LambdaEventSourceMapping } from "@cdktf/provider-aws/lib/lambda-event-source-mapping";
import { Construct } from "constructs";
import type { BundledFunction } from "./bundled-function";
import type { BucketReference } from "./images-bucket";
import type { Metric, PhotoMetrics } from "./photo-metrics";

/** Seconds. */
const PERIOD = 300;
/** S3 counts objects once a day. */
const DAY = 86_400;

/** Milliseconds. Lambda's own retries of an upload take three minutes, those of a change of a profile about as long. */
const MAX_AGE = 600_000;

/**
 * Invocations in five minutes, twice in a row. One photo that starts itself again makes some hundred; who uploads more
 * than a photo a second may raise it.
 */
const INVOCATION_SPIKE = 500;

/** What is watched, by alarms and on the dashboard. */
export interface Watched {
  readonly nameSuffix: string;
  readonly setProfileImage: BundledFunction;
  readonly createThumbnail: BundledFunction;
  /** With the setting `events` alone. */
  readonly reportFailure: BundledFunction | undefined;
  readonly mapping: LambdaEventSourceMapping;
  readonly failuresBucket: BucketReference;
  readonly photos: PhotoMetrics;
}

export interface AlarmsProps extends Watched {
  readonly failuresRetentionDays: number | undefined;
  readonly topicArn: string;
}

interface Alarm extends Metric {
  readonly name: string;
  readonly meaning: string;
  readonly statistic: "Sum" | "Maximum";
  readonly threshold: number;
  readonly dimensions?: Readonly<Record<string, string>>;
  /** @default 300 */
  readonly period?: number;
  /** In a row. @default 1 */
  readonly periods?: number;
}

export class Alarms extends Construct {
  constructor(scope: Construct, id: string, props: AlarmsProps) {
    super(scope, id);
    for (const alarm of alarmsOf(props)) {
      const { name, meaning, threshold, statistic, namespace, metricName, dimensions, period, periods } = alarm;
      new CloudwatchMetricAlarm(this, idOf(name), {
        alarmName: `${name}${props.nameSuffix}`,
        alarmDescription: meaning,
        namespace,
        metricName,
        dimensions: dimensions && { ...dimensions },
        statistic,
        period: period ?? PERIOD,
        evaluationPeriods: periods ?? 1,
        comparisonOperator: "GreaterThanOrEqualToThreshold",
        threshold,
        // Nothing happens most of the time, and then there is no data.
        treatMissingData: "notBreaching",
        alarmActions: [props.topicArn],
        okActions: [props.topicArn],
      });
    }
  }
}

function alarmsOf({
  setProfileImage,
  createThumbnail,
  reportFailure,
  mapping,
  failuresBucket,
  failuresRetentionDays,
  photos,
}: AlarmsProps): Alarm[] {
  return [
    ...alarmsOfFunction("SetProfileImage", setProfileImage),
    ...alarmsOfFunction("CreateThumbnail", createThumbnail),
    ...(reportFailure === undefined ? [] : failureAlarmsOf("ReportFailure", reportFailure)),
    {
      ...ofFunction("SetProfileImage", setProfileImage, "AsyncEventAge"),
      meaning: "An upload has waited for ten minutes and more.",
      statistic: "Maximum",
      threshold: MAX_AGE,
    },
    {
      ...ofFunction("CreateThumbnail", createThumbnail, "IteratorAge"),
      meaning: "Changes of profiles have waited for ten minutes and more; after an hour they become failure records.",
      statistic: "Maximum",
      threshold: MAX_AGE,
    },
    {
      name: "profile-image-PhotosFailed",
      meaning: "A photo could not be processed, and is kept as a failure record: npm run failures tells why.",
      ...photos.of("failed"),
      statistic: "Sum",
      threshold: 1,
    },
    {
      name: "profile-image-RetriesExhausted",
      meaning: "Lambda gave up changes of profiles, and keeps them as failure records: npm run failures tells why.",
      namespace: "AWS/Lambda",
      metricName: "OnFailureDestinationDeliveredEventCount",
      dimensions: { EventSourceMappingUUID: mapping.uuid },
      statistic: "Sum",
      threshold: 1,
    },
    {
      name: "profile-image-FailuresWaiting",
      meaning: `There are failure records that nobody has replayed: npm run failures, then npm run redrive.${retention(failuresRetentionDays)}`,
      namespace: "AWS/S3",
      metricName: "NumberOfObjects",
      dimensions: { BucketName: failuresBucket.bucket, StorageType: "AllStorageTypes" },
      statistic: "Maximum",
      threshold: 1,
      period: DAY,
    },
  ];
}

/** S3 removes a record whether or not somebody has looked at it. */
const retention = (days: number | undefined): string => {
  if (days === undefined) return "";
  return ` They are removed ${days} day${days === 1 ? "" : "s"} after they were written.`;
};

const failureAlarmsOf = (name: string, target: BundledFunction): Alarm[] => [
  {
    ...ofFunction(name, target, "Errors"),
    meaning: "An invocation failed; Lambda tries again, and keeps a failure record in the end. The log says why.",
    statistic: "Sum",
    threshold: 1,
  },
  {
    ...ofFunction(name, target, "DestinationDeliveryFailures"),
    meaning: "Lambda could not keep a failure record: an event is lost. The role or the failures bucket was changed.",
    statistic: "Sum",
    threshold: 1,
  },
];

const alarmsOfFunction = (name: string, target: BundledFunction): Alarm[] => [
  ...failureAlarmsOf(name, target),
  {
    ...ofFunction(name, target, "Throttles"),
    meaning:
      "Invocations are refused for lack of concurrency, for a quarter of an hour: raise the account's or the function's.",
    statistic: "Sum",
    threshold: 1,
    periods: 3,
  },
  {
    ...ofFunction(name, target, "Invocations"),
    name: `${name}-InvocationSpike`,
    meaning: "So many invocations may be a loop: does anything write to original/ or change images but the users?",
    statistic: "Sum",
    threshold: INVOCATION_SPIKE,
    periods: 2,
  },
];

const ofFunction = (name: string, { function: lambda }: BundledFunction, metricName: string) => ({
  name: `${name}-${metricName}`,
  namespace: "AWS/Lambda",
  metricName,
  dimensions: { FunctionName: lambda.functionName },
});

/** `CreateThumbnail-IteratorAge` → `create_thumbnail_iterator_age` */
const idOf = (name: string): string =>
  name
    .replace("profile-image-", "")
    .replaceAll("-", "")
    .replace(/(?!^)[A-Z]/g, (letter) => `_${letter}`)
    .toLowerCase();
