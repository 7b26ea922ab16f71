// ReportFailure: with the setting `events`, S3 calls it for each failure record of the other two functions, and it sends
// an event for each photo in it to the account's event bus. Lambda keeps its own failures beside them, under a prefix
// that it is not called for.

import { EventBridgeClient } from "@aws-sdk/client-eventbridge";
import { GetObjectCommand, NoSuchKey, S3Client } from "@aws-sdk/client-s3";
import type { S3Event, S3EventRecord } from "aws-lambda";
import { CLIENT_CONFIGURATION } from "./lib/client-configuration";
import { requiredEnvironment } from "./lib/environment";
import { createEventSender, type SendEvent } from "./lib/event-sender";
import { reportedFailures } from "./lib/reported-failures";
import { readUpload } from "./lib/upload";

export interface Dependencies {
  readonly s3: Pick<S3Client, "send">;
  readonly sendEvent: SendEvent;
}

/** Makes the handler; what goes wrong is thrown, and Lambda tries again. */
export function createHandler({ s3, sendEvent }: Dependencies) {
  async function read(Bucket: string, Key: string): Promise<string | undefined> {
    try {
      const { Body } = await s3.send(new GetObjectCommand({ Bucket, Key }));
      return await Body?.transformToString();
    } catch (error) {
      if (error instanceof NoSuchKey) return undefined;
      throw error;
    }
  }

  async function report(record: S3EventRecord): Promise<void> {
    const { bucket, key: failureKey } = readUpload(record);
    const text = await read(bucket, failureKey);
    if (text === undefined) return console.info({ message: "the record was replayed or discarded before", failureKey });
    const events = reportedFailures(failureKey, text);
    for (const event of events) await sendEvent(event);
    console.info({ message: "reported", photos: events.length, failureKey });
  }

  return async ({ Records = [] }: Partial<S3Event>): Promise<void> => {
    for (const record of Records) await report(record);
  };
}

export const handler = createHandler({
  s3: new S3Client(CLIENT_CONFIGURATION),
  sendEvent: createEventSender(new EventBridgeClient(CLIENT_CONFIGURATION), requiredEnvironment("IMAGES_BUCKET_ARN")),
});
