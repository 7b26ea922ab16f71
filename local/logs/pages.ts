// Pages of log groups, streams and events. GetLogEvents has a token for each direction and repeats it at the end:
// https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_GetLogEvents.html

import { invalidToken } from "../api/pages";
import type { StoredEvent } from "./store";

/** One page of a stream's events, with the tokens that lead on in both directions. */
export function pageOfEvents(
  events: readonly StoredEvent[],
  { limit, nextToken, startFromHead }: { limit: number; nextToken: string | undefined; startFromHead: boolean },
) {
  const [from, to] = bounds(events, limit, nextToken, startFromHead);
  const page = events.slice(from, to);
  const edgeId = nextToken?.slice(2) ?? events.at(startFromHead ? 0 : -1)?.eventId ?? "0".padStart(56, "0");
  return {
    events: page,
    nextForwardToken: `f/${page.at(-1)?.eventId ?? edgeId}`,
    nextBackwardToken: `b/${page[0]?.eventId ?? edgeId}`,
  };
}

function bounds(
  events: readonly StoredEvent[],
  limit: number,
  token: string | undefined,
  startFromHead: boolean,
): [number, number] {
  if (token === undefined) return startFromHead ? [0, limit] : [Math.max(0, events.length - limit), events.length];
  const id = /^[fb]\/(\d{56})$/.exec(token)?.[1];
  if (id === undefined) throw invalidToken(token);
  if (token.startsWith("f/")) {
    const after = events.findIndex(({ eventId }) => eventId > id);
    return after === -1 ? [events.length, events.length] : [after, after + limit];
  }
  const before = events.findIndex(({ eventId }) => eventId >= id);
  const end = before === -1 ? events.length : before;
  return [Math.max(0, end - limit), end];
}
