// Log groups, streams and events in memory, oldest first. A stream keeps its newest events only, so that an embedded
// AWS that runs for days does not grow without end.

import type { Account } from "../account";
import { AwsError } from "../aws-error";
import type { LogEvent } from "./types";

/** Events that one stream keeps; a departure from AWS, which keeps all of them for the retention time. */
const EVENTS_KEPT_PER_STREAM = 10_000;
/** Streams that one group keeps, for the same reason. */
const STREAMS_KEPT_PER_GROUP = 1_000;

export interface StoredEvent extends LogEvent {
  readonly logStreamName: string;
  readonly ingestionTime: number;
  /** 56 digits that grow with every event of the account. */
  readonly eventId: string;
}

export interface LogStream {
  readonly logStreamName: string;
  readonly creationTime: number;
  readonly arn: string;
  readonly events: StoredEvent[];
}

export interface LogGroup {
  readonly logGroupName: string;
  readonly creationTime: number;
  readonly arn: string;
  retentionInDays: number | undefined;
  readonly streams: Map<string, LogStream>;
  /** By name. */
  readonly metricFilters: Map<string, MetricFilter>;
  readonly tags: Map<string, string>;
}

/** Kept as it was put. */
export interface MetricFilter {
  readonly filterPattern: string;
  readonly metricTransformations: readonly object[];
  readonly creationTime: number;
}

export type LogStore = ReturnType<typeof createLogStore>;

export function createLogStore(account: Account) {
  const groups = new Map<string, LogGroup>();
  let eventCount = 0;

  const groupArn = (name: string) => `arn:aws:logs:${account.region}:${account.accountId}:log-group:${name}`;
  const streamArn = (group: string, stream: string) => `${groupArn(group)}:log-stream:${stream}`;

  return {
    groups,
    groupArn,
    streamArn,
    group: (name: string) => groups.get(name),
    stream: (group: string, stream: string) => groups.get(group)?.streams.get(stream),

    /** Creates a group, which keeps its events for ever. */
    createGroup(logGroupName: string, tags: Readonly<Record<string, string>> = {}): void {
      if (!/^[.\-_/#A-Za-z0-9]{1,512}$/.test(logGroupName)) {
        throw new AwsError(
          "InvalidParameterException",
          `Log group name "${logGroupName}" is not valid: 1 to 512 of a-z, A-Z, 0-9, _ - / . #`,
        );
      }
      if (groups.has(logGroupName)) {
        throw new AwsError("ResourceAlreadyExistsException", `The specified log group already exists: ${logGroupName}`);
      }
      const arn = groupArn(logGroupName);
      groups.set(logGroupName, {
        logGroupName,
        creationTime: Date.now(),
        arn,
        retentionInDays: undefined,
        streams: new Map(),
        metricFilters: new Map(),
        tags: new Map(Object.entries(tags)),
      });
    },

    /** With all that was written to it. */
    removeGroup: ({ logGroupName }: LogGroup) => void groups.delete(logGroupName),

    /** Creates a stream if it is not there yet. */
    createStream(groupName: string, logStreamName: string): void {
      const streams = groups.get(groupName)?.streams;
      if (streams === undefined || streams.has(logStreamName)) return;
      if (streams.size === STREAMS_KEPT_PER_GROUP) {
        const [oldest] = streams.keys();
        if (oldest !== undefined) streams.delete(oldest);
      }
      const arn = streamArn(groupName, logStreamName);
      streams.set(logStreamName, { logStreamName, creationTime: Date.now(), arn, events: [] });
    },

    append(groupName: string, logStreamName: string, events: readonly LogEvent[]): void {
      const stream = groups.get(groupName)?.streams.get(logStreamName);
      if (stream === undefined) return;
      const ingestionTime = Date.now();
      for (const { timestamp, message } of events) {
        eventCount += 1;
        const eventId = String(eventCount).padStart(56, "0");
        stream.events.push({ timestamp, message, logStreamName, ingestionTime, eventId });
      }
      if (stream.events.length > EVENTS_KEPT_PER_STREAM) {
        stream.events.splice(0, stream.events.length - EVENTS_KEPT_PER_STREAM);
      }
    },

    clear: () => groups.clear(),
  };
}
