// https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_DescribeLogStreams.html

import { operation } from "../../api/operation";
import { pageByToken } from "../../api/pages";
import { boolean, count, oneOf, string } from "../../api/shapes";
import { GROUP, groupOf } from "../resource";
import type { LogStore, LogStream } from "../store";

const PAGE = 50;

export const describeLogStreams = operation({
  name: "DescribeLogStreams",
  input: {
    ...GROUP,
    logStreamNamePrefix: string,
    orderBy: oneOf("LogStreamName", "LastEventTime"),
    descending: boolean,
    limit: count,
    nextToken: string,
  },
  resources: (input, store: LogStore) => [{ resource: `${groupOf(store, input).arn}:log-stream:` }],
  run(store, { logStreamNamePrefix = "", orderBy, descending = false, limit = PAGE, nextToken, ...named }) {
    const streams = [...groupOf(store, named).streams.values()].filter(({ logStreamName }) =>
      logStreamName.startsWith(logStreamNamePrefix),
    );
    const order = (a: LogStream, b: LogStream) =>
      orderBy === "LastEventTime" ? lastTimestamp(a) - lastTimestamp(b) : a.logStreamName < b.logStreamName ? -1 : 1;
    streams.sort((a, b) => (descending ? order(b, a) : order(a, b)));
    const page = pageByToken(streams, (stream) => stream.logStreamName, limit, nextToken);
    return { logStreams: page.items.map(describeStream), nextToken: page.nextToken };
  },
});

const lastTimestamp = ({ events }: LogStream) => events.at(-1)?.timestamp ?? 0;

const describeStream = (stream: LogStream) => ({
  logStreamName: stream.logStreamName,
  creationTime: stream.creationTime,
  firstEventTimestamp: stream.events[0]?.timestamp,
  lastEventTimestamp: stream.events.at(-1)?.timestamp,
  lastIngestionTime: stream.events.at(-1)?.ingestionTime,
  arn: stream.arn,
  storedBytes: 0,
});
