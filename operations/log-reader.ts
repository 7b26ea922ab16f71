// The log events of several functions as one stream by time, each event once.

import { type CloudWatchLogsClient, paginateFilterLogEvents } from "@aws-sdk/client-cloudwatch-logs";

export interface LogEvent {
  readonly functionName: string;
  /** Milliseconds since 1970. */
  readonly timestamp: number;
  readonly message: string;
}

/** Events come late by some seconds, and not in the order of their times: so much is read again. */
const OVERLAP_MS = 30_000;

/** Makes the function that reads what has come since it was last called, oldest first; it rejects once it is stopped. */
export function createLogReader(
  client: CloudWatchLogsClient,
  functionNames: readonly string[],
  since: number,
  abortSignal: AbortSignal,
) {
  let from = since;
  /** Ids of events that were given out, with their times. */
  const known = new Map<string, number>();

  async function read(functionName: string): Promise<LogEvent[]> {
    const found: LogEvent[] = [];
    const input = { logGroupName: `/aws/lambda/${functionName}`, startTime: from };
    for await (const { events = [] } of paginateFilterLogEvents({ client }, input, { abortSignal })) {
      for (const { eventId = "", timestamp = 0, message = "" } of events) {
        if (known.has(eventId)) continue;
        known.set(eventId, timestamp);
        found.push({ functionName, timestamp, message: message.trimEnd() });
      }
    }
    return found;
  }

  return async (): Promise<LogEvent[]> => {
    const events = (await Promise.all(functionNames.map(read))).flat();
    events.sort((one, other) => one.timestamp - other.timestamp);
    from = Math.max(from, (events.at(-1)?.timestamp ?? from) - OVERLAP_MS);
    for (const [id, timestamp] of known) if (timestamp < from) known.delete(id);
    return events;
  };
}
