// The operations of CloudWatch Logs that read what functions printed.
// https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_Operations.html

import type { Account } from "../account";
import { AwsError } from "../aws-error";
import { createJsonInput, type JsonInput } from "../edge/json-input";
import type { JsonOperation } from "../edge/json-protocol";
import type { Iam } from "../iam/types";
import type { RequestContext } from "../service";
import { parseFilterPattern } from "./filter-pattern";
import { pageByToken, pageOfEvents } from "./pages";
import type { LogGroup, LogStore, LogStream } from "./store";

const createInput = (parameters: Record<string, unknown>) => createJsonInput(parameters, "InvalidParameterException");

/** The table of operations; each refuses parameters it does not know. */
export function createLogOperations(store: LogStore, iam: Iam, account: Account): Record<string, JsonOperation> {
  function authorize(context: RequestContext, action: string, resource: string): void {
    context.describe(action, resource);
    iam.authorize({ caller: context.caller, action: `logs:${action}`, resource });
  }

  function groupOf(input: JsonInput): LogGroup {
    const identifier = input.string("logGroupIdentifier");
    const name = input.string("logGroupName") ?? identifier?.replace(/^arn:.*:log-group:/, "").replace(/:\*$/, "");
    const group = name === undefined ? undefined : store.group(name);
    if (group === undefined) {
      throw new AwsError(
        "ResourceNotFoundException",
        `The specified log group does not exist: ${name ?? "(no logGroupName given)"}`,
      );
    }
    return group;
  }

  return {
    DescribeLogGroups(raw, context) {
      authorize(
        context,
        "DescribeLogGroups",
        `arn:aws:logs:${account.region}:${account.accountId}:log-group::log-stream:`,
      );
      const input = createInput(raw);
      const prefix = input.string("logGroupNamePrefix") ?? "";
      const pattern = input.string("logGroupNamePattern") ?? "";
      const matching = [...store.groups.values()]
        .filter(({ logGroupName }) => logGroupName.startsWith(prefix) && logGroupName.includes(pattern))
        .sort((a, b) => (a.logGroupName < b.logGroupName ? -1 : 1));
      const page = pageByToken(
        matching,
        (group) => group.logGroupName,
        input.number("limit") ?? 50,
        input.string("nextToken"),
      );
      input.finish();
      return { logGroups: page.items.map(describeGroup), nextToken: page.nextToken };
    },

    DescribeLogStreams(raw, context) {
      const input = createInput(raw);
      const group = groupOf(input);
      authorize(context, "DescribeLogStreams", `${group.arn}:log-stream:`);
      const prefix = input.string("logStreamNamePrefix") ?? "";
      const byTime = input.oneOf("orderBy", ["LogStreamName", "LastEventTime"]) === "LastEventTime";
      const descending = input.boolean("descending") ?? false;
      const streams = [...group.streams.values()].filter(({ logStreamName }) => logStreamName.startsWith(prefix));
      const order = (a: LogStream, b: LogStream) =>
        byTime ? lastTimestamp(a) - lastTimestamp(b) : a.logStreamName < b.logStreamName ? -1 : 1;
      streams.sort((a, b) => (descending ? order(b, a) : order(a, b)));
      const page = pageByToken(
        streams,
        (stream) => stream.logStreamName,
        input.number("limit") ?? 50,
        input.string("nextToken"),
      );
      input.finish();
      return { logStreams: page.items.map(describeStream), nextToken: page.nextToken };
    },

    GetLogEvents(raw, context) {
      const input = createInput(raw);
      const group = groupOf(input);
      const name = input.string("logStreamName") ?? "";
      authorize(context, "GetLogEvents", store.streamArn(group.logGroupName, name));
      const stream = group.streams.get(name);
      if (stream === undefined) {
        throw new AwsError("ResourceNotFoundException", `The specified log stream does not exist: ${name}`);
      }
      const page = pageOfEvents(stream.events.filter(isWithin(input, (timestamp, end) => timestamp < end)), {
        limit: input.number("limit") ?? 10_000,
        nextToken: input.string("nextToken"),
        startFromHead: input.boolean("startFromHead") ?? false,
      });
      input.finish();
      const events = page.events.map(({ timestamp, message, ingestionTime }) => ({
        timestamp,
        message,
        ingestionTime,
      }));
      return { events, nextForwardToken: page.nextForwardToken, nextBackwardToken: page.nextBackwardToken };
    },

    FilterLogEvents(raw, context) {
      const input = createInput(raw);
      const group = groupOf(input);
      authorize(context, "FilterLogEvents", `${group.arn}:log-stream:`);
      const names = input.strings("logStreamNames");
      const prefix = input.string("logStreamNamePrefix") ?? "";
      const matches = parseFilterPattern(input.string("filterPattern") ?? "");
      input.boolean("interleaved"); // AWS ignores it too: events of all streams are always interleaved.
      const isMeant = isWithin(input, (timestamp, end) => timestamp <= end);
      const events = [...group.streams.values()]
        .filter(({ logStreamName }) => (names?.includes(logStreamName) ?? true) && logStreamName.startsWith(prefix))
        .flatMap((stream) => stream.events.filter(isMeant))
        .filter(({ message }) => matches(message))
        .sort((a, b) => a.timestamp - b.timestamp || (a.eventId < b.eventId ? -1 : 1));
      const page = pageByToken(
        events,
        (event) => event.eventId,
        input.number("limit") ?? 10_000,
        input.string("nextToken"),
      );
      input.finish();
      return { events: page.items, searchedLogStreams: [], nextToken: page.nextToken };
    },
  };
}

const lastTimestamp = ({ events }: LogStream) => events.at(-1)?.timestamp ?? 0;

/** GetLogEvents leaves out what happened at the very end, FilterLogEvents does not. */
function isWithin(input: JsonInput, isBefore: (timestamp: number, end: number) => boolean) {
  const start = input.number("startTime") ?? 0;
  const end = input.number("endTime") ?? Number.POSITIVE_INFINITY;
  return ({ timestamp }: { timestamp: number }): boolean => timestamp >= start && isBefore(timestamp, end);
}

const describeGroup = (group: LogGroup) => ({
  logGroupName: group.logGroupName,
  creationTime: group.creationTime,
  retentionInDays: group.retentionInDays,
  metricFilterCount: 0,
  arn: `${group.arn}:*`,
  logGroupArn: group.arn,
  storedBytes: 0,
  logGroupClass: "STANDARD",
});

const describeStream = (stream: LogStream) => ({
  logStreamName: stream.logStreamName,
  creationTime: stream.creationTime,
  firstEventTimestamp: stream.events[0]?.timestamp,
  lastEventTimestamp: stream.events.at(-1)?.timestamp,
  lastIngestionTime: stream.events.at(-1)?.ingestionTime,
  arn: stream.arn,
  storedBytes: 0,
});
