// https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_FilterLogEvents.html

import { operation } from "../../api/operation";
import { pageByToken } from "../../api/pages";
import { boolean, count, list, number, string } from "../../api/shapes";
import { parseFilterPattern } from "../filter-pattern";
import { GROUP, groupOf } from "../resource";
import type { LogStore } from "../store";

const PAGE = 10_000;

export const filterLogEvents = operation({
  name: "FilterLogEvents",
  input: {
    ...GROUP,
    logStreamNames: list(string),
    logStreamNamePrefix: string,
    filterPattern: string,
    startTime: number,
    endTime: number,
    limit: count,
    nextToken: string,
    // AWS ignores it too: events of all streams are always interleaved.
    interleaved: boolean,
  },
  resources: (input, store: LogStore) => [{ resource: `${groupOf(store, input).arn}:log-stream:` }],
  run(store, { logStreamNames, logStreamNamePrefix: prefix = "", startTime = 0, endTime, ...input }) {
    const matches = parseFilterPattern(input.filterPattern ?? "");
    const isMeant = ({ timestamp, message }: { timestamp: number; message: string }) =>
      timestamp >= startTime && (endTime === undefined || timestamp <= endTime) && matches(message);
    const events = [...groupOf(store, input).streams.values()]
      .filter(({ logStreamName: name }) => (logStreamNames?.includes(name) ?? true) && name.startsWith(prefix))
      .flatMap((stream) => stream.events.filter(isMeant))
      .sort((a, b) => a.timestamp - b.timestamp || (a.eventId < b.eventId ? -1 : 1));
    const page = pageByToken(events, (event) => event.eventId, input.limit ?? PAGE, input.nextToken);
    return { events: page.items, searchedLogStreams: [], nextToken: page.nextToken };
  },
});
