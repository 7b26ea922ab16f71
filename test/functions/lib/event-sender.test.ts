import type { EventBridgeClient } from "@aws-sdk/client-eventbridge";
import { createEventSender } from "../../../functions/lib/event-sender";

const ARN = "arn:aws:s3:::images";
const EVENT = {
  type: "Photo failed",
  detail: { photo: { key: "original/a.jpg" }, failure: { code: "PhotoGone", reason: "It is gone", record: "r.json" } },
} as const;

const senderOf = (answer: object) => {
  const send = jest.fn(async (_command: { input: unknown }) => answer);
  const client = { send } as unknown as Pick<EventBridgeClient, "send">;
  return { send, sendEvent: createEventSender(client, ARN) };
};

it("sends one entry a call, about the images bucket", async () => {
  const { send, sendEvent } = senderOf({ FailedEntryCount: 0, Entries: [{ EventId: "1" }] });
  await sendEvent(EVENT);
  expect(send.mock.calls.map(([{ input }]) => input)).toEqual([
    {
      Entries: [
        {
          Source: "profile-image",
          DetailType: "Photo failed",
          Resources: [ARN],
          Detail: JSON.stringify(EVENT.detail),
        },
      ],
    },
  ]);
});

it("throws when EventBridge answers, and did not take the event", async () => {
  const refused = { ErrorCode: "ThrottlingException", ErrorMessage: "Rate exceeded" };
  const { sendEvent } = senderOf({ FailedEntryCount: 1, Entries: [refused] });
  await expect(sendEvent(EVENT)).rejects.toThrow(
    'EventBridge did not take "Photo failed": ThrottlingException: Rate exceeded',
  );
});
