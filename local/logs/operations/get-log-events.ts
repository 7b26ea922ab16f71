// https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_GetLogEvents.html

import { operation } from "../../api/operation";
import { boolean, count, number, required, string } from "../../api/shapes";
import { AwsError } from "../../aws-error";
import { pageOfEvents } from "../pages";
import { GROUP, groupOf } from "../resource";
import type { LogStore } from "../store";

const PAGE = 10_000;

export const getLogEvents = operation({
  name: "GetLogEvents",
  input: {
    ...GROUP,
    logStreamName: required(string),
    startTime: number,
    endTime: number,
    limit: count,
    nextToken: string,
    startFromHead: boolean,
  },
  resources: ({ logStreamName, ...named }, store: LogStore) => [
    { resource: store.streamArn(groupOf(store, named).logGroupName, logStreamName) },
  ],
  run(store, { logStreamName, startTime = 0, endTime, limit = PAGE, nextToken, startFromHead = false, ...named }) {
    const stream = groupOf(store, named).streams.get(logStreamName);
    if (stream === undefined) {
      throw new AwsError("ResourceNotFoundException", `The specified log stream does not exist: ${logStreamName}`);
    }
    // Unlike FilterLogEvents it leaves out what happened at the very end.
    const isMeant = ({ timestamp }: { timestamp: number }) =>
      timestamp >= startTime && (endTime === undefined || timestamp < endTime);
    const page = pageOfEvents(stream.events.filter(isMeant), { limit, nextToken, startFromHead });
    return {
      events: page.events.map(({ timestamp, message, ingestionTime }) => ({ timestamp, message, ingestionTime })),
      nextForwardToken: page.nextForwardToken,
      nextBackwardToken: page.nextBackwardToken,
    };
  },
});
