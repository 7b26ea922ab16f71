// Event notifications: which function is notified of a write, and the record it gets:
// https://docs.aws.amazon.com/AmazonS3/latest/userguide/notification-content-structure.html

import { createHash } from "node:crypto";
import type { Account } from "../account";
import { type ActivityStream, now } from "../activity";
import type { Caller } from "../service";
import { decodeFilterValue, isNamed } from "./bucket/notification-configuration";
import type { LambdaFunctionConfiguration } from "./bucket/types";
import type { Bucket, StoredObject, Version } from "./store/types";
import type { NotificationTarget } from "./types";

/** The version of records without fields for replication, lifecycle and the like. */
const EVENT_VERSION = "2.1";

/** What happened to an object. */
export interface ObjectEvent {
  /** Such as `ObjectCreated:Put`. */
  readonly eventName: string;
  readonly bucket: Bucket;
  readonly key: string;
  /** Absent unless content came or went. */
  readonly sequencer?: string;
  /** Absent for removals. */
  readonly size?: number;
  readonly etag?: string;
  /** Only in buckets with versioning. */
  readonly versionId?: string;
}

/** What happened to an object that is there. */
export const objectEvent = (eventName: string, bucket: Bucket, object: StoredObject): ObjectEvent => {
  const { key, size, etag, sequencer } = object;
  return { eventName, bucket, key, size, etag, sequencer, ...eventVersion(bucket, object) };
};

/** The version in an event, which buckets without versioning leave out. */
export const eventVersion = ({ versioning }: Bucket, { versionId }: Version): Pick<ObjectEvent, "versionId"> =>
  versioning === "Enabled" ? { versionId } : {};

/** The request that made it happen. */
export interface EventOrigin {
  readonly caller: Caller;
  readonly sourceIp: string;
  readonly requestId: string;
  /** The response's `x-amz-id-2`. */
  readonly hostId: string;
  /** When the request came, in ms since 1970. */
  readonly arrivedAt: number;
}

export type Events = ReturnType<typeof createEvents>;

export function createEvents(options: {
  account: Account;
  activity: ActivityStream;
  notifications: NotificationTarget;
  /** Events carry the time at which their request came, not the one at which it was done. */
  datesEventsByArrival?: boolean;
}) {
  const { account, activity, notifications, datesEventsByArrival = false } = options;

  return {
    /** Notifies every function whose configuration matches; call it when the object can be read. */
    notify(event: ObjectEvent, origin: EventOrigin): void {
      const { bucket, key, eventName, sequencer } = event;
      for (const configuration of bucket.notifications) {
        if (!isMatch(configuration, event)) continue;
        const resource = configuration.lambdaFunctionArn;
        const eventTime = new Date(datesEventsByArrival ? origin.arrivedAt : Date.now()).toISOString();
        const record = createRecord(account, configuration.id, event, origin, eventTime);
        activity.publish({
          at: now(),
          service: "s3",
          action: "Notify",
          resource,
          requestId: origin.requestId,
          detail: { bucket: bucket.name, key, eventName, sequencer, eventTime, etag: event.etag },
        });
        const source = { sourceArn: bucket.arn, sourceAccount: account.accountId };
        notifications.invoke(resource, { Records: [record] }, source);
      }
    },
  };
}

/** Filters compare exactly, so case matters. */
function isMatch(configuration: LambdaFunctionConfiguration, { eventName, key }: ObjectEvent): boolean {
  return (
    configuration.events.some((name) => isNamed(`s3:${eventName}`, name)) &&
    key.startsWith(decodeFilterValue(configuration.prefix ?? "")) &&
    key.endsWith(decodeFilterValue(configuration.suffix ?? ""))
  );
}

function createRecord(
  account: Account,
  configurationId: string,
  event: ObjectEvent,
  origin: EventOrigin,
  eventTime: string,
) {
  const { bucket, key, size, etag, versionId, sequencer } = event;
  return {
    eventVersion: EVENT_VERSION,
    eventSource: "aws:s3",
    awsRegion: account.region,
    eventTime,
    eventName: event.eventName,
    userIdentity: { principalId: principalId(account, origin.caller) },
    requestParameters: { sourceIPAddress: origin.sourceIp },
    responseElements: { "x-amz-request-id": origin.requestId, "x-amz-id-2": origin.hostId },
    s3: {
      s3SchemaVersion: "1.0",
      configurationId,
      bucket: {
        name: bucket.name,
        ownerIdentity: { principalId: uniqueId("A", account.accountId) },
        arn: bucket.arn,
      },
      object: { key: formEncode(key), size, eTag: etag, versionId, sequencer },
    },
  };
}

/** As a form encodes a value: a space becomes `+`, a plus `%2B`; slashes stay. */
export const formEncode = (text: string): string =>
  encodeURIComponent(text)
    .replace(/[!'()~]/g, (char) => `%${char.charCodeAt(0).toString(16).toUpperCase()}`)
    .replace(/%20/g, "+")
    .replace(/%2F/g, "/");

function principalId(account: Account, caller: Caller): string {
  switch (caller.kind) {
    case "administrator":
      return `AWS:${uniqueId("AIDA", account.accountId + caller.arn)}`;
    case "role":
      return `AWS:${uniqueId("AROA", caller.roleName)}:${caller.arn.split("/").at(-1)}`;
    case "service":
      return caller.service;
    case "anonymous":
      return "AWS:Anonymous";
  }
}

/** A stable identifier in the look of AWS's: the prefix of its kind and 17 capitals and digits. */
const uniqueId = (prefix: string, seed: string): string =>
  prefix +
  BigInt(`0x${createHash("sha256").update(seed).digest("hex")}`)
    .toString(36)
    .toUpperCase()
    .slice(0, 17);
