// Sends events to the account's default bus, each in a call of its own, so that the response is about this one.
// https://docs.aws.amazon.com/eventbridge/latest/APIReference/API_PutEvents.html

import { type EventBridgeClient, PutEventsCommand } from "@aws-sdk/client-eventbridge";
import { EVENT_SOURCE, type PhotoEvent } from "./photo-event";

export type SendEvent = (event: PhotoEvent, abortSignal?: AbortSignal) => Promise<void>;

/**
 * Makes the function that sends; it throws when the event was not taken.
 * @param imagesBucketArn what all events are about: it tells the stages of an account apart
 */
export function createEventSender(client: Pick<EventBridgeClient, "send">, imagesBucketArn: string): SendEvent {
  return async ({ type, detail }, abortSignal) => {
    const entry = {
      Source: EVENT_SOURCE,
      DetailType: type,
      Resources: [imagesBucketArn],
      Detail: JSON.stringify(detail),
    };
    const { FailedEntryCount = 0, Entries = [] } = await client.send(new PutEventsCommand({ Entries: [entry] }), {
      abortSignal,
    });
    if (FailedEntryCount === 0) return;
    const [{ ErrorCode, ErrorMessage } = {}] = Entries;
    throw new Error(`EventBridge did not take "${type}": ${ErrorCode}: ${ErrorMessage}`);
  };
}
