// What PutBucketNotificationConfiguration refuses, in S3's words:
// https://docs.aws.amazon.com/AmazonS3/latest/userguide/notification-how-to-filtering.html

import { AwsError } from "../../aws-error";
import { invalidArgument } from "../errors";
import type { LambdaFunctionConfiguration } from "./types";

const MAX_FILTER_CHARACTERS = 1024;

/** The events that happen here. */
const EVENTS = [
  "s3:ObjectCreated:Put",
  "s3:ObjectCreated:Post",
  "s3:ObjectCreated:Copy",
  "s3:ObjectCreated:CompleteMultipartUpload",
  "s3:ObjectRemoved:Delete",
  "s3:ObjectRemoved:DeleteMarkerCreated",
  "s3:ObjectTagging:Put",
  "s3:ObjectTagging:Delete",
];
/** Families that S3 knows and that never happen here; a function waiting for them would wait for ever. */
const FOREIGN_EVENTS =
  /^s3:(ObjectRestore|Replication|LifecycleExpiration|LifecycleTransition|IntelligentTiering|ObjectAcl|ReducedRedundancyLostObject|ObjectAnnotation)\b/;

/** Refuses configurations that S3 refuses; returns them with an id each. */
export function checkNotificationConfigurations(
  configurations: readonly LambdaFunctionConfiguration[],
): LambdaFunctionConfiguration[] {
  const ids = configurations.map(({ id }) => id);
  if (new Set(ids).size !== ids.length) {
    throw invalidArgument("Same ID used for multiple configurations. IDs must be unique", "Id", ids.join(", "));
  }
  for (const [index, configuration] of configurations.entries()) {
    checkOne(configuration);
    for (const other of configurations.slice(0, index)) checkOverlap(other, configuration);
  }
  return [...configurations];
}

function checkOne({ events, lambdaFunctionArn, prefix = "", suffix = "" }: LambdaFunctionConfiguration): void {
  if (!/^arn:aws:lambda:[a-z0-9-]+:\d{12}:function:[A-Za-z0-9-_]+(:[A-Za-z0-9$_-]+)?$/.test(lambdaFunctionArn)) {
    throw invalidArgument("The ARN is not well formed", "LambdaFunctionArn", lambdaFunctionArn);
  }
  if (events.length === 0) throw new AwsError("MalformedXML", "A notification configuration needs an event", 400);
  for (const event of events) {
    if (FOREIGN_EVENTS.test(event)) {
      throw new AwsError("NotImplemented", `${event} never happens in the embedded S3, which knows ${EVENTS}.`, 501);
    }
    if (expandEvents([event]).size === 0) {
      throw invalidArgument("The event is not supported for notifications", "Event", event);
    }
  }
  for (const [name, value] of Object.entries({ prefix, suffix })) {
    if (value.length > MAX_FILTER_CHARACTERS) {
      throw invalidArgument("Size of filter rule value cannot exceed 1024 bytes in UTF-8", name, value);
    }
  }
}

/** One event of one object may have one configuration only. */
function checkOverlap(a: LambdaFunctionConfiguration, b: LambdaFunctionConfiguration): void {
  const eventsOfB = expandEvents(b.events);
  if (![...expandEvents(a.events)].some((event) => eventsOfB.has(event))) return;
  const [prefixA = "", prefixB = "", suffixA = "", suffixB = ""] = [a.prefix, b.prefix, a.suffix, b.suffix];
  const prefixesOverlap = prefixA.startsWith(prefixB) || prefixB.startsWith(prefixA);
  const suffixesOverlap = suffixA.endsWith(suffixB) || suffixB.endsWith(suffixA);
  if (!prefixesOverlap || !suffixesOverlap) return;
  throw prefixA + prefixB + suffixA + suffixB === ""
    ? invalidArgument(
        "Configurations overlap. Configurations on the same bucket cannot share a common event type.",
        "Event",
        [...a.events, ...b.events].join(", "),
      )
    : new AwsError(
        "InvalidArgument",
        "Configuration is ambiguously defined. Cannot have overlapping suffixes in two rules if the prefixes are overlapping for the same event type.",
        400,
        { ArgumentName1: a.id, ArgumentName2: b.id },
      );
}

/** The single events behind names such as `s3:ObjectCreated:*`; unknown names give none. */
function expandEvents(names: readonly string[]): ReadonlySet<string> {
  return new Set(EVENTS.filter((event) => names.some((name) => isNamed(event, name))));
}

/** Whether a name such as `s3:ObjectCreated:*` or `s3:ObjectCreated:Put` means this event. */
export const isNamed = (event: string, name: string): boolean =>
  name.endsWith(":*") ? event.startsWith(name.slice(0, -1)) : event === name;

/** Filter values are written form-encoded where they hold special characters. */
export function decodeFilterValue(value: string): string {
  try {
    return decodeURIComponent(value.replace(/\+/g, " "));
  } catch {
    return value;
  }
}

/** How S3 refuses when it may not invoke the function. */
export const notInvocable = (lambdaFunctionArn: string) =>
  new AwsError("InvalidArgument", "Unable to validate the following destination configurations", 400, {
    ArgumentName1: lambdaFunctionArn,
    ArgumentValue1: `Not authorized to invoke function [${lambdaFunctionArn}]`,
  });
