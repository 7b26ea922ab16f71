// Which records of the stream surely come for the first time: for all others it is looked first whether their work is
// done, since a thumbnail that is made twice costs two of TinyPNG's credits. For a first one that look would be wasted.

import type { DynamoDBRecord } from "aws-lambda";

/**
 * Lambda hands over a record within a second, and does not say when it does so again: after a failure in its batch, or
 * when a function was killed. By then another one has mostly taken longer than this, TinyPNG alone takes a second or two.
 */
const FIRST_DELIVERY_MS = 3_000;

/** Records remembered, several times what is under way. */
const MEMORY = 1_000;

/** Makes the function that says so of each record that this instance is given; one that it knows has come before. */
export function createFirstDeliveries(now: () => number = Date.now): (record: DynamoDBRecord) => boolean {
  const given = new Set<string>();
  return ({ eventID, eventSourceARN, dynamodb }) => {
    // What comes from no stream is sent by hand, for a thumbnail that may be there.
    if (eventID === undefined || eventSourceARN === undefined || given.has(eventID)) return false;
    given.add(eventID);
    for (const oldest of given) {
      if (given.size <= MEMORY) break;
      given.delete(oldest);
    }
    // In whole seconds, rounded down.
    return now() - (dynamodb?.ApproximateCreationDateTime ?? 0) * 1000 < FIRST_DELIVERY_MS;
  };
}
