// What Lambda has accepted and not done yet, in the journal: asynchronous events, and how far each mapping has read its
// stream. After a restart it goes on there, so that no photo is lost that was on its way.

import type { Journal } from "../../data/journal";
import type { AsyncEvent } from "./event";

const EVENT = "asynchronous event";
const POSITION = "stream position";

/** An event as it was accepted; its age and its failures begin again after a restart. */
export type AcceptedEvent = Pick<AsyncEvent, "requestId" | "payload" | "trigger" | "traceId" | "clientContext">;

/** The record up to which a mapping has done everything; undefined is before the oldest. */
export interface Position {
  readonly sequenceNumber: string | undefined;
}

export interface KeptEvents {
  put(functionName: string, event: AcceptedEvent): void;
  remove(functionName: string, requestId: string): void;
  /** The functions that had events when the journal was opened. */
  functionNames(): readonly string[];
  /** Discards those of a function that is no longer there, as AWS does. */
  drop(functionName: string): void;
  /** Their events, in the order in which they were accepted; once. */
  take(functionName: string): readonly AcceptedEvent[];
  /** Undefined for a mapping that was not there. */
  takePosition(functionName: string, streamArn: string): Position | undefined;
  putPosition(functionName: string, streamArn: string, position: Position): void;
  forgetPosition(functionName: string, streamArn: string): void;
}

export function createKeptEvents(journal: Journal): KeptEvents {
  const positions = new Map<string, ReadonlyMap<string, unknown>>();
  return {
    put: (functionName, { requestId, payload, trigger, traceId, clientContext }) =>
      journal.write([[EVENT, functionName, requestId, { requestId, payload, trigger, traceId, clientContext }]]),
    remove: (functionName, requestId) => journal.write([[EVENT, functionName, requestId, null]]),
    functionNames: () => journal.owners(EVENT),
    drop: (functionName) => journal.drop(EVENT, functionName),
    take: (functionName) => [...journal.take(EVENT, functionName).values()] as AcceptedEvent[],
    takePosition(functionName, streamArn) {
      const ofFunction = positions.get(functionName) ?? journal.take(POSITION, functionName);
      positions.set(functionName, ofFunction);
      const found = ofFunction.get(streamArn) as { sequenceNumber: string | null } | undefined;
      return found && { sequenceNumber: found.sequenceNumber ?? undefined };
    },
    putPosition(functionName, streamArn, { sequenceNumber = null }) {
      journal.write([[POSITION, functionName, streamArn, { sequenceNumber }]]);
    },
    forgetPosition: (functionName, streamArn) => journal.write([[POSITION, functionName, streamArn, null]]),
  };
}
